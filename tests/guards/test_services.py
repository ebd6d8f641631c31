"""Every service is a command, and nobody else writes records."""

import ast
import importlib
import inspect
from pathlib import Path

import zhijia

HOME = Path(zhijia.__file__).parent
# service -> why it is no command
EXEMPT: dict[str, str] = {}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
READERS = {"views.py", "forms.py", "queries.py", "tables.py", "filters.py"}


def modules():
    for path in sorted([*HOME.glob("**/services.py"), *HOME.glob("**/services/*.py")]):
        yield ".".join(("zhijia", *path.relative_to(HOME).with_suffix("").parts)).removesuffix(".__init__")


def public(name):
    module = importlib.import_module(name)
    for key, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == name and not key.startswith("_"):
            yield f"{name}.{key}", value


def test_it_finds_only_commands_in_services():
    services = {key: value for name in modules() for key, value in public(name)}
    assert len(services) > 20
    bare = {key for key, value in services.items() if not hasattr(value, "action")}
    assert bare - set(EXEMPT) == set()
    assert set(EXEMPT) - bare == set(), "stale exemptions"


def test_it_asks_for_actions_that_someone_declares():
    from zhijia.kernel.registry import registry

    used = {value.action for name in modules() for _key, value in public(name) if hasattr(value, "action")}
    assert used - set(registry().actions) == set()


def writes(source):
    """Return calls such as Model.objects.create(...) in a file that should only read."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if "objects" in owner or "_base_manager" in owner:
                found.append(f"{node.lineno}: {owner}.{node.func.attr}")
    return found


def test_it_finds_no_write_in_a_reader():
    found = [
        f"{path.relative_to(HOME)} {line}"
        for path in sorted(HOME.glob("**/*.py"))
        if path.name in READERS or path.parent.name in ("views", "queries")
        for line in writes(path.read_text())
    ]
    assert found == []


def test_it_would_notice_a_write():
    assert writes("def v(r):\n    Union.objects.create(name='x')\n") == ["2: Union.objects.create"]

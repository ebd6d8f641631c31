"""Every service is a command, and nobody else writes records."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import zhijia

HOME = Path(zhijia.__file__).parent
# service -> why it is no command
EXEMPT: dict[str, str] = {
    "zhijia.kit.attachments.services.attachment_add": "asks for the action that the area's card names",
    "zhijia.kit.attachments.services.attachment_remove": "as above",
}
# On whatever they are called, these write (or a reason stands below); so do their asynchronous twins.
ALWAYS = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# These write when they are called on a query; dicts and sets have an update of their own.
ON_QUERIES = {"create", "update"}
QUERY = re.compile(
    r"objects|_base_manager|_default_manager|\b(filter|exclude|within|everywhere|select_related)\("
)
# Where records are written: services, loaders of sheets, the trees and lists an area starts with.
WRITERS = {"services.py", "sheets.py", "seed.py"}
WRITING_FOLDERS = {"services", "sheets", "tests", "migrations"}
# file -> why it writes without being a service
EXEMPT_FILES = {
    "kernel/records.py": "what services write with",
    "kernel/command.py": "the receipt of a command",
    "kernel/audit.py": "the audit of a command",
    "kernel/outbox.py": "the events of a command",
    "kernel/crypto/canary.py": "the canaries of the keys",
    "kernel/crypto/rotation.py": "the same values sealed with newer keys",
    "kernel/crypto/existing.py": "a step of migrations",
    "kernel/jobs.py": "the jobs' own table; its commands are listed as services are",
}
# "file owner.method" -> why it is no write of a record
EXEMPT_CALLS = {
    "kernel/scope.py super().delete": "the scoped queryset itself, which refuses first",
    "config/catalogues.py book.save": "a catalogue of texts",
    "areas/accounts/views/own.py form.save": "the library's form: it lets an outside identity go",
    "areas/accounts/views/proving.py form.save": "the library's form: it keeps a second factor",
    "kit/books/views.py uploads.save": "an uploaded file",
    "kit/attachments/child.py picture.save": "a picture file",
    "summaries/docx/package.py word.save": "a Word file",
}


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
    """Return (line, owner.method) of each call that looks like a write of records."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, method = ast.unparse(node.func.value), node.func.attr
        plain = method if method in ALWAYS | ON_QUERIES else method.removeprefix("a")
        if plain in ALWAYS or (plain in ON_QUERIES and QUERY.search(owner)):
            found.append((node.lineno, f"{owner}.{method}"))
    return sorted(found)


def readers():
    """Every file that has no business to write records."""
    for path in sorted(HOME.glob("**/*.py")):
        place = path.relative_to(HOME)
        if path.name not in WRITERS and not WRITING_FOLDERS & set(place.parts[:-1]):
            yield place.as_posix(), path.read_text(encoding="utf-8")


def test_it_finds_no_write_but_in_services():
    written, exempt = [], set()
    for name, source in readers():
        for line, call in writes(source):
            key = name if name in EXEMPT_FILES else f"{name} {call}"
            if key in EXEMPT_FILES or key in EXEMPT_CALLS:
                exempt.add(key)
            else:
                written.append(f"{name}:{line} {call}")
    assert written == []
    assert exempt == set(EXEMPT_FILES) | set(EXEMPT_CALLS), "stale exemptions"


@pytest.mark.parametrize(
    "call",
    [
        "union.save()",
        "form.save()",
        "union.delete()",
        "rows.delete()",
        "rows.bulk_create(made)",
        "rows.bulk_update(made, ['name'])",
        "rows.get_or_create(name='x')",
        "rows.update_or_create(name='x')",
        "union.asave()",
        "rows.aupdate_or_create(name='x')",
        "Union.objects.create(name='x')",
        "Union.objects.acreate(name='x')",
        "Union._base_manager.create(name='x')",
        "Union._default_manager.update(name='x')",
        "rows.filter(pk=1).update(name='x')",
        "rows.exclude(pk=1).update(name='x')",
        "Union.objects.within(scope, VIEW).update(name='x')",
        "rows.everywhere(WHY).filter(pk=1).aupdate(name='x')",
    ],
)
def test_it_would_notice_a_write(call):
    assert [line for line, _call in writes(f"def view(request):\n    {call}\n")] == [2]


@pytest.mark.parametrize(
    "call",
    [
        "found.update({1: 2})",
        "kwargs.update(orderable=False)",
        "seen.setdefault(1, set()).update((2, 3))",
        "request.session.update(kept)",
        "form.data.update(given)",
        "records.create(Union(name='x'))",
        "hashlib.sha256().update(data)",
    ],
)
def test_it_takes_no_dict_or_set_for_a_query(call):
    assert writes(call) == []


def test_it_reads_the_files_that_must_not_write():
    names = {name for name, _source in readers()}
    assert {"web/views.py", "areas/members/forms.py", "areas/organisations/tree.py"} <= names
    assert not names & {"areas/members/services.py", "areas/activities/seed.py"}

"""Files stay under 400 lines, functions under 50, views under 25 - so that a newcomer can read them."""

import ast
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
FILE, FUNCTION, VIEW = 400, 50, 25
# path -> reason; a stale one fails
EXEMPT: dict[str, str] = {}


def sources():
    for path in sorted([*HOME.glob("zhijia/**/*.py"), *HOME.glob("tests/**/*.py"), HOME / "run"]):
        if "migrations" not in path.parts:
            yield path


def long_files(paths):
    return {str(path.relative_to(HOME)) for path in paths if len(path.read_text().splitlines()) > FILE}


def length(node):
    """Lines of a function without its docstring and decorators."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno if documented else node.lineno - 1
    return node.end_lineno - start


def long_functions(source, limit):
    tree = ast.parse(source)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{node.name}: {length(node)}"
        for node in ast.walk(tree)
        if isinstance(node, kinds) and length(node) > limit
    ]


def test_it_keeps_files_short():
    too_long = long_files(sources())
    assert too_long - set(EXEMPT) == set()
    assert set(EXEMPT) - too_long == set(), "stale exemptions"


def test_it_keeps_functions_short():
    found = [
        f"{path.relative_to(HOME)} {line}"
        for path in sources()
        for line in long_functions(path.read_text(), FUNCTION)
    ]
    assert found == []


def test_it_keeps_views_short():
    views = [path for path in sources() if path.name == "views.py" or path.parent.name == "views"]
    found = [
        f"{path.relative_to(HOME)} {line}"
        for path in views
        for line in long_functions(path.read_text(), VIEW)
    ]
    assert views
    assert found == []


def test_it_would_notice_a_long_function():
    body = "\n".join("    x = 1" for _ in range(60))
    assert long_functions(f"def f():\n{body}\n", FUNCTION) == ["f: 61"]

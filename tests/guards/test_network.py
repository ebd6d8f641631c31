"""No test, and no page, talks to anything but this machine."""

import re
import socket
from pathlib import Path

import pytest

import zhijia

HOME = Path(zhijia.__file__).parent
OUTSIDE = re.compile(
    r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//(?!127\.0\.0\.1|localhost)""", re.IGNORECASE
)


def test_it_refuses_connections_to_other_machines():
    with socket.socket() as out, pytest.raises(AssertionError, match="opened a connection"):
        out.connect(("192.0.2.1", 80))


def test_it_loads_nothing_from_outside():
    files = [*HOME.glob("**/templates/**/*.html"), *HOME.glob("static/zhijia/*")]
    assert files
    assert [str(path) for path in files if OUTSIDE.search(path.read_text())] == []


def test_it_would_notice_an_outside_script():
    assert OUTSIDE.search('<script src="https://cdn.example/x.js">')

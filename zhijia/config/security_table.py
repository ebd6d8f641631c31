"""The ASVS table of docs/SECURITY.md, written by ``./run map`` from docs/security/asvs.toml.

The words around the table are written by hand; only what stands between the two marks is ours.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from zhijia.config.atlas import home

BEGIN = "<!-- begin: written by ./run map from docs/security/asvs.toml -->"
END = "<!-- end -->"
STATES = ("met", "partly", "not", "n/a")
DEPLOYMENT = "deployment:"  # a reason that begins so is for whoever runs the system
CHAPTERS = {
    1: "Encoding and injection (编码与注入)",
    2: "Input and business logic (输入与业务逻辑)",
    3: "Browser (浏览器)",
    4: "HTTP (接口)",
    5: "Files (文件)",
    6: "Authentication (身份鉴别)",
    7: "Sessions (会话)",
    8: "Authorisation (访问控制)",
    9: "Self-contained tokens (自包含令牌)",
    10: "OAuth and OIDC (外部身份)",
    11: "Cryptography (密码)",
    12: "Transport (传输)",
    13: "Configuration (配置)",
    14: "Data protection (数据保护)",
    15: "Code and components (代码与组件)",
    16: "Logs and errors (日志与差错)",
    17: "WebRTC",
}


@dataclass(frozen=True)
class Requirement:
    """One requirement: its number and level, whether it is met, how in our words, and what shows it.

    ``tests`` are ids of pytest (file::function); ``where`` is a file that shows what no test can; ``reason``
    says why it is not met, not wholly met, or not applicable.
    """

    id: str
    level: int
    state: str
    how: str = ""
    reason: str = ""
    tests: tuple[str, ...] = ()
    where: str = ""

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in the order of the standard."""
        return tuple(int(part) for part in self.id.split("."))


@dataclass(frozen=True)
class Count:
    """How many requirements of a level are in each state."""

    level: int
    met: int
    applicable: int
    without: int
    deployment: int

    @property
    def share(self) -> float:
        """Met of applicable, from 0 to 1."""
        return self.met / self.applicable


def requirements(source: Path | None = None) -> list[Requirement]:
    """Read the list, in the order of the standard; raises KeyError or TypeError for a malformed entry."""
    path = source or home() / "docs" / "security" / "asvs.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]
    found = [Requirement(**{**one, "tests": tuple(one.get("tests", ()))}) for one in read]
    return sorted(found, key=lambda one: one.place)


def count(found: list[Requirement], level: int) -> Count:
    """Count one level."""
    ours = [one for one in found if one.level == level]
    applicable = [one for one in ours if one.state != "n/a"]
    return Count(
        level,
        met=sum(one.state == "met" for one in applicable),
        applicable=len(applicable),
        without=len(ours) - len(applicable),
        deployment=sum(one.reason.startswith(DEPLOYMENT) for one in ours),
    )


def written() -> str:
    """Return docs/SECURITY.md as it should be: its words with the table made anew.

    Raises ValueError when a mark is missing.
    """
    text = (home() / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("docs/SECURITY.md: the marks of the table are missing")
    return f"{before}{BEGIN}\n\n{table(requirements())}\n\n{END}{after}"


def table(found: list[Requirement]) -> str:
    """Return the counts and, chapter by chapter, every requirement."""
    lines = [
        "| level | met | applicable | share | not applicable | of these left to the deployment |",
        "|---|---|---|---|---|---|",
    ]
    for level in (1, 2):
        one = count(found, level)
        cells = (level, one.met, one.applicable, f"{one.share:.1%}", one.without, one.deployment)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    claimed = count(found, 3)
    lines += ["", f"Of level 3 only what is claimed is listed: {claimed.met} requirements."]
    for chapter, title in CHAPTERS.items():
        ours = [one for one in found if one.place[0] == chapter]
        lines += ["", f"### V{chapter} {title}", "", "| id | level | state | how, or why not | shown by |"]
        lines += ["|---|---|---|---|---|", *(_row(one) for one in ours)]
    return "\n".join(lines)


def _row(one: Requirement) -> str:
    words = " ".join(part for part in (one.how, one.reason) if part)
    shown = [f"`{test}`" for test in one.tests] + (
        [f"[{one.where}]({_link(one.where)})"] if one.where else []
    )
    cells = (f"V{one.id}", one.level, one.state, words, "<br>".join(shown) or "-")
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def _link(where: str) -> str:
    """Return a file of the repository as docs/SECURITY.md reaches it."""
    return where.removeprefix("docs/") if where.startswith("docs/") else f"../{where}"

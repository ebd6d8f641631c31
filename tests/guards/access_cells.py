"""The cells of the matrix: role × page × way × target, what each must answer, and what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.guards.access_land import Land
from tests.guards.access_roles import ROLES, TARGETS, Role
from tests.guards.access_scan import Found, found_by, found_in
from tests.guards.access_spec import (
    ANYONE,
    OPEN,
    OWNER,
    REACH,
    REVEALS,
    SEEN_BY,
    SHOWN_ANYWAY,
    WRONG_METHOD,
    Page,
)
from zhijia.kernel.models import AuditEvent

HTMX = {"HX-Request": "true", "HX-Target": "list-body"}
LOOKS = ("GET", "HTMX")
WAYS = (*LOOKS, "POST", "PUT", "DELETE")
MOVED, ABSENT = 302, 404
FOUND = 200
POSITIVE = {FOUND, MOVED}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Cell:
    """One question to the house."""

    role_name: str
    page: Page
    way: str
    target: str
    letter: str

    @property
    def role(self) -> Role:
        """Return the role that asks."""
        return ROLES[self.role_name]

    @property
    def is_held(self) -> bool:
        """Say whether the role's posts know the page's action."""
        known = {OPEN, ANYONE, ""} | self.role.held
        return self.page.action in known and self.page.also in known

    def __str__(self) -> str:
        return f"{self.role_name} · {self.way} {self.page} · {self.target} {self.letter}"


@dataclass
class Report:
    """What a run of cells has shown."""

    faults: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Return the share of positive cells: answered with 200 and with the target's own canary, by name.

        Counted among the cells that look (GET, HTMX) where the role holds the page's action and the target
        is within its reach. A page that has no canary to show stays in the count, and so does one that only
        takes a POST: an honest share is far below one. What a POST does is judged, and not counted here.
        """
        return self.counted["positive"] / max(1, self.counted["held"])


# Without ./run test --long, where a way is tried: a wrong answer to one target shows at these already.
SHORT = {
    "GET": ("own", "child", "sibling", "parent", "stranger"),
    "HTMX": ("own", "stranger"),
    "POST": ("own", "sibling", "stranger"),
    "PUT": ("own",),
    "DELETE": ("own",),
}


def cells(role_name: str, pages: Iterable[Page], *, full: bool = True) -> Iterator[Cell]:
    """Return all cells of a role, or the short form; a page without a record is asked at the own union."""
    targets = TARGETS[ROLES[role_name].base]
    for page in pages:
        takes = "{" in page.ask or any(not one.startswith("=") for one in page.args)
        for target in targets if takes else ["own"]:
            for way in page.ways or WAYS:
                if not full and target not in SHORT[way]:
                    continue
                yield Cell(role_name, page, way, target, targets[target])


def expected(cell: Cell, land: Land) -> int:
    """Return the status that the specification demands."""
    page, way = cell.page, cell.way
    if way in ("PUT", "DELETE"):
        return WRONG_METHOD
    if not cell.role.base and page.action != OPEN:
        return 200 if way == "HTMX" else MOVED  # htmx is moved by a header
    asked = {"GET": page.get, "HTMX": page.get, "POST": page.post}
    usual = asked[way]
    if not cell.role.base and page.stranger:
        return page.stranger
    if usual == WRONG_METHOD and (page.method_first or cell.is_held):
        return WRONG_METHOD
    if not cell.is_held:
        return page.refused
    return usual if is_reached(cell, land) else ABSENT


def is_reached(cell: Cell, land: Land) -> bool:
    """Say whether the target's record is one that the role may have."""
    if cell.page.is_about == REACH:
        return cell.letter in land.below(cell.role.base)
    return cell.page.is_about != OWNER or cell.target == "own"


def is_open(cell: Cell, land: Land) -> bool:
    """Say whether the role may do what the page is for, to this target."""
    return bool(cell.role.base) and cell.is_held and is_reached(cell, land)


def sample_of(cell: Cell, land: Land) -> dict[str, Any]:
    """Return the samples of the target; of pages for owners, the role's own ones at its own union."""
    sample = land.samples[cell.letter]
    own = cell.page.is_about == OWNER and cell.target == "own" and cell.role.base
    return sample | land.samples[cell.role_name] if own else sample


def ask(client: Client, cell: Cell, address: str, form: str = "") -> Any:
    """Send the request; what it writes is undone, in the database and in the browser.

    ``answer.noted`` has the verbs of the audit lines that a page of whole numbers has left.
    """
    kept = client.cookies.output()
    reveals = cell.page.name in REVEALS
    last = newest_line() if reveals else 0
    with transaction.atomic():
        try:
            if cell.way == "HTMX":
                answer = client.get(address, headers=HTMX)
            else:
                answer = client.generic(cell.way, address, form, content_type=FORM)
            later = AuditEvent.objects.filter(pk__gt=last) if reveals else AuditEvent.objects.none()
            answer.noted = set(later.values_list("verb", flat=True))
            return answer
        finally:
            transaction.set_rollback(True)
            if client.cookies.output() != kept:
                client.cookies = SimpleCookie(kept.replace("Set-Cookie: ", ""))


def newest_line() -> int:
    """Return the key of the newest line of the audit."""
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def is_allowed(found: Found, cell: Cell, land: Land) -> bool:
    """Say whether this role may see what this page has shown."""
    letter, kind = found
    if found in SHOWN_ANYWAY.get(cell.page.name, {}):
        return True
    if kind.startswith("whole "):
        return cell.page.name in REVEALS and cell.is_held and letter in land.below(cell.role.base)
    if kind == "union name" and letter in land.above(cell.role.base):
        return True  # everyone may know to which unions the own one belongs
    if kind == "job":
        return False  # jobs are for those who started them; the roles' own have no canary
    ends = {letter.upper(), "D"} if letter.islower() else {letter}
    return bool(ends & land.below(cell.role.base)) and bool(SEEN_BY[kind] & cell.role.held)


def judge(cell: Cell, address: str, answer: Any, land: Land, report: Report) -> None:
    """Compare status and canaries with the specification."""
    report.counted["all"] += 1
    wanted = expected(cell, land)
    if answer.status_code != wanted:
        report.faults.append(f"{cell}: {answer.status_code}, not {wanted}")
        return
    seen = found_in(land, answer)
    said = found_by(land, [address])  # what the address itself says is no news to the asker
    leaks = sorted(one for one in seen - said if not is_allowed(one, cell, land))
    if leaks:
        report.faults.append(f"{cell}: LEAK {leaks}")
        return
    if any(kind.startswith("whole ") for _letter, kind in seen) and not answer.noted & {"reveal", "export"}:
        report.faults.append(f"{cell}: whole numbers left without a line in the audit")
        return
    own = (cell.letter, cell.page.shows)
    if (
        is_open(cell, land)
        and wanted in POSITIVE
        and cell.page.shows
        and (cell.way in LOOKS or cell.page.form)
    ):
        if own not in seen:
            report.faults.append(f"{cell}: its own {cell.page.shows} is missing")
        elif cell.way in LOOKS:
            report.counted["positive"] += wanted == FOUND and own not in said


def run(cells_: Iterable[Cell], land: Land, client: Client) -> Report:
    """Ask every cell."""
    report = Report()
    for cell in cells_:
        report.counted["held"] += cell.way in LOOKS and is_open(cell, land)
        sample = sample_of(cell, land)
        address, form = cell.page.address(sample), cell.page.form.format(**sample)
        try:
            answer = ask(client, cell, address, form)
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - names every fault, not the first
            report.counted["all"] += 1
            report.faults.append(f"{cell}: {type(error).__name__}: {error}"[:300])
            continue
        judge(cell, address, answer, land, report)
    return report

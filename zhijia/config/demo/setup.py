"""What the demo has besides its ledgers: targets, log-ins, and the table of figures that it prints."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.services import user_create
from zhijia.areas.activities.models import Activity
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.services import seat_assign
from zhijia.config.demo import CODE
from zhijia.figures.catalogue import catalogue
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.period import Period, latest_full_year
from zhijia.kernel.scope import below
from zhijia.targets.models import Target
from zhijia.targets.services import target_set

YEAR_FILE = "year"
LONGEST = 10  # years back in which a demo without its file is looked for
WHY = "the demo sets up its own unions"
PASSWORD = "mingze-demo-2025"  # noqa: S105 - invented people only, served on 127.0.0.1, printed on purpose
TARGETS = (
    # union, figure, goal (percentages in hundredths of a percent), note
    (CODE, "members.joining_rate", 9300, "年度工作要点"),
    (CODE, "organisations.founded", 6, "年度工作要点"),
    (CODE, "finance.transfer_rate", 9000, "县总工会目标责任书"),
    (CODE, "activities.officer_training_people", 150, "年度工作要点"),
    (CODE, "activities.blood", 150, "县下达无偿献血任务"),
    (CODE, "aid.education", 55, "金秋助学计划"),
    (CODE, "honours.city", 20, "年度工作要点"),
    (f"{CODE}-01", "members.joining_rate", 9300, "责任书"),
    (f"{CODE}-02", "members.joining_rate", 9300, "责任书"),
    (f"{CODE}-Z01", "activities.events", 6, "校工会计划"),
    (f"{CODE}-Z13", "activities.events", 6, "校工会计划"),
)
KEY_FIGURES = (
    "organisations.unions",
    "organisations.founded",
    "organisations.employers",
    "organisations.staff",
    "members.active",
    "members.joining_rate",
    "members.joined",
    "activities.events",
    "activities.person_times",
    "activities.prizes",
    "aid.person_times",
    "aid.amount",
    "finance.contributions",
    "finance.transfer_rate",
    "finance.spending_per_head",
    "honours.honours",
)


@dataclass(frozen=True)
class LogIn:
    """A log-in of the demo: its name, the union's code, and the post."""

    username: str
    code: str
    post: str
    who: str


LOG_INS = (
    LogIn("chair.demo", CODE, Seat.Post.CHAIR, "县教育工会主席"),
    LogIn("accountant.demo", CODE, Seat.Post.ACCOUNTANT, "县教育工会会计"),
    LogIn("school.demo", f"{CODE}-Z13", Seat.Post.CHAIR, "实验小学工会主席"),
)


def actor() -> Actor:
    """Return the actor under which the demo writes; the audit shows its name."""
    return system("demo")


def union(code: str) -> Union:
    """Return a union of the demo; raises Union.DoesNotExist."""
    return Union.objects.everywhere(WHY).get(code=code)


def has_year(year: int) -> bool:
    """Say whether the ledger of a year has been imported (all or nothing, so one event of it is proof)."""
    top = Union.objects.everywhere(WHY).filter(code=CODE).first()
    if top is None:
        return False
    events = Activity.objects.everywhere(WHY).filter(held_on__range=(date(year, 1, 1), date(year, 12, 31)))
    return events.filter(below("union__path", top.path or "")).exists()


def pin_year(folder: Path, today: date) -> int:
    """Return the demo's second year, the same as long as the database holds this demo, and remember it.

    Another year would be another county: its ledgers do not fit those that are imported already.
    """
    latest = latest_full_year(today).first.year
    kept = folder / YEAR_FILE
    text = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
    pinned = int(text) if text.isdecimal() else 0
    if not pinned or not (has_year(pinned) or has_year(pinned - 1)):
        # The folder may be lost, or older than this file, while the records are there.
        years = range(latest, latest - LONGEST, -1)
        pinned = next((year for year in years if has_year(year) and has_year(year - 1)), latest)
    kept.write_text(f"{pinned}\n", encoding="utf-8")
    return pinned


def set_targets(year: int) -> int:
    """Set the targets of the year that are not set yet; returns how many there are."""
    period = Period.parse(str(year))
    known = set(
        Target.objects.everywhere(WHY).filter(period=period.code).values_list("union__code", "figure")
    )
    for code, figure, goal, note in TARGETS:
        if (code, figure) not in known:
            target_set(actor=actor(), union=union(code), figure=figure, period=period, goal=goal, note=note)
    return len(TARGETS)


def make_log_ins(year: int) -> None:
    """Make the log-ins that are missing, each with its seat."""
    for one in LOG_INS:
        if User.objects.filter(username=one.username).exists():
            continue
        place = union(one.code)
        seats = Seat.objects.everywhere(WHY).filter(union=place, post=one.post, ends_on=None)
        seat = seats.select_related("union").first() or seat_assign(
            actor=actor(), union=place, post=one.post, holder="钱一诺", starts_on=date(year, 1, 4)
        )
        user_create(actor=actor(), username=one.username, name=seat.holder, password=PASSWORD, seat=seat)


def kept_lines(folder: Path, year: int) -> list[str]:
    """Return the table of key figures; computed again only when something was written since.

    Every write leaves a line in the audit, so its newest line tells one state of the records from another.
    """
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", "at").first()
    state = f"{year} {newest}"
    kept = folder / "figures.json"
    if kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found["state"] == state:
            return [str(line) for line in found["lines"]]
    lines = figure_lines(year)
    kept.write_text(json.dumps({"state": state, "lines": lines}, ensure_ascii=False), encoding="utf-8")
    return lines


def figure_lines(year: int) -> list[str]:
    """Return the table of key figures, this year against the last, as lines of a terminal."""
    now, before = Period.parse(str(year)), Period.parse(str(year - 1))
    top = union(CODE).pk
    cells = [compute(KEY_FIGURES, top, [period]) for period in (now, before)]
    rows = [("指标", str(year), str(year - 1))]
    for key in KEY_FIGURES:
        this, last = (cell[key, Spot(top, one)] for cell, one in zip(cells, (now, before), strict=True))
        rows.append((str(catalogue()[key].label), this.shown, last.shown))
    return [f"  {padded(label, 22)}{padded(one, 22)}{two}" for label, one, two in rows]


def padded(text: str, width: int) -> str:
    """Fill a text up to a width of terminal columns; Chinese characters take two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(1, width - taken)

"""What is shown of the audit: lines in scope, those on the own file, the head of a day. The only reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.paths import WIDTH
from zhijia.kernel.audit import PART, PARTS, READS, WRITES
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.scope import Scope

VIEW, ALERTS, OWN = "audit.view", "audit.alerts", "members.own"
GROUP = 4
WHY = "the name of the union in which a line of the audit belongs; the lines themselves are in scope"


def lines(scope: Scope, action: str = VIEW) -> QuerySet[AuditEvent]:
    """Return the lines at or below the places of ``scope``, newest first, each with the name of its place.

    Lines of no place (the system's own work, log-ins without a seat) are shown to those who hold the action
    at the top of a tree.
    """
    reach = scope.where(action, "path")
    if any(len(path) <= WIDTH for path in scope.paths(action)):
        reach |= Q(path="")
    return _placed(AuditEvent.objects.filter(reach)).order_by("-seq")


def folded(found: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Leave out the lines that are part of another one; that line opens to them."""
    return found.exclude(before__has_key=PART)


def whole(found: QuerySet[AuditEvent], seq: int) -> AuditEvent | None:
    """Return the line with this number if it has parts."""
    return found.filter(seq=seq, before__has_key=PARTS).first()


def parts_count(line: AuditEvent) -> int:
    """Return how many lines are folded under a line."""
    return int(line.before.get(PARTS, 0))


def parts(found: QuerySet[AuditEvent], line: AuditEvent) -> QuerySet[AuditEvent]:
    """Return the lines that are folded under a line: they stand right behind it in the chain."""
    return found.filter(seq__gt=line.seq, seq__lte=line.seq + parts_count(line), before__has_key=PART)


def about(person_id: int) -> QuerySet[AuditEvent]:
    """Return who looked at or changed the file of a person, newest first. For that person only."""
    found = AuditEvent.objects.filter(subject_id=person_id, verb__in=(*READS, *WRITES))
    return _placed(found).order_by("-seq")


def _placed(found: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    names = Union.objects.everywhere(WHY).filter(path=OuterRef("path")).values("name")[:1]
    return found.annotate(place=Subquery(names))


def groups(signs: str) -> list[str]:
    """Return a hash in groups that can be read aloud and compared."""
    return [signs[at : at + GROUP] for at in range(0, len(signs), GROUP)]


def midnight(day: date) -> datetime:
    """Return the first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class DailyHead:
    """The end of the chain at the close of a day: what is printed, signed and kept on paper."""

    day: date
    seq: int
    hash: str
    lines: int
    at: datetime | None
    closed: bool

    @property
    def groups(self) -> list[str]:
        """Return the hash in groups."""
        return groups(self.hash)

    @property
    def text(self) -> str:
        """Return the head as one line, as ``verify`` takes it."""
        return f"{self.seq}:{self.hash}"


def daily_head(day: date) -> DailyHead | None:
    """Return the last line written up to the end of a day, and how many lines that day has; None without any.

    ``closed`` says that the day is over, so that its head does not move any more.
    """
    start, end = midnight(day), midnight(day + timedelta(days=1))
    last = AuditEvent.objects.filter(at__lt=end).order_by("-seq").first()
    if last is None:
        return None
    count = AuditEvent.objects.filter(at__gte=start, at__lt=end).count()
    return DailyHead(day, last.seq, last.hash, count, last.at, end <= timezone.now())

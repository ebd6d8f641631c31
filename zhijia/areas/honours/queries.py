"""What is shown of honours: list, loader, and the readers that the card names. The only reader."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.rules import conferred_once
from zhijia.areas.members.queries import person_matches
from zhijia.kernel.chinese import normalise
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Verdict
from zhijia.kit.rows import RowCard, TabPage

VIEW, RECORD = "honours.view", "honours.record"
TAB_ROWS = 10
BATCH = 500  # ids of one query; SQLite bounds the number of parameters


def honours(scope: Scope, action: str = VIEW) -> QuerySet[Honour]:
    """The honours in scope, newest first."""
    return (
        Honour.objects.within(scope, action)
        .select_related("union", "person__union")
        .order_by("-awarded_on", "-pk")
    )


def honour_load(scope: Scope, key: int, action: str = VIEW) -> Honour:
    """One honour; Http404 for absent and for out of reach alike."""
    found = honours(scope, action).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def twice(honour: Honour) -> Verdict:
    """Whether the same holder has the same title of the same level in that year once more."""
    others = Honour.objects.everywhere("compared within the honour's own union").filter(
        union_id=honour.union_id,
        name=honour.name,
        level=honour.level,
        winner=honour.winner,
        awarded_on__year=honour.awarded_on.year,
    )
    return conferred_once(others.exclude(pk=honour.pk).count())


def matching(text: str) -> Q:
    """The filter for honours whose title, holder, conferring body or document number holds ``text``.

    A person who holds one is found by pinyin initials and last digits too.
    """
    plain = normalise(text)
    found = Q(name__icontains=plain) | Q(winner__icontains=plain) | person_matches(plain, "person__")
    return found | Q(awarder__icontains=plain) | Q(document__icontains=plain)


def honour_card(honour: Honour) -> RowCard:
    """An honour as a line: title, holder, level and who conferred it."""
    parts = (honour.winner, honour.get_level_display(), honour.awarder)
    return RowCard(
        record_id=honour.pk,
        title=honour.name,
        union=honour.union.name,
        detail=" · ".join(part for part in parts if part),
        day=honour.awarded_on,
        url=reverse("honours:honour-detail", args=(honour.pk,)),
    )


def describe_honours(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """The honours with these ids in this order; what is out of scope is left out."""
    parts = (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))
    found = {honour.pk: honour for part in parts for honour in honours(scope).filter(pk__in=part)}
    return [honour_card(found[key]) for key in ids if key in found]


def union_tab(scope: Scope, key: int) -> TabPage | None:
    """The newest honours of one union; None when the scope does not reach honours."""
    if not scope.may(VIEW):
        return None
    rows = honours(scope).filter(union_id=key)
    return TabPage(
        rows=tuple(honour_card(honour) for honour in rows[:TAB_ROWS]),
        note=_("本工会荣誉 %(count)d 项") % {"count": rows.count()},
        more_url=f"{reverse('honours:honour-list')}?union={key}",
    )


def person_tab(scope: Scope, key: int) -> TabPage | None:
    """The honours of one person; None when the scope does not reach honours."""
    if not scope.may(VIEW):
        return None
    rows = honours(scope).filter(person_id=key)
    return TabPage(
        rows=tuple(honour_card(honour) for honour in rows[:TAB_ROWS]),
        note=_("荣誉 %(count)d 项") % {"count": rows.count()},
    )


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """The honours recorded or changed last."""
    return [honour_card(honour) for honour in honours(scope).order_by("-updated_at", "-pk")[:limit]]


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Honours by title, holder, conferring body or document number, newest first."""
    if not text.strip():
        return []
    return [honour_card(honour) for honour in honours(scope).filter(matching(text))[:limit]]

"""What the members area holds about one person, and how long it needs to know who it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.queries import VIEW
from zhijia.areas.members.states import OPEN
from zhijia.kernel.scope import Scope
from zhijia.kit.subjects import SubjectTable, Use

WHY = "terms of keeping are counted over all records of a person, wherever they lie"


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the file of a person in reach, and the spans of membership in reach, with full values."""
    person = Person.objects.within(scope, VIEW).filter(pk=person_id).select_related("union").first()
    spans = (
        Membership.objects.within(scope, VIEW)
        .filter(person_id=person_id)
        .select_related("union", "employer")
        .order_by("starts_on", "pk")
    )
    rows = () if person is None else tuple(_facts(person))
    return [
        SubjectTable(_("会员档案"), (_("项目"), _("内容")), rows),
        SubjectTable(
            _("会籍经历"),
            (
                *(_("工会"), _("会籍状态"), _("申请日期"), _("入会日期"), _("入会方式"), _("终止日期")),
                *(_("终止原因"), _("工作单位"), _("岗位"), _("会员证号"), _("会费基数（分）"), _("说明")),
            ),
            tuple(_span(span) for span in spans),
        ),
    ]


def _facts(person: Person) -> Iterator[tuple[str, object]]:
    yield _("档案编号"), person.pk
    yield _("姓名"), person.name
    yield _("证件类型"), str(person.get_id_type_display())
    yield _("证件号码"), person.id_number or ""
    yield _("性别"), str(person.get_sex_display()) if person.sex else ""
    yield _("出生日期"), person.born_on or ""
    yield _("移动电话"), person.phone
    yield _("民族"), person.ethnicity
    yield _("学历"), person.education
    yield _("政治面貌"), person.politics
    yield _("农民工"), _("是") if person.migrant else _("否")
    yield _("新就业形态劳动者"), _("是") if person.new_form else _("否")
    yield _("档案所在工会"), person.union.name
    yield _("建档日期"), timezone.localdate(person.created_at)


def _span(span: Membership) -> tuple[object, ...]:
    return (
        span.union.name,
        str(span.get_state_display()),
        span.applied_on or "",
        span.starts_on or "",
        str(span.get_start_cause_display()),
        span.ends_on or "",
        str(span.get_end_cause_display()) if span.end_cause else "",
        span.employer.name if span.employer else "",
        span.post,
        span.card_no,
        "" if span.dues_base is None else span.dues_base,
        span.reason,
    )


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell until when files and memberships need a person; open memberships and applications still do."""
    persons = Person.objects.everywhere(WHY)
    spans = Membership.objects.everywhere(WHY)
    if person_ids is not None:
        persons, spans = persons.filter(pk__in=person_ids), spans.filter(person_id__in=person_ids)
    for pk, made in persons.values_list("pk", "created_at").iterator():
        yield Use(pk, "members.Person", timezone.localdate(made))
    waiting = {*OPEN, Membership.State.APPLIED}
    columns = ("person_id", "state", "ends_on", "applied_on", "created_at")
    for person_id, state, ends_on, applied_on, made in spans.values_list(*columns).iterator():
        if state in waiting:
            yield Use(person_id, "members.Membership", None, _("会籍没有终止，或者入会申请还在办理"))
        else:
            last = ends_on or applied_on or timezone.localdate(made)
            yield Use(person_id, "members.Membership", last)

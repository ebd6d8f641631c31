"""What becomes of the members when their union ends, told by the event of the organisations."""

from datetime import date

import pytest

from zhijia.areas.members import queries, services
from zhijia.areas.members.models import Membership
from zhijia.areas.members.tests.factories import JOINED, member_of
from zhijia.areas.organisations import services as unions
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent, OutboxEvent
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope
from zhijia.kernel.verdict import Refused
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet

pytestmark = pytest.mark.django_db
CLOSED = date(2024, 5, 6)
SYSTEM = system("测试")


def officer(union):
    return Actor("干事", Scope(frozenset({Grant("members.record", union.path)})), user_id=1)


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def other(county):
    return union_of("T", parent=county, name="示例中学工会")


@pytest.fixture
def close(django_capture_on_commit_callbacks):
    def run(union):
        with django_capture_on_commit_callbacks(execute=True):
            unions.union_close(
                actor=SYSTEM, union=union, how="dissolved", on=CLOSED, document="某文〔2024〕1号"
            )

    return run


def spans():
    return list(
        Membership._base_manager.order_by("person_id", "pk").values_list(
            "state", "starts_on", "start_cause", "ends_on", "end_cause"
        )
    )


STRANDED = [
    ("ended", JOINED, "joined", CLOSED, "retained"),
    ("retained", CLOSED, "retained", None, ""),
]


def test_it_retains_the_members_of_a_union_that_closes(school, other, close):
    member_of(school)
    kept = member_of(other)
    close(school)
    assert spans() == [*STRANDED, ("active", JOINED, "joined", None, "")]
    assert Membership._base_manager.get(state="retained").reason == "所在工会终止，会籍保留，待转接"
    assert kept.union_id == other.pk
    audit = AuditEvent.objects.filter(actor_name="系统", model="members.membership")
    assert [(line.verb, line.rows) for line in audit.order_by("pk")] == [("change", 1), ("create", 1)]
    assert OutboxEvent.objects.get().delivered_at is not None


def test_it_lists_them_until_they_are_transferred(school, other, county, close):
    member_of(school)
    close(school)
    everyone = Scope(frozenset({*officer(county).scope.grants, Grant("members.view", "")}))
    (line,) = queries.todos(Actor("", everyone), CLOSED)
    assert (line.count, line.url.partition("?")[2]) == (1, "waiting=closed")
    stuck = Membership._base_manager.get(state="retained")
    with pytest.raises(Refused, match="请办理转会"):
        services.membership_resume(actor=officer(county), membership=stuck, on=CLOSED)
    services.membership_transfer_start(actor=officer(county), membership=stuck, to=other)
    services.membership_transfer_refuse(actor=officer(other), membership=stuck, reason="材料不全")
    assert stuck.state == "retained"
    services.membership_transfer_start(actor=officer(county), membership=stuck, to=other)
    new = services.membership_transfer_accept(actor=officer(other), membership=stuck, on=date(2024, 6, 1))
    assert (new.state, new.union_id) == ("active", other.pk)
    assert queries.todos(Actor("", EVERYWHERE), CLOSED) == []


def test_a_transfer_under_way_goes_on_and_a_refused_one_is_retained(school, other, close):
    moving, back = member_of(school), member_of(school)
    for member in (moving, back):
        services.membership_transfer_start(actor=officer(school), membership=member, to=other)
    close(school)
    moving, back = (Membership._base_manager.get(pk=one.pk) for one in (moving, back))
    assert moving.state == "transferring"
    services.membership_transfer_accept(actor=officer(other), membership=moving, on=date(2024, 6, 1))
    services.membership_transfer_refuse(actor=officer(other), membership=back, reason="材料不全")
    states = (
        Membership._base_manager.filter(person=back.person).order_by("pk").values_list("state", flat=True)
    )
    assert list(states) == ["ended", "retained"]


def test_nobody_is_transferred_into_a_union_that_has_closed(school, other, close):
    member = member_of(school)
    services.membership_transfer_start(actor=officer(school), membership=member, to=other)
    close(other)
    member.transfer_to.refresh_from_db()
    with pytest.raises(Refused, match="已终止"):
        services.membership_transfer_accept(actor=officer(other), membership=member, on=date(2024, 6, 1))


def test_a_workbook_that_closes_a_union_retains_its_members(school, django_capture_on_commit_callbacks):
    member_of(school)
    titles = ["工会编码", "工会名称", "层级", "类型", "变动", "变动日期", "变动文件"]
    row = ["S", "示例小学工会", "基层工会", "教育", "撤销", CLOSED.isoformat(), "某文〔2024〕1号"]
    book = parse([RawSheet("工会", [titles, row])], "工会.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        outcome = book_import(actor=SYSTEM, book=book)
    assert outcome.ok, outcome.errors
    assert spans() == STRANDED

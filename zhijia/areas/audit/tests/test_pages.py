"""The pages of the audit: who sees which lines, and that no value of a record is among them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.tests.factories import actor_in, enter, fresh_in, officer_of
from zhijia.areas.audit.queries import lines
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor
from zhijia.kernel.audit import record, whole_and_parts
from zhijia.kernel.chain import GENESIS
from zhijia.kernel.command import Change, command, current
from zhijia.kernel.models import AuditEvent
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return union_of("C01", level="county")


@pytest.fixture
def school(county):
    return union_of("E01", parent=county)


def shown(client, address, **asked):
    return client.get(reverse(address), asked).content.decode()


def seal(signs):
    """Four signs at a time, nothing between them but a place to break: it is copied in one piece."""
    groups = "".join(f"<span>{signs[start : start + 4]}</span><wbr>" for start in range(0, 64, 4))
    return f'<span class="kit-seal">{groups}</span>'


def test_it_shows_names_of_fields_and_never_values(client, county, school):
    record(
        actor_in(school, "clerk"),
        "change",
        action="members.record",
        model="members.person",
        object_id=7,
        fields=("phone", "education"),
        details={"phone": "13900000000", "education": "博士研究生"},
    )
    page = shown(enter(client, county, "audit_admin"), "audit:line-list")
    for text in ("人员档案 #7", "更正", "学历"):
        assert text in page
    assert "13900000000" not in page
    assert "博士研究生" not in page


def test_it_shows_lines_at_or_below_the_own_place(county, school):
    other = union_of("E02", parent=county)
    for union in (county, school, other):
        record(actor_in(union, "clerk"), "search", path=union.path)
    record(Actor("系统"), "export")
    auditor, admin = actor_in(school, "audit"), actor_in(county, "audit_admin")
    assert [line.path for line in lines(auditor.scope)] == [school.path]
    assert [line.path for line in lines(admin.scope)] == ["", other.path, school.path, county.path]
    assert not lines(actor_in(county, "clerk").scope).exists()


def test_it_filters_by_who_what_when_and_where(client, county, school):
    record(actor_in(school, "clerk"), "reveal", path=school.path, reason="核对银行卡")
    record(actor_in(county, "clerk"), "search", path=county.path)
    enter(client, county, "audit_admin")
    year = timezone.localdate().year
    for asked, count in (
        ({"verb": "reveal"}, 1),
        ({"who": "没有这个人"}, 0),
        ({"place": school.pk}, 1),
        ({"verb": "search", "period": str(year)}, 1),
        ({"period": str(year - 1)}, 0),
    ):
        assert client.get(reverse("audit:line-list"), asked).context["total"] == count, asked


def test_it_verifies_on_the_page_and_against_a_printed_head(client, county):
    enter(client, county, "audit")
    record(Actor("系统"), "export")
    line = AuditEvent.objects.latest("seq")
    page = client.post(reverse("audit:verify"), {"head": f"{line.seq}： {line.hash[:32]} {line.hash[32:]}"})
    assert f"核验通过：{line.seq} 条" in page.content.decode()
    assert seal(line.hash) in page.content.decode()
    assert AuditEvent.objects.filter(action="audit.view", model="kernel.auditevent").count() == 1
    page = client.post(reverse("audit:verify"), {"head": f"{line.seq}:{GENESIS}"})
    assert "与打印的封印不一致" in page.content.decode()
    page = client.post(reverse("audit:verify"), {"head": "12"})
    assert "64位字符" in page.content.decode()


def test_it_prints_the_head_of_a_day_in_groups(client, county):
    enter(client, county, "audit")
    record(Actor("系统"), "export")
    line = AuditEvent.objects.latest("seq")
    today = timezone.localdate()
    page = shown(client, "audit:daily-head", day=today.isoformat())
    assert seal(line.hash) in page
    assert "当天尚未结束" in page
    assert "经审委员" in page
    assert "还没有审计记录" in shown(client, "audit:daily-head", day=(today - timedelta(days=2)).isoformat())
    assert client.get(reverse("audit:daily-head"), {"day": "x"}).status_code == 404


def test_it_tells_people_who_looked_at_their_own_file(client, school):
    person, other = person_of(school), person_of(school)
    reader = Actor("王干事", user_id=99, post="示例工会 干事")
    for subject in (person, other):
        record(reader, "reveal", model="members.person", object_id=subject.pk, subject_id=subject.pk,
               fields=("id_number",), reason="核对证件", path=school.path)  # fmt: skip
    record(reader, "login", subject_id=person.pk)
    user = officer_of(school, "member", person=person)
    client.force_login(user)
    page = client.get(reverse("audit:mine"))
    assert page.context["total"] == 1
    for text in ("王干事", "示例工会 干事", "显示完整号码", "核对证件", "证件号码", school.name):
        assert text in page.content.decode()


def test_it_stacks_the_lines_of_the_own_file_where_the_page_is_narrow(client, school):
    person = person_of(school)
    record(Actor("王干事", user_id=99), "reveal", model="members.person", subject_id=person.pk)
    client.force_login(officer_of(school, "member", person=person))
    page = shown(client, "audit:mine")
    assert 'class="kit-table-box kit-cards"' in page
    for label in ("时间", "操作人", "岗位", "所在工会", "做了什么", "对象", "字段", "事由"):
        assert f'data-label="{label}"' in page


def test_it_offers_all_where_nothing_is_chosen(client, county):
    page = shown(enter(client, county, "audit_admin"), "audit:line-list")
    assert page.count('<option value="" selected>全部</option>') == 2
    assert "-----" not in page


@pytest.mark.parametrize("of", ["", "x", "-1", "0", "9" * 30, "9" * 5000, "ONE"])
def test_it_opens_no_line_that_has_no_parts(client, county, of):
    enter(client, county, "audit_admin")
    record(Actor("系统"), "export")
    asked = AuditEvent.objects.latest("seq").seq if of == "ONE" else of
    assert client.get(reverse("audit:line-list"), {"of": asked}).status_code == 404


def test_a_workbook_holds_the_folded_lines_too(client, school):
    exported(school)
    enter(client, school, "audit")
    lines = AuditEvent.objects.count()
    assert client.get(reverse("audit:line-list")).context["total"] == lines - 2
    sent = ordered(client, reverse("audit:line-list"))
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(sent))).get_sheet_by_index(0).to_python()
    assert sum(row[0] in range(1, lines + 1) for row in sheet) == lines


def exported(school):
    """Take out two files in full; returns the number of the line that stands for both."""

    @command("members.export_full", at="union")
    def export(*, actor, union):
        parts = [Change("members.person", number, "export", {}, 1, (), number) for number in (1, 2)]
        current().changes += whole_and_parts(Change("members.fullexport", 1, "export", {}), parts)

    export(actor=fresh_in(school, "clerk"), union=school)
    return AuditEvent.objects.get(model="members.fullexport").seq


def test_it_opens_no_line_of_elsewhere(client, county, school):
    seq = exported(school)
    for union, status in ((county, 200), (school, 200), (union_of("E02", parent=county), 404)):
        enter(client, union, "audit")
        assert client.get(reverse("audit:line-list"), {"of": seq}).status_code == status


@pytest.mark.parametrize("post", ["clerk", "chair", "security_admin", "system_admin", "member"])
def test_it_keeps_the_lines_from_those_who_may_not(client, county, post):
    enter(client, county, post)
    for address in ("audit:line-list", "audit:verify", "audit:daily-head", "audit:mine"):
        assert client.get(reverse(address)).status_code == 403

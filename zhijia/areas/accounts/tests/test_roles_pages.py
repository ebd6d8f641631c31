"""The pages of seats and rights: what they show, to whom, and what they do."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.tests.factories import PASSWORD, arrive, officer_of, user_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    """Let the password do: the second factor has tests of its own."""
    settings.SECOND_FACTOR = "optional"


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


def page(client, name, *args, **query):
    answer = client.get(reverse(f"accounts:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_matrix_is_the_one_table(client, school):
    client.force_login(officer_of(school))
    shown = page(client, "matrix")
    assert "出纳" in shown
    assert "授予和收回岗位" in shown


def test_the_matrix_goes_out_with_a_mark_and_a_line_in_the_audit(client, school):
    client.force_login(officer_of(school, "security_admin"))
    answer = client.get(reverse("accounts:matrix"), {"export": "xlsx", "purpose": "年度检查"})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    cells = rows.to_python()
    assert "年度检查" in str(cells[1][0])
    head = next(row for row in cells if "出纳" in row)
    appoint = next(row for row in cells if "授予和收回系统、安全、审计管理员岗位" in row)
    marked = [title for title, cell in zip(head, appoint, strict=True) if cell == "✓"]
    assert marked == ["双因素验证", "安全管理员"]
    assert AuditEvent.objects.get(verb="export").actor_name == "李示例"


@pytest.mark.parametrize("post", ["cashier", "accountant", "women", "member", "supervisor", "system_admin"])
def test_posts_without_the_matrix_see_none_of_it(client, school, post):
    client.force_login(officer_of(school, post))
    for name in ("matrix", "seat-register", "why", "user-options", "union-options"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 403


def test_the_register_shows_who_holds_what_and_why_not(client, county, school):
    user_of(seat_of(school, "clerk", holder="周示例"), name="周示例", username="zhou")
    user_of(seat_of(school, "women", holder="吴示例", ends_on=timezone.localdate()), name="吴示例")
    seat_of(school, "member", holder="郑示例")
    client.force_login(officer_of(county))
    shown = page(client, "seat-register")
    assert "周示例（zhou）" in shown
    assert "任期已结束" in shown
    assert "没有账号" in shown
    assert "周示例" not in page(client, "seat-register", post="women")
    assert "周示例" in page(client, "seat-register", right="accounts.manage", q="zhou")
    assert "周示例" not in page(client, "seat-register", right="finance.pay")
    now = page(client, "seat-register", state="now")
    assert "周示例" in now
    assert "吴示例" not in now
    vacant = page(client, "seat-register", state="vacant")
    assert "郑示例" in vacant
    assert "周示例" not in vacant
    assert "吴示例" in page(client, "seat-register", state="not")


def test_the_register_ends_where_the_reach_ends(client, county, school):
    user_of(seat_of(county, "clerk", holder="秘密人"), name="秘密人")
    arrive(client, officer_of(school))
    assert "秘密" not in page(client, "seat-register")
    assert "秘密" not in client.get(reverse("accounts:user-options"), {"q": "秘密"}).content.decode()
    assert "示例县" not in client.get(reverse("accounts:union-options"), {"q": "示例"}).content.decode()
    above = Holding.objects.get(user__name="秘密人")
    for name in ("seat-detail", "seat-grant"):
        assert client.get(reverse(f"accounts:{name}", args=[above.seat_id])).status_code == 404
    asked = {"user": above.user_id, "right": "members.view", "union": school.pk}
    assert "不在您的职责范围内" in page(client, "why", **asked)


def test_it_answers_why(client, county, school):
    cashier = officer_of(school, "cashier", name="周示例")
    client.force_login(officer_of(county, "audit_admin"))
    shown = page(client, "why", user=cashier.pk, right="finance.check", union=school.pk)
    assert "不可以" in shown
    assert "有此项权限的职务：会计" in shown
    assert "须先通过双因素验证" in page(client, "why", user=cashier.pk, right="finance.pay", union=school.pk)


def test_half_a_question_is_an_error_of_the_form(client, school):
    client.force_login(officer_of(school))
    assert "不可以" not in page(client, "why", right="members.view")
    assert page(client, "why", user="x", right="no.such", union="9" * 40)


def test_the_security_administrator_grants_and_takes_back_from_the_seats_page(client, county):
    keeper = officer_of(county, "security_admin")
    seat = seat_of(county, "audit_admin", holder="周示例")
    # An administrator's log-in waits: an officer has made it for this seat.
    now = timezone.now()
    waiting = user_of(name="周示例", username="zhou")
    Holding(user=waiting, seat=seat, created_at=now, revoked_at=now).save()
    arrive(client, keeper)
    assert "还没有授予" in page(client, "seat-detail", seat.pk)
    client.post(reverse("accounts:seat-grant", args=[seat.pk]), {"user": waiting.pk})
    held = Holding.objects.get(user=waiting)
    assert held.revoked_at is None
    answer = client.post(reverse("accounts:holding-revoke", args=[held.pk]), {"from": "seat"})
    assert answer["Location"] == reverse("accounts:seat-detail", args=[seat.pk])
    held.refresh_from_db()
    assert held.revoked_at is not None


def test_a_doubt_wants_a_second_click(client, school):
    arrive(client, officer_of(school))
    seat, user = seat_of(school, "women", holder="周示例"), officer_of(school, "member", name="吴示例")
    address = reverse("accounts:seat-grant", args=[seat.pk])
    answer = client.post(address, {"user": user.pk})
    assert "姓名不同" in answer.content.decode()
    assert not Holding.objects.filter(seat=seat).exists()
    seen = answer.context["form"]["seen"].value()
    client.post(address, {"user": user.pk, "seen": seen})
    assert Holding.objects.filter(seat=seat, user=user, revoked_at=None).exists()


def test_what_must_stay_apart_is_said_in_the_form(client, school):
    arrive(client, officer_of(school))
    user = officer_of(school, "accountant", name="张示例")
    answer = client.post(
        reverse("accounts:holding-grant", args=[user.pk]), {"seat": seat_of(school, "cashier").pk}
    )
    assert "会计和出纳不能由同一人担任" in answer.content.decode()
    assert Holding.objects.filter(user=user).count() == 1


def test_a_clerk_has_no_buttons_to_grant(client, school):
    user = officer_of(school, "women")
    client.force_login(officer_of(school, "clerk"))
    shown = page(client, "user-detail", user.pk)
    assert "授予岗位" not in shown
    assert "收回" not in shown
    assert client.get(reverse("accounts:holding-grant", args=[user.pk])).status_code == 403
    assert client.post(reverse("accounts:holding-revoke", args=[1])).status_code == 403


def test_a_member_gets_a_log_in_and_a_file_is_tied_and_untied(client, school):
    arrive(client, officer_of(school, "clerk"))
    person = person_of(school, name="周会员")
    typed = {"person": person.pk, "username": "zhou", "password": PASSWORD}
    client.post(reverse("accounts:member-create"), typed)
    user = User.objects.get(username="zhou")
    assert (user.name, user.person_id) == ("周会员", person.pk)
    assert "周会员" in page(client, "user-detail", user.pk)
    client.post(reverse("accounts:person-unlink", args=[user.pk]))
    user.refresh_from_db()
    assert user.person_id is None


def test_an_officer_is_tied_to_the_own_file_by_another(client, school):
    person, user = person_of(school), officer_of(school, "women")
    clerk = officer_of(school, "clerk")
    client.force_login(clerk)
    client.post(reverse("accounts:person-link", args=[user.pk]), {"person": person.pk})
    user.refresh_from_db()
    assert user.person_id == person.pk
    answer = client.post(reverse("accounts:person-link", args=[clerk.pk]), {"person": person_of(school).pk})
    assert "不能关联自己" in answer.content.decode()


def test_the_own_page_leads_to_the_matrix_where_one_may_go(client, school):
    client.force_login(officer_of(school))
    assert reverse("accounts:matrix") in page(client, "my-seats")
    client.force_login(officer_of(school, "cashier"))
    assert reverse("accounts:matrix") not in page(client, "my-seats")

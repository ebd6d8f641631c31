"""The door, the own pages, and the log-ins of others."""

import pytest
from django.urls import reverse

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.tests.factories import PASSWORD, arrive, officer_of, user_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


def test_a_stranger_is_led_to_the_door_and_back(client, school):
    officer_of(school, username="chen", password=PASSWORD)
    wanted = reverse("accounts:my-seats")
    answer = client.get(wanted)
    assert answer.status_code == 302
    door = answer["Location"]
    assert door.startswith(reverse("accounts:login"))
    assert client.get(door).status_code == 200
    answer = client.post(door, {"username": "chen", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted
    page = client.get(wanted)
    assert "示例小学工会" in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_a_wrong_password_stays_at_the_door(client, school):
    officer_of(school, username="chen", password=PASSWORD)
    answer = client.post(reverse("accounts:login"), {"username": "chen", "password": "x" * 12})
    assert answer.status_code == 200
    assert client.get(reverse("accounts:my-seats")).status_code == 302


def test_an_inactive_log_in_stays_outside(client, school):
    user = officer_of(school, username="chen", password=PASSWORD)
    client.force_login(user)
    assert client.get(reverse("accounts:my-seats")).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(reverse("accounts:my-seats")).status_code == 302
    answer = client.post(reverse("accounts:login"), {"username": "chen", "password": PASSWORD})
    assert answer.status_code == 200


def test_a_part_of_a_page_moves_the_whole_window(client):
    answer = client.get(reverse("accounts:user-list"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith(reverse("accounts:login"))


def test_a_stranger_learns_of_no_address(client):
    assert client.get("/no-such-page/").status_code == 302


def test_logging_out_is_a_post(client, school):
    client.force_login(officer_of(school))
    assert client.get(reverse("accounts:logout")).status_code == 405
    client.post(reverse("accounts:logout"))
    assert client.get(reverse("accounts:my-seats")).status_code == 302


def test_someone_without_seats_is_told_so(client):
    client.force_login(user_of())
    page = client.get(reverse("accounts:my-seats"))
    assert "没有任期内的岗位" in page.content.decode()


def test_the_language_kept_with_the_log_in_is_used(client, school):
    client.force_login(officer_of(school))
    client.post(reverse("accounts:language"), {"language": "en"})
    page = client.get(reverse("accounts:my-seats"))
    assert page["Content-Language"] == "en"


def test_the_own_password_is_changed_and_the_session_goes_on(client, school):
    user = officer_of(school, username="chen", password=PASSWORD)
    client.force_login(user)
    new = "Another-Orchard-77"
    wrong = {"old": "wrong-wrong", "password": new, "again": new}
    assert client.post(reverse("accounts:password-change"), wrong).status_code == 200
    answer = client.post(
        reverse("accounts:password-change"), {"old": PASSWORD, "password": new, "again": new}
    )
    assert answer.status_code == 302
    assert client.get(reverse("accounts:my-seats")).status_code == 200
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_chair_makes_a_log_in_and_sees_it(client, county, school):
    arrive(client, officer_of(county))
    seat = seat_of(school, "clerk", holder="周示例")
    typed = {"username": "zhou", "name": "周示例", "password": PASSWORD, "seat": seat.pk}
    answer = client.post(reverse("accounts:user-create"), {**typed, "idempotency_key": "k1"})
    user = User.objects.get(username="zhou")
    assert answer["Location"] == reverse("accounts:user-detail", args=[user.pk])
    assert "示例小学工会" in client.get(answer["Location"]).content.decode()
    assert "周示例" in client.get(reverse("accounts:user-list")).content.decode()


def test_the_same_submission_twice_makes_one_log_in(client, county, school):
    arrive(client, officer_of(county))
    typed = {"username": "zhou", "name": "周示例", "password": PASSWORD, "seat": seat_of(school).pk}
    for _again in range(2):
        answer = client.post(reverse("accounts:user-create"), {**typed, "idempotency_key": "k1"})
        assert answer.status_code == 302
    assert User.objects.filter(username="zhou").count() == 1


def test_a_seat_out_of_reach_cannot_be_chosen(client, county, school):
    arrive(client, officer_of(school))
    seat = seat_of(county, "clerk", holder="秘密")
    typed = {"username": "zhou", "name": "周示例", "password": PASSWORD, "seat": seat.pk}
    assert client.post(reverse("accounts:user-create"), typed).status_code == 200
    assert not User.objects.filter(username="zhou").exists()
    assert "秘密" not in client.get(reverse("accounts:seat-options")).content.decode()


def test_a_log_in_out_of_reach_is_as_absent(client, county, school):
    above = officer_of(county)
    arrive(client, officer_of(school))
    for name in ("user-detail", "holding-grant", "password-reset"):
        assert client.get(reverse(f"accounts:{name}", args=[above.pk])).status_code == 404
    held = Holding.objects.get(user=above)
    assert client.post(reverse("accounts:holding-revoke", args=[held.pk])).status_code == 404
    assert client.get(reverse("accounts:user-detail", args=[10**6])).status_code == 404


def test_a_cashier_has_no_page_of_log_ins(client, school):
    client.force_login(officer_of(school, "cashier"))
    assert client.get(reverse("accounts:user-list")).status_code == 403


def test_a_seat_is_taken_back_by_the_page(client, county, school):
    client.force_login(officer_of(county))
    clerk = officer_of(school, "clerk")
    held = Holding.objects.get(user=clerk)
    client.post(reverse("accounts:holding-revoke", args=[held.pk]))
    held.refresh_from_db()
    assert held.revoked_at is not None

"""A person with something of everything, each with values that nobody else has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tests.factories import user_of
from zhijia.areas.activities.tests.factories import activity_of, result_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.finance.tests.factories import payment_of
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import membership_of, person_of
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.tests.factories import seat_of
from zhijia.kit.attachments.models import Attachment

NAME, PHONE, NOTE, LOGIN = "欧阳金丝雀", "19900001234", "金丝雀病历：肺部结节", "canary-ouyang"
ACCOUNT = "6222009990001234567"
LEFT = date(2010, 6, 30)


@dataclass(frozen=True)
class Canary:
    """The person, its log-in, and all texts that lead to it."""

    person: Person
    user: User
    values: tuple[str, ...]


def canary_of(union: Union, left_on: date = LEFT) -> Canary:
    """Write someone who left long ago, with records in every area."""
    person = person_of(union, NAME, phone=PHONE, born_on=date(1960, 5, 17), sex="male")
    ended = {"state": "ended", "ends_on": left_on, "end_cause": "resigned"}
    membership_of(person, starts_on=date(2000, 1, 1), card_no="CARD-CANARY", reason="金丝雀调离", **ended)
    relief = relief_of(
        union,
        occasion="illness",
        given_on=date(2009, 5, 1),
        person=person,
        beneficiary=NAME,
        basis=f"{NAME}的申请",
        note=NOTE,
    )
    file = {"name": f"{NAME}病历.pdf", "kind": "pdf", "size": 3, "sha256": "0" * 64, "uploaded_by": "李示例"}
    Attachment(model="aid.Relief", subject_id=relief.pk, **file).save()
    payment_of(
        union,
        "paid",
        title=f"慰问{NAME}",
        payee_kind="person",
        payee=NAME,
        person=person,
        bank_name="示例银行",
        bank_account=ACCOUNT,
        requested_at=timezone.make_aware(datetime(1995, 5, 1, 9)),  # noqa: DTZ001 - made aware here
        paid_on=date(1995, 5, 2),
    )
    activity = activity_of(union, persons=[person], held_on=date(2008, 5, 1))
    result_of(activity, winner_kind="person", winner=NAME, person=person, awarded_on=date(2008, 5, 1))
    honour_of(union, winner_kind="person", winner=NAME, person=person, awarded_on=date(2008, 5, 4))
    seat = seat_of(union, "member", holder=NAME, starts_on=date(2001, 1, 1), ends_on=date(2004, 1, 1))
    user = user_of(seat, name=NAME, username=LOGIN, person=person, email=f"{LOGIN}@example.org")
    type(user).objects.filter(pk=user.pk).update(date_joined="2010-01-01T00:00:00+08:00")
    type(person)._base_manager.filter(pk=person.pk).update(created_at="2000-01-01T00:00:00+08:00")
    person.refresh_from_db()
    texts = (NAME, person.id_number or "", PHONE, NOTE, LOGIN, ACCOUNT, "CARD-CANARY", "金丝雀")
    return Canary(person, user, texts)

"""Two counties whose every text, amount and number says from which union it is: any leak names itself.

    M city
    ├─ K county ── T township ─┬─ S school ─┬─ G group
    │                          │            └─ H group
    │                          └─ B school
    └─ X stranger county ──────┬─ Y its school
                               └─ D a school that is sending a member to each of the others

A canary is ``ZQ`` + letter of the union + two digits of the kind + ``QZ``. A small letter marks the person
whom D is sending to the union of that letter: both ends have to see that one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.db import transaction
from django.test import override_settings

from tests.guards.access_roles import ROLES
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.tests.factories import PASSWORD, user_of
from zhijia.areas.activities.tests.factories import activity_of, result_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.finance.tests.factories import entry_of, payment_of
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.models import FullExport, Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import membership_of, person_of
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.tests.factories import (
    committee_of,
    employer_of,
    head_count_of,
    seat_of,
    union_of,
)
from zhijia.areas.privacy.models import Consent, Erasure, Overdue, SubjectRequest
from zhijia.kernel.actor import system
from zhijia.kernel.audit import record
from zhijia.kernel.crypto.files import seal_file
from zhijia.kernel.models import Job
from zhijia.kernel.period import Period
from zhijia.kit.attachments import store
from zhijia.kit.attachments.models import Attachment
from zhijia.summaries.models import Summary
from zhijia.summaries.services import summary_make
from zhijia.targets.models import Target

# letter -> parent, level, word of the name
TREE = {
    "M": ("", "federation", "市"),
    "K": ("M", "federation", "县"),
    "T": ("K", "joint", "镇"),
    "S": ("T", "grassroots", "小学"),
    "G": ("S", "group", "一组"),
    "H": ("S", "group", "二组"),
    "B": ("T", "grassroots", "中学"),
    "X": ("M", "federation", "邻县"),
    "Y": ("X", "grassroots", "邻校"),
    "D": ("X", "grassroots", "转出校"),
}
SENDER = "D"
YEAR, DAY = "2025", date(2025, 3, 5)
BORN = date(1985, 3, 7)

# kind of a canary -> its two digits
KINDS = {
    "union name": "01",
    "union code": "02",
    "employer": "03",
    "seat holder": "04",
    "person": "05",
    "membership": "06",
    "beneficiary": "07",
    "relief note": "08",
    "entry": "09",
    "activity": "10",
    "participant": "11",
    "winner": "12",
    "honour": "13",
    "target": "14",
    "account": "15",
    "job": "17",
    "attachment": "18",
    "request": "19",
    "own file": "20",
    "payment": "21",
    "payee": "22",
    "consent": "23",
    "erasure": "24",
    "audit": "25",
    "full export": "26",
}
NUMBERS = {number: kind for kind, number in KINDS.items()}


def canary(letter: str, kind: str) -> str:
    """Return the text that says: this is the ``kind`` of the union ``letter``."""
    return f"ZQ{letter}{KINDS[kind]}QZ"


@dataclass
class Land:
    """The unions, one record of each kind in each, the log-ins of the roles, and what gives a union away."""

    places: Path
    unions: dict[str, Union] = field(default_factory=dict)
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    amounts: dict[str, tuple[str, str]] = field(default_factory=dict)  # "30111.37" -> letter, kind
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)  # whole ID or phone -> letter, kind
    serial: int = 0
    made: tuple[str, Summary] | None = None
    officers: list[User] = field(default_factory=list)

    def build(self) -> Land:
        """Write everything."""
        self.officers = [user_of(name="职员") for _ in range(4)]
        for letter in TREE:
            self._union(letter)
        for letter in TREE:
            self._posts(letter)
            self._people(letter)
            self._ledgers(letter)
        for letter in TREE:
            self._arrival(letter)
            self._wishes(letter)
            self._files(letter)
        for letter in ("G", *TREE.keys() - {"G"}):  # a group has the shortest summary
            self._made(letter)
        for name, role in ROLES.items():
            if role.base:
                self._user(name, role.base, role.post)
        return self

    def below(self, base: str) -> frozenset[str]:
        """Return the letters of a union and all below it."""
        if not base:
            return frozenset()
        root = self.unions[base].path or ""
        return frozenset(one for one, union in self.unions.items() if (union.path or "").startswith(root))

    def above(self, base: str) -> frozenset[str]:
        """Return the letters of the unions above."""
        found = set()
        while base and (base := TREE[base][0]):
            found.add(base)
        return frozenset(found)

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _amount(self, letter: str, kind: str, thousands: int) -> int:
        """Return an amount in fen that no other record has."""
        fen = thousands * 1000_00 + self._next() * 101_00 + 37
        self.amounts[f"{fen // 100}.{fen % 100:02}"] = (letter, kind)
        return fen

    def _person(self, letter: str, name: str, mark: str = "", **more: Any) -> Any:
        serial = self._next()
        number, phone = synthetic_id(serial, BORN, "female"), f"139{serial:08}"
        self.numbers[number] = (mark or letter, "whole ID number")
        self.numbers[phone] = (mark or letter, "whole phone number")
        return person_of(self.unions[letter], name, id_number=number, phone=phone, born_on=BORN, **more)

    def _union(self, letter: str) -> None:
        above, level, word = TREE[letter]
        self.unions[letter] = union_of(
            canary(letter, "union code"),
            parent=self.unions.get(above),
            level=level,
            name=canary(letter, "union name") + word,
        )
        self.samples[letter] = {
            "letter": letter,
            "union": self.unions[letter].pk,
            "code": self.unions[letter].code,
        }

    def _posts(self, letter: str) -> None:
        union, sample = self.unions[letter], self.samples[letter]
        employer = employer_of(union, name=canary(letter, "employer"))
        sample["employer"] = employer.pk
        sample["head_count"] = head_count_of(employer, date(2025, 1, 1), 60, 40, 2).pk
        sample["committee"] = committee_of(union, date(2024, 5, 1), date(2029, 5, 1)).pk
        seat = seat_of(union, "member", holder=canary(letter, "seat holder"))
        sample["seat"] = seat.pk
        account = user_of(seat, username=canary(letter, "account"), name=canary(letter, "account"))
        sample["user"] = account.pk
        sample["holding"] = Holding.objects.get(user=account).pk
        self.employer = employer

    def _people(self, letter: str) -> None:
        union, sample = self.unions[letter], self.samples[letter]
        self.person = self._person(letter, canary(letter, "person"))
        dues = self._amount(letter, "membership", 7)
        text = canary(letter, "membership")
        membership = membership_of(
            self.person, employer=self.employer, post=text, card_no=text, reason=text, dues_base=dues
        )
        sample["person"], sample["membership"] = self.person.pk, membership.pk
        someone = self._person(letter, canary(letter, "person"))
        sample["applied"] = membership_of(someone, union, state="applied", starts_on=None).pk
        retained = self._person(letter, canary(letter, "person"))
        sample["retained"] = membership_of(retained, union, state="retained").pk

    def _ledgers(self, letter: str) -> None:
        union, sample = self.unions[letter], self.samples[letter]
        named = self._person(letter, canary(letter, "participant"))
        text = canary(letter, "activity")
        activity = activity_of(union, people="30余", persons=[named], name=text, venue=text, note=text)
        result = result_of(activity, winner=canary(letter, "winner"))
        relief = relief_of(
            union,
            person=self.person,
            amount=self._amount(letter, "beneficiary", 30),
            beneficiary=canary(letter, "beneficiary"),
            note=canary(letter, "relief note"),
        )
        entry = entry_of(
            union,
            kind="contribution",
            amount=self._amount(letter, "entry", 50),
            happened_on=DAY,
            formalities="pending",
            counterparty=canary(letter, "entry"),
            note=canary(letter, "entry"),
        )
        honour = honour_of(union, name=canary(letter, "honour"), winner=canary(letter, "honour"))
        target = Target._base_manager.create(
            union=union, figure="members.members", period=YEAR, goal=9, note=canary(letter, "target")
        )
        sample |= {
            "activity": activity.pk,
            "result": result.pk,
            "relief": relief.pk,
            "entry": entry.pk,
            "honour": honour.pk,
            "target": target.pk,
        }

    def _wishes(self, letter: str) -> None:
        """Write what waits for a decision: payments, a full export, what the privacy law gives people."""
        union, sample = self.unions[letter], self.samples[letter]
        told = {"title": canary(letter, "payment"), "payee": canary(letter, "payee")}
        account = f"62220000{self._next():08}"
        self.numbers[account] = (letter, "whole account number")
        for state in ("requested", "checked", "approved"):
            amount = self._amount(letter, "payment", 60)
            told |= {"amount": amount, "bank_name": "示例银行", "bank_account": account}
            sample[state] = payment_of(union, state, by=self.officers, **told).pk
        sample["own payment"] = sample["requested"]
        asker = {"asked_by": sample["user"], "asked_name": "职员", "purpose": canary(letter, "full export")}
        sample["export"] = FullExport._base_manager.create(union=union, **asker).pk
        whose = {"union": union, "person": Person._base_manager.get(pk=sample["person"])}
        text = canary(letter, "request")
        asked = SubjectRequest(**whose, kind="copy", received_on=DAY, due_on=DAY, detail=text)
        agreed = Consent(**whose, purpose="hardship", given_on=DAY, document=canary(letter, "consent"))
        gone = Erasure(**whose, ground="expired", note=canary(letter, "erasure"), proposed_on=DAY)
        leaver = self._person(letter, canary(letter, "person"))
        due = Overdue(union=union, person=leaver, since=DAY)
        for name, one in {"request": asked, "consent": agreed, "erasure": gone, "overdue": due}.items():
            one.save()
            sample[name] = one.pk
        told = {"path": union.path, "subject_id": sample["person"], "model": "members.person"}
        record(system("测试"), "reveal", reason=canary(letter, "audit"), rows=1, **told)

    def _files(self, letter: str) -> None:
        """Attach a file to the activity and to the relief payment of a union."""
        text = canary(letter, "attachment")
        for model, kind in (("activities.Activity", "activity"), ("aid.Relief", "relief")):
            with NamedTemporaryFile(suffix=".pdf") as plain:
                data = b"%PDF-1.4\n" + text.encode()
                plain.write(data)
                plain.flush()
                key = uuid.uuid4()
                store.put(Path(plain.name), key)
            Attachment._base_manager.create(
                key=key,
                model=model,
                subject_id=self.samples[letter][kind],
                name=f"{text}.pdf",
                kind="pdf",
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                uploaded_by="职员",
            )
            self.samples[letter][f"file of {kind}"] = str(key)

    def _arrival(self, letter: str) -> None:
        """Let D send someone to this union, and let the person's earlier span lie in D as well."""
        mark = letter.lower()
        name = canary(letter, "person").replace(f"ZQ{letter}", f"ZQ{mark}")
        person = self._person(SENDER, name, mark)
        moving = membership_of(person, state="transferring", transfer_to=self.unions[letter])
        self.samples[letter]["moving"] = moving.pk
        earlier = canary(SENDER, "membership")
        membership_of(
            person_of(self.unions[letter], canary(letter, "person"), None),
            self.unions[SENDER],
            starts_on=date(2015, 1, 1),
            ends_on=date(2016, 1, 1),
            state="ended",
            end_cause="transferred_out",
            reason=earlier,
            post=earlier,
        )

    def _made(self, letter: str) -> None:
        sample = self.samples[letter]
        summary = self._summary(letter)
        sample["summary"] = summary.pk
        self._jobs(sample, sample["user"], canary(letter, "job"), summary.pk)

    def _summary(self, letter: str) -> Summary:
        """Make a summary of one union, and those of the others in its image: composing ten takes long."""
        if self.made is None:
            self.made = (
                letter,
                summary_make(actor=system("测试"), union=self.unions[letter], period=Period.parse(YEAR)),
            )
            return self.made[1]
        first, made = self.made
        text = json.dumps(made.content, ensure_ascii=False).replace(f"ZQ{first}", f"ZQ{letter}")
        return Summary._base_manager.create(
            union=self.unions[letter],
            plan=made.plan,
            period_code=made.period_code,
            title=made.title.replace(f"ZQ{first}", f"ZQ{letter}"),
            digest=str(self._next()),
            content=json.loads(text),
            computed_at=made.computed_at,
            file=f"{letter}.docx",
            made_by="职员",
        )

    def _jobs(self, sample: dict[str, Any], owner: int, title: str, summary: int) -> None:
        """Let someone have an import and a summary in the making, and finished ones of both."""

        def job(**values: Any) -> int:
            return int(Job.objects.create(title=title, owner_id=owner, total=9, **values).pk)

        sample["importing"] = job(kind="books.preview", state="running")
        sample["making"] = job(kind="summaries.make", state="running")
        sample["made"] = job(kind="summaries.make", state="done", result={"summary": summary})
        file = self.places / "results" / f"job-{owner}.xlsx"
        seal_file(title.encode(), file, name=f"result:{file.name}")
        result = {"ok": True, "dry_run": True, "sheets": [], "errors": [], "warnings": []}
        result |= {"error_count": 0, "warning_count": 0, "failed_rows": 1}
        sample["previewed"] = job(
            kind="books.preview",
            state="done",
            result=result,
            result_file=file.name,
            parameters={"file": "0" * 32 + ".xlsx", "name": title, "mapping": {}, "union": ""},
        )

    def _user(self, name: str, base: str, post: str) -> None:
        """Make the log-in of a role; its own jobs are its targets where a page is for owners only."""
        user = user_of(name="职员", username=name.replace(" ", "-"), password=PASSWORD)
        if post:
            seat = Seat(union=self.unions[base], post=post, holder="职员", starts_on=date(2020, 1, 1))
            seat.save()
            Holding(user=user, seat=seat).save()
        if ROLES[name].is_person:
            user.person = self._person(base, canary(base, "own file"))
            user.save()
        self.users[name] = user
        own: dict[str, Any] = {}
        self._jobs(own, user.pk, "本人的任务", self.samples[base]["summary"])
        own["own payment"] = payment_of(self.unions[base], by=[user, *self.officers[1:]]).pk
        self.samples[name] = own


@contextmanager
def land_of(places: Path) -> Iterator[Land]:
    """Build the land inside a transaction that is rolled back at the end."""
    kept = {
        "UPLOADS": places / "uploads",
        "RESULTS": places / "results",
        "JOB_NOTES": places / "jobs",
        "ATTACHMENTS": places / "attachments",
    }
    with override_settings(**kept), transaction.atomic():
        yield Land(places).build()
        transaction.set_rollback(True)

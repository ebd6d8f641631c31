"""One county with some of everything, its addresses, and the errands that lead to the rest of the pages."""

from __future__ import annotations

from datetime import date

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from tests.cast import PASSWORD, assemble
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tests.factories import enter, factor_of, prove
from zhijia.areas.activities.tests.factories import activity_of, result_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.finance.tests.factories import entry_of, payment_of
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.models import FullExport
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import (
    committee_of,
    employer_of,
    head_count_of,
    seat_of,
    union_of,
)
from zhijia.areas.privacy.models import Consent, Erasure, SubjectRequest
from zhijia.kernel.actor import system
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import Job
from zhijia.kernel.period import Period
from zhijia.kit.attachments.models import Attachment
from zhijia.summaries.services import summary_make
from zhijia.targets.models import Target

YEAR = "2025"
DAY = date(2025, 3, 5)
HEAD = ("姓名", "证件号码", "所属工会", "入会日期")
ANSWERED = 200
FILE = {"name": "凭证.pdf", "kind": "pdf", "size": 3, "sha256": "0" * 64, "uploaded_by": "李"}


def patterns(resolver=None, space=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from patterns(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))


def names():
    """Every address of the system by name."""
    return sorted({name for name, _pattern in patterns()})


class World:
    """Records of everything, and the arguments that lead to one of each."""

    def __init__(self, cast=None):
        self.cast = cast or assemble()
        self.samples = {}
        self.grow()

    def grow(self, times=1):
        """Add so many more records of every kind; the samples lead to the first ones."""
        for _ in range(times):
            samples = self.unions() | self.members() | self.ledgers() | self.doings()
            self.samples = samples | self.samples

    def unions(self):
        county, school = self.cast.county, self.cast.school
        child = union_of(f"N{self.serial()}", parent=county)
        employer = employer_of(school, name=f"示例单位{child.pk}")
        count = head_count_of(employer, date(2025, 1, 1), 60, 40, 2)
        committee = committee_of(school, date(2020, 5, 1), date(2025, 5, 1), term_no=child.pk)
        committee_of(child, date(2020, 5, 1), date(2025, 5, 1))
        seat = seat_of(school, "member", holder=f"委员{child.pk}")
        return {
            "organisations:committee-end": [committee.pk],
            "organisations:seat-end": [seat.pk],
            "organisations:employer-detail": [employer.pk],
            "organisations:employer-edit": [employer.pk],
            "organisations:employer-end": [employer.pk],
            "organisations:head-count-create": [employer.pk],
            "organisations:head-count-edit": [count.pk],
            "organisations:": [school.pk],
        }

    def members(self):
        school = self.cast.school
        self.member = member_of(school, "张三")
        applied = membership_of(person_of(school, "李四"), state="applied", starts_on=None)
        moving = member_of(school, "王五")
        type(moving)._base_manager.filter(pk=moving.pk).update(
            state="transferring", transfer_to=self.cast.other_school
        )
        return {
            "members:transfer": [moving.pk, "accept"],
            "members:membership-correct": [self.member.pk],
            "members:step": [applied.pk, "approve"],
            "members:": [self.member.person_id],
            "members:full-export-": [self.wish(school).pk],
            "accounts:seat-": [seat_of(school, "member", holder=f"待授权{applied.pk}").pk],
            "accounts:session-end": [1],
            "accounts:passkey-remove": [1],
            "accounts:holding-revoke": [self.cast.li.holdings.get().pk],
            "accounts:": [self.cast.li.pk],
        }

    def wish(self, school):
        """Ask for whole numbers, as the school's clerk does."""
        by = {"asked_by": self.cast.li.pk, "asked_name": "李"}
        return FullExport._base_manager.create(union=school, purpose="报送", **by)

    def ledgers(self):
        school, person = self.cast.school, self.member.person
        activity = activity_of(school, people="30余", persons=[person], held_on=DAY)
        result = result_of(activity)
        relief = relief_of(school, person=person)
        entry = entry_of(school, kind="contribution", happened_on=DAY, formalities="pending")
        honour = honour_of(school)
        payment, file = payment_of(school), Attachment(model="aid.Relief", subject_id=relief.pk, **FILE)
        file.save()
        return {
            "books:attachment": [file.key],
            "books:attachment-add": ["aid.Relief", relief.pk],
            "finance:formalities-set": [entry.pk, "ready"],
            "finance:payment-": [payment.pk],
            "finance:account-reveal": [payment.pk],
            "finance:": [entry.pk],
            "activities:result-detail": [result.pk],
            "activities:result-edit": [result.pk],
            "activities:": [activity.pk],
            "aid:": [relief.pk],
            "honours:": [honour.pk],
        }

    def doings(self):
        county, owner = self.cast.county, self.cast.chen.pk
        Target._base_manager.create(
            union=county, figure="members.members", period=f"20{25 + self.serial()}", goal=9
        )
        running = {"owner_id": owner, "state": "running", "total": 9}
        importing = Job.objects.create(kind="books.preview", title="预览", **running)
        making = Job.objects.create(kind="summaries.make", title="生成", **running)
        summary = summary_make(actor=system("测试"), union=county, period=Period.parse(YEAR))
        return {
            "books:import-columns": ["nothing"],
            "books:": [importing.pk],
            "audit:alert-lines": ["refusals", owner, "2026-03-05"],
            **self.matters(),
            "figures:": ["members.members"],
            "summaries:job": [making.pk],
            "summaries:": [summary.pk],
        }

    def matters(self):
        """What the protection of personal information keeps."""
        given = {"person": self.member.person, "union": self.cast.school}
        asked = SubjectRequest._base_manager.create(**given, kind="copy", received_on=DAY, due_on=DAY)
        consent = Consent._base_manager.create(**given, purpose="hardship", given_on=DAY)
        erasure = Erasure._base_manager.create(
            **given, ground="expired", proposed_on=DAY, proposed_by=self.cast.li
        )
        return {
            "privacy:request-": [asked.pk],
            "privacy:consent-": [consent.pk],
            "privacy:erasure-": [erasure.pk],
        }

    def serial(self):
        return Job.objects.count()

    def address(self, name):
        """Return the address of a page, with the sample's arguments where it needs some."""
        try:
            return reverse(name)
        except NoReverseMatch:
            keys = [key for key in self.samples if name.startswith(key)]
            return reverse(name, args=self.samples[max(keys, key=len)])


def ledger(path, *rows):
    """Write a roster with these rows and return its bytes."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("会员")
    for number, row in enumerate((HEAD, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return path.read_bytes()


def import_with_a_bad_row(client, folder):
    """Upload → columns → progress → result with the bad row; yields each answer."""
    data = ledger(folder / "bad.xlsx", ("张三", "999001199001010015", "S1", "昨天"))
    file = SimpleUploadedFile("会员.xlsx", data)
    sent = client.post(reverse("books:import-upload"), {"file": file, "union": "S1"})
    columns = client.get(sent.headers["Location"])
    yield columns
    settled = {name: field.initial or "" for name, field in columns.context["form"].fields.items()}
    job = client.post(sent.headers["Location"], settled).headers["Location"]
    yield client.get(job)
    run_job.func(Job.objects.latest("pk").pk)
    result = client.get(job)
    assert result.context["result"]["error_count"] == 1
    yield result


def errands(world, client, folder):
    """What a plain visit to an address does not show; yields each answer."""
    client.force_login(world.cast.chen)
    yield from import_with_a_bad_row(client, folder)
    order = {"union": world.cast.county.pk, "period": YEAR, "plan": "", "number": ""}
    yield client.get(reverse("summaries:summary-preview"), order)
    yield client.get(reverse("web:home"), {"period": "abc"})
    yield client.get(reverse("web:search"), {"q": "张三"})
    client.force_login(User.objects.create_user(username="newcomer", password=PASSWORD))
    yield client.get(reverse("web:home"))
    yield client.get(reverse("members:roster"))
    yield from second_factors(client)
    yield from administrators(world, client)
    client.logout()
    yield client.get(reverse("accounts:login"))
    yield client.post(reverse("accounts:login"), {"username": "chen", "password": "wrong"})


def administrators(world, client):
    """Reveal a number, and look at the pages of those who watch; yields each answer."""
    prove(client, client.force_login(world.cast.chen) or world.cast.chen)
    reveal = reverse("members:reveal", args=[world.member.person_id])
    yield client.post(reveal, {"purpose": "aid", "note": ""})
    for post, names_ in (
        ("audit_admin", ("audit:daily-head", "audit:verify")),
        ("system_admin", ("system:status",)),
    ):
        enter(client, world.cast.county, post, fresh=True)
        yield from (client.get(reverse(name)) for name in names_)
    enter(client, world.cast.county, "audit_admin", fresh=True)
    yield client.post(reverse("audit:verify"))
    yield client.get(reverse("audit:daily-head"), {"day": timezone.localdate().isoformat()})


def second_factors(client):
    """Set up a second factor, look at its codes, and come in with it; yields each answer."""
    guest = User.objects.create_user(username="guest", password=PASSWORD)
    client.force_login(guest)
    prove(client, guest)
    yield client.get(reverse("mfa_activate_totp"))
    yield client.get(reverse("accounts:passkey-add"))
    factor_of(guest)
    prove(client, guest, "mfa")
    yield client.get(reverse("mfa_view_recovery_codes"))
    yield client.get(reverse("mfa_index"))
    client.logout()
    yield client.post(reverse("accounts:login"), {"username": "guest", "password": PASSWORD})
    yield client.get(reverse("mfa_authenticate"))

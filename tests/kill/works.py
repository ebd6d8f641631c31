"""The three kinds of work that are killed: each says what it did, and what is left of it afterwards."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from tests.cast import officer
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.finance import services as finance
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.organisations.models import Union
from zhijia.kernel import jobs
from zhijia.kernel.models import AuditEvent, Job
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet
from zhijia.summaries.files import file_bytes, file_path
from zhijia.summaries.models import Summary

DAY = date(2025, 3, 5)
HEAD = ["姓名", "证件号码", "所属工会", "入会日期", "岗位"]


def fresh(name):
    """The actor of a log-in that has just proven who it is."""
    return replace(actor_of(User.objects.get(username=name)), fresh=True)


def union(code):
    return Union._base_manager.get(code=code)


class Import:
    """A workbook of members: all rows, their spans and the line of the audit - or nothing."""

    STEPS = 1
    ROWS = 12

    def __init__(self):
        self.actor = fresh("chen")

    def do(self, number):
        rows = [HEAD]
        for at in range(self.ROWS):
            identity = synthetic_id(1000 + number * self.ROWS + at, date(1985, 3, 7), "female")
            rows.append(
                [f"示例员{'甲乙丙丁戊己庚辛壬癸'[at % 10]}", identity, "S1", "2020-09-01", self.tag(number)]
            )
        book = parse([RawSheet("会员", rows)], f"{self.tag(number)}.xlsx")
        outcome = book_import(actor=self.actor, book=book)
        assert outcome.ok, outcome.errors
        yield 1

    def tag(self, number):
        return f"批次{number}"

    def settle(self):
        """Nothing to do: an import leaves rows only."""

    def look(self, number):
        spans = Membership._base_manager.filter(post=self.tag(number))
        people = Person._base_manager.filter(pk__in=spans.values("person"))
        books = AuditEvent.objects.filter(verb="import", before__file=f"{self.tag(number)}.xlsx")
        found = spans.count(), people.count(), books.count()
        if found not in ((0, 0, 0), (self.ROWS, self.ROWS, 1)):
            return None, f"spans, people, audit: {found}"
        return int(found[0] > 0), 1


class Pay:
    """A payment: asked for, checked, approved, paid; each step with its audit, the last with its entry."""

    STEPS = 4
    ORDER = ("requested", "checked", "approved", "paid")

    def __init__(self):
        school = union("S1")
        for name, post in (("accountant", "accountant"), ("cashier", "cashier")):
            officer(name, school, post)
        self.school = school
        self.people = {name: fresh(name) for name in ("li", "accountant", "chen", "cashier")}

    def do(self, number):
        ways = {"title": self.title(number), "category": "operating", "amount": 1000 + number}
        paid = finance.payment_request(
            actor=self.people["li"], union=self.school, payee_kind="unit", payee="示例商行",
            bank_account="6217000010001234567", budget_note="年度预算", **ways,
        )  # fmt: skip
        yield 1
        paid = finance.payment_check(actor=self.people["accountant"], payment=paid, version=paid.version)
        yield 2
        paid = finance.payment_approve(actor=self.people["chen"], payment=paid, version=paid.version)
        yield 3
        today = timezone.localdate()
        finance.payment_pay(actor=self.people["cashier"], payment=paid, version=paid.version, paid_on=today)
        yield 4

    def title(self, number):
        return f"办公用品第{number}批"

    def settle(self):
        """Nothing to do: a payment leaves rows only."""

    def look(self, number):
        payment = Payment._base_manager.filter(title=self.title(number)).first()
        entries = list(Entry._base_manager.filter(note__startswith=self.title(number)))
        if payment is None:
            return (None, "an entry without its payment") if entries else (0, 4)
        done = self.ORDER.index(payment.state) + 1
        lines = AuditEvent.objects.filter(model="finance.payment", object_id=payment.pk).count()
        audited = AuditEvent.objects.filter(
            model="finance.entry", object_id__in=[entry.pk for entry in entries]
        ).count()
        wanted = [payment.entry_id] if done == self.STEPS else []
        whole = [entry.pk for entry in entries] == wanted and sum(entry.amount for entry in entries) in (
            0,
            payment.amount,
        )
        if not whole or lines != done or audited != len(entries):
            return None, f"{payment.state}: {len(entries)} entries, {lines} and {audited} lines of the audit"
        return done, self.STEPS


class Summarise:
    """A job that makes a summary: its row ends done or parked, and says truly whether anything was saved."""

    STEPS = 1

    def __init__(self):
        self.county = union("C1")
        self.owner = User.objects.get(username="chen").pk

    def do(self, number):
        job = self.order(number)
        jobs.run_job.func(job.pk)
        yield 1

    def order(self, number):
        ways = {"union": self.county.pk, "period": "2025", "plan": "", "number": self.number(number)}
        return Job.objects.create(
            kind="summaries.make", title=self.number(number), owner_id=self.owner, parameters=ways
        )

    def number(self, number):
        return f"甲教工〔2025〕{number + 1}号"

    def settle(self):
        """What the start of the server does; the patience with a silent worker is not waited for."""
        jobs.SILENT_FOR = timedelta(0)
        jobs.park_dead()

    def look(self, number):
        job = Job.objects.filter(title=self.number(number)).order_by("pk").first()
        made = list(Summary._base_manager.filter(number=self.number(number)))
        if job is None:
            return (None, "a summary without its job") if made else (0, 1)
        lines = AuditEvent.objects.filter(model="summaries.summary", object_id__in=[one.pk for one in made])
        if len(made) > 1 or lines.count() != len(made):
            return None, f"{len(made)} summaries, {lines.count()} lines of the audit"
        if job.state == Job.State.RUNNING or (job.state == Job.State.DONE and not made):
            return None, f"{job.state} with {len(made)} summaries"
        if job.state == Job.State.PARKED and ("已经保存" in job.message) != bool(made):
            return None, f"parked with {len(made)} summaries: {job.message}"
        return self.finished(job, number, made)

    def finished(self, job, number, made):
        """Ask again where it did not come to its end: there is one summary, and the file agrees with it."""
        done = job.state == Job.State.DONE
        if not done:
            jobs.run_job.func(self.order(number).pk)
            made = list(Summary._base_manager.filter(number=self.number(number)))
        if len(made) != 1 or file_path(made[0]).read_bytes() != file_bytes(made[0]):
            return None, f"{len(made)} summaries, or a file that is not the summary's"
        with zipfile.ZipFile(settings.RESULTS / made[0].file) as package:
            if package.testzip():
                return None, "a broken file"
        return int(done), 1


WORKS = {"import": Import, "payment": Pay, "summary": Summarise}

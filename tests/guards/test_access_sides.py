"""Side channels: what could be learnt about other unions without being shown a record of theirs.

Searches, options, totals, sums, sorting and filtering by what is hidden, absent against out of reach, the
import of a number that belongs elsewhere, choice fields, and pages that want a fresh proof of identity.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.guards.access_cells import ask, cells, is_reached, sample_of
from tests.guards.access_land import canary
from tests.guards.access_pages import PAGES
from tests.guards.access_rooms import enter, land, quiet  # noqa: F401 - fixtures
from tests.guards.access_scan import body_of, found_in
from tests.guards.access_spec import REACH
from tests.guards.world import ledger
from zhijia.areas.aid.models import Relief
from zhijia.areas.finance.models import Entry
from zhijia.areas.members.models import Person
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
CLERK, FOREIGN = "school clerk", "B"
NOWHERE = "ZQZ99QZ"  # as long as a canary, of no union at all
TOKENS = re.compile(
    r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value="|X-CSRFToken": "|"csrf-token" content=")[^"]*'
)
BACK = re.compile(r'name="next" value="[^"]*"')  # the page's own address
EVERYWHERE = (
    "person union_name union_code employer beneficiary activity honour entry winner relief_note account"
)
SEARCHES = {
    "/search/?q={q}": EVERYWHERE,
    "/organisations/?q={q}": "union_name union_code",
    "/organisations/options/?q={q}": "union_name union_code",
    "/organisations/employers/?q={q}": "employer union_name",
    "/members/?q={q}": "person membership",
    "/members/persons/options/?q={q}": "person",
    "/members/employers/options/?q={q}": "employer",
    "/accounts/seats/?q={q}": "seat_holder union_name",
    "/accounts/options/users/?q={q}": "account",
    "/accounts/options/unions/?q={q}": "union_name",
    "/activities/?q={q}": "activity participant",
    "/activities/results/?q={q}": "winner",
    "/aid/?q={q}": "beneficiary relief_note person",
    "/finance/?q={q}": "entry",
    "/finance/payments/?q={q}": "payment payee",
    "/honours/?q={q}": "honour",
    "/figures/?union={q}": "union_code",
    "/figures/aid.amount/?union={q}&period=2025": "union_code",
    "/figures/aid.amount/rows/?union={q}&period=2025": "union_code",
    "/summaries/silent/?union={q}&period=2025": "union_code",
    "/?union={q}": "union_code",
}
# list -> hidden or foreign columns that someone may try to sort or to filter by
HIDDEN = {
    "/members/": ("person__id_number", "person__phone", "dues_base", "person__id_index", "transfer_to"),
    "/aid/": ("note", "person__id_number", "union__path"),
    "/finance/": ("wage_base", "source_key", "union__path"),
    "/finance/payments/": ("bank_account", "row_key"),
    "/honours/": ("person__id_number", "source_key"),
}
LISTS = {
    "/organisations/": "union name",
    "/organisations/employers/": "employer",
    "/members/": "person",
    "/activities/": "activity",
    "/activities/results/": "winner",
    "/aid/": "beneficiary",
    "/finance/": "entry",
    "/finance/payments/": "payment",
    "/honours/": "honour",
}


def plain(answer, *said):
    """A page without its tokens and without what was asked for."""
    text = TOKENS.sub(r"\1", body_of(answer).decode())
    for one in said:
        text = text.replace(quote(one), "…").replace(one, "…")
    return text


@pytest.mark.parametrize("role", [CLERK, "county chair", "school audit"])
def test_it_answers_the_search_for_what_others_have_like_that_for_nothing(land, role):  # noqa: F811 - the fixture
    client, faults = enter(land, role), []
    foreign = FOREIGN if role.startswith("school") else "Y"
    for address, kinds in SEARCHES.items():
        for kind in kinds.split():
            wanted = canary(foreign, kind.replace("_", " "))
            found, nothing = (client.get(address.format(q=text)) for text in (wanted, NOWHERE))
            if (found.status_code, plain(found, wanted)) != (nothing.status_code, plain(nothing, NOWHERE)):
                faults.append(f"{address}: {kind} of others is not like nothing")
    assert faults == []


def test_it_would_notice_a_search_that_finds_what_is_there(land):  # noqa: F811 - the fixture
    client = enter(land, CLERK)
    own, nothing = (client.get(f"/members/?q={text}") for text in (canary("S", "person"), NOWHERE))
    assert plain(own, canary("S", "person")) != plain(nothing, NOWHERE)


@pytest.mark.parametrize("role", [CLERK, "county chair"])
def test_it_counts_and_adds_up_only_what_is_in_reach(land, role):  # noqa: F811 - the fixture
    client, base = enter(land, role), "S" if role.startswith("school") else "K"
    path = land.unions[base].path
    for model, address in ((Relief, "/aid/"), (Entry, "/finance/")):
        reached = [
            row for row in model._base_manager.select_related("union") if row.union.path.startswith(path)
        ]
        answer = client.get(address)
        assert answer.context["total"] == len(reached)
        whole = sum(row.amount for row in model._base_manager.all())
        assert f"{whole // 100:,}.{whole % 100:02}" not in plain(answer)
    persons = Person._base_manager.select_related("union")
    assert client.get("/members/").context["total"] <= sum(one.union.path.startswith(path) for one in persons)


def order(client, address):
    """The canaries of a list in the order in which they stand there."""
    return re.findall(r"ZQ[A-Za-z]\d\dQZ", plain(client.get(address)).partition("<table")[2])


@pytest.mark.parametrize("address", HIDDEN)
def test_it_neither_sorts_nor_filters_by_what_it_does_not_show(land, address):  # noqa: F811 - the fixture
    client = enter(land, CLERK)
    usual = order(client, address)
    assert usual
    for column in HIDDEN[address]:
        assert order(client, f"{address}?sort={column}") == usual, f"sorted by {column}"
        assert order(client, f"{address}?sort=-{column}") == usual, f"sorted by {column}"
        assert order(client, f"{address}?{column}=x&{column}__startswith=9") == usual, f"filtered by {column}"


def test_it_would_notice_a_list_that_is_sorted(land):  # noqa: F811 - the fixture
    client = enter(land, CLERK)
    assert order(client, "/aid/?sort=-amount") != order(client, "/aid/?sort=amount")


@pytest.mark.parametrize("role", [CLERK, "county chair", "system admin", "school cashier"])
def test_it_tells_no_difference_between_absent_and_out_of_reach(land, role):  # noqa: F811 - the fixture
    client, faults = enter(land, role), []
    for cell in cells(role, PAGES):
        if cell.target != "stranger" or cell.way not in ("GET", "POST") or is_reached(cell, land):
            continue
        sample = sample_of(cell, land)
        absent = {
            name: value if name == "letter" else "absent" if isinstance(value, str) else 10**9 + value
            for name, value in sample.items()
        }
        if any(name.startswith("file of") for name in cell.page.args):
            absent |= {name: "00000000-0000-4000-8000-000000000000" for name in absent if "file of" in name}
        asked = [(cell.page.address(one), one) for one in (sample, absent)]
        answers = [ask(client, cell, address) for address, _sample in asked]
        texts = [
            (
                answer.status_code,
                plain(answer, *(str(value) for value in one.values() if len(str(value)) > 3)),
            )
            for answer, (_address, one) in zip(answers, asked, strict=True)
        ]
        shown = [(status, re.sub(r"\d+", "#", BACK.sub("", text))) for status, text in texts]
        if shown[0] != shown[1]:
            faults.append(f"{cell}: {answers[0].status_code} and {answers[1].status_code}")
    assert faults == []


def test_it_does_not_name_the_union_that_has_a_number_already(land, settings, tmp_path):  # noqa: F811 - the fixture
    client = enter(land, CLERK)
    number = next(one for one, (letter, kind) in land.numbers.items() if letter == FOREIGN and "ID" in kind)
    data = ledger(tmp_path / "roster.xlsx", ("王示例", number, canary("S", "union code"), "2024-03-01"))
    sent = client.post(
        reverse("books:import-upload"),
        {"file": SimpleUploadedFile("会员.xlsx", data), "union": canary("S", "union code")},
    )
    columns = client.get(sent.headers["Location"])
    settled = {name: field.initial or "" for name, field in columns.context["form"].fields.items()}
    started = client.post(sent.headers["Location"], settled).headers["Location"]
    run_job.func(Job.objects.latest("pk").pk)
    result = client.get(started)
    assert result.context["result"]["error_count"] + result.context["result"]["warning_count"] > 0
    told = {letter for letter, kind in found_in(land, result) if kind != "whole ID number"}
    assert told <= {"S", "G", "H"}


def test_it_does_not_name_the_union_when_a_known_number_is_enrolled(land):  # noqa: F811 - the fixture
    client = enter(land, CLERK)
    number = next(one for one, (letter, kind) in land.numbers.items() if letter == FOREIGN and "ID" in kind)
    typed = {"union": land.unions["S"].pk, "on": "2024-03-01", "cause": "joined", "name": "王示例"}
    answer = client.post("/members/new/", typed | {"id_type": "resident", "id_number": number})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert {letter for letter, kind in found_in(land, answer) if not kind.startswith("whole")} <= {
        "S",
        "G",
        "H",
    }


@pytest.mark.parametrize("role", [CLERK, "county chair", "school cashier", "security admin", "system admin"])
def test_it_offers_in_no_field_what_lies_out_of_reach(land, role):  # noqa: F811 - the fixture
    client, faults, fields = enter(land, role), [], 0
    base = land.unions["S" if role.startswith("school") else "K"].path
    for cell in cells(role, PAGES):
        if cell.way != "GET" or cell.target != "own":
            continue
        answer = ask(client, cell, cell.page.address(sample_of(cell, land)))
        form = answer.context.get("form") if answer.status_code == 200 and answer.context else None
        for name, field in getattr(form, "fields", {}).items():
            if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
                continue
            way = getattr(field.queryset.model, "scope_path", "")
            if not way:
                continue  # kinds of activities and log-ins belong to no union
            fields += 1
            beyond = [
                path for path in field.queryset.values_list(way, flat=True) if not path.startswith(base)
            ]
            if beyond:
                faults.append(f"{cell.page}: {name} offers {len(beyond)} rows out of reach")
    assert sorted(set(faults)) == []
    assert fields or role not in (CLERK, "county chair")


FRESH = [page for page in PAGES if page.fresh]


@pytest.mark.parametrize("role", ["county chair", "school cashier"])
def test_it_wants_identity_proven_before_what_is_delicate(land, role):  # noqa: F811 - the fixture
    client, faults, tried = enter(land, role, fresh=False), [], 0
    for cell in cells(role, FRESH):
        if cell.target != "own" or not cell.is_held or cell.way not in ("GET", "POST"):
            continue
        if cell.way == "GET" and cell.page.get != 200:
            continue
        sample = sample_of(cell, land)
        answer = ask(client, cell, cell.page.address(sample), cell.page.form.format(**sample))
        tried += 1
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/accounts/verify/"):
            faults.append(f"{cell}: {answer.status_code} without a fresh proof")
    assert faults == []
    assert tried


def test_it_would_notice_a_page_that_reaches_too_far(land, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(
        "zhijia.areas.members.queries.persons",
        lambda *_given: Person.objects.everywhere("sabotage").select_related("union"),
    )
    client = enter(land, CLERK)
    wanted = canary(FOREIGN, "person")
    answers = [client.get(f"/members/persons/options/?q={text}") for text in (wanted, NOWHERE)]
    assert plain(answers[0], wanted) != plain(answers[1], NOWHERE)
    assert any(page.is_about == REACH for page in PAGES)

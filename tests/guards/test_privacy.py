"""Every column that holds personal data is in the register of processing, with purpose, ground and term.

The register is read from the cards and from ``zhijia/areas/privacy/tables_of_others.py``; a new table, or a
new column that looks personal, is red until someone has said what it is for.
"""

import re
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.management import CommandError, call_command
from django.db import models

from zhijia.areas.privacy.register import NONE, PERSONAL, SENSITIVE, lines
from zhijia.areas.privacy.tables_of_others import OTHERS
from zhijia.config import atlas, privacy_register
from zhijia.kernel.crypto.columns import BlindIndexField, SealedField
from zhijia.kernel.records import Record
from zhijia.kernel.registry import registry

DOCS = atlas.home() / "docs"
PERSON, USER = "members.Person", "accounts.User"
LOOKS_PERSONAL = re.compile(
    r"name|phone|mobile|email|mail|born|birth|sex|gender|address|bank|account_no|card|note|holder|winner|payee"
    r"|beneficiary|reason|detail|answer|user_agent|(^|_)ip(_|$)|(^|_)id_|ethnic|politic|education|_by($|_)"
    r"|姓名|电话|手机|证件|证号|生日|出生|性别|住址|银行|账号|说明|备注|原因|民族|学历|对象|获奖者|获得者"
)
BIRTH = re.compile(r"born|birth|生日|出生")
# column -> why it holds nothing personal though it looks so
EXEMPT = {
    "organisations.Union.name": "the name of a union",
    "organisations.Union.name_key": "the name of a union",
    "organisations.Employer.name": "the name of an employer",
    "activities.ActivityKind.name": "the name of a kind",
    "activities.Activity.name": "the name of an event",
    "activities.Activity.name_key": "the name of an event",
    "activities.Activity.note": "about the event; its form says that persons are named as participants",
    "activities.Result.winner_kind": "person or team",
    "aid.Relief.beneficiary_kind": "person, household or unit",
    "honours.Honour.name": "the title of an honour",
    "honours.Honour.winner_kind": "person or unit",
    "finance.Entry.note": "what was bought; persons are named by the payment, which is registered",
    "finance.Payment.budget_note": "which line of the budget",
    "targets.Target.note": "about a target of a union",
    "auth.Permission.name": "the name of a permission",
    "auth.Permission.codename": "the name of a permission",
    "auth.Group.name": "the name of a group; none is used",
    "kernel.OutboxEvent.name": "the name of an event between areas",
    "django_tasks_database.DBTaskResult.queue_name": "the name of a queue",
    "django_tasks_database.DBTaskResult.backend_name": "the name of a backend",
    "socialaccount.SocialApp.name": "the name of a provider",
    "members.Membership.end_cause": "one of seven causes; the words stand in reason",
    "finance.Payment.payee_kind": "person or unit",
    "accounts.User_groups.user": "the table is empty: rights come from seats",
    "accounts.User_user_permissions.user": "the table is empty: rights come from seats",
}


def tables():
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def unlisted(found):
    """Tables that are in no line of the register."""
    return set(tables()) - {line.label for line in found}


def unknown_fields(found):
    """Columns that the register names and the table does not have."""
    wrong = []
    for line in found:
        for name in line.privacy.fields:
            try:
                tables()[line.label]._meta.get_field(name)
            except FieldDoesNotExist:
                wrong.append(f"{line.label}.{name}")
    return wrong


def is_personal(field):
    """Whether a column looks as if it told about a person: by name, by label, by what it points to."""
    if isinstance(field, SealedField | BlindIndexField):
        return True
    if isinstance(field, models.ForeignKey):
        return field.related_model._meta.label in (PERSON, USER)
    words = f"{field.name} {field.verbose_name}"
    if isinstance(field, models.DateField):
        return bool(BIRTH.search(words))
    return bool(LOOKS_PERSONAL.search(words)) and not isinstance(field, models.BooleanField)


def silent_columns(found, exempt=frozenset(EXEMPT)):
    """Columns that look personal, are not named in the register and not exempt."""
    named = {line.label: set(line.privacy.fields) for line in found}
    return {
        f"{label}.{field.name}"
        for label, model in tables().items()
        for field in model._meta.concrete_fields
        if is_personal(field) and field.name not in named.get(label, set())
    } - set(exempt)


def incomplete(found):
    """Lines whose level wants more than they say."""
    wrong = []
    for line in found:
        privacy = line.privacy
        if privacy.level not in (NONE, PERSONAL, SENSITIVE):
            wrong.append(f"{line.label}: no level {privacy.level!r}")
        if privacy.level == NONE and privacy.fields:
            wrong.append(f"{line.label}: names fields, but says there is nothing")
        if privacy.level != NONE and not (privacy.fields and privacy.basis and privacy.why):
            wrong.append(f"{line.label}: fields, ground and purpose are missing")
        if privacy.level == SENSITIVE and not privacy.months:
            wrong.append(f"{line.label}: sensitive data need a term of keeping")
    return wrong


def test_it_lists_every_table():
    assert unlisted(lines()) == set()


def test_it_lists_no_table_twice_and_none_that_is_gone():
    labels = [line.label for line in lines()]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
    ours = {label for label in OTHERS if label.split(".")[0] in ("kernel", "kit", "accounts")}
    assert ours - set(tables()) == set()


def test_it_names_only_columns_that_exist():
    assert unknown_fields(lines()) == []


def test_it_names_every_column_that_looks_personal():
    assert silent_columns(lines()) == set()


def test_it_keeps_no_stale_exemption():
    looking = {
        f"{label}.{field.name}"
        for label, model in tables().items()
        for field in model._meta.concrete_fields
        if is_personal(field)
    }
    named = {f"{line.label}.{name}" for line in lines() for name in line.privacy.fields}
    assert set(EXEMPT) - looking == set()
    assert set(EXEMPT) & named == set()


def test_it_says_of_personal_data_why_on_what_ground_and_how_long():
    assert incomplete(lines()) == []


def test_it_has_a_word_for_all_that_is_personal():
    wordless = [line.label for line in lines() if line.privacy.level != NONE and str(line.title).isascii()]
    assert wordless == []


def test_it_names_only_actions_that_someone_declares():
    used = {key for line in lines() for key in line.privacy.seen_by}
    assert used - set(registry().actions) == set()


def test_it_seals_no_column_of_a_table_that_it_calls_harmless():
    harmless = {line.label for line in lines() if line.privacy.level != SENSITIVE}
    numbers = {"identity", "bank", "medical"}
    sealed = {
        label
        for label, model in tables().items()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField) and field.domain in numbers
    }
    assert sealed & harmless == set()


def test_it_gives_every_person_bound_table_a_reader_of_terms():
    """A record that points to a person and is not known to the terms would be erased too early, or never."""
    used = {
        label.split(".")[0]
        for label, model in tables().items()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label == PERSON
    }
    for store in ("subject", "uses", "erasers"):
        offering = {card.name for card in registry().cards if getattr(card, store)}
        assert used - offering == set(), store


def test_it_keeps_the_names_of_persons_out_of_the_audit():
    identity = {
        "members.Person": {"name", "name_key", "initials", "id_number", "phone", "born_on"},
        "organisations.Seat": {"holder"},
        "aid.Relief": {"beneficiary", "note"},
        "honours.Honour": {"winner"},
        "activities.Result": {"winner"},
        "finance.Payment": {"payee", "bank_account"},
    }
    for label, names in identity.items():
        assert names - set(tables()[label].sensitive) == set(), label
    for label, model in tables().items():
        if issubclass(model, Record):
            sealed = {one.name for one in model._meta.concrete_fields if isinstance(one, SealedField)}
            assert sealed - set(model.sensitive) == set(), label


def test_it_keeps_the_written_register_up_to_date():
    assert (DOCS / "PRIVACY.md").read_text(encoding="utf-8") == privacy_register.written()


# What must be noticed.


def test_it_would_notice_a_table_that_nobody_listed():
    found = [line for line in lines() if line.label != "members.Person"]
    assert unlisted(found) == {"members.Person"}
    assert "members.Person.phone" in silent_columns(found)


@pytest.mark.parametrize("column", ["phone", "id_number", "born_on", "name"])
def test_it_would_notice_a_column_that_nobody_named(column):
    found = [
        replace(line, privacy=replace(line.privacy, fields=tuple(set(line.privacy.fields) - {column})))
        if line.label == "members.Person"
        else line
        for line in lines()
    ]
    assert silent_columns(found) == {f"members.Person.{column}"}


def test_it_would_notice_a_column_that_is_gone_and_a_line_without_ground():
    (line,) = (line for line in lines() if line.label == "aid.Relief")
    gone = replace(line, privacy=replace(line.privacy, fields=("diagnosis",)))
    assert unknown_fields([gone]) == ["aid.Relief.diagnosis"]
    for change in ({"basis": ""}, {"months": None}, {"fields": ()}, {"level": "secret"}, {"level": NONE}):
        assert incomplete([replace(line, privacy=replace(line.privacy, **change))]), change


def test_it_would_notice_drift_of_the_written_register(monkeypatch):
    monkeypatch.setattr(atlas, "written", lambda: (DOCS / "MAP.md").read_text(encoding="utf-8"))
    monkeypatch.setattr(privacy_register, "written", lambda: "# Another register\n")
    with pytest.raises(CommandError) as drift:
        call_command("map", "--check")
    assert drift.value.returncode == 1
    assert "PRIVACY.md" in str(drift.value)

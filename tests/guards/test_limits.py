"""Limits of the installation: a scanner, a log server, breached passwords, reveals a day, young codes."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

import pytest
from allauth.mfa.totp.internal import auth
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.passwords import GuessableValidator
from zhijia.areas.accounts.tests.factories import PASSWORD, enter, factor_of, officer_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.tests.factories import member_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.config import settings as ours
from zhijia.kernel.actor import system
from zhijia.kernel.audit import record
from zhijia.kit import reveal
from zhijia.kit.attachments import gate
from zhijia.kit.attachments.refusal import AttachmentRefusedError

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
LONG_ENOUGH = 10


def scanner(code):
    return [sys.executable, "-c", f"import sys; sys.exit({code})"]


def pdf():
    return SimpleUploadedFile("a.pdf", PDF)


@pytest.mark.parametrize("words", [scanner(1), ["no-such-scanner"]])
def test_a_file_without_a_clear_word_of_the_scanner_is_refused(settings, tmp_path, words):
    settings.SCRATCH, settings.SCANNER = tmp_path, words
    with pytest.raises(AttachmentRefusedError, match="病毒"), gate.passed(pdf()):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_clean_file_passes_the_scanner(settings, tmp_path):
    settings.SCRATCH, settings.SCANNER = tmp_path, scanner(0)
    with gate.passed(pdf()) as passed:
        assert passed.size == len(PDF)


@pytest.mark.django_db
def test_a_log_server_hears_of_each_audit_line_and_of_no_value(django_capture_on_commit_callbacks, caplog):
    log = logging.getLogger("zhijia.audit")
    log.addHandler(caplog.handler)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            record(system("备份"), "view", model="aid.relief", object_id=7, details={"secret": "独居"})
    finally:
        log.removeHandler(caplog.handler)
    assert "view" in caplog.text
    assert "aid.relief#7" in caplog.text
    assert "独居" not in caplog.text


@pytest.mark.django_db
def test_nobody_reveals_without_end(client, monkeypatch):
    school = union_of("S1")
    person = member_of(school).person
    enter(client, school, "clerk", fresh=True)
    monkeypatch.setattr(reveal, "MOST_A_DAY", 2)
    pages = [
        client.post(reverse("members:reveal", args=[person.pk]), {"purpose": "aid"}).content.decode()
        for _time in range(3)
    ]
    assert [person.id_number in page for page in pages] == [True, True, False]
    assert "上限" in pages[2]


def refused(validator, password):
    try:
        validator.validate(password)
    except ValidationError:
        return True
    return False


def test_thousands_of_common_passwords_that_are_long_enough_are_refused():
    common, guessable = CommonPasswordValidator(), GuessableValidator()
    tried = {word + tail for word in common.passwords for tail in ("", "123456", "2026!")}
    long = [word for word in tried if len(word) >= LONG_ENOUGH and any(sign.isalpha() for sign in word)]
    caught = [word for word in long if refused(common, word) or refused(guessable, word)]
    assert len(caught) >= 3000
    assert len(caught) > len(long) * 0.9


def test_a_list_of_breached_passwords_is_used_where_one_is_given(tmp_path):
    words = tmp_path / "breached.txt"
    words.write_text("lantern-orchard-52\n")
    asked = (
        "import django; django.setup();"
        "from django.contrib.auth.password_validation import validate_password as v; v('Lantern-Orchard-52')"
    )
    environ = {"DJANGO_SETTINGS_MODULE": "zhijia.config.settings", "ZHIJIA_VAR": str(tmp_path)}
    codes = [
        subprocess.run(
            [sys.executable, "-c", asked], env={**environ, **more}, capture_output=True, check=False
        ).returncode
        for more in ({}, {"ZHIJIA_BREACHED_PASSWORDS": str(words)})
    ]
    assert codes[0] == 0
    assert codes[1] != 0


@pytest.mark.django_db
def test_a_code_lives_half_a_minute(settings, monkeypatch):
    settings.MFA_TOTP_TOLERANCE = ours.env_number("ZHIJIA_NOT_SET", default=0)  # tests are more patient
    secret = factor_of(officer_of(union_of("S1")))
    now = int(time.time()) // 30 * 30
    code = auth.format_hotp_value(auth.hotp_value(secret, now // 30))
    monkeypatch.setattr(auth.time, "time", lambda: now + 29)
    assert auth.validate_totp_code(secret, code)
    monkeypatch.setattr(auth.time, "time", lambda: now + 30)
    assert not auth.validate_totp_code(secret, code)


@pytest.mark.django_db
def test_refused_files_are_logged_without_their_names(client, caplog):
    school = union_of("S1")
    relief = relief_of(school)
    enter(client, school, "clerk")
    page = SimpleUploadedFile("欧阳病历.html", b"<html>")
    client.post(reverse("books:attachment-add", args=["aid.Relief", relief.pk]), {"file": page})
    book = SimpleUploadedFile("欧阳名册.xlsx", b"<html>")
    client.post(reverse("books:import-upload"), {"file": book, "union": "S1"})
    told = [line.getMessage() for line in caplog.records if line.name.startswith("zhijia.kit")]
    assert len(told) == 2
    assert all("refused" in line and "欧阳" not in line for line in told)


def test_it_hashes_with_argon2(settings):
    assert ours.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    user = User(username="argon")
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")

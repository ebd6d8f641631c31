"""Sealed values and files open where they belong, with their keys, and nowhere else."""

from __future__ import annotations

import contextlib
import io
import stat

import pytest
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.audit import deny, record
from zhijia.kernel.crypto import (
    TamperedError,
    WrongKeyError,
    canary,
    keyring,
    mac,
    rotation,
    seal,
    unseal,
    values,
)
from zhijia.kernel.crypto.cipher import AES, KEY_BYTES, SM4, open_bytes, seal_bytes
from zhijia.kernel.crypto.columns import Mark, Token, Unreadable
from zhijia.kernel.crypto.files import PIECE, open_sealed, plain_copy, seal_file
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused

NUMBER, PHONE = "999000198503070019", "13800000001"


@pytest.fixture(autouse=True)
def keys(tmp_path, settings, monkeypatch):
    """Give each test keys of its own, and forget what was known of others."""
    monkeypatch.setattr(values, "LOOK_EVERY", 0)
    settings.KEYS = tmp_path / "keys"
    settings.SCRATCH = tmp_path / "tmp"
    keyring.create()
    canary._known.clear()
    yield settings.KEYS
    canary._known.clear()


@pytest.fixture
def person(db):
    return person_of(union_of("U1"), "张示例", id_number=NUMBER, phone=PHONE)


def stored(person, column="id_number"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM members_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def store(person, value, column="id_number"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_person SET {column} = %s WHERE id = %s", [value, person.pk])


@pytest.mark.parametrize("cipher", [AES, SM4])
@given(plain=st.binary(max_size=300), bound=st.binary(max_size=40))
def test_a_cipher_gives_back_what_it_sealed(cipher, plain, bound):
    key = bytes(KEY_BYTES[cipher])
    assert open_bytes(cipher, key, seal_bytes(cipher, key, plain, bound), bound) == plain


@pytest.mark.parametrize("cipher", [AES, SM4])
def test_every_changed_bit_is_found(cipher):
    key = bytes(KEY_BYTES[cipher])
    sealed = seal_bytes(cipher, key, NUMBER.encode(), b"row")
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(TamperedError):
            open_bytes(cipher, key, bytes(broken), b"row")


def test_sm4_is_the_cipher_of_the_standard():
    """The example of GB/T 32907-2016, A.1: one block, key and text alike."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    engine = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 - the standard's own example
    assert engine.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_the_same_text_is_never_sealed_alike():
    assert seal("identity", NUMBER, "a") != seal("identity", NUMBER, "a")


def test_marks_differ_by_purpose_and_agree_in_themselves():
    assert mac("index:id", b"1") == mac("index:id", b"1")
    assert (
        len({mac("index:id", b"1"), mac("index:phone", b"1"), mac("audit", b"1"), mac("index:id", b"2")}) == 4
    )
    with pytest.raises(ValueError, match="identity"):
        mac("identity", b"1")


def test_a_column_holds_no_plain_number_and_reads_as_one(person):
    assert stored(person).startswith("v1.identity-1.")
    assert NUMBER not in stored(person)
    found = Person._base_manager.get(pk=person.pk)
    assert (found.id_number, found.phone) == (NUMBER, PHONE)


def test_a_row_is_found_by_its_number_only_through_the_mark(person):
    everyone = Person._base_manager
    assert (
        everyone.get(id_index=NUMBER)
        == everyone.get(id_tail="0019")
        == everyone.get(phone_tail="0001")
        == person
    )
    assert everyone.filter(id_index__in=[NUMBER, "x"]).count() == 1
    assert not everyone.filter(id_index=NUMBER[:-1]).exists()
    with pytest.raises(TypeError, match="sealed"):
        everyone.filter(id_number=NUMBER).exists()
    with pytest.raises(FieldError):
        everyone.filter(phone__contains="138")
    with pytest.raises(TypeError, match="sealed"):
        everyone.update(phone=PHONE)


def test_values_give_the_sealed_text(person):
    [(number, mark)] = Person._base_manager.values_list("id_number", "id_index")
    assert isinstance(number, Token)
    assert isinstance(mark, Mark)
    assert NUMBER not in repr(number) + mark


def test_a_sealed_value_copied_to_another_row_or_column_does_not_open(person):
    other = person_of(person.union, "李示例")
    store(other, stored(person))
    store(person, stored(person), "phone")
    assert isinstance(Person._base_manager.get(pk=other.pk).id_number, Unreadable)
    assert isinstance(Person._base_manager.get(pk=person.pk).phone, Unreadable)


def test_what_does_not_open_cannot_be_saved(person):
    store(person, stored(person)[:-8] + "AAAAAAA=")
    found = Person._base_manager.get(pk=person.pk)
    found.id_number = found.id_number
    with pytest.raises(WrongKeyError):
        found.save()


def test_saving_a_row_that_nobody_opened_keeps_it(person):
    before = stored(person), stored(person, "id_index")
    found = Person._base_manager.get(pk=person.pk)
    found.name = "张例示"
    found.save()
    assert (stored(person), stored(person, "id_index")) == before


def test_without_binding_a_copied_value_would_open(person, monkeypatch):
    """The sabotaged variant: bound to nothing, a value moves freely."""
    monkeypatch.setattr("zhijia.kernel.crypto.columns.SealedField.bound_to", lambda _self, _row: "")
    one, other = person_of(person.union, "甲", phone=PHONE), person_of(person.union, "乙")
    store(other, stored(one, "phone"), "phone")
    assert Person._base_manager.get(pk=other.pk).phone == PHONE


def test_keys_are_made_once_with_narrow_modes(keys):
    assert not keyring.create()
    assert stat.S_IMODE((keys / "kek").stat().st_mode) == 0o400
    assert stat.S_IMODE((keys / "keyring.json").stat().st_mode) == 0o600
    assert (keys / "kek").read_text() not in (keys / "keyring.json").read_text()


def test_another_key_of_keys_opens_nothing(keys):
    (keys / "kek").chmod(0o600)
    (keys / "kek").write_text("00" * 32)
    values._held.clear()
    with pytest.raises(WrongKeyError):
        seal("identity", NUMBER, "a")


@pytest.mark.django_db
def test_a_command_is_refused_when_the_keys_are_those_of_another_database(tmp_path, settings, person):
    from zhijia.areas.members.services import membership_apply
    from zhijia.kernel.actor import system

    assert canary.keys_fit()
    settings.KEYS = tmp_path / "others"
    keyring.create()
    verdict = canary.keys_fit()
    assert not verdict
    with pytest.raises(Refused, match="密钥"):
        membership_apply(actor=system("测试"), union=person.union, person=person, on=person.born_on)
    assert str(Person._base_manager.get(pk=person.pk).id_number) == "（无法解密）"


@pytest.mark.django_db
def test_lost_keys_are_never_replaced_by_fresh_ones(keys, person):
    canary.plant()
    for file in keys.iterdir():
        file.unlink()
    with pytest.raises(WrongKeyError, match="找不到密钥文件"):
        values.ring()
    with pytest.raises(CommandError, match="已有加密数据"):
        call_command("keys", "init")


@pytest.mark.django_db
def test_a_new_key_of_keys_changes_no_value(keys, person):
    before = stored(person), (keys / "kek").read_text()
    call_command("keys", "rotate", "--kek", stdout=io.StringIO())
    assert stored(person) == before[0]
    assert (keys / "kek").read_text() != before[1]
    assert Person._base_manager.get(pk=person.pk).id_number == NUMBER


@pytest.mark.django_db
def test_a_new_data_key_seals_everything_anew_and_can_be_resumed(person, monkeypatch):
    others = [person_of(person.union, phone=PHONE) for _ in range(3)]
    monkeypatch.setattr(rotation, "BATCH", 2)
    rotation.renew("identity")
    assert isinstance(
        unseal(stored(person), f"members_person|id_number|{person.row_key}"), str
    )  # the old one opens

    def stop(_what, done):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.reseal("identity", stop)
    out = io.StringIO()
    call_command("keys", "rotate", "--domain", "identity", "--resume", stdout=out)
    kids = {
        values.kid_of(stored(one, column)) for one in [person, *others] for column in ("id_number", "phone")
    }
    assert kids == {"identity-2"}
    assert Person._base_manager.get(pk=person.pk).phone == PHONE
    assert "6" in out.getvalue()


@pytest.mark.django_db
def test_a_new_index_key_marks_everything_anew(person):
    before = stored(person, "id_index")
    call_command("keys", "rotate", "--domain", "index", stdout=io.StringIO())
    assert stored(person, "id_index") != before
    assert Person._base_manager.get(id_index=NUMBER) == person


@pytest.mark.django_db
def test_verify_counts_the_values_and_names_the_row_that_does_not_open(person):
    out = io.StringIO()
    call_command("keys", "verify", "--json", stdout=out)
    assert '"ok": true, "values": 2' in out.getvalue()
    store(person, stored(person, "phone"))
    with pytest.raises(CommandError) as failed:
        call_command("keys", "verify", stdout=out)
    assert failed.value.returncode == 1
    assert f"members.Person.id_number #{person.pk}" in out.getvalue()


def test_a_backup_of_the_keys_wants_an_empty_place(tmp_path, keys):
    call_command("keys", "backup", "--out", tmp_path / "usb", stdout=io.StringIO())
    assert (tmp_path / "usb" / "kek").read_bytes() == (keys / "kek").read_bytes()
    with pytest.raises(CommandError) as refused:
        call_command("keys", "backup", "--out", tmp_path / "usb")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_a_file_opens_as_it_was(tmp_path, size):
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    target = tmp_path / "aa" / "file"
    assert seal_file(io.BytesIO(plain), target, name="attachment:1") == size
    assert b"".join(open_sealed(target, name="attachment:1")) == plain
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with plain_copy(target, name="attachment:1") as copy:
        assert copy.read_bytes() == plain
    assert not copy.exists()


def test_a_file_that_was_cut_swapped_or_renamed_does_not_open(tmp_path):
    target = tmp_path / "file"
    seal_file(b"x" * (2 * PIECE), target, name="a")
    sealed = target.read_bytes()
    with pytest.raises(TamperedError):
        list(open_sealed(target, name="b"))
    head, body = sealed.split(b"\n", 1)
    piece = PIECE + 28
    for broken in (body[:piece], body[piece:], body[piece:] + body[:piece], body[:-1]):
        target.write_bytes(head + b"\n" + broken)
        with pytest.raises(TamperedError):
            list(open_sealed(target, name="a"))


def test_a_failed_source_leaves_no_half_file(tmp_path):
    class Failing(io.BytesIO):
        def read(self, *_size):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        seal_file(Failing(b"x"), tmp_path / "file", name="a")
    assert list(tmp_path.glob("*file*")) == []


@pytest.mark.parametrize("stops_at", ["kek.coming", "keyring.json", "the end"])
@pytest.mark.django_db
def test_a_change_of_the_key_of_keys_may_be_cut_short_anywhere(keys, person, monkeypatch, stops_at):
    write, done = keyring._write, []

    def cut(path, data, mode):
        write(path, data, mode)
        done.append(path.name)
        if path.name == stops_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(keyring, "_write", cut)
    with contextlib.suppress(KeyboardInterrupt):
        rotation.rewrap()
    assert done
    monkeypatch.setattr(keyring, "_write", write)
    values._held.clear()
    assert Person._base_manager.get(pk=person.pk).id_number == NUMBER
    rotation.rewrap()
    values._held.clear()
    assert Person._base_manager.get(pk=person.pk).id_number == NUMBER
    assert sorted(one.name for one in keys.iterdir()) == ["kek", "keyring.json"]


@pytest.mark.django_db
def test_nothing_is_chained_with_the_keys_of_another_database(tmp_path, settings, person):
    assert canary.keys_fit()
    record(system("测试"), "view")
    settings.KEYS = tmp_path / "others"
    keyring.create()
    with pytest.raises(Refused, match="密钥"):
        record(system("测试"), "view")
    deny(Actor("某人", user_id=1), "members.view", "无权")
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_cell_that_does_not_open_stops_no_rotation(person):
    other = person_of(person.union, phone=PHONE)
    store(person, stored(person, "phone"))
    call_command("keys", "rotate", "--domain", "identity", stdout=io.StringIO())
    assert values.kid_of(stored(other)) == values.kid_of(stored(person, "phone")) == "identity-2"
    assert values.kid_of(stored(person)) == "identity-1"

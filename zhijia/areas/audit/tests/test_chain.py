"""The chain: whoever changes the table behind the program's back is found out."""

import json
import random
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from zhijia.kernel.actor import Actor, system
from zhijia.kernel.audit import record
from zhijia.kernel.chain import GENESIS, Head, fault_of, lines, mark, spoken, verify
from zhijia.kernel.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db
CLERK = Actor("王干事", user_id=7, address="127.0.0.1", post="示例工会 干事")
LENGTH = 30
ROUNDS = 100


def write(count, reason=""):
    for number in range(count):
        record(
            CLERK,
            "view",
            action="members.view",
            model="members.person",
            object_id=number,
            subject_id=number,
            fields=("phone",) if number % 2 else (),
            reason=reason,
            path="000001",
            details={"名": '引"号\\', "b": [1, None], "a": {"z": True}} if number % 3 == 0 else None,
        )


def rows(**kw):
    return AuditEvent.objects.filter(**kw)


def edit(dice, _other):
    line = rows().get(seq=dice.randint(1, LENGTH))
    column = dice.choice(
        (
            *("at", "actor_id", "actor_name", "post", "address", "action", "path", "model", "object_id"),
            *("subject_id", "verb", "fields", "before", "rows", "reason"),
        )
    )
    value = {
        "at": datetime(2020, 1, 1, tzinfo=UTC),
        "fields": ["name"],
        "before": {"a": 2},
        **dict.fromkeys(("actor_id", "object_id", "subject_id", "rows"), 999),
    }.get(column, "x")
    rows(pk=line.pk).update(**{column: value})
    return line.seq


def delete(dice, _other):
    seq = dice.randint(1, LENGTH - 1)
    rows(seq=seq).delete()
    return seq


def delete_and_close_up(dice, other):
    seq = delete(dice, other)
    for line in rows(seq__gt=seq).order_by("seq"):
        rows(pk=line.pk).update(seq=line.seq - 1)
    return seq


def insert(dice, _other):
    seq = dice.randint(1, LENGTH)
    for line in rows(seq__gte=seq).order_by("-seq"):
        rows(pk=line.pk).update(seq=line.seq + 1)
    line = rows(seq=seq + 1).get()
    AuditEvent.objects.bulk_create([clone(line, seq=seq, reason="x")])
    return seq


def swap(dice, _other):
    one, two = sorted(dice.sample(range(1, LENGTH + 1), 2))
    first, second = rows(seq=one).get(), rows(seq=two).get()
    rows(pk=first.pk).update(seq=0)
    rows(pk=second.pk).update(seq=one)
    rows(pk=first.pk).update(seq=two)
    return one


def truncate(dice, _other):
    seq = dice.randint(1, LENGTH)
    rows(seq__gte=seq).delete()
    return seq


def splice(dice, other):
    """A genuine line of another course of events: from a copy that went on by itself with the same keys."""
    line = dice.choice(other)
    rows(seq=line.seq).delete()
    AuditEvent.objects.bulk_create([clone(line)])
    return line.seq


def append(_dice, _other):
    last = rows(seq=LENGTH).get()
    AuditEvent.objects.bulk_create([clone(last, seq=LENGTH + 1, prev=last.hash)])
    return LENGTH + 1


def clone(line, **kw):
    names = [field.name for field in AuditEvent._meta.concrete_fields if field.name != "id"]
    return AuditEvent(**({name: getattr(line, name) for name in names} | kw))


@pytest.fixture
def other(unguarded):
    """Two courses of events after the tenth line; the lines of the one that is not kept."""
    write(10)
    course = transaction.savepoint()
    write(LENGTH - 10, "another course")
    found = list(rows(seq__gt=11))
    transaction.savepoint_rollback(course)
    write(LENGTH - 10)
    return found


TAMPERINGS = [edit, delete, delete_and_close_up, insert, swap, truncate, splice, append]


def caught(tamper, seed, other, check):
    step = transaction.savepoint()
    seq = tamper(random.Random(seed), other)  # noqa: S311 - a repeatable choice, no secret
    fault = check()
    transaction.savepoint_rollback(step)
    return fault, seq


def test_it_finds_a_hundred_of_a_hundred_tamperings_and_the_line_they_begin_at(other):
    assert verify().ok
    missed = []
    for seed in range(ROUNDS):
        tamper = TAMPERINGS[seed % len(TAMPERINGS)]
        fault, seq = caught(tamper, seed, other, lambda: verify().fault)
        if fault is None or fault.seq != seq:
            missed.append((tamper.__name__, seed, fault, seq))
    assert missed == []
    assert verify().ok


def careless():
    """The same run without a look at the line before."""
    make = mark()
    found = [fault_of(line, seq, line[1], make) for seq, line in enumerate(lines(), start=1)]
    return next((kind for kind in found if kind), None)


def test_it_would_miss_lines_of_another_course_without_the_link_to_the_line_before(other):
    missed = [seed for seed in range(20) if caught(splice, seed, other, careless)[0] is None]
    assert len(missed) == 20


def test_it_tells_a_cut_end_by_the_printed_head_although_the_head_was_set_back(unguarded):
    write(10)
    printed = Head(10, rows(seq=10).get().hash)
    rows(seq__gt=6).delete()
    AuditHead.objects.filter(pk=1).update(seq=6, hash=rows(seq=6).get().hash)
    assert verify().ok
    assert verify(printed=printed).fault.kind == "truncated"
    write(4)
    assert verify().ok
    assert verify(printed=printed).fault.kind == "unsealed"


def test_it_says_the_same_of_a_line_as_the_database(db):
    odd = Actor("引'号\" \\ 𠮷\n%s", user_id=1, post="é", address="::1")
    record(odd, "deny", reason="换\t行|1:2", details={"é": "\u2028"})
    record(Actor("a\0b"), "login")
    record(system("系统"), "print", rows=0)
    assert [text for *_, text in lines()] == [spoken(line) for line in rows().order_by("seq")]
    assert verify().ok


def test_it_speaks_no_two_lines_alike():
    def said(**kw):
        empty = dict.fromkeys(("actor_name", "post", "address", "action", "path", "model", "verb"), "")
        values = {"at": datetime(2026, 1, 1, tzinfo=UTC), "seq": 1, "rows": 1, "prev": GENESIS, **empty}
        return spoken(AuditEvent(**(values | kw)))

    assert said(actor_id=11, object_id=None) != said(actor_id=1, object_id=1)
    assert said(actor_name="ab", post="") != said(actor_name="a", post="b")
    assert said(actor_name="0:", post="") != said(actor_name="", post="0:")
    assert said(actor_id=None) != said(actor_id=0)


def test_it_refuses_to_move_the_head_back_or_away(db):
    write(2)
    with pytest.raises(DatabaseError, match="forward only"), transaction.atomic():
        AuditHead.objects.update(seq=1)
    with pytest.raises(DatabaseError, match="the head of the audit"), transaction.atomic():
        AuditHead.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(seq=1).update(reason="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(seq=1).delete()


def test_it_verifies_at_the_command_line(unguarded, capsys):
    write(3)
    call_command("audit", "verify", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["lines"], told["fault"]) == (True, 3, None)
    call_command("audit", "verify", "--head", f"{told['seq']}: {told['hash']}")
    assert "核验通过：3 条" in capsys.readouterr().out
    with pytest.raises(CommandError, match="第 3 条") as failure:
        call_command("audit", "verify", "--head", f"3:{GENESIS}")
    assert failure.value.returncode == 1
    rows(seq=2).update(reason="x")
    with pytest.raises(CommandError, match="第 2 条：内容被改动"):
        call_command("audit", "verify", "--json")
    assert json.loads(capsys.readouterr().out)["fault"]["kind"] == "edited"


@pytest.mark.parametrize("text", ["12", "x:" + GENESIS, "1:" + "g" * 64, "1:abc", ":" + GENESIS])
def test_it_reads_no_head_that_is_none(text):
    with pytest.raises(ValueError, match=r"head|invalid"):
        Head.parse(text)

"""The chain in databases of their own: several processes at once, and lines from before there was a chain."""

import json

from zhijia.areas.audit.tests.conftest import migration

WRITER = """
from django.db import transaction
from zhijia.kernel.actor import system
from zhijia.kernel.audit import record
print("ready", flush=True)
for number in range(20):
    try:
        with transaction.atomic():
            record(system("{name}"), "view", object_id=number)
            if number % 10 == 9:
                raise KeyError  # a transaction that is undone uses up an id, but no number of the chain
    except KeyError:
        pass
"""
VERIFY = """
import json
from zhijia.kernel.chain import verify
from zhijia.kernel.models import AuditEvent
done = verify()
names = sorted(AuditEvent.objects.values_list("actor_name", flat=True).distinct())
print(json.dumps([done.ok, done.lines, done.seq, names, [done.fault.kind] if done.fault else []]))
"""
OLD = """
from django.db import connection
zone = "" if connection.vendor == "sqlite" else "+00:00"
row = ("2026-03-05 01:02:03{}" + zone, "王干事", "members.record", "000001", "members.person", "change")
with connection.cursor() as cursor:
    for number in range(25):
        cursor.execute(
            "INSERT INTO kernel_auditevent (at, actor_name, action, path, model, verb, before, rows, reason) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, 1, '')",
            [row[0].format(".250000" if number else ""), *row[1:], '{"education": "本科", "phone": "***"}'],
        )
"""
REFUSED = """
from django.db import DatabaseError
from zhijia.kernel.models import AuditEvent, AuditHead
assert AuditEvent.objects.order_by("seq")[0].fields == ["education", "phone"]
for rows in (AuditEvent.objects.filter(seq=1), AuditHead.objects.all()):
    for write in (lambda: rows.update(seq=0), rows.delete):
        try:
            write()
        except DatabaseError as error:
            print(str(error).splitlines()[0])
"""


def test_it_keeps_one_chain_when_processes_write_at_once(place):
    place.run(migration())
    writers = [place.start(WRITER.replace("{name}", f"writer {number}")) for number in range(2)]
    told = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], told
    names = ["writer 0", "writer 1"]
    assert json.loads(place.run(VERIFY)) == [True, 2 * 18, 2 * 18, names, []]


def test_it_chains_the_lines_from_before_and_guards_them_again(place):
    steps = [migration("0003"), OLD, migration(), WRITER.replace("{name}", "later"), VERIFY, REFUSED]
    told = place.run("\n".join(steps)).splitlines()
    assert json.loads(told[1]) == [True, 25 + 18, 25 + 18, ["later", "王干事"], []]
    refused = told[2:]
    assert [("append-only" in line, "head of the audit" in line) for line in refused] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]

"""Many processes write the same database at once through the real services; counts what went wrong.

``python -m tests.concurrency.harness WORK [NAME=NUMBER ...] [sabotage]`` on the database of DATABASE_URL:

- ``double``: ``pairs`` submissions, each sent by two processes at the same moment, with one idempotency key;
- ``edits``: ``edits`` edits of one record by two processes that have both read it before either writes;
- ``writers``: ``writers`` processes with ``each`` commands; how long each took, and whether any was refused.

``sabotage`` takes the protection away: no key, no version check, a transaction that takes its lock too late.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from datetime import date

BOUND = 120.0  # seconds that a process waits for another one before it gives up
DAY = date(2025, 3, 5)
FORK = multiprocessing.get_context("fork")


def in_processes(count, work):
    """Run ``work(at, barrier, say)`` in so many forked processes; returns everything that they said."""
    from django.db import connection

    connection.close()
    barrier, said = FORK.Barrier(count), FORK.SimpleQueue()

    def begin(at):
        try:
            work(at, barrier, said.put)
            connection.close()
        finally:
            said.put(None)

    processes = [FORK.Process(target=begin, args=(at,)) for at in range(count)]
    for process in processes:
        process.start()
    told, ended = [], 0
    while ended < count:
        one = said.get()
        ended += one is None
        told += [] if one is None else [one]
    for process in processes:
        process.join(BOUND)
    return told


def actor_and_union():
    from zhijia.areas.accounts.models import User
    from zhijia.areas.accounts.queries import actor_of
    from zhijia.areas.organisations.models import Union

    return actor_of(User.objects.get(username="chen")), Union._base_manager.get(code="S1")


def record(actor, union, *, note, amount=100):
    from zhijia.areas.finance.services import entry_record

    return entry_record(actor=actor, union=union, kind="dues", happened_on=DAY, amount=amount, note=note)


def double(*, pairs, sabotage):
    """Two processes send each form at once; there is one entry, and both are told its id."""
    from zhijia.areas.finance.models import Entry

    actor, union = actor_and_union()

    def work(_at, barrier, say):
        for number in range(pairs):
            barrier.wait(BOUND)
            keyed = actor if sabotage else actor.keyed(f"form-{number}")
            say((number, record(keyed, union, note=f"表单{number}").pk))

    told = in_processes(2, work)
    answers = {number: {pk for one, pk in told if one == number} for number in range(pairs)}
    rows = {number: Entry._base_manager.filter(note=f"表单{number}").count() for number in range(pairs)}
    return {
        "submissions": len(told),
        "other_answers": sum(len(found) != 1 for found in answers.values()),
        "other_effects": sum(count != 1 for count in rows.values()),
    }


def unchecked(entry, *, version, **values):
    """Sabotage: write whatever the version."""
    type(entry)._base_manager.filter(pk=entry.pk).update(**values)
    return entry


def edits(*, edits, sabotage):
    """Both read, both write one yuan more; who is told that the record changed reads again."""
    from zhijia.areas.finance.models import Entry
    from zhijia.areas.finance.services import entry_correct
    from zhijia.kernel import records
    from zhijia.kernel.records import StaleVersionError

    actor, union = actor_and_union()
    if sabotage:
        records.change = unchecked
    pk = record(actor, union, note="修改").pk

    def work(_at, barrier, say):
        for _number in range(edits // 2):
            barrier.wait(BOUND)
            entry = Entry._base_manager.select_related("union").get(pk=pk)
            barrier.wait(BOUND)
            while True:
                try:
                    entry_correct(actor=actor, entry=entry, version=entry.version, amount=entry.amount + 100)
                    break
                except StaleVersionError:
                    say("stale")
                    entry = Entry._base_manager.select_related("union").get(pk=pk)
            say("done")

    told = in_processes(2, work)
    done = told.count("done")
    amount = Entry._base_manager.get(pk=pk).amount
    return {"edits": done, "stale": told.count("stale"), "lost": done - (amount - 100) // 100}


def writers(*, writers, each, sabotage):
    """Everybody writes as quickly as possible; seconds of each command, and who was refused."""
    from django.db import DatabaseError, connection

    from zhijia.areas.finance.models import Entry

    actor, union = actor_and_union()
    if sabotage:
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
        connection.transaction_mode = "DEFERRED"
    record(actor, union, note="热身")  # or thirty processes would each import and compile the same at once

    def work(at, barrier, say):
        connection.ensure_connection()
        barrier.wait(BOUND)
        for number in range(each):
            begun = time.monotonic()
            try:
                record(actor.keyed(f"w{at}-{number}"), union, note="同时登记")
            except DatabaseError as error:
                say(str(error))
            else:
                say(time.monotonic() - begun)

    told = in_processes(writers, work)
    took = sorted(one for one in told if isinstance(one, float))
    refused = [one for one in told if isinstance(one, str)]
    return {
        "commands": len(told),
        "refused": len(refused),
        "why": sorted(set(refused)),
        "missing": len(took) - Entry._base_manager.filter(note="同时登记").count(),
        "p99": round(took[int(len(took) * 0.99) - 1], 3) if took else None,
    }


def main(name, *words):
    import django

    django.setup()
    numbers = {key: int(value) for key, _is, value in (word.partition("=") for word in words) if value}
    work = {"double": double, "edits": edits, "writers": writers}[name]
    print(json.dumps(work(**numbers, sabotage="sabotage" in words)))  # noqa: T201 - this is a command


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Kills a writing process at random moments and counts what was lost or left in halves.

``python -m tests.kill.harness WORK ROUNDS SEED [SABOTAGE]`` works on the database of DATABASE_URL. In each
round a forked child does one piece of work after the other through the real services and writes a line into a
pipe when the service has returned. SIGKILL comes at a random moment; then the database is opened again, as
after a crash, and every piece that was begun must be there whole or not at all - and there, if it was
acknowledged.

SABOTAGE: ``early`` acknowledges before the work; ``two`` writes the audit in a second transaction. A
sabotaged run stops when it was caught.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import select
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

LEAD = b"r"
GUARD = 4711  # an advisory lock that a child holds for as long as its server process lives


@dataclass
class Outcome:
    """What a run found; ``lost`` and ``halves`` name the pieces of work."""

    rounds: int = 0
    acknowledged: int = 0
    unfinished: int = 0
    lost: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)


def child(work, first, pipe):
    """Do one piece after the other until killed."""
    from django.db import connection

    hold()
    os.write(pipe, LEAD + b"\n")
    for number in itertools.count(first):
        for step in work.do(number):
            os.write(pipe, f"{number}.{step}\n".encode())
    connection.close()


def hold(*, wait=False):
    """On PostgreSQL: the child holds the guard; the parent waits until the server let go of it."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [GUARD])
            if wait:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [GUARD])


def until_dead(pid, pipe, seconds):
    """Read what the child says, kill it after so many seconds of work, and return the acknowledgements."""
    said, deadline = b"", None
    while deadline is None or (left := deadline - time.monotonic()) > 0:
        ready, _w, _x = select.select([pipe], [], [], 60 if deadline is None else left)
        if ready:
            piece = os.read(pipe, 65536)
            assert piece, "the child ended by itself"
            said += piece
        if deadline is None:
            deadline = time.monotonic() + seconds
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while piece := os.read(pipe, 65536):
        said += piece
    lines = said.decode().split("\n")[:-1]
    acknowledged = {}
    for line in lines[1:]:
        number, step = line.split(".")
        acknowledged[int(number)] = max(int(step), acknowledged.get(int(number), 0))
    return acknowledged


def fork(work, first):
    """Start a child; returns its id and the end of the pipe to read from."""
    from django.db import connection

    connection.close()
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        try:
            child(work, first, into)
        finally:
            os._exit(1)
    os.close(into)
    return pid, out


def one_round(work, first, seconds, outcome):
    """Let a child work, kill it, look; returns the number for the next round."""
    pid, pipe = fork(work, first)
    try:
        acknowledged = until_dead(pid, pipe, seconds)
    finally:
        os.close(pipe)
    hold(wait=True)
    work.settle()
    last = max([first - 1, *acknowledged])
    for number in range(first, last + 2):
        done, total = work.look(number)
        if done is None:
            outcome.halves.append(f"{number}: {total}")
        elif done < acknowledged.get(number, 0):
            outcome.lost.append(f"{number}: {done} of {acknowledged[number]} acknowledged")
        outcome.unfinished += done is not None and done < total
    outcome.rounds += 1
    outcome.acknowledged += sum(acknowledged.values())
    return last + 2


@contextmanager
def late_audit():
    """Sabotage: what commands note is written in a second transaction, after theirs."""
    from zhijia.kernel import audit

    real, late = audit.write, []
    audit.write = late.append

    def catch_up():
        while late:
            real(late.pop(0))

    try:
        yield catch_up
    finally:
        audit.write = real


class Early:
    """Sabotage: says that it is done before it begins."""

    def __init__(self, work):
        self.work = work
        self.settle, self.look = work.settle, work.look

    def do(self, number):
        for step in range(1, self.work.STEPS + 1):
            yield step
            if step == 1:
                steps = self.work.do(number)
            next(steps)


class Two:
    """Sabotage: record and audit in two transactions."""

    def __init__(self, work):
        self.work = work
        self.settle, self.look = work.settle, work.look

    def do(self, number):
        with late_audit() as catch_up:
            for step in self.work.do(number):
                catch_up()
                yield step


SABOTAGE = {"early": Early, "two": Two}


def main(name, rounds, seed, sabotage=""):
    import django

    django.setup()
    from tests.kill.works import WORKS

    real = WORKS[name]()
    work = SABOTAGE[sabotage](real) if sabotage else real
    dice, outcome = random.Random(int(seed)), Outcome()  # noqa: S311 - moments, not secrets
    begun = time.monotonic()
    list(real.do(0))  # the first one also warms up; how long it takes sets the moments
    list(real.do(1))
    span = (time.monotonic() - begun) * 0.75
    first = 2
    for _round in range(int(rounds)):
        first = one_round(work, first, dice.uniform(0, span), outcome)
        if sabotage and (outcome.lost or outcome.halves):
            break
    print(json.dumps(asdict(outcome)))  # noqa: T201 - this is a command


if __name__ == "__main__":
    main(*sys.argv[1:])

# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""The staff of every school, and who came, joined, moved, retired and left in the two years."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from zhijia.areas.members.synthetic import synthetic_id
from zhijia.config.demo.county import KINDS
from zhijia.config.demo.model import County, School, Sex, Stay, Worker, chance, day
from zhijia.config.demo.names import POSITIONS, new_name

ETHNICITIES = ("汉族",) * 46 + ("回族", "土家族", "苗族", "满族")
EDUCATIONS = ("大学本科",) * 11 + ("大学专科",) * 5 + ("研究生", "高中")
POLITICS = ("群众",) * 10 + ("中共党员",) * 6 + ("共青团员",) * 2
RETIRES_AT = {"male": 60, "female": 55}
WORKERS = ("后勤人员", "保育员", "食堂职工", "安保人员")


class _Office:
    """Keeps the numbers and names that are given out."""

    def __init__(self, county: County, rng: Random) -> None:
        self.county, self.rng = county, rng
        self.names: set[str] = set()

    def hire(self, school: School, on: date, born: date) -> Worker:
        """Make someone who works at a school from a day on; whether they join is decided elsewhere."""
        rng = self.rng
        is_woman = rng.randint(1, 100) <= KINDS[school.kind].women
        sex: Sex = "female" if is_woman else "male"
        is_helper = rng.random() < 0.06
        worker = Worker(
            name=new_name(rng, sex, self.names),
            id_number=synthetic_id(len(self.county.workers), born, sex),
            sex=sex,
            born_on=born,
            ethnicity=rng.choice(ETHNICITIES),
            education="高中" if is_helper else rng.choice(EDUCATIONS),
            politics=rng.choice(POLITICS),
            migrant=is_helper and rng.random() < 0.5,
            post=rng.choice(WORKERS) if is_helper else rng.choice(POSITIONS),
            wage=(rng.randint(280, 380) if is_helper else rng.randint(460, 920)) * 10,
        )
        worker.stays.append(Stay(school, on, None))
        self.county.workers.append(worker)
        return worker


def people(county: County) -> None:
    """Fill the schools, then let the two years pass."""
    rng = chance(f"people-{county.year}")
    office = _Office(county, rng)
    start = date(county.year - 2, 12, 31)
    for school in county.schools():
        if school.covered_on <= start:
            for _seat in range(school.size):
                _old_hand(office, school, start)
    for year in (county.year - 1, county.year):
        _leave(county, rng, year)
        _move(county, rng, year)
        _close(county, rng, year)
        _arrive(office, year)
        _join(county, rng, year)
    county.index()


def _share(school: School) -> float:
    """Return the share of the staff that joins the union."""
    return {"private": 0.74, "small": 0.7, "kinder": 0.86}.get(school.kind, 0.93)


def _since(school: School, on: date) -> date:
    """Return the first day on which someone can be a member at a school."""
    founded = school.union.founded_on if school.union else school.covered_on
    return max(founded, on)


def _old_hand(office: _Office, school: School, start: date) -> None:
    """Someone who works there already when the two years begin."""
    rng = office.rng
    age = rng.randint(23, 57)
    born = start.replace(year=start.year - age, month=rng.randint(1, 12), day=rng.randint(1, 28))
    began = min(start.year - 1, born.year + rng.randint(22, 27))
    hired = date(max(began, born.year + 20), rng.choice((2, 8, 9, 9, 9)), 1)
    worker = office.hire(school, hired, born)
    if rng.random() < _share(school):
        joined = _since(school, hired) + timedelta(days=rng.randint(0, 60))
        worker.stays[0].joined_on = min(joined, start)


def _current(county: County, year: int) -> list[tuple[Worker, Stay]]:
    """Return who is at work when a year begins, with where."""
    first = date(year, 1, 1)
    return [
        (worker, worker.stays[-1])
        for worker in county.workers
        if worker.stays[-1].ends_on is None and worker.stays[-1].starts_on < first
    ]


def _leave(county: County, rng: Random, year: int) -> None:
    """Retirements at the month after the birthday, resignations, moves to other counties, deaths."""
    for worker, stay in _current(county, year):
        turns = worker.born_on.replace(year=worker.born_on.year + RETIRES_AT[worker.sex])
        if turns.year <= year and (turns.year == year or rng.random() < 0.4):
            stay.ends_on, stay.state = turns.replace(year=year, day=1) + timedelta(days=27), "保留会籍"
            continue
        luck = rng.random()
        if luck < 0.0052:
            stay.ends_on, stay.state = day(rng, year, 2, 8), "退会"
        elif luck < 0.0094:
            stay.ends_on, stay.state = day(rng, year, 7, 9), "转出"
        elif luck < 0.0101:
            stay.ends_on, stay.state = day(rng, year, 1, 12), "死亡"


def _move(county: County, rng: Random, year: int) -> None:
    """Moves between the schools of the county before the school year begins; membership goes along."""
    schools = [
        one for one in county.schools() if one.kind not in ("small", "office") and one.ended_on is None
    ]
    for worker, stay in _current(county, year):
        if rng.random() < 0.013 and stay.school.kind in ("village", "central", "junior", "kinder"):
            goals = [one for one in schools if one.kind in (stay.school.kind, "city_primary")]
            goal = rng.choice(goals)
            if goal is not stay.school and goal.covered_on < date(year, 1, 1):
                _transfer(worker, stay, goal, date(year, 8, rng.randint(18, 30)))


def _transfer(worker: Worker, stay: Stay, goal: School, on: date) -> None:
    stay.ends_on, stay.state = on, "转出"
    worker.stays.append(Stay(goal, on, on if stay.joined_on else None, "转入"))


def _close(county: County, rng: Random, year: int) -> None:
    """The staff of a school that closes goes to the central school of the township."""
    for school in county.schools():
        organ = school.union
        if school.ended_on is None or school.ended_on.year != year or organ is None:
            continue
        central = next(
            one
            for one in county.schools()
            if one.kind == "central" and one.union is not None and one.union.region == organ.region
        )
        for worker in county.workers:
            stay = worker.stays[-1]
            if stay.school is not school:
                continue
            if stay.ends_on is not None and stay.ends_on > school.ended_on:
                stay.ends_on = None
            if stay.ends_on is None:
                _transfer(worker, stay, central, school.ended_on)
                worker.wage += rng.randint(0, 5) * 10


def _arrive(office: _Office, year: int) -> None:
    """New staff: where someone left, a little growth, and everyone of a new school."""
    county, rng = office.county, office.rng
    gone: dict[int, int] = {}
    for worker in county.workers:
        stay = worker.stays[-1]
        if stay.ends_on is not None and stay.ends_on.year == year:
            gone[id(stay.school)] = gone.get(id(stay.school), 0) + 1
    for school in county.schools():
        if school.ended_on is not None:
            continue
        is_new = school.covered_on.year == year
        if school.covered_on.year > year:
            continue
        wanted = school.size if is_new else gone.get(id(school), 0) + rng.choice((0, 0, 0, 1, 1, 2))
        if school.kind in ("village", "small") and not is_new:
            wanted = max(0, wanted - rng.choice((0, 1, 1)))
        for _seat in range(wanted):
            on = school.covered_on if is_new else date(year, rng.choice((2, 8, 9, 9, 9)), rng.randint(15, 28))
            age = rng.randint(22, 40) if is_new else rng.randint(22, 29)
            born = date(year - age, rng.randint(1, 12), rng.randint(1, 28))
            office.hire(school, on, born)


def _join(county: County, rng: Random, year: int) -> None:
    """Most of the new ones join in the autumn; a drive wins some who had stayed away."""
    last = date(year, 12, 28)
    for worker in county.workers:
        stay = worker.stays[-1]
        if stay.joined_on is not None or stay.ends_on is not None or stay.starts_on > last:
            continue
        is_new = stay.starts_on.year == year
        if rng.random() < (_share(stay.school) if is_new else 0.09):
            first = _since(stay.school, max(stay.starts_on, date(year, 3, 1)))
            stay.joined_on = min(first + timedelta(days=rng.randint(0, 70)), last)

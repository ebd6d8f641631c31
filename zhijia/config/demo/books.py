"""Writes the county down as the two year workbooks that an officer would have, and remembers that it did."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from zhijia.config.demo import VERSION
from zhijia.config.demo.awards import awards
from zhijia.config.demo.county import build_county
from zhijia.config.demo.events import events
from zhijia.config.demo.model import Change, County, Organ, Row, Rows, Stay, Worker
from zhijia.config.demo.money import finance
from zhijia.config.demo.people import people
from zhijia.config.demo.relief import relief
from zhijia.kit.books.template import write_rows

MARK = "made.json"


def build(year: int) -> County:
    """Return the whole county with the staff of both years; the same for the same year on every machine."""
    county = build_county(year)
    people(county)
    return county


def paths(folder: Path, year: int) -> tuple[Path, Path]:
    """Return where the workbooks of the two years stand."""
    return folder / f"台账-{year - 1}.xlsx", folder / f"台账-{year}.xlsx"


def _mark(year: int) -> dict[str, int]:
    return {"version": VERSION, "year": year}


def are_written(folder: Path, year: int) -> bool:
    """Say whether the workbooks of this generator and year are there."""
    mark = folder / MARK
    if not mark.exists() or not all(path.exists() for path in paths(folder, year)):
        return False
    return bool(json.loads(mark.read_text(encoding="utf-8")) == _mark(year))


def write(folder: Path, year: int) -> tuple[Path, Path]:
    """Write both workbooks; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    county = build(year)
    for number, path in enumerate(paths(folder, year)):
        write_rows(path, book(county, year - 1 + number))
    (folder / MARK).write_text(json.dumps(_mark(year)), encoding="utf-8")
    return paths(folder, year)


def book(county: County, year: int) -> dict[str, Rows]:
    """Return the rows of one year's workbook by sheet; the second brings what is new against the first."""
    last = date(year, 12, 31)
    known = date(year - 1, 12, 31) if year == county.year else None
    activities, results = events(county, year)
    return {
        "unions": _unions(county, last, known),
        "employers": _employers(county, last, known),
        "head_counts": _head_counts(county, year, known),
        "memberships": _memberships(county, last, known),
        "activities": activities,
        "results": results,
        "relief": relief(county, year),
        "entries": finance(county, year),
        "honours": awards(county, year),
    }


def _unions(county: County, last: date, known: date | None) -> Rows:
    """All unions that lived in the year; the register is sent in full every year."""
    rows: Rows = []
    for organ in county.organs:
        gone = organ.closed_on is not None and known is not None and organ.closed_on <= known
        if organ.founded_on <= last and not gone:
            rows += _union(organ, last, known)
    return rows


def _union(organ: Organ, last: date, known: date | None) -> Rows:
    terms = [term for term in organ.terms if term.elected_on <= last]
    parent = organ.parent_on(last)
    row: Row = {
        "code": organ.code,
        "name": organ.name_on(last),
        "parent": parent.name_on(last) if parent else None,
        "level": organ.level_on(last),
        "sector": organ.sector,
        "region": organ.region,
        "uscc": organ.uscc if organ.legal_person_on and organ.legal_person_on <= last else None,
        "issuer_code": organ.issuer_code,
        "founded_on": organ.founded_on,
        "legal_person_on": _until(organ.legal_person_on, last),
        "account_opened_on": _until(organ.account_opened_on, last),
    }
    if terms:
        term = terms[-1]
        row |= {"chair": term.chair, "term_no": term.number}
        row |= {"elected_on": term.elected_on, "expires_on": term.expires_on}
    changes = [one for one in organ.changes if one.on <= last and (known is None or one.on > known)]
    return [{**row, **_change(change)} for change in changes] or [row]


def _until(on: date | None, last: date) -> date | None:
    return on if on is not None and on <= last else None


def _change(change: Change) -> Row:
    row: Row = {"change": change.kind, "changed_on": change.on, "document": change.document}
    return {**row, "former_name": change.former} if change.former else row


def _employers(county: County, last: date, known: date | None) -> Rows:
    return [
        {
            "name": school.name,
            "union": school.union.code,
            "sector": school.sector,
            "industry": "教育",
            "covered_on": school.covered_on,
        }
        for school in county.schools()
        if school.union is not None
        and school.covered_on <= last
        and (known is None or school.covered_on > known)
    ]


def _head_counts(county: County, year: int, known: date | None) -> Rows:
    """The staff at the end of the year; the first workbook also says it for the end of the year before."""
    days = [date(year, 12, 31)] if known else [date(year - 1, 12, 31), date(year, 12, 31)]
    at_work: dict[tuple[int, date], list[Worker]] = {}
    for worker in county.workers:
        for stay in worker.stays:
            for on in days:
                if stay.covers(on):
                    at_work.setdefault((id(stay.school), on), []).append(worker)
    return [
        {
            "employer": school.name,
            "union": school.union.code if school.union else None,
            "as_of": on,
            "staff": len(staff),
            "women": sum(worker.sex == "female" for worker in staff),
            "migrants": sum(worker.migrant for worker in staff),
        }
        for on in days
        for school in county.schools()
        if (staff := at_work.get((id(school), on)))
    ]


def _memberships(county: County, last: date, known: date | None) -> Rows:
    """The roster: everyone in the first workbook, who joined, moved or left in the second."""
    rows: Rows = []
    for worker in county.workers:
        for stay in worker.stays:
            if stay.joined_on is None or stay.joined_on > last:
                continue
            ended = _until(stay.ends_on, last)
            if known is None or stay.joined_on > known or (ended is not None and ended > known):
                rows.append(_membership(worker, stay, ended))
    rows.sort(key=lambda row: (row["union"], row["starts_on"], row["id_number"]))
    return rows


def _membership(worker: Worker, stay: Stay, ended: date | None) -> Row:
    return {
        "name": worker.name,
        "id_number": worker.id_number,
        "sex": "女" if worker.sex == "female" else "男",
        "union": stay.school.union.code if stay.school.union else None,
        "employer": stay.school.name,
        "ethnicity": worker.ethnicity,
        "education": worker.education,
        "politics": worker.politics,
        "migrant": worker.migrant,
        "starts_on": stay.joined_on,
        "start_cause": stay.cause,
        "state": stay.state if ended else "在籍",
        "changed_on": ended,
        "post": worker.post,
        "dues_base": worker.wage,
    }

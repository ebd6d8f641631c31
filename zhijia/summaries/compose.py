"""From a plan and the answers of the records to a document: pure, nothing is read or written here.

Rules (DESIGN.md §1): a sentence without data becomes one marked note per section, a genuine zero leaves the
sentence out (or takes its ``zero`` text), and every number is bound to its row of the appendix.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from zhijia.figures.catalogue import catalogue
from zhijia.summaries import wording
from zhijia.summaries.answers import Answers
from zhijia.summaries.docx.model import Block, Document, Heading, ListItems, Paragraph, Run, Table
from zhijia.summaries.plan import Part, Plan, Section, Sentence
from zhijia.summaries.problems import problem_sentences, step_items, unclear
from zhijia.summaries.sources import Ledger, Piece, Told, column, growth, nested, told
from zhijia.summaries.wording import Maybe, Slot, Word

LEAST_RANKED = 2
AMONG = "，其中"
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Composed:
    """A document without its time, and what the officer should look at."""

    document: Document
    notes: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass
class _Said:
    """What one section has to say, and what it could not say."""

    blocks: list[Block] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)


def compose(plan: Plan, answers: Answers, *, number: str = "", issuer: str = "") -> Composed:
    """Write the document; its date and the times of computation are set when the file is built."""
    return _Composer(plan, answers).run(number, issuer)


def words_of(answers: Answers) -> dict[str, str]:
    """The words of the report that depend on union and period."""
    period = answers.period
    is_year, is_first = period.kind == "year", period.first.month == 1
    return {
        "union": answers.union.name,
        "period": period.label,
        "during": "全年" if is_year else "上半年" if is_first else "下半年",
        "end": f"{period.last.month}月底",
        "last": "上年" if is_year else "上年同期",
        "next": period.next().label,
        "upcoming": "新的一年" if is_year else "下半年" if is_first else "新的一年",
    }


class _Composer:
    def __init__(self, plan: Plan, answers: Answers) -> None:
        self.plan, self.answers = plan, answers
        self.ledger = Ledger()
        self.words = words_of(answers)
        self.notes: list[str] = []

    def run(self, number: str, issuer: str) -> Composed:
        blocks: list[Block] = [Paragraph(self._joined(self.plan.opening))]
        for section in self.plan.sections:
            if self.answers.kind in section.periods:
                blocks += self._section(section)
        if closing := self._joined(self.plan.closing):
            blocks.append(Paragraph(closing))
        document = Document(
            issuer=issuer,
            number=number,
            title=self._plain(self.plan.heading),
            addressee="",
            blocks=tuple(blocks),
            sources=self.ledger.sources,
            signed_by=self.answers.union.name,
            dated=dt.date.min,
        )
        keys = tuple(dict.fromkeys(source.key for source in document.sources))
        return Composed(document, tuple(self.notes), keys)

    def _plain(self, text: str) -> str:
        return "".join(str(run) for run in self._runs(wording.parse(text)))

    def _joined(self, sentences: Iterable[Sentence]) -> Runs:
        """One paragraph of the sentences that have something to say."""
        said = _Said()
        return tuple(run for sentence in sentences for run in self._say(sentence, said) or ())

    def _section(self, section: Section) -> list[Block]:
        said = _Said()
        for part in section.parts:
            said.blocks += self._part(part, said)
        if not said.blocks and not said.absent and not said.unfilled:
            if section.optional:
                return []
            said.absent.append(section.subject)
        headings = [block for block in said.blocks if isinstance(block, Heading)]
        if len(headings) == 1:  # a （一） without a （二） would look odd
            said.blocks.remove(headings[0])
        note = _note(said)
        if note:
            self.notes.append(f"{self._plain(section.title)}：{note}")
        marked = [Paragraph((note,), marked=True)] if note else []
        return [Heading(1, self._plain(section.title)), *said.blocks, *marked]

    def _part(self, part: Part, said: _Said) -> list[Block]:
        blocks: list[Block] = []
        if part.sentences:
            blocks = self._paragraph(part.sentences, said)
        elif part.records:
            blocks = self._list(part)
        elif part.comparison:
            blocks = self._comparison(part)
        elif part.ranking:
            blocks = self._ranking(part)
        elif part.problems:
            blocks = self._problems()
        elif part.steps:
            blocks = self._steps(part.steps)
        heading = [Heading(2, self._plain(part.heading))] if part.heading and blocks else []
        return [*heading, *blocks]

    def _paragraph(self, sentences: tuple[Sentence, ...], said: _Said) -> list[Block]:
        """A paragraph; a sentence without figures is said only beside one that has them."""
        runs: list[Run] = []
        has_figures = False
        for sentence in sentences:
            spoken = self._say(sentence, said)
            if spoken is None:
                continue
            runs += spoken
            has_figures |= sentence.lead is not None
        return [Paragraph(tuple(runs))] if has_figures else []

    def _say(self, sentence: Sentence, said: _Said) -> Runs | None:
        """The runs of a sentence; None when it is left out. Missing data is noted in ``said``."""
        if not all(part.holds(self.answers) for part in sentence.when):
            return None
        needed = list(wording.slots(sentence.text, optional=False))
        cells = [self.answers.cell(slot.key, slot.when) for slot in needed if slot.form != "growth"]
        if missing := [cell for cell in cells if cell.value is None]:
            for cell in missing:
                (said.unfilled if cell.rows else said.absent).append(
                    sentence.subject or str(cell.figure.label)
                )
            return None
        if any(cell.value == 0 for cell in cells) and not sentence.zeros:
            return self._runs(sentence.zero) if sentence.zero is not None else None
        return self._runs(self._variant(sentence))

    def _variant(self, sentence: Sentence) -> tuple[wording.Piece, ...]:
        lead = sentence.lead
        if lead is None:
            return sentence.text
        now, last = self.answers.cell(lead.key).value, self.answers.cell(lead.key, "last").value
        if now is None or last is None or now == last:
            return sentence.text
        wanted = sentence.grow if now > last else sentence.fall
        if wanted is None:
            return sentence.text
        cells = [self.answers.cell(slot.key, slot.when) for slot in wording.slots(wanted, optional=False)]
        return wanted if all(cell.value for cell in cells) else sentence.text

    def _runs(self, pieces: Iterable[wording.Piece]) -> Runs:
        runs: list[Run] = []
        waiting = False  # the part with 其中 was left out, so the next part beside it takes the word over
        for piece in pieces:
            if not isinstance(piece, Maybe):
                waiting = False
                runs += self._run(piece)
            elif self._has_something(piece):
                shown = self._runs(piece.pieces)
                first = shown[0]
                if waiting and isinstance(first, str):
                    shown = (AMONG + first.removeprefix("，"), *shown[1:])
                waiting = False
                runs += shown
            else:
                waiting |= str(piece.pieces[0]).startswith(AMONG)
        return tuple(runs)

    def _run(self, piece: str | Word | Slot) -> Runs:
        if isinstance(piece, str):
            return (piece,)
        return (self.words[piece.name],) if isinstance(piece, Word) else self._slot(piece)

    def _has_something(self, part: Maybe) -> bool:
        return all(self.answers.cell(slot.key, slot.when).value for slot in wording.slots(part.pieces))

    def _slot(self, slot: Slot) -> Runs:
        cell = self.answers.cell(slot.key, slot.when)
        if slot.form != "growth":
            return (self._bound(told(cell, self.answers.union)),)
        moved = growth(cell, self.answers.cell(slot.key, "last"), self.answers.union)
        if moved is None:
            return ()
        before = f"，{'与' if moved.direction == 0 else '比'}{self.words['last']}{moved.words}"
        return (before, *((self._bound(moved.number),) if moved.number else ()))

    def _bound(self, piece: Piece) -> Run:
        if isinstance(piece, Told):
            return self.ledger.run(replace(piece, label=nested(piece.label)))
        return nested(piece)

    def _items(self, items: Iterable[tuple[Piece, ...]]) -> ListItems:
        """Items ending with a semicolon, the last one with a full stop."""
        bound = [tuple(self._bound(piece) for piece in item) for item in items]
        ends = ["；"] * (len(bound) - 1) + ["。"]
        return ListItems(tuple((*item, end) for item, end in zip(bound, ends, strict=True)))

    def _list(self, part: Part) -> list[Block]:
        lines = self.answers.records.get(part.records, ()) if part.records else ()
        if not lines:
            return []
        told_lines = [line.pieces for line in lines]
        if part.records and part.records.what == "prizes":
            told_lines = _by_merit(told_lines)
        lead = [Paragraph((self._plain(part.lead),))] if part.lead else []
        return [*lead, self._items(told_lines)]

    def _comparison(self, part: Part) -> list[Block]:
        rows: list[Runs] = []
        for key in part.comparison:
            now, last = self.answers.cell(key), self.answers.cell(key, "last")
            if not now.value and not last.value:
                continue
            moved = growth(now, last, self.answers.union)
            shown = [
                self._bound(told(one, self.answers.union)) if one.has_data else "无数据"
                for one in (now, last)
            ]
            rows.append((str(now.figure.label), *shown, self._bound(moved.signed) if moved else "—"))
        if not rows:
            return []
        title = f"{self.words['period']}主要指标与{self.words['last']}对比"
        lead = [Paragraph((self._plain(part.lead),))] if part.lead else []
        return [*lead, Table(title, ("指标", "本期", self.words["last"], "增减"), tuple(rows))]

    def _ranking(self, part: Part) -> list[Block]:
        ranked = [row for row in self.answers.children.get(part.ranking[0], ()) if row[1].value]
        if len(ranked) < LEAST_RANKED:
            return []
        by_key = {key: dict(self.answers.children.get(key, ())) for key in part.ranking}
        places = [place for place, _cell in ranked[: part.top]]
        values = [cell.value or 0 for _place, cell in ranked]  # equal ones share a place
        orders = [1 + sum(one > value for one in values) for value in values[: part.top]]
        columns = [column([by_key[key].get(place) for place in places], places) for key in part.ranking]
        rows: list[Runs] = [
            (str(order), place.name, *(self._bound(cells[line]) for cells in columns))
            for line, (order, place) in enumerate(zip(orders, places, strict=True))
        ]
        labels = [str(catalogue()[key].label) for key in part.ranking]
        title = f"{self.words['period']}各工会{labels[0]}排名" + (
            "" if len(ranked) <= part.top else "（部分）"
        )
        header = ("名次", "工会", *labels)
        lead = [Paragraph((self._plain(part.lead),))] if part.lead else []
        return [*lead, Table(title, header, tuple(rows))]

    def _problems(self) -> list[Block]:
        found = problem_sentences(self.plan, self.answers, self.words)
        blocks: list[Block] = []
        if found:
            runs: list[Run] = ["对照目标任务和日常台账，工作中还存在一些不足："]
            for order, pieces in enumerate(found):
                runs += [f"{_FIRST[order]}是", *(self._bound(piece) for piece in pieces)]
                runs.append("。" if order == len(found) - 1 else "；")
            blocks.append(Paragraph(tuple(runs)))
        for note in (
            "" if found else "台账中未发现目标未完成、届期逾期等情况，请结合实际补充存在的问题",
            unclear(self.answers),
        ):
            if note:
                self.notes.append(note)
                blocks.append(Paragraph((note,), marked=True))
        return blocks

    def _steps(self, steps: tuple[Sentence, ...]) -> list[Block]:
        said = _Said()
        own = [runs for step in steps if (runs := self._say(step, said))]
        more = [tuple(self._bound(piece) for piece in item) for item in step_items(self.answers)]
        return [ListItems(tuple((*item, "。") for item in [*own, *more]))]


_FIRST = "一二三四五六七八九"


_MERIT = re.compile(r"特等|冠军|金奖|亚军|银奖|季军|铜奖|[一二三四五六七八九](?=[名等、])")
_MERITS = {"特等": 0, "冠军": 1, "金奖": 1, "亚军": 2, "银奖": 2, "季军": 3, "铜奖": 3}
_LEVEL = re.compile(r"（([^（）]+级[^（）]*)）")


def _by_merit(items: list[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    """Prizes by level, which the records give highest first, then by rank: 特等奖, 一等奖, 第一名 first."""
    texts = [str(item[0]) for item in items]
    levels = [found[-1] if (found := _LEVEL.findall(text)) else "" for text in texts]
    keys = []
    for text, level in zip(texts, levels, strict=True):
        said = _MERIT.search(text.rpartition("中获")[2])
        merit = _MERITS.get(said[0], _FIRST.find(said[0]) + 1) if said else len(_FIRST) + 1
        keys.append((levels.index(level), merit))
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def _note(said: _Said) -> str:
    """The one note of a section: what has no record, and what was recorded without its number."""
    parts = []
    if said.absent:
        parts.append(f"本期无{_quoted(said.absent)}记录")
    if said.unfilled:
        parts.append(f"{_quoted(said.unfilled)}有记录但未填数量")
    return f"{'，'.join(parts)}，请核实或补充" if parts else ""


def _quoted(names: list[str]) -> str:
    return "".join(f"“{name}”" for name in dict.fromkeys(names))

"""What is wrong with a plan, beyond its grammar: figures, kinds, levels and counting words."""

from __future__ import annotations

from collections.abc import Iterator

from zhijia.areas.organisations.models import Union
from zhijia.figures.catalogue import catalogue
from zhijia.summaries import wording
from zhijia.summaries.plan import KINDS, Plan, Sentence
from zhijia.summaries.wording import Maybe, Slot

UNIT_WORDS = ("人次", "人", "元", "万元", "篇", "份", "场", "个", "家", "户", "条", "%", "％")


def problems(plan: Plan) -> list[str]:
    """All faults of a plan as sentences; empty when it can be used."""
    found = [f"unknown figure {key}" for key in sorted(plan.keys() - set(catalogue()))]
    found += [f"unknown level {one}" for one in plan.levels if one not in Union.Level.values]
    found += [f"unknown sector {one}" for one in plan.sectors if one not in Union.Sector.values]
    spans = {*plan.periods, *(kind for section in plan.sections for kind in section.periods)}
    found += [f"unknown kind of period {one}" for one in sorted(spans - set(KINDS))]
    for sentence in plan.sentences():
        found += _of_sentence(sentence)
    found += [f"section {section.title!r} is empty" for section in plan.sections if not section.parts]
    return found


def _of_sentence(sentence: Sentence) -> Iterator[str]:
    for text in sentence.variants:
        for number, unit in _followed(text):
            yield f"{number.key} already shows its counting word, and {unit} follows"
    if any((sentence.zero, sentence.grow, sentence.fall)) and sentence.lead is None:
        yield "a sentence with variants has no figure that decides between them"


def _followed(pieces: tuple[wording.Piece, ...]) -> Iterator[tuple[Slot, str]]:
    """The numbers behind which the plan repeats a counting word: 61人次人次."""
    for piece, after in zip(pieces, (*pieces[1:], ""), strict=True):
        if isinstance(piece, Maybe):
            yield from _followed(piece.pieces)
        elif isinstance(piece, Slot) and piece.form != "growth" and isinstance(after, str):
            unit = next((word for word in UNIT_WORDS if after.startswith(word)), "")
            if unit:
                yield piece, unit

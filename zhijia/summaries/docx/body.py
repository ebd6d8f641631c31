"""The parts of an official document in their order: red head, title, text, signature."""

from zhijia.summaries.docx.layout import BODY_POINTS, balanced_lines, issuer_lines, text_width
from zhijia.summaries.docx.markup import Marks, cleaned, paragraph, plain, text_run
from zhijia.summaries.docx.model import Block, Document, Heading, ListItems, Paragraph
from zhijia.summaries.docx.styles import indent, size
from zhijia.summaries.docx.tables import table_xml

_DIGITS = "零一二三四五六七八九"
_LEVELS = 3
_HIGHLIGHT = '<w:highlight w:val="yellow"/>'
_DATE_RIGHT = 4
"""Characters the date stands in from the right edge."""


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese: 一, 十, 十一, 二十一; beyond, in digits."""
    tens, ones = divmod(number, 10)
    if tens > len(_DIGITS) - 1:
        return str(number)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


class HeadingCounter:
    """Numbers headings by counting: 一、 then （一） then 1. below it."""

    def __init__(self) -> None:
        self._counts = [0] * _LEVELS

    def next(self, level: int) -> str:
        """The number of the next heading of a level; raises ValueError for a level other than 1 to 3."""
        if not 1 <= level <= _LEVELS:
            raise ValueError(f"a heading has level 1 to {_LEVELS}, not {level}")
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (_LEVELS - level)
        count = self._counts[level - 1]
        return (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.")[level - 1]


def head_xml(document: Document) -> str:
    """Issuer, number and red rule (when there is an issuer or a number), title, addressee."""
    parts = []
    if document.issuer:
        lines, points = issuer_lines(cleaned(document.issuer))
        parts.append(paragraph("IssuerMark", text_run("\n".join(lines), size(points))))
    if document.number:
        parts.append(paragraph("DocumentNumber", text_run(document.number)))
    if parts:
        parts.append(paragraph("RedRule", ""))
    parts.append(paragraph("Title", text_run("\n".join(balanced_lines(cleaned(document.title))))))
    if document.addressee:
        addressee = document.addressee.rstrip("：:")
        parts.append(paragraph("Addressee", text_run(f"{addressee}：")))
    return "".join(parts)


def blocks_xml(blocks: tuple[Block, ...], marks: Marks) -> str:
    """The text. Its end is tied to the signature: a page with nothing but a signature invites forgery."""
    counter = HeadingCounter()
    return "".join(
        _block(block, marks, counter, is_last=index == len(blocks) - 1) for index, block in enumerate(blocks)
    )


def _block(block: Block, marks: Marks, counter: HeadingCounter, *, is_last: bool) -> str:
    match block:
        case Heading():
            return paragraph(f"Heading{block.level}", text_run(counter.next(block.level) + block.text))
        case Paragraph(marked=True):
            return _officer_note(block, marks, keep_next=is_last)
        case Paragraph():
            return paragraph("BodyText", marks.runs(block.runs), keep_next=is_last)
        case ListItems():
            last = len(block.items)
            return "".join(
                paragraph(
                    "ListItem", marks.runs((f"（{number}）", *item)), keep_next=is_last and number == last
                )
                for number, item in enumerate(block.items, start=1)
            )
        case _:
            return table_xml(block, marks, keep_next=is_last)


def _officer_note(block: Paragraph, marks: Marks, *, keep_next: bool) -> str:
    text = plain(block.runs)
    is_bracketed = text.startswith("【") and text.endswith("】")
    runs = block.runs if is_bracketed else ("【", *block.runs, "】")
    return paragraph("OfficerNote", marks.runs(runs, _HIGHLIGHT), keep_next=keep_next)


def signature_xml(document: Document, section: str) -> str:
    """The signer centred over the date, the date four characters in; ends the section it is given."""
    date = f"{document.dated.year}年{document.dated.month}月{document.dated.day}日"
    signer = ""
    if document.signed_by:
        overhang = (text_width(cleaned(document.signed_by)) - text_width(date)) / 2
        place = indent(BODY_POINTS, right=max(_DATE_RIGHT - overhang, 0))
        signer = paragraph("Signature", text_run(document.signed_by), extra=place)
    return signer + paragraph("DocumentDate", text_run(date), extra=section)

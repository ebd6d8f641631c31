"""Opening a Word file again: its text, and every number that still carries its anchor.

Works on files that were edited and saved by Word, WPS or LibreOffice: only bookmarks and links are relied
on, never style names. Files from outside pass the upload gate before they come here.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from zhijia.summaries.docx.markup import FIGURE_MARK, KEY_MARK, SOURCE_MARK, SOURCES_MARK

_FIGURE = re.compile(re.escape(FIGURE_MARK) + r"(\d+)_\d+")
_LINK = re.compile(re.escape(SOURCE_MARK) + r"(\d+)")
_KEY = re.compile(re.escape(KEY_MARK) + r"(\d+)")
# Properties (where w:tab is a tab stop), text struck out, the second copy of a drawing for old readers.
_SKIPPED = frozenset(
    {
        qn("w:pPr"),
        qn("w:moveFrom"),
        qn("w:del"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
_BREAK = "\v"  # stands for a line break inside a paragraph until the paragraph is complete
_TEXT, _PARAGRAPH, _HYPERLINK = qn("w:t"), qn("w:p"), qn("w:hyperlink")
_START, _END = qn("w:bookmarkStart"), qn("w:bookmarkEnd")
_ID, _NAME, _ANCHOR = qn("w:id"), qn("w:name"), qn("w:anchor")
_SPOKEN = {qn("w:br"): _BREAK, qn("w:cr"): _BREAK, qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}


class UnreadableDocumentError(ValueError):
    """The bytes are no Word document (.docx)."""


@dataclass(frozen=True)
class Anchor:
    """A number found again in a Word file."""

    key: str
    """The figure's key; empty when its appendix row was removed."""
    row: int
    text: str
    """As it stands in the file now, edited or not."""
    paragraph: int
    """Its 0-based line in `plain_text`."""


@dataclass
class _Mark:
    """A bookmark, or a link that stands for a lost bookmark, and the text inside it."""

    name: str
    line: int
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _joined(self.pieces)


def anchors(data: bytes) -> list[Anchor]:
    """Every anchored number in the order of the text, with its key from the appendix.

    A number whose bookmark an editor dropped is still found by its link to the appendix.
    Raises `UnreadableDocumentError`.
    """
    marks = _read(data).marks
    keys = {int(match[1]): mark.text.strip() for mark in marks if (match := _KEY.fullmatch(mark.name))}
    return [
        Anchor(keys.get(int(match[1]), ""), int(match[1]), mark.text, mark.line)
        for mark in marks
        if (match := _FIGURE.fullmatch(mark.name))
    ]


def plain_text(data: bytes, *, appendix: bool = True) -> str:
    """The text, one line for each paragraph (cells included); ``appendix=False`` leaves the appendix out.

    Raises `UnreadableDocumentError`.
    """
    reader = _read(data)
    starts = [mark.line for mark in reader.marks if mark.name == SOURCES_MARK]
    end = starts[0] if starts and not appendix else len(reader.lines)
    return "\n".join(_joined(line) for line in reader.lines[:end])


def _joined(pieces: list[str]) -> str:
    """The text of a paragraph: a line break parts Latin words and numbers, but not Chinese text."""
    text = "".join(pieces)
    return (
        re.sub(f"(?<=[0-9A-Za-z]){_BREAK}+(?=[0-9A-Za-z])", " ", text).replace(_BREAK, "").replace("\n", " ")
    )


def _read(data: bytes) -> "_Reader":
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        # lxml's XMLSyntaxError is a SyntaxError; python-docx raises ValueError for another kind of file.
        raise UnreadableDocumentError("not a readable .docx file") from error
    reader = _Reader()
    reader.walk(body)
    return reader


class _Reader:
    """One pass in the order of the text, knowing which bookmarks and links are open."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self.marks: list[_Mark] = []
        self._open: dict[str, _Mark] = {}
        self._current = -1

    def walk(self, element: Any) -> None:
        """Read the children of an XML element."""
        for child in element:
            if child.tag == _TEXT:
                self._say(child.text or "")
            elif child.tag in _SPOKEN:
                self._say(_SPOKEN[child.tag])
            elif child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == _HYPERLINK:
                self._link(child)
            elif child.tag == _START:
                self._start(child.get(_ID), child.get(_NAME) or "")
            elif child.tag == _END:
                self._open.pop(child.get(_ID), None)
            elif child.tag not in _SKIPPED:
                self.walk(child)

    def _say(self, text: str) -> None:
        if self._current >= 0:
            self.lines[self._current].append(text)
        for mark in self._open.values():
            mark.pieces.append(text)

    def _paragraph(self, element: Any) -> None:
        outer = self._current  # a text box is a paragraph inside a paragraph
        self._current = len(self.lines)
        self.lines.append([])
        self.walk(element)
        self._current = outer

    def _start(self, identity: str, name: str) -> None:
        # A bookmark may open between two paragraphs: its text then starts in the next one.
        mark = _Mark(name, self._current if self._current >= 0 else len(self.lines))
        self.marks.append(mark)
        self._open[identity] = mark

    def _link(self, element: Any) -> None:
        match = _LINK.fullmatch(element.get(_ANCHOR) or "")
        if match is None or any(_FIGURE.fullmatch(mark.name) for mark in self._open.values()):
            self.walk(element)
            return
        before = len(self.marks)
        identity = f"link {before}"
        self._start(identity, f"{FIGURE_MARK}{match[1]}_0")
        self.walk(element)
        self._open.pop(identity)
        if any(_FIGURE.fullmatch(mark.name) for mark in self.marks[before + 1 :]):
            del self.marks[before]  # the bookmark was inside the link

"""WordprocessingML as text: cleaning, runs, paragraphs, and the marks that tie a number to its source."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from zhijia.summaries.docx.layout import is_ambiguous
from zhijia.summaries.docx.model import FigureRun, Run, Source

FIGURE_MARK, SOURCE_MARK, KEY_MARK = "fig_", "src_", "key_"
"""Starts of bookmark names: a number in the text, its appendix row, the figure key in that row."""
SOURCES_MARK = "sources"
"""The bookmark at the appendix' title."""
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOOLTIP_LIMIT = 250  # Word refuses a file with a longer hyperlink tooltip than 260


class UnsourcedFigureError(ValueError):
    """A number in the text has no appendix row, or one of another figure."""


def cleaned(text: str) -> str:
    """The text without the characters XML cannot hold; line ends become plain line feeds."""
    return _ILLEGAL.sub("", str(text)).replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str) -> str:
    """The text ready to stand in an element or an attribute."""
    return html.escape(cleaned(text))


def plain(runs: Iterable[Run]) -> str:
    """What a reader sees of the runs."""
    return "".join(cleaned(run.text if isinstance(run, FigureRun) else run) for run in runs)


def text_run(text: str, properties: str = "") -> str:
    """A ``w:r``; line feeds become line breaks, tabs tab stops."""
    text = cleaned(text)
    if not text:
        return ""
    hint = '<w:rFonts w:hint="eastAsia"/>' if is_ambiguous(text) else ""
    look = f"<w:rPr>{hint}{properties}</w:rPr>" if hint or properties else ""
    inner = f'<w:t xml:space="preserve">{html.escape(text)}</w:t>'
    inner = inner.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    inner = inner.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f"<w:r>{look}{inner}</w:r>"


def paragraph(style: str, content: str, *, keep_next: bool = False, extra: str = "") -> str:
    """A ``w:p`` in a named style; ``extra`` are paragraph properties that come after w:keepNext."""
    keep = "<w:keepNext/>" if keep_next else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{extra}</w:pPr>{content}</w:p>'


class Marks:
    """Hands out bookmarks with unique ids and names, and renders runs with their anchors."""

    def __init__(self, sources: Mapping[int, Source]) -> None:
        self._sources = sources
        self._last_id = 0
        self.uses: Counter[int] = Counter()
        """How often each appendix row is used in the text."""

    def bookmark(self, name: str, content: str) -> str:
        """The content wrapped in a bookmark."""
        self._last_id += 1
        number = self._last_id
        start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
        return f'{start}{content}<w:bookmarkEnd w:id="{number}"/>'

    def figure(self, run: FigureRun, properties: str = "") -> str:
        """A number: bookmark ``fig_<row>_<n>`` around an unstyled link to ``src_<row>``.

        Raises `UnsourcedFigureError` when the row is missing or belongs to another figure: a number whose
        source cannot be opened must not be printed.
        """
        source = self._sources.get(run.row)
        if source is None or source.key != run.key:
            raise UnsourcedFigureError(f"figure {run.key!r} refers to row {run.row}, which is not its source")
        self.uses[run.row] += 1
        tip = "；".join(
            part for part in (source.label, source.definition, source.period, source.union) if part
        )
        link = (
            f'<w:hyperlink w:anchor="{SOURCE_MARK}{run.row}" w:tooltip="{escaped(tip[:_TOOLTIP_LIMIT])}"'
            f' w:history="1">{text_run(run.text, properties)}</w:hyperlink>'
        )
        return self.bookmark(f"{FIGURE_MARK}{run.row}_{self.uses[run.row]}", link)

    def runs(self, runs: Iterable[Run], properties: str = "") -> str:
        """Texts and numbers in a row, all with the same run properties."""
        return "".join(
            self.figure(run, properties) if isinstance(run, FigureRun) else text_run(run, properties)
            for run in runs
        )

"""Tables: header row repeated on every page, rows never cut, widths fitted to the text."""

from collections.abc import Sequence

from zhijia.summaries.docx.layout import (
    CELL_PADDING,
    LARGE_CELL,
    PRINT_WIDTH,
    column_widths,
    is_number,
    text_width,
)
from zhijia.summaries.docx.markup import Marks, paragraph, plain, text_run
from zhijia.summaries.docx.model import Run, Table
from zhijia.summaries.docx.styles import size

SMALL_TABLE = 8
"""A table of up to this many rows is kept on one page."""
_CENTRED_UP_TO = 12
_COUNTER_WIDTH = 2


def table_xml(table: Table, marks: Marks, *, keep_next: bool) -> str:
    """A table with its title and note; raises ValueError for no columns or a row longer than the header."""
    if not table.header:
        raise ValueError("a table needs a header")
    rows = [_filled(row, len(table.header)) for row in table.rows]
    texts = [list(table.header), *([plain([cell]) for cell in row] for row in rows)]
    widths, points = column_widths(texts, PRINT_WIDTH)
    look = "" if points == LARGE_CELL else size(points)
    aligns = [_align(column) for column in zip(*texts[1:], strict=True)] if rows else []
    tied = len(rows) <= SMALL_TABLE
    body = []
    for index, row in enumerate(rows):
        is_last = index == len(rows) - 1
        tie = (tied and not is_last) or (is_last and (keep_next or bool(table.note)))
        cells = [
            paragraph("TableText", marks.runs([cell], look), keep_next=tie, extra=f'<w:jc w:val="{align}"/>')
            for cell, align in zip(row, aligns, strict=True)
        ]
        body.append(row_xml(cells, widths))
    header = row_xml(
        [paragraph("TableHeader", text_run(text, look)) for text in table.header], widths, is_header=True
    )
    title = paragraph("TableTitle", text_run(table.title)) if table.title else ""
    note = f"注：{table.note}" if table.note else ""
    # The note's paragraph is there even when empty: two tables in a row would otherwise become one.
    return (
        title
        + frame_xml(header + "".join(body), widths)
        + paragraph("TableNote", text_run(note), keep_next=keep_next)
    )


def frame_xml(rows: str, widths: Sequence[int]) -> str:
    """A ``w:tbl`` with thin lines and fixed widths around ready rows."""
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{CELL_PADDING}" w:type="dxa"/><w:right w:w="{CELL_PADDING}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def row_xml(cells: Sequence[str], widths: Sequence[int], *, is_header: bool = False) -> str:
    """A ``w:tr`` that is never cut by a page end; a header row is repeated on each page."""
    repeated = "<w:tblHeader/>" if is_header else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _filled(row: Sequence[Run], columns: int) -> list[Run]:
    if len(row) > columns:
        raise ValueError(f"a table row has {len(row)} cells, its header {columns}")
    return [*row, *[""] * (columns - len(row))]


def _align(column: Sequence[str]) -> str:
    widest = max(text_width(cell) for cell in column)
    if all(is_number(cell) for cell in column) and widest > _COUNTER_WIDTH:
        return "right"
    return "center" if widest <= _CENTRED_UP_TO else "left"

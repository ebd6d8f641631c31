"""The appendix 数据来源: one row for each figure, reached from its number in the text and back."""

from collections.abc import Mapping

from zhijia.summaries.docx.layout import APPENDIX_WIDTH
from zhijia.summaries.docx.markup import (
    FIGURE_MARK,
    KEY_MARK,
    SOURCE_MARK,
    SOURCES_MARK,
    Marks,
    paragraph,
    text_run,
)
from zhijia.summaries.docx.model import Source
from zhijia.summaries.docx.styles import GREY, size
from zhijia.summaries.docx.tables import frame_xml, row_xml

# The document is Chinese whatever language its officer's screen has: these texts are no interface texts.
_TITLE = "数据来源"
_NOTE = (
    "文中由系统给出的数字逐一列于下表：点击文中数字可到本表对应的行，"
    "点击序号可回到文中，点击“打开”可查看该数字的记录。"
)
_NO_SOURCES = "本文没有引用系统数据，文中如有数字，均不是由系统给出。"
_COLUMNS = (
    ("序号", 0.7),
    ("数字名称", 2.7),
    ("口径", 3.3),
    ("统计范围", 1.9),
    ("统计期", 2.1),
    ("数值", 1.3),
    ("记录", 1.0),
    ("计算时间", 1.2),
    ("链接", 0.7),
)
_LINK_LOOK = '<w:color w:val="0563C1"/>'
_UNDERLINE = '<w:u w:val="single"/>'
_EMPTY = "—"


def appendix_xml(sources: tuple[Source, ...], marks: Marks, links: Mapping[str, str]) -> str:
    """The appendix' paragraphs and table; ``links`` gives the relationship id of each URL."""
    title = paragraph("AppendixTitle", marks.bookmark(SOURCES_MARK, text_run(_TITLE)))
    if not sources:
        return title + paragraph("AppendixNote", text_run(_NO_SOURCES))
    share = APPENDIX_WIDTH / sum(weight for _, weight in _COLUMNS)
    widths = [int(weight * share) for _, weight in _COLUMNS]
    header = row_xml(
        [paragraph("SourceHeader", text_run(name)) for name, _ in _COLUMNS], widths, is_header=True
    )
    rows = "".join(row_xml(_cells(source, marks, links), widths) for source in sources)
    # Word needs a paragraph after a table that ends a section.
    end = paragraph("SourceText", "")
    return title + paragraph("AppendixNote", text_run(_NOTE)) + frame_xml(header + rows, widths) + end


def _cells(source: Source, marks: Marks, links: Mapping[str, str]) -> list[str]:
    number = text_run(str(source.row))
    if marks.uses[source.row]:
        number = f'<w:hyperlink w:anchor="{FIGURE_MARK}{source.row}_1" w:history="1">{number}</w:hyperlink>'
    key = text_run(source.key, f'<w:color w:val="{GREY}"/>{size(8)}')
    link = text_run(_EMPTY)
    if source.url:
        look = text_run("打开", _LINK_LOOK + _UNDERLINE)
        link = f'<w:hyperlink r:id="{links[source.url]}" w:history="1">{look}</w:hyperlink>'
    return [
        _centred(marks.bookmark(f"{SOURCE_MARK}{source.row}", number)),
        _text(source.label) + paragraph("SourceText", marks.bookmark(f"{KEY_MARK}{source.row}", key)),
        _text(source.definition),
        _text(source.union),
        _text(source.period),
        _right(source.value),
        _right(source.rows),
        _text(source.computed),
        _centred(link),
    ]


def _text(text: str) -> str:
    return paragraph("SourceText", text_run(text or _EMPTY))


def _right(text: str) -> str:
    return paragraph("SourceText", text_run(text or _EMPTY), extra='<w:jc w:val="right"/>')


def _centred(content: str) -> str:
    return paragraph("SourceText", content, extra='<w:jc w:val="center"/>')

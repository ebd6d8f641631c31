"""From a `Document` to the bytes of a Word file after GB/T 9704-2012."""

import re

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from zhijia.summaries.docx.appendix import appendix_xml
from zhijia.summaries.docx.body import blocks_xml, head_xml, signature_xml
from zhijia.summaries.docx.markup import Marks, UnsourcedFigureError, cleaned
from zhijia.summaries.docx.model import Document, Source
from zhijia.summaries.docx.package import add_footers, appendix_section, new_package, saved, text_section

__all__ = ["UnsourcedFigureError", "build"]

_OPENABLE = re.compile(r"https?://\S+|/(?![/\\])\S*")


def build(document: Document) -> bytes:
    """The Word file of a document: deterministic, without macros or outside parts.

    Raises `UnsourcedFigureError` for a number whose appendix row is missing or belongs to another figure,
    ValueError for two sources with one row number, a heading level other than 1 to 3, a table without
    a header or with a row longer than it, or a source link that is neither http(s) nor a path.
    """
    marks = Marks(_by_row(document.sources))
    word = new_package(document)
    links = _links(word, document.sources)
    footers = add_footers(word)
    content = (
        head_xml(document)
        + blocks_xml(document.blocks, marks)
        + signature_xml(document, text_section(footers))
        + appendix_xml(document.sources, marks, links)
        + appendix_section(footers)
    )
    body = word.element.body
    body[:] = list(parse_xml(f"<w:body {nsdecls('w', 'r')}>{content}</w:body>"))
    return saved(word)


def _by_row(sources: tuple[Source, ...]) -> dict[int, Source]:
    by_row = {source.row: source for source in sources}
    if len(by_row) != len(sources):
        raise ValueError("two sources have the same row number")
    return by_row


def _links(word: WordDocument, sources: tuple[Source, ...]) -> dict[str, str]:
    """The relationship id of every link; a link may open a page, never a file or a share."""
    links: dict[str, str] = {}
    for source in sources:
        if not source.url or source.url in links:
            continue
        url = cleaned(source.url)
        if not _OPENABLE.fullmatch(url):
            raise ValueError(f"the link of figure {source.key!r} is neither http(s) nor a path")
        links[source.url] = word.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return links

"""The parts around the text: settings, page numbers, properties, and a zip that is the same every time."""

import datetime as dt
import io
import zipfile

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from zhijia.summaries.docx.layout import (
    BOTTOM,
    FOOTER_DISTANCE,
    LEFT,
    LINE_PITCH,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    SIDE_MARGIN,
    TOP,
)
from zhijia.summaries.docx.markup import cleaned, paragraph, text_run
from zhijia.summaries.docx.model import Document
from zhijia.summaries.docx.styles import FONT_TABLE, styles_xml

_KEPT = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_FIRST_PART = "[Content_Types].xml"
_PROPERTY_LIMIT = 255

_SETTINGS = (
    f"<w:settings {nsdecls('w')}>"
    '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
    '<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
    "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


def new_package(document: Document) -> WordDocument:
    """An empty Word document with our styles, settings, fonts and properties and nothing of the template."""
    word = docx.Document()
    for relations, kept in (
        (word.part.package.rels, {RELATIONSHIP_TYPE.CORE_PROPERTIES, RELATIONSHIP_TYPE.OFFICE_DOCUMENT}),
        (word.part.rels, _KEPT),
    ):
        for identity in [key for key, relation in relations.items() if relation.reltype not in kept]:
            del relations[identity]
    _refill(word.styles.element, styles_xml())
    _refill(word.settings.element, _SETTINGS)
    font_table = Part(
        PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, FONT_TABLE.encode(), word.part.package
    )
    word.part.relate_to(font_table, RELATIONSHIP_TYPE.FONT_TABLE)
    _set_properties(word, document)
    return word


def _refill(element: object, xml: str) -> None:
    """Replace the children of a part's root element by those of the given XML."""
    root = parse_xml(xml)
    element[:] = list(root)  # type: ignore[index]  # lxml elements are sequences, but have no type stubs


def _set_properties(word: WordDocument, document: Document) -> None:
    moment = dt.datetime.combine(document.dated, dt.time())
    properties = word.core_properties
    properties.title = cleaned(document.title)[:_PROPERTY_LIMIT]
    properties.author = properties.last_modified_by = cleaned(document.signed_by or document.issuer)[
        :_PROPERTY_LIMIT
    ]
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.language = "zh-CN"
    properties.created = properties.modified = moment
    properties.revision = 1


def add_footers(word: WordDocument) -> str:
    """Page numbers — 1 — to the right on odd pages, to the left on even ones: the section's references."""
    references = ""
    for kind, style in (("default", "FooterOdd"), ("even", "FooterEven")):
        part, identity = word.part.add_footer_part()  # type: ignore[no-untyped-call]  # python-docx left it bare
        field = f'<w:fldSimple w:instr=" PAGE ">{text_run("1")}</w:fldSimple>'
        content = paragraph(style, text_run("— ") + field + text_run(" —"))
        _refill(part.element, f"<w:ftr {nsdecls('w')}>{content}</w:ftr>")
        references += f'<w:footerReference w:type="{kind}" r:id="{identity}"/>'
    return references


def text_section(footers: str) -> str:
    """The section of the text: A4 upright, margins and grid of 22 lines with 28 characters."""
    return (
        f'<w:sectPr>{footers}<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}"'
        f' w:header="851" w:footer="{FOOTER_DISTANCE}" w:gutter="0"/><w:cols w:space="425"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE_PITCH}"/></w:sectPr>'
    )


def appendix_section(footers: str) -> str:
    """The section of the appendix: a new page, A4 across, so that nine columns stay readable."""
    return (
        f'<w:sectPr>{footers}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{PAGE_HEIGHT}" w:h="{PAGE_WIDTH}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{LEFT}" w:right="{SIDE_MARGIN}" w:bottom="{RIGHT}" w:left="{SIDE_MARGIN}"'
        f' w:header="851" w:footer="{SIDE_MARGIN // 2}" w:gutter="0"/><w:cols w:space="425"/></w:sectPr>'
    )


def saved(word: WordDocument) -> bytes:
    """The file, with one date and one order of parts: the same document is the same bytes."""
    first = io.BytesIO()
    word.save(first)
    second = io.BytesIO()
    with zipfile.ZipFile(first) as given, zipfile.ZipFile(second, "w") as fixed:
        for name in sorted(given.namelist(), key=lambda part: (part != _FIRST_PART, part)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            fixed.writestr(entry, given.read(name))
    return second.getvalue()

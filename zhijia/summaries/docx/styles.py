"""The named styles of an official document; an officer restyles the file by changing them in Word.

Fonts are given by name only: 方正小标宋简体 and the GB2312 fonts may not be passed on, and `FONT_TABLE` tells
Word what to take where they are missing.
"""

from dataclasses import dataclass

from docx.oxml.ns import nsdecls

from zhijia.summaries.docx.layout import BODY_POINTS, CLOSER, TITLE_POINTS

LATIN = "Times New Roman"
FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAOSONG, SONGTI = "方正小标宋简体", "宋体"
_STAND_INS = {FANGSONG: "仿宋", KAITI: "楷体", XIAOBIAOSONG: "华文中宋", HEITI: "SimHei", SONGTI: "SimSun"}
RED = "FF0000"
GREY = "7F7F7F"
LINE = 28  # points


@dataclass(frozen=True)
class Style:
    """One paragraph style; sizes in points, indents in characters."""

    identity: str
    name: str
    font: str = FANGSONG
    points: float = BODY_POINTS
    line: float = LINE
    at_least: bool = False
    bold: bool = False
    colour: str = ""
    align: str = "both"
    before: float = 0
    after: float = 0
    first: float = 0
    right: float = 0
    left: float = 0
    outline: int | None = None
    keep_next: bool = False
    on_grid: bool = True
    rule: bool = False


STYLES = (
    Style(
        "IssuerMark",
        "发文机关标志",
        XIAOBIAOSONG,
        44,
        56,
        at_least=True,
        colour=RED,
        align="center",
        before=85,
        on_grid=False,
    ),
    Style("DocumentNumber", "发文字号", align="center", before=LINE),
    Style("RedRule", "红色分隔线", points=4, line=11.5, rule=True, on_grid=False),
    Style("Title", "Title", XIAOBIAOSONG, TITLE_POINTS, 36, align="center", before=2 * LINE, on_grid=False),
    Style("Addressee", "主送机关", align="left", before=LINE),
    Style("Heading1", "heading 1", HEITI, first=2, outline=0, keep_next=True),
    Style("Heading2", "heading 2", KAITI, first=2, outline=1, keep_next=True),
    Style("Heading3", "heading 3", bold=True, first=2, outline=2, keep_next=True),
    Style("BodyText", "Body Text", first=2),
    Style("ListItem", "列项", first=2),
    Style("OfficerNote", "待补提示", first=2),
    Style("TableTitle", "表题", HEITI, 14, align="center", before=8, after=4, keep_next=True),
    Style("TableHeader", "表头", HEITI, 12, 18, at_least=True, align="center", keep_next=True, on_grid=False),
    Style("TableText", "表文", points=12, line=16, at_least=True, align="center", on_grid=False),
    Style(
        "TableNote",
        "表注",
        points=10.5,
        line=18,
        at_least=True,
        align="left",
        before=3,
        after=8,
        on_grid=False,
    ),
    Style("Signature", "署名", align="right", before=2 * LINE, keep_next=True),
    Style("DocumentDate", "成文日期", align="right", right=4),
    Style(
        "AppendixTitle",
        "附表标题",
        XIAOBIAOSONG,
        TITLE_POINTS,
        36,
        align="center",
        after=6,
        outline=0,
        keep_next=True,
        on_grid=False,
    ),
    Style("AppendixNote", "附表说明", points=12, line=20, align="left", after=6, on_grid=False),
    Style("SourceText", "来源表文", points=9, line=13, at_least=True, align="left", on_grid=False),
    Style(
        "SourceHeader",
        "来源表头",
        HEITI,
        10.5,
        16,
        at_least=True,
        align="center",
        keep_next=True,
        on_grid=False,
    ),
    Style("FooterOdd", "页码（单页）", SONGTI, 14, 16, align="right", right=1, on_grid=False),
    Style("FooterEven", "页码（双页）", SONGTI, 14, 16, align="left", left=1, on_grid=False),
)


def fonts(east_asian: str) -> str:
    """A ``w:rFonts``: one Chinese font, Latin letters and digits in Times New Roman."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{east_asian}" w:cs="{LATIN}"/>'


def size(points: float) -> str:
    """Run properties for a size in points."""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def indent(points: float, *, first: float = 0, left: float = 0, right: float = 0) -> str:
    """A ``w:ind`` in characters, with the same length in twips for readers that know no characters."""
    parts = [
        f'w:{name}Chars="{round(chars * 100)}" w:{length}="{round(chars * points * 20)}"'
        for name, length, chars in (
            ("left", "left", left),
            ("right", "right", right),
            ("firstLine", "firstLine", first),
        )
        if chars
    ]
    return f"<w:ind {' '.join(parts)}/>" if parts else ""


def styles_xml() -> str:
    """The whole ``w:styles`` part."""
    normal = Style("Normal", "Normal")
    return (
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANGSONG)}{size(BODY_POINTS)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        f"</w:docDefaults>{_style(normal)}{_FIXED}{''.join(_style(style) for style in STYLES)}</w:styles>"
    )


def _style(style: Style) -> str:
    is_normal = style.identity == "Normal"
    head = "" if is_normal else '<w:basedOn w:val="Normal"/>'
    following = '<w:next w:val="BodyText"/>' if style.outline is not None else ""
    look = fonts(style.font) + ("<w:b/>" if style.bold else "")
    look += f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    # Only text of the body's size is set to the 28 characters of a line.
    look += f'<w:spacing w:val="{CLOSER if style.points == BODY_POINTS else 0}"/>'
    opening = '<w:style w:type="paragraph"' + (' w:default="1"' if is_normal else "")
    return (
        f'{opening} w:styleId="{style.identity}"><w:name w:val="{style.name}"/>{head}{following}<w:qFormat/>'
        f"<w:pPr>{_paragraph_properties(style)}</w:pPr><w:rPr>{look}{size(style.points)}</w:rPr></w:style>"
    )


def _paragraph_properties(style: Style) -> str:
    keep = "<w:keepNext/><w:keepLines/>" if style.keep_next else ""
    rule = (
        f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="0" w:color="{RED}"/></w:pBdr>'
        if style.rule
        else ""
    )
    grid = "" if style.on_grid else '<w:snapToGrid w:val="0"/>'
    spacing = (
        f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}" '
        f'w:line="{round(style.line * 20)}" w:lineRule="{"atLeast" if style.at_least else "exact"}"/>'
    )
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    sides = indent(style.points, first=style.first, left=style.left, right=style.right)
    return (
        f'{keep}<w:widowControl w:val="0"/>{rule}{grid}{spacing}{sides}<w:jc w:val="{style.align}"/>{outline}'
    )


_FIXED = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
)

FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f"<w:fonts {nsdecls('w')}>"
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in _STAND_INS.items()
    )
    + f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)
"""The font table part: what to use where a font of the standard is not installed."""

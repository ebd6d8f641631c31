"""The Word file: its layout after GB/T 9704-2012, its anchors, and that it is the same every time."""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from zhijia.summaries.docx.body import chinese_number
from zhijia.summaries.docx.build import UnsourcedFigureError, build
from zhijia.summaries.docx.layout import balanced_lines, column_widths, text_width
from zhijia.summaries.docx.model import Document, FigureRun, Heading, ListItems, Paragraph, Source, Table
from zhijia.summaries.docx.read import UnreadableDocumentError, anchors, plain_text

TWIP_PER_MM = 1440 / 25.4


def source(row, key="aid.times", **changes):
    url = f"https://zhijia.example/figures/{key}?row={row}&period=2026"
    texts = ("慰问人次", "已发放的慰问记录", "海滨县教育工会", "2026年", "1,234人次", "36条", "2026-12-20")
    return dataclasses.replace(Source(row, key, *texts, url), **changes)


def document(*blocks, sources=(), **changes):
    head = ("海滨县教育工会文件", "海教工发〔2026〕1号", "2026年度工作总结", "海滨县总工会")
    given = Document(*head, blocks, tuple(sources), "海滨县教育工会", dt.date(2026, 12, 5))
    return dataclasses.replace(given, **changes)


def full_document():
    times, money = FigureRun("1,234", "aid.times", 1), FigureRun("56.78", "aid.money", 2)
    return document(
        Heading(1, "帮扶"),
        Paragraph(("慰问", times, "人次，发放", money, "万元，“金秋助学”另计。")),
        ListItems((("慰问", times, "人次；"), ("其他。",))),
        Table("慰问情况", ("单位", "人次"), (("一中", times), ("合计", "1,234")), "按发放日期。"),
        Paragraph(("本期无记录",), marked=True),
        sources=(source(1), source(2, "aid.money", label="慰问金额")),
    )


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def body_of(data):
    return docx.Document(io.BytesIO(data)).element.body


def paragraphs_with(data, text):
    return [p for p in body_of(data).iter(qn("w:p")) if text in "".join(t.text for t in p.iter(qn("w:t")))]


def saved(opened):
    data = io.BytesIO()
    opened.save(data)
    return data.getvalue()


def style_xml(data, identity):
    styles = parts(data)["word/styles.xml"]
    return re.search(rf'<w:style [^>]*w:styleId="{identity}">.*?</w:style>', styles, re.DOTALL)[0]


def test_it_keeps_the_page_and_margins_of_the_standard():
    section = docx.Document(io.BytesIO(build(full_document()))).sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm, 1) for margin in margins] == pytest.approx([37, 28, 26, 35], abs=0.1)


def test_it_sets_the_body_in_fangsong_16_points_on_28_point_lines_with_two_characters_indent():
    data = build(full_document())
    text = style_xml(data, "BodyText")
    assert 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312"' in text
    assert '<w:sz w:val="32"/>' in text
    assert 'w:line="560" w:lineRule="exact"' in text
    assert 'w:firstLineChars="200"' in text


def test_it_fits_28_characters_on_a_line_and_22_lines_on_a_page():
    data = build(full_document())
    section = parts(data)["word/document.xml"]
    pitch = int(re.search(r'w:linePitch="(\d+)"', section)[1])
    closer = int(re.search(r'<w:spacing w:val="(-?\d+)"/>', style_xml(data, "BodyText"))[1])
    print_width, print_height = 156 * TWIP_PER_MM, 225 * TWIP_PER_MM
    assert 28 * (320 + closer) <= print_width < 29 * (320 + closer)
    assert print_height // pitch == print_height // 560 == 22


@pytest.mark.parametrize(
    ("identity", "font", "extra"),
    [
        ("Title", "方正小标宋简体", '<w:sz w:val="44"/>'),
        ("Heading1", "黑体", '<w:outlineLvl w:val="0"/>'),
        ("Heading2", "楷体_GB2312", "<w:keepNext/>"),
        ("Heading3", "仿宋_GB2312", "<w:b/>"),
    ],
)
def test_it_gives_title_and_headings_their_fonts(identity, font, extra):
    style = style_xml(build(full_document()), identity)
    assert f'w:eastAsia="{font}"' in style
    assert extra in style


def test_it_numbers_headings_by_counting():
    levels = [1, 2, 3, 3, 2, 3, 1, 2]
    text = plain_text(build(document(*(Heading(level, "工作") for level in levels))))
    found = [line.removesuffix("工作") for line in text.split("\n") if line.endswith("工作")]
    assert found == ["一、", "（一）", "1.", "2.", "（二）", "1.", "二、", "（一）"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_it_counts_in_chinese(number, text):
    assert chinese_number(number) == text


def test_it_refuses_a_heading_of_level_four():
    with pytest.raises(ValueError, match="level"):
        build(document(Heading(4, "太深")))


def test_it_numbers_each_list_from_one():
    text = plain_text(build(document(ListItems((("甲",), ("乙",))), ListItems((("丙",),)))))
    assert "（1）甲\n（2）乙\n（1）丙" in text


def test_it_prints_the_red_head_only_when_there_is_an_issuer_or_a_number():
    assert paragraphs_with(build(document()), "海教工发〔2026〕1号")
    assert 'w:val="RedRule"' in parts(build(document(number="")))["word/document.xml"]
    bare = parts(build(document(issuer="", number="")))["word/document.xml"]
    assert re.search("RedRule|IssuerMark", bare) is None


def test_it_sets_the_date_four_characters_in_and_the_addressee_flush_left():
    data = build(document(addressee="海滨县总工会："))
    assert paragraphs_with(data, "2026年12月5日")
    assert 'w:rightChars="400"' in style_xml(data, "DocumentDate")
    assert "w:firstLine" not in style_xml(data, "Addressee")
    assert "海滨县总工会：\n" in plain_text(data)


def test_it_puts_page_numbers_right_on_odd_and_left_on_even_pages():
    files = parts(build(full_document()))
    assert "<w:evenAndOddHeaders/>" in files["word/settings.xml"]
    for number, style, side in ((1, "FooterOdd", "right"), (2, "FooterEven", "left")):
        footer = files[f"word/footer{number}.xml"]
        assert all(piece in footer for piece in (style, "— ", "PAGE", " —"))
        assert f'<w:jc w:val="{side}"/>' in style_xml(build(full_document()), style)


def test_it_ties_the_signature_to_the_end_of_the_text():
    (last,) = paragraphs_with(build(full_document()), "本期无记录")
    assert last.find(qn("w:pPr")).find(qn("w:keepNext")) is not None


def test_it_repeats_the_header_row_and_cuts_no_row():
    rows = tuple((f"第{number}小学", "9,999.00") for number in range(40))
    table = body_of(build(document(Table("明细", ("单位", "金额（元）"), rows)))).find(qn("w:tbl"))
    lines = table.findall(qn("w:tr"))
    assert len(lines) == 41
    assert [line.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for line in lines] == [True] + [
        False
    ] * 40
    assert all(line.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for line in lines)


def test_it_fits_the_columns_to_the_print_area_and_keeps_numbers_whole():
    texts = [["单位", *["慰问金额（元）"] * 6], ["海滨县第一实验学校工会委员会", *["1,234,567.00"] * 6]]
    widths, points = column_widths(texts, 8845)
    assert sum(widths) == 8845
    assert all(width - 120 >= text_width("1,234,567.00") * points * 20 for width in widths[1:])


def test_it_fills_short_rows_and_refuses_long_ones():
    assert build(document(Table("表", ("甲", "乙"), (("一",),))))
    with pytest.raises(ValueError, match="cells"):
        build(document(Table("表", ("甲",), (("一", "二"),))))


@pytest.mark.parametrize(
    "title", ["海滨县教育工会关于2026年度工会工作情况和2027年重点工作安排的总结报告", "长" * 70]
)
def test_it_balances_long_titles(title):
    lines = balanced_lines(title)
    assert "".join(lines) == title
    assert len(lines) > 1
    assert max(map(text_width, lines)) <= 20
    assert min(map(text_width, lines)) >= max(map(text_width, lines)) / 2
    assert not any(line[0] in "年度的" for line in lines[1:])
    assert title in plain_text(build(document(title=title)))


def test_it_finds_every_number_again_with_its_key_and_paragraph():
    data = build(full_document())
    found = anchors(data)
    times = ("aid.times", 1, "1,234")
    expected = [times, ("aid.money", 2, "56.78"), times, times]
    assert [(anchor.key, anchor.row, anchor.text) for anchor in found] == expected
    lines = plain_text(data).split("\n")
    assert lines[found[1].paragraph] == "慰问1,234人次，发放56.78万元，“金秋助学”另计。"
    assert [lines[anchor.paragraph] for anchor in found[2:]] == ["（1）慰问1,234人次；", "1,234"]


def test_it_names_bookmarks_uniquely_and_points_each_link_to_a_row():
    xml = parts(build(full_document()))["word/document.xml"]
    names = re.findall(r'bookmarkStart w:id="\d+" w:name="(\w+)"', xml)
    identities = re.findall(r'bookmarkStart w:id="(\d+)"', xml)
    assert len(set(names)) == len(names) == len(set(identities))
    assert [name for name in names if name.startswith("fig_")] == ["fig_1_1", "fig_2_1", "fig_1_2", "fig_1_3"]
    assert set(re.findall(r'w:anchor="(\w+)"', xml)) <= set(names)
    assert all(len(name) <= 40 for name in names)


def test_it_shows_numbers_without_any_link_styling():
    xml = parts(build(full_document()))["word/document.xml"]
    links = re.findall(r'<w:hyperlink w:anchor="src_.*?</w:hyperlink>', xml, re.DOTALL)
    assert len(links) == 4
    assert not any("<w:color" in link or "<w:u " in link or "rStyle" in link for link in links)


def test_it_reads_what_an_editor_changed_and_still_knows_the_key():
    opened = docx.Document(io.BytesIO(build(full_document())))
    figure = next(t for t in opened.element.body.iter(qn("w:t")) if t.text == "56.78")
    figure.text = "57"
    assert [(anchor.key, anchor.text) for anchor in anchors(saved(opened))][1] == ("aid.money", "57")


def test_it_finds_a_number_by_its_link_when_the_bookmark_is_gone():
    opened = docx.Document(io.BytesIO(build(full_document())))
    for mark in list(opened.element.body.iter(qn("w:bookmarkStart"))):
        if mark.get(qn("w:name")).startswith("fig_"):
            mark.getparent().remove(mark)
    assert anchors(saved(opened)) == anchors(build(full_document()))


def test_it_says_when_the_appendix_row_was_removed():
    opened = docx.Document(io.BytesIO(build(full_document())))
    opened.element.body.remove(opened.element.body.findall(qn("w:tbl"))[-1])
    assert [(anchor.key, anchor.row) for anchor in anchors(saved(opened))][:2] == [("", 1), ("", 2)]


def test_it_leaves_out_text_struck_by_change_tracking():
    data = parts(build(document(Paragraph(("慰问10人",)))))
    deleted = '<w:del w:id="900" w:author="a"><w:r><w:delText>10人</w:delText></w:r></w:del>'
    struck = data["word/document.xml"].replace("10人</w:t></w:r>", "</w:t></w:r>" + deleted)
    assert struck != data["word/document.xml"]
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(rebuilt, "w") as archive:
        for name, text in {**data, "word/document.xml": struck}.items():
            archive.writestr(name, text)
    assert "\n慰问\n" in plain_text(rebuilt.getvalue())


@pytest.mark.parametrize("row_and_key", [(9, "aid.times"), (1, "aid.money")])
def test_it_refuses_a_number_without_its_source(row_and_key):
    row, key = row_and_key
    with pytest.raises(UnsourcedFigureError):
        build(document(Paragraph((FigureRun("1", key, row),)), sources=(source(1),)))


def test_it_refuses_two_sources_with_one_number():
    with pytest.raises(ValueError, match="same row"):
        build(document(sources=(source(1), source(1, "aid.money"))))


@pytest.mark.parametrize("data", [b"", b"PK nonsense", b"x" * 1000])
def test_it_refuses_to_read_what_is_no_word_file(data):
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", data)
    for given in (data, other.getvalue()):
        with pytest.raises(UnreadableDocumentError):
            anchors(given)


def test_it_lists_every_source_with_all_it_knows_and_a_link_to_the_rows():
    given = source(1, url="https://zhijia.example/f?a=1&b=2")
    data = build(document(sources=(given,)))
    text = plain_text(data).partition("数据来源")[2]
    shown = dataclasses.asdict(given)
    del shown["url"]
    for value in shown.values():
        assert f"\n{value}\n" in text
    assert 'Target="https://zhijia.example/f?a=1&amp;b=2"' in parts(data)["word/_rels/document.xml.rels"]
    assert "数据来源" not in plain_text(data, appendix=False)


def test_it_says_so_when_there_are_no_sources():
    data = build(document(Paragraph(("全年工作平稳。",))))
    assert "数据来源\n本文没有引用系统数据" in plain_text(data)
    assert anchors(data) == []


def test_it_puts_the_appendix_on_a_page_across():
    sections = docx.Document(io.BytesIO(build(full_document()))).sections
    assert len(sections) == 2
    assert sections[1].page_width > sections[1].page_height


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "//share/x", r"\\share\x", "https://"]
)
def test_it_refuses_links_that_open_no_page(url):
    with pytest.raises(ValueError, match="link"):
        build(document(sources=(source(1, url=url),)))


def test_it_refers_to_nothing_outside_but_the_source_links():
    files = parts(build(full_document()))
    outside = re.findall(r'Target="([^"]*)" TargetMode="External"', "".join(files.values()))
    assert sorted(outside) == [
        source(2, "aid.money").url.replace("&", "&amp;"),
        source(1).url.replace("&", "&amp;"),
    ]
    assert not any(name.endswith((".bin", ".jpeg")) or "customXml" in name for name in files)


def test_it_shows_officers_notes_highlighted_in_brackets():
    data = build(document(Paragraph(("本期无记录",), marked=True), Paragraph(("【待补】",), marked=True)))
    (note,) = paragraphs_with(data, "【本期无记录】")
    assert all(run.find(qn("w:rPr")).find(qn("w:highlight")) is not None for run in note.iter(qn("w:r")))
    assert "\n【待补】\n" in plain_text(data)


def test_it_removes_characters_xml_cannot_hold():
    bad = "\x00\x08\x0b\x1f\ufffe\ud800"
    data = build(
        document(
            Heading(1, f"帮{bad}扶"),
            Paragraph((f"慰{bad}问", FigureRun(f"1{bad}0", "aid.times", 1), "<人> & 次")),
            sources=(source(1, label=f"人{bad}次"),),
            title=f"总{bad}结",
            signed_by=f"工{bad}会",
        )
    )
    text = plain_text(data)
    for shown in ("总结", "一、帮扶", "慰问10<人> & 次", "人次", "工会"):
        assert f"\n{shown}\n" in text


def test_it_survives_empty_and_odd_texts():
    empty = document(
        Paragraph(("",)), ListItems(()), Table("", ("甲",), ()), title="", issuer="\x00", signed_by=""
    )
    assert plain_text(build(empty)).count("2026年12月5日") == 1
    assert plain_text(build(document(title="总结" + " " * 80 + "报告"))).count("总结") == 1


def test_it_keeps_a_line_break_without_joining_numbers():
    assert "\n甲乙1 2\n" in plain_text(build(document(Paragraph(("甲\n乙1\n2",)))))


def test_it_writes_the_same_bytes_in_another_process():
    script = (
        "import hashlib; from zhijia.summaries.tests.test_docx import build, full_document;"
        "print(hashlib.sha256(build(full_document())).hexdigest())"
    )
    digests = {hashlib.sha256(build(full_document())).hexdigest()}
    for seed in ("1", "4242"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_it_stamps_the_file_with_the_date_of_the_document():
    properties = docx.Document(io.BytesIO(build(full_document()))).core_properties
    assert properties.created.date() == properties.modified.date() == dt.date(2026, 12, 5)
    assert properties.author == "海滨县教育工会"


def test_it_builds_forty_pages_with_150_numbers():
    sources = [source(row, f"aid.times_{row}") for row in range(1, 151)]
    blocks = [
        Paragraph(("全年走访慰问困难职工，" * 9, FigureRun("1,234", given.key, given.row), "人次。"))
        for given in sources
    ]
    data = build(document(*blocks, sources=sources))
    assert len(anchors(data)) == 150

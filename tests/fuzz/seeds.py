"""Honest files to start from, and the bombs and disguises that the gates must know."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import xlsxwriter
from PIL import Image

from zhijia.kit.tests.toys import identity_number

HEAD = ("姓名", "证件号码", "所属工会", "入会日期")
ROW = ("测试甲", identity_number(), "S1", "2024-03-05")
CAMERA = "CANARYCAM"
PLACE = (30.0, 15.0, 50.0)
MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def picture(kind="JPEG", size=(48, 32), *, with_place=True):
    """A photograph as a telephone takes it: camera, place, comment."""
    image = Image.effect_noise(size, 60).convert("RGB")
    target = io.BytesIO()
    more = {}
    if with_place:
        exif = Image.Exif()
        exif[0x0110] = CAMERA
        exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: PLACE})
        more["exif"] = exif
    if kind == "JPEG":
        more["comment"] = CAMERA.encode()
    image.save(target, kind, **more)
    return target.getvalue()


def animation():
    """A moving PNG of two frames."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    return target.getvalue()


def png(width, height, *, bits=1, colour=0, rows=None):
    """A PNG written by hand: its header may promise more than there is (``rows`` of zeros)."""
    line = b"\0" * (1 + (width * bits + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(line) for _ in range(height if rows is None else rows)) + packer.flush()

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(extra=b"", stream=b""):
    """A page without words; ``extra`` joins the catalogue, ``stream`` is an object of its own."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>\nendobj\n"
        + stream
        + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def hidden_script():
    """A PDF whose script stands in a packed object stream."""
    body = zlib.compress(b"4 0 << /S /JavaScript /JS (app.alert(1)) >>")
    head = b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\n" % len(body)
    return pdf(stream=head + b"stream\n" + body + b"\nendstream\nendobj\n")


def word():
    """A letter."""
    target = io.BytesIO()
    page = docx.Document()
    page.add_paragraph("情况说明")
    page.save(target)
    return target.getvalue()


def book(*rows, sheet="会员"):
    """A roster as a clerk sends it."""
    target = io.BytesIO()
    work = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    page = work.add_worksheet(sheet)
    for number, row in enumerate((HEAD, *(rows or (ROW,)))):
        page.write_row(number, 0, row)
    work.close()
    return target.getvalue()


def table(encoding="utf-8-sig"):
    """The same roster as text."""
    return "\r\n".join(",".join(row) for row in (HEAD, ROW)).encode(encoding)


def repacked(data, change, *, packing=zipfile.ZIP_DEFLATED):
    """A zip with parts changed (a callable gets the old bytes), added, or left out (None)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", packing) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, value in change.items():
            parts[name] = value(parts.get(name, b"")) if callable(value) else value
        for name, value in parts.items():
            if value is not None:
                new.writestr(name, value)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def lying(data):
    """A zip whose headers say that its sheet is small, while it unpacks to 64 MB."""
    packed = bytearray(repacked(data, {SHEET: lambda old: old + b" " * (64 << 20)}))
    with zipfile.ZipFile(io.BytesIO(packed)) as there:
        part = there.getinfo(SHEET)
        size = struct.pack("<I", part.file_size)
    for place in (at for at in range(len(packed) - 4) if packed[at : at + 4] == size):
        packed[place : place + 4] = struct.pack("<I", 500)
    return bytes(packed)


def with_entity(old):
    """An XML part that defines an entity and uses it."""
    head, mark, rest = old.partition(b"?>")
    return head + mark + b'<!DOCTYPE x [<!ENTITY a "' + b"lol" * 1000 + b'">]>' + rest


def in_gbk(old):
    """An XML part that says it is written in GBK."""
    assert b"UTF-8" in old
    return old.replace(b"UTF-8", b"GBK", 1)


def in_gbk_far_away(old):
    """The same behind more blanks than anyone looks through."""
    return old.replace(b' encoding="UTF-8"', b" " * 900 + b'encoding="GBK"', 1)


def linked(old):
    """Relations with a template that is fetched from elsewhere."""
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://example.invalid/x.dotm" TargetMode="External"/></Relationships>'
    )
    return old.replace(b"</Relationships>", link)


def encrypted():
    """What Excel makes of a workbook with a password."""
    return MACROS + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def far_cell(old):
    """A sheet whose last cell is as far away as a cell can be."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return old.replace(b"</sheetData>", cell)


def honest():
    """Every kind of honest file, by a name with its ending."""
    return {
        "a.jpg": picture(),
        "b.png": picture("PNG"),
        "c.pdf": pdf(),
        "d.docx": word(),
        "e.xlsx": book(),
        "f.csv": table(),
        "g.csv": table("gb18030"),
    }


def bad_books():
    """Ledgers that must be refused, and a word of the reason."""
    good = book()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as nest:
        nest.writestr("inner.zip", good)
    return {
        "ratio.xlsx": (repacked(good, {"xl/media/x.xml": b" " * (25 << 20)}), "解压后过大"),
        "lying.xlsx": (lying(good), "损坏"),
        "entities.xlsx": (repacked(good, {SHEET: with_entity}), "XML 实体"),
        "coding.xlsx": (repacked(good, {"xl/_rels/workbook.xml.rels": in_gbk}), "XML 编码不是 UTF-8"),
        "far_coding.xlsx": (repacked(good, {SHEET: in_gbk_far_away}), "XML 编码不是 UTF-8"),
        "no_xml.xlsx": (repacked(good, {SHEET: b"\x4c\x6f\xa7\x94"}), "XML 编码不是 UTF-8"),
        "links.xlsx": (repacked(good, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "链接到其他文件"),
        "nested.xlsx": (zipped.getvalue(), "不是 Excel"),
        "password.xlsx": (encrypted(), "取消密码"),
        "far.xlsx": (repacked(good, {SHEET: far_cell}), "XFD1048576"),
        "page.xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        "letter.xlsx": (word(), "不是 Excel"),
        "empty.xlsx": (b"", "空的"),
        "mixed.csv": ("姓名\n测试甲乙\n".encode() + b"\xff\xfe\xfa\n" * 3, "无法识别编码"),
        "long.csv": ("\n".join(["姓名", *["测试"] * 60_000]).encode("gb18030"), "超出上限"),
    }


def bad_attachments():
    """Files that must not be attached, and a word of the reason."""
    good = book()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return {
        "big.png": (png(20_000, 20_000), "图片过大"),
        "promise.png": (png(60_000, 60_000, bits=8, colour=2, rows=1), "图片过大"),
        "cut.jpg": (picture()[:400], "图片已损坏"),
        "svg.png": (svg, "与扩展名"),
        "svg.svg": (svg, "仅支持"),
        "page.jpg": (b"<!doctype html><script>alert(1)</script>", "与扩展名"),
        "page.html": (b"<!doctype html>", "仅支持"),
        "program.jpg": (b"MZ" + b"\0" * 500, "与扩展名"),
        "png.jpg": (picture("PNG"), "与扩展名"),
        "script.pdf": (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "脚本"),
        "spelt.pdf": (pdf(b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>"), "脚本"),
        "launch.pdf": (pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "脚本"),
        "carrier.pdf": (pdf(b"/Names << /EmbeddedFiles << >> >>"), "脚本"),
        "packed.pdf": (hidden_script(), "脚本"),
        "locked.pdf": (pdf(b"/Encrypt 9 0 R"), "已加密"),
        "tail.pdf": (pdf() + good, "结尾之后"),
        "macro.docx": (repacked(word(), {"word/vbaProject.bin": b"x"}), "宏"),
        "carrier.docx": (repacked(word(), {"word/embeddings/a.bin": MACROS}), "宏"),
        "template.docx": (repacked(word(), {"word/_rels/document.xml.rels": linked}), "从别处取用"),
        "zip.docx": (repacked(word(), {"word/document.xml": None}), "压缩包"),
        "ratio.docx": (repacked(word(), {"word/media/x.xml": b" " * (25 << 20)}), "解压后过大"),
        "entities.docx": (repacked(word(), {"word/document.xml": with_entity}), "XML 实体"),
        "nested.xlsx": (repacked(good, {"xl/media/inner.zip": good}), "其他文件"),
        "password.xlsx": (encrypted(), "与扩展名"),
        "empty.pdf": (b"", "空的"),
        "heavy.pdf": (pdf() + b"\n" * (10 << 20), "10 MB"),
    }


NAMES = (
    "../../x.jpg",
    "..\\..\\x.jpg",
    "a\0b.jpg",
    "长" * 300 + ".jpg",
    "CON.jpg",
    "会\u202egpj.员.jpg",
)

"""Looks a PDF through for what acts by itself: programs, launches, embedded files, forms that send.

Its bytes and its object streams are searched for names, which may be written with hex signs
(``/J#61vaScript``). An object stream under an unusual filter stays unseen: these files are only ever sent as
downloads.
"""

from __future__ import annotations

import re
import zlib

from django.utils.translation import gettext as _

from zhijia.kit.attachments.refusal import AttachmentRefusedError

HEAD, TAIL = b"%PDF-", b"%%EOF"
MOST_STREAMS = 2_000
MOST_UNPACKED = 64 * 2**20
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME = re.compile(rb"/[^\s()<>\[\]{}/%]*#[^\s()<>\[\]{}/%]*")
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 600  # signs before a stream in which its dictionary stands
# Name → what it is called; each is written in full wherever the thing works at all.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z0-9])"
)
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")


def check(data: bytes) -> None:
    """Let a PDF pass or raise AttachmentRefusedError."""
    if data.rpartition(TAIL)[2].strip(b"\0\r\n\t ") or TAIL not in data:
        raise AttachmentRefusedError(_("PDF 不完整，或结尾之后还有别的内容。请重新导出或打印为 PDF 后上传。"))
    if _ENCRYPTED.search(data):
        raise AttachmentRefusedError(_("PDF 已加密，无法检查内容。请取消密码后重新上传。"))
    for text in (data, *_object_streams(data)):
        if ACTIVE.search(_NAME.sub(_spelt, text)):
            raise AttachmentRefusedError(
                _("PDF 含脚本、启动命令、嵌入文件或提交表单，不能保存。请用“打印为 PDF”另存一份后上传。")
            )


def _spelt(name: re.Match[bytes]) -> bytes:
    """Return a name without its hex signs."""
    return _HEX.sub(lambda sign: bytes((int(sign[1], 16),)), name[0])


def _object_streams(data: bytes) -> list[bytes]:
    """Unpack the streams that hold objects; there may only be so many, and so much in them."""
    found: list[bytes] = []
    unpacked = 0
    for start in _STREAM.finditer(data):
        about = data[max(0, start.start() - _DICTIONARY) : start.start()].rpartition(b"obj")[2]
        if b"ObjStm" not in _NAME.sub(_spelt, about):
            continue
        try:
            text = zlib.decompressobj().decompress(data[start.end() :], MOST_UNPACKED)
        except zlib.error:
            continue
        unpacked += len(text)
        found.append(text)
        if len(found) > MOST_STREAMS or unpacked >= MOST_UNPACKED:
            raise AttachmentRefusedError(_("PDF 结构过于复杂，无法检查。请用“打印为 PDF”另存一份后上传。"))
    return found

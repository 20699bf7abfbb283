"""Decoding: the encoding is found from the bytes; what is no text is refused with the place."""

from __future__ import annotations

import codecs

import pytest

from transforms.text.charset import DecodeError, decode

_SIMPLIFIED = "本报记者从会议上了解到，今年前三季度的进出口总额比去年同期增长了百分之五点三。"
_TRADITIONAL = "記者從會議上瞭解到，今年前三季的進出口總額比去年同期增加了百分之五點三。"
_JAPANESE = "会議での発表によると、今年の輸出入の総額は昨年の同じ時期より増えました。"
_KOREAN = "회의에서 발표된 바에 따르면 올해 수출입 총액은 작년 같은 기간보다 늘었습니다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_SIMPLIFIED, "utf-8"),
        (_SIMPLIFIED, "gb18030"),
        (_TRADITIONAL, "gb18030"),
        (_TRADITIONAL, "big5hkscs"),
        (_JAPANESE, "cp932"),
        (_JAPANESE, "euc_jp"),
        (_KOREAN, "cp949"),
        (_SIMPLIFIED, "utf-16-le"),
        (_TRADITIONAL, "utf-16-be"),
        ("first line\nsecond line\n", "utf-16-le"),
        ("Le café où l'été s'achève, déjà.", "cp1252"),
        ("plain", "utf-8"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + _SIMPLIFIED.encode(encoding))
    assert (decoded.text, decoded.encoding) == (_SIMPLIFIED, encoding)
    assert decoded.evidence == {"why": "bom"}


def test_a_declaration_decides_where_the_bytes_do_not() -> None:
    text = "中文"
    page = '<html><head><meta charset="{}"></head><body>{}</body></html>'
    for label, codec in (("gb2312", "gb18030"), ("Big5", "big5hkscs")):
        data = page.format(label, text).encode(codec)
        assert (decode(data).encoding, text in decode(data).text) == (codec, True)


def test_a_declaration_that_lies_is_overruled() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">{_SIMPLIFIED}'
    assert decode(page.encode("utf-8")).encoding == "utf-8"
    assert decode(page.replace("gb2312", "big5").encode("gb18030")).encoding == "gb18030"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty: 0 bytes"),
        (b" \n\t\r\n", "empty: no text in it"),
        (b"\x00\x00\x00", "empty: no text in it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary: byte 0x1a at offset 6"),
        (b"abc\x00def", "binary: byte 0x00 at offset 3"),
        (_SIMPLIFIED.encode()[:-1], r"invalid UTF-8: unexpected end of data at offset 114"),
        (_SIMPLIFIED.encode() + b"\xff.", r"invalid UTF-8: invalid start byte at offset 117"),
        (b"\xc3(", r"not text: not UTF-8 \(invalid continuation byte at offset 0\)"),
        (codecs.BOM_UTF16_LE + b"\x00", "marked as utf-16-le, but truncated data at offset 0"),
    ],
)
def test_what_is_no_text_is_refused_with_the_place(data: bytes, message: str) -> None:
    with pytest.raises(DecodeError, match=message):
        decode(data)

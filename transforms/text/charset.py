"""Decode: raw bytes to text, with the evidence for the encoding chosen.

In this order: a byte order mark; UTF-8 where the bytes are valid UTF-8 (other
encodings almost never are); then the declared encoding, the East Asian ones and
UTF-16 without a mark, each of which must decode every byte, by how plausible
the characters are that come out. The comparison is needed because nearly every
pair of bytes is a character of some kind in GB18030, Big5, Shift-JIS, EUC-KR
and UTF-16 alike.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from transforms.text.edits import Evidence


class DecodeError(ValueError):
    """Bytes that are not text in any encoding that is tried; the message names the place."""


@dataclass(frozen=True, slots=True)
class CharsetSettings:
    """How bytes are decoded."""

    # Fewer bytes than this are UTF-16 by chance.
    min_utf16_bytes: int = 8
    # A declaration is trusted only in the head of a page: HTML requires it in the first 1024.
    declaration_bytes: int = 1024
    # Lines of real text in the right encoding score 0.86 and more (encyclopaedia, news, Japanese,
    # Korean; lines of 30+ characters); random bytes score below 0.6 in every encoding.
    min_plausibility: float = 0.7
    # Chinese prose has no kana to speak of, Japanese a third and more: text with this share of
    # kana is Japanese, and GB 2312 and EUC-JP have the kana in the same place.
    japanese_kana_share: float = 0.15
    # A declared encoding wins unless another reads clearly better: declarations lie less
    # often than short texts mislead.
    declared_bonus: float = 0.1
    # Characters looked at to choose; more do not change the choice.
    sample_characters: int = 4000
    # UTF-8 with this share of its multi-byte sequences intact is damaged UTF-8, not GB18030.
    damaged_utf8_share: float = 0.8


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in (a Python codec name) and why that one."""

    text: str
    encoding: str
    evidence: Evidence


_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What a label means on the Web (WHATWG Encoding Standard): the superset that pages really use.
_LABELS: Mapping[str, str] = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "utf-16": "utf-16-le",
}
_LEGACY = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_KOREAN_TOO = ("cp949", "utf-16-le", "utf-16-be")
_UTF16 = ("utf-16-le", "utf-16-be")
_DECLARATION = re.compile(
    rb"<meta[^<>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([\w:-]{2,30})"
    rb"|<\?xml[^<>]{0,100}?encoding\s{0,4}=\s{0,4}[\"']([\w:-]{2,30})",
    re.IGNORECASE,
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xf0-\xf4][\x80-\xbf]{3}"
)
# Accented letters stand alone or in pairs; the rest are bytes that windows-1252 leaves open.
_NOT_WESTERN = re.compile(rb"[\x80-\xff]{3}|[\x81\x8d\x8f\x90\x9d]|^[^A-Za-z]*$")
_HIGH = re.compile(rb"[\x80-\xff]")
# What stands in files that are no text: C0 controls other than TAB, LF, VT, FF, CR, ESC.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(
    data: bytes, declared: str | None = None, settings: CharsetSettings = CharsetSettings()
) -> Decoded:
    """The text of `data`.

    Args:
      data: a whole file or record.
      declared: the encoding that a header outside the bytes names, if any.
      settings: thresholds.

    Raises:
      DecodeError: the data is empty, binary, or in no encoding that is tried.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise DecodeError("empty: no text in it" if data else "empty: 0 bytes")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data[len(mark) :], encoding), encoding, {"why": "bom"})
    binary = _BINARY.search(data)
    invalid = ""
    if not binary:
        try:
            return Decoded(data.decode("utf-8"), "utf-8", {"why": "valid"})
        except UnicodeDecodeError as error:
            invalid = f"{error.reason} at offset {error.start}"
            _refuse_damaged_utf8(data, invalid, settings)
    # UTF-16 is full of bytes that stand for control characters elsewhere.
    legacy = () if binary else _LEGACY
    decoded = _most_plausible(data, _declared(data, declared, settings), legacy, settings)
    if decoded:
        return decoded
    if not binary and _is_western(data):
        return Decoded(data.decode("cp1252"), "cp1252", {"why": "lone letters"})
    if binary:
        raise DecodeError(f"binary: byte 0x{binary[0][0]:02x} at offset {binary.start()}")
    raise DecodeError(f"not text: not UTF-8 ({invalid}), nor {', '.join(_LEGACY)}")


def _refuse_damaged_utf8(data: bytes, invalid: str, settings: CharsetSettings) -> None:
    high = len(_HIGH.findall(data))
    intact = sum(map(len, _MULTIBYTE.findall(data)))
    if intact > high * settings.damaged_utf8_share:
        raise DecodeError(
            f"invalid UTF-8: {invalid} ({intact} of {high} non-ASCII bytes are valid UTF-8)"
        )


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"marked as {encoding}, but {error.reason} at offset {error.start}"
        ) from error


def _declared(data: bytes, header: str | None, settings: CharsetSettings) -> str | None:
    match = _DECLARATION.search(data[: settings.declaration_bytes])
    label = header or (match and (match[1] or match[2]).decode("ascii")) or ""
    return _LABELS.get(label.strip().lower())


def _is_western(data: bytes) -> bool:
    """Whether every non-ASCII byte is a single letter or sign of windows-1252 amid ASCII ones."""
    return not _NOT_WESTERN.search(data)


def _most_plausible(
    data: bytes, declared: str | None, legacy: tuple[str, ...], settings: CharsetSettings
) -> Decoded | None:
    best: tuple[float, str, str] | None = None
    scores: dict[str, float] = {}
    unmarked = _UTF16 if len(data) % 2 == 0 and len(data) >= settings.min_utf16_bytes else ()
    for encoding in dict.fromkeys((*((declared,) if declared else ()), *legacy, *unmarked)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            continue
        score = _plausibility(text, encoding, settings)
        if encoding == declared:
            score += settings.declared_bonus
        scores[encoding] = round(score, 3)
        if best is None or score > best[0]:
            best = (score, encoding, text)
    if best is None or best[0] < settings.min_plausibility:
        return None
    _, encoding, text = best
    why = "declared" if encoding == declared else "characters"
    return Decoded(text, encoding, {"why": why, **{f"score_{k}": v for k, v in scores.items()}})


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The everyday characters of each script: level 1 of GB 2312, Big5, JIS X 0208; Hangul; signs.

    The standards put the characters in daily use on level 1 and the rare ones
    on level 2, which is what wrongly decoded text is full of.
    """
    planes = (
        ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
        ("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
        ("euc_jp", range(0xA4, 0xA6), range(0xA1, 0xFF)),  # kana
        ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),  # Hangul
    )
    common = set("　、。，；：？！“”‘’「」『』（）《》〈〉【】—…·～％")
    for encoding, leads, trails in planes:
        for lead in leads:
            for trail in trails:
                common.update(bytes((lead, trail)).decode(encoding, "ignore"))
    return frozenset(common)


def _plausibility(text: str, encoding: str, settings: CharsetSettings) -> float:
    """How much `text` looks like text of one language in `encoding`, 0 to 1.

    The share of everyday characters among the non-ASCII ones, less the share
    that does not go together: Hangul with Han, kana in a Chinese encoding.
    """
    sample = text[: settings.sample_characters]
    others = [c for c in sample if c > "\x7f"]
    if not others:
        # Only UTF-16 gets here with ASCII alone.
        return float(sample.isprintable() or not _BINARY.search(sample.encode()))
    common = _common()
    hangul = sum("가" <= c <= "힣" for c in others)
    han = sum("一" <= c <= "鿿" for c in others)
    kana = sum("ぁ" <= c <= "ヺ" for c in others)
    score = sum(c in common for c in others) / len(others)
    if encoding in _KOREAN_TOO:
        # Korean read as Chinese is all level-1 Han as well; Chinese read as Korean is a mixture.
        score -= min(hangul, han) / len(others)
        score += settings.declared_bonus if hangul > 0.9 * (hangul + han) else 0
    if encoding == "gb18030" and kana > settings.japanese_kana_share * len(others):
        score -= kana / len(others)
    return score

"""Characters that nobody sees or that stand for another: what copying and typesetting leave."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from transforms.text.edits import Edit, replacements

# Line ends of other systems and of typesetting.
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+")

# Never visible and never needed: zero-width space, word joiner, byte order mark, soft
# hyphen, Mongolian vowel separator, combining grapheme joiner, interlinear annotation.
_NEEDLESS = "\u200b\u2060-\u2064\ufeff\u00ad\u180e\u034f\ufff9-\ufffb"
# Needed beside a script written from right to left only.
_BIDI = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u206f"
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e007f"
_FILLERS = "\u115f\u1160\u3164\uffa0"
_INVISIBLE = re.compile(f"[{_NEEDLESS}{_BIDI}{_JOINERS}{_SELECTORS}{_TAGS}{_FILLERS}]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
_RTL_LETTER = re.compile("[\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u0700-\u08ff\ufb1d-\ufdff]")

# Scripts in which joiners choose the form of a letter: Arabic to Tibetan, Myanmar, Khmer,
# Mongolian.
_JOINING = re.compile("[\u0600-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc]")
_EMOJI = re.compile(
    "[#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f\u20e3\U000e0020-\U000e007f]"
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_JAMO = re.compile("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff]")

_FORMS = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
# Radicals that Unicode gives no decomposition, though they are spelled as characters
# by some fonts in PDF files (Unicode's EquivalentUnifiedIdeograph.txt; those that are
# common characters).
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


def line_ends(text: str) -> tuple[Edit, ...]:
    """Every kind of line end as a newline."""
    return replacements(text, "line-end", _LINE_END, lambda _: "\n")


def controls(text: str) -> tuple[Edit, ...]:
    """Control characters out; tabs and newlines stay."""
    return replacements(text, "control", _CONTROL, lambda _: "")


def invisible(text: str) -> tuple[Edit, ...]:
    """Zero-width and bidirectional controls out, where no script or emoji needs them.

    Joiners and variation selectors stay in emoji and in the scripts that they shape;
    ideographic variation sequences stay; bidirectional controls stay in paragraphs
    with letters written from right to left.
    """
    return replacements(text, "invisible", _INVISIBLE, _kept(text))


def _kept(text: str) -> Callable[[re.Match[str]], str]:
    def keep(match: re.Match[str]) -> str:
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        kept = []
        for char in match[0]:
            if _needed(char, before, after, text, match.start()):
                kept.append(char)
                before = char
        return "".join(kept)

    return keep


def _needed(char: str, before: str, after: str, text: str, place: int) -> bool:
    """Whether an invisible character does its work here."""
    if re.match(f"[{_NEEDLESS}]", char):
        return False
    if re.match(f"[{_BIDI}]", char):
        begin = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        return bool(_RTL_LETTER.search(text, begin, end if end >= 0 else len(text)))
    if re.match(f"[{_JOINERS}]", char):
        return bool(
            (_JOINING.match(before) and not after.isascii())
            or (char == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after))
        )
    if re.match(f"[{_TAGS}]", char):
        return bool(_EMOJI.match(before)) and not before.isascii()
    if re.match(f"[{_FILLERS}]", char):
        return bool(_JAMO.match(before) or _JAMO.match(after))
    return bool(_EMOJI.match(before) or _HAN.match(before) or _JOINING.match(before))


def compatibility(text: str) -> tuple[Edit, ...]:
    """Compatibility ideographs and radicals as the characters they stand for.

    Radicals only beside a Chinese character: by themselves they may be meant.
    """

    def usual(match: re.Match[str]) -> str:
        char = match[0]
        plain = _usual_form(char)
        if char < "\u3000":
            beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() :][:1]
            if not _HAN.search(beside):
                return char
        after = text[match.end() : match.end() + 1]
        return char if unicodedata.category(after or " ") == "Mn" else plain

    return replacements(text, "compatibility", _FORMS, usual)


@lru_cache(maxsize=1024)
def _usual_form(char: str) -> str:
    plain = _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char

"""Readings in brackets: `開(kāi)源`, left by a filter, or set by an author.

A bracket is a candidate only where it holds a reading of the character before
it. Whether candidates are residue is the page's question, not the bracket's: a
filter annotates every occurrence of the characters on its list, common ones
among them; an author annotates a rare or ambiguous character, once; a text
for learners annotates nearly all; a text on readings says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from transforms.text.edits import Edit
from transforms.text.fold import fold_script
from transforms.text.repair import gbk
from transforms.text.repair.byteshift import ANNOTATED, TONED
from transforms.text.repair.model import KINDS, language_model
from transforms.text.repair.settings import AnnotationSettings

_BRACKET = re.compile(
    rf"(?<=([\u3400-\u9fff]))[(（](?:({TONED})|([a-zü]{{1,6}})([1-5])?)[)）]", re.IGNORECASE
)
_TONED = re.compile(rf"(?<![a-zà-ɏ]){TONED}(?![a-zà-ɏ])", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")

# Words of a text that is about readings, in Simplified form.
_METALANGUAGE = re.compile(
    r"拼音|注音|[多破]音字?|异读|读音|读[作成为做]|念[作成做]|音同|声调|声母|韵母|生字|汉字|普通话|方言|发音"
)


@dataclass(frozen=True)
class _Bracket:
    start: int
    end: int
    char: str
    reading: str
    toned: bool


def readings_removed(text: str, settings: AnnotationSettings, proven: bool) -> tuple[Edit, ...]:
    """Edits that remove the bracketed readings of `text` that no author set.

    `proven`: a filter is known to have set them (see `filtered`).
    """
    found = _brackets(text)
    toned = [b for b in found if b.toned]
    if not toned:
        return ()
    if proven:
        gone = found
    elif _teaches(text, toned, settings):
        gone = []
    else:
        gone = [b for b in toned if _needless(b, settings)]
    return tuple(
        Edit(
            "annotation",
            b.start,
            b.end,
            text[b.start : b.end],
            "",
            {"character": b.char, "reading": b.reading, "brackets": len(found)},
        )
        for b in gone
    )


def _brackets(text: str) -> list[_Bracket]:
    """The brackets that hold a reading of the character before them."""
    found = []
    for match in _BRACKET.finditer(text):
        char, toned, letters, digit = match[1], match[2], match[3], match[4]
        readings = gbk.readings(char)
        if toned:
            reading = toned.lower()
            if reading in readings:
                found.append(_Bracket(match.start(), match.end(), char, reading, True))
        else:
            # Without a tone mark: a neutral tone, a number for the tone, `v` for `ü`.
            reading = letters.lower().replace("v", "ü")
            if reading in readings or reading in map(gbk.plain, readings):
                found.append(_Bracket(match.start(), match.end(), char, reading, digit is not None))
    return found


def filtered(text: str, settings: AnnotationSettings) -> bool:
    """Whether a filter set the brackets of `text`: it worked on bytes, or on every occurrence."""
    if ANNOTATED.search(text):
        return True
    toned = [b for b in _brackets(text) if b.toned]
    if len(toned) <= settings.few:
        return False
    density = len(toned) / max(1, len(_HAN.findall(text)))
    if not settings.least_density <= density < settings.most_density:
        return False
    annotated = Counter(b.char for b in toned)
    occurrences = sum(text.count(char) for char in annotated)
    common = sum(_common(b.char, settings) for b in toned)
    return (
        len(toned) >= settings.listed * occurrences
        and common * 2 >= len(toned)
        # A few brackets in a text on readings are its subject.
        and (len(toned) >= 10 * _mentions(text) or not _teaches(text, toned, settings))
    )


def annotated(text: str) -> frozenset[str]:
    """The characters of `text` that a reading follows in brackets."""
    return frozenset(b.char for b in _brackets(text) if b.toned)


def _mentions(text: str) -> int:
    return len(_METALANGUAGE.findall(fold_script(text)))


def _teaches(text: str, toned: Sequence[_Bracket], settings: AnnotationSettings) -> bool:
    """Whether the text is about readings, or for learners."""
    if _mentions(text):
        return True
    if len(toned) >= settings.most_density * len(_HAN.findall(text)):
        return True
    syllables = sum(bool(gbk.with_reading(m[0].lower())) for m in _TONED.finditer(text))
    return syllables > len(toned)


def _needless(bracket: _Bracket, settings: AnnotationSettings) -> bool:
    """Whether no author would annotate this character: common, and read so in nearly all words."""
    return _common(bracket.char, settings) and (
        _other_readings(fold_script(bracket.char), bracket.reading) < settings.ambiguous
    )


def _common(char: str, settings: AnnotationSettings) -> bool:
    # Symbols are numbered by frequency.
    code = int(language_model().codes[min(ord(char), 0xFFFF)])
    return KINDS <= code < KINDS + settings.common


@lru_cache(maxsize=1024)
def _other_readings(char: str, reading: str) -> float:
    """Share of pypinyin's words with `char` (Simplified) in which it is read otherwise."""
    from pypinyin.constants import PHRASES_DICT

    words = other = 0
    for word, readings in PHRASES_DICT.items():
        if char in word:
            place = word.index(char)
            words += 1
            other += reading not in readings[place]
    return other / words if words else 0.0

"""Text read in a one-byte encoding: UTF-8, GBK or Big5 shown as Latin letters."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.text.edits import Edit
from transforms.text.repair.model import KINDS, language_model

# What lies above ASCII in Windows-1252 beside U+0080 to U+00FF.
_SPECIALS = "ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
_HIGH = rf"[\u0080-\u00ff{_SPECIALS}]"

# Stretches without Chinese, Japanese or Korean characters: ftfy judges these alone,
# so that nothing of its habits for Latin text can reach the Chinese beside it.
_STRETCH = re.compile(r"[^\n\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
# Letters, marks and controls that misread bytes show as; ASCII and common symbols do not.
_FOREIGN = re.compile(r"[\u0080-\u009f\u00a0-\u00b6\u00b8-\u05ff\u2500-\u259f\u221a-\u2265]")

# ASCII between them is kept: numbers and names of the same text, or second halves.
# A control character alone, without a letter, is none of them.
_LETTER = re.compile(r"[A-Za-z\u00a0-\u05ff\u2500-\u259f\u221a-\u2265]")

_RUN = re.compile(rf"{_HIGH}(?:[ -~]{{0,12}}{_HIGH})+[@-~]?")
# Four bytes are two characters: fewer prove nothing.
_LEAST_BYTES = 4
# What the Chinese reading must be likelier by, in nats, for each of its characters;
# and the log-probability that its characters must reach on average.
_GAIN = 3.0
_LIKELY = -8.0
# Share of them that must be no rarities.
_KNOWN = 0.9


def utf8(text: str) -> tuple[Edit, ...]:
    """UTF-8 read as Latin-1, Windows-1252 or another one-byte encoding, by ftfy.

    Only ftfy's repair of the encoding is used, none of its other fixes, and only on
    stretches without Chinese characters.
    """
    if not _FOREIGN.search(text):
        return ()
    from ftfy import TextFixerConfig, fix_encoding

    config = TextFixerConfig(explain=False)
    edits = []
    for match in _STRETCH.finditer(text):
        if _FOREIGN.search(match[0]) and _LETTER.search(match[0]):
            fixed = fix_encoding(match[0], config)
            if fixed != match[0]:
                edits.append(_trimmed("utf8-as-latin1", match.start(), match[0], fixed, {}))
    return tuple(edits)


def double_byte(text: str) -> tuple[Edit, ...]:
    """GBK or Big5 read as Latin-1 or Windows-1252 (`ÖÐ¹ú` is 中国), by the language model."""
    edits = []
    for match in _RUN.finditer(text):
        found = _chinese(match[0]) if len(match[0]) >= _LEAST_BYTES else None
        if found:
            encoding, chinese, gain = found
            evidence: dict[str, str | int | float | bool] = {
                "encoding": encoding,
                "gain": round(gain, 1),
            }
            edits.append(
                Edit(
                    f"{encoding}-as-latin1", match.start(), match.end(), match[0], chinese, evidence
                )
            )
    return tuple(edits)


def _chinese(run: str) -> tuple[str, str, float] | None:
    """Encoding, text and gain of the likeliest Chinese reading of `run`, if it is clearly that."""
    table = _bytes()
    data = bytes(table[c] if ord(c) > 0x7F else ord(c) for c in run)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None  # `utf8` sees to it
    model = language_model()
    as_it_stands = float(model.score(run).sum())
    best: tuple[str, str, float] | None = None
    for encoding, codec in (("gbk", "gb18030"), ("big5", "big5hkscs")):
        try:
            chinese = data.decode(codec)
        except UnicodeDecodeError:
            continue
        scores = model.score(chinese)
        gain = float(scores.sum()) - as_it_stands
        if (
            scores.mean() >= _LIKELY
            and gain >= _GAIN * len(chinese)
            and _share_known(chinese) >= _KNOWN
            and (best is None or gain > best[2])
        ):
            best = (encoding, chinese, gain)
    return best


def _share_known(text: str) -> float:
    """Share of the characters above ASCII that the model knows; 0 if there are none."""
    model = language_model()
    known = [code >= KINDS for code in model.ids("".join(c for c in text if c > "\x7f"))]
    return sum(known) / len(known) if known else 0.0


@lru_cache(maxsize=1)
def _bytes() -> dict[str, int]:
    """The byte of every character above ASCII, in Windows-1252 or else in Latin-1."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)}
    for char in _SPECIALS:
        table[char] = char.encode("cp1252")[0]
    return table


def _trimmed(
    rule: str,
    start: int,
    before: str,
    after: str,
    evidence: dict[str, str | int | float | bool],
) -> Edit:
    """The edit without what stays the same at its ends."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    end = len(before) - tail
    return Edit(
        rule,
        start + head,
        start + end,
        before[head:end],
        after[head : len(after) - tail],
        evidence,
    )

"""UTF-8 read as GBK: `鍙戝竷` is 发布.

Three bytes of UTF-8 make one character of Chinese and one and a half of GBK, so
the misread text is as regular as UTF-8 itself. Where a character's last byte had
no partner it was lost (`銆?` is 。): the model chooses among the 64 that it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from transforms.text.edits import Edit
from transforms.text.repair import gbk
from transforms.text.repair.model import KINDS, Model, language_model
from transforms.text.repair.settings import Certainty
from transforms.text.repair.unrepaired import UNCERTAIN

# What the reading in UTF-8 must be likelier by, in nats, for each of its characters.
_GAIN = 2.5
_LEAST_GAIN = 12.0
_LEAST_GAIN_PROVEN = 4.0
# Characters of which no byte is lost: a lost byte may be anything and proves nothing.
_LEAST_WHOLE = 2

_LOST = "?\ufffd"
# Lost bytes: of any value; of one that forms no character with the next.
_ANY, _NO_PAIR = -1, -2
# Characters of one byte: the euro sign is 80 in code page 936.
_SINGLE = {"?": (_ANY,), "\ufffd": (_NO_PAIR,), "€": (0x80,)}

# Where the bytes of UTF-8 text in Chinese lie: E2 to EF are punctuation and characters.
_FIRST = range(0xE2, 0xF0)
_NEXT = range(0x80, 0xC0)
# Bytes of UTF-8 that begin no character in GBK, whatever follows (80), or hardly any.
_NEVER_LEAD = (0x80, *range(0xAA, 0xB0))
# More readings than this, and a character counts as lost.
_MOST_OPTIONS = 512
# Share of the reading's characters that must be no rarities and of no other script.
_KNOWN = 0.75
_BEAM = 8
# Characters of a run that are read at once.
_MOST = 2000


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    """Two or three characters whose bytes are those of UTF-8 text: the beginning of a run."""
    table = gbk.characters()
    first = _class(c for (a, b), c in table.items() if a in _FIRST and b in _NEXT)
    second = _class(c for (a, b), c in table.items() if a in _NEXT and (b in _FIRST or b < 0x80))
    return re.compile(rf"{first}(?:{second}|[{_LOST}])")


def _class(chars: Iterable[str]) -> str:
    return "[" + "".join(sorted(chars)) + "]"


@lru_cache(maxsize=1)
def _run() -> re.Pattern[str]:
    """Characters that GBK writes with two bytes above ASCII, and lost ones."""
    return re.compile(_class([*gbk.pairs()])[:-1] + f"€{_LOST}]+")


def suspected(text: str) -> bool:
    """Whether `text` holds what misread UTF-8 begins with."""
    return bool(_start().search(text))


def repaired(text: str, certainty: Certainty) -> tuple[Edit, ...]:
    """Edits that read every run of misread UTF-8 as UTF-8, where that is clearly likelier.

    A character that a lost byte leaves open, and the model too, is written `?`.
    """
    edits = _runs(text, _LEAST_GAIN, _LEAST_WHOLE, certainty)
    # Where some of it is misread beyond doubt, a character alone needs less proof.
    proven = any(not edit.is_mark for edit in edits)
    return tuple(_runs(text, _LEAST_GAIN_PROVEN, 0, certainty) if proven else edits)


def _runs(text: str, least_gain: float, least_whole: int, certainty: Certainty) -> list[Edit]:
    edits: list[Edit] = []
    done = 0
    while start := _start().search(text, done):
        run = _run().match(text, start.start())
        end = run.end() if run else start.end()
        end = min(end, start.start() + _MOST)
        passed, found = _decoded(text, start.start(), end, least_gain, least_whole)
        if found:
            used, options, likeliest, gain, lost = found
            before = text[start.start() : start.start() + used]
            evidence: dict[str, str | int | float | bool] = {"gain": round(gain, 1), "lost": lost}
            rule, after = "utf8-as-gbk", _certain(options, likeliest, certainty.character)
            if uncertain := after.count(UNCERTAIN):
                evidence |= {"uncertain": uncertain, "likeliest": likeliest}
                rule += "+unrepaired"
            if uncertain > certainty.share * len(after):
                rule, after = "unrepaired", before
            edits.append(Edit(rule, start.start(), start.start() + used, before, after, evidence))
            done = start.start() + used
        else:
            done = start.start() + max(1, passed)
    return edits


def _decoded(
    text: str, start: int, end: int, least_gain: float, least_whole: int
) -> tuple[int, tuple[int, list[str], str, float, int] | None]:
    """How far the run is UTF-8; and if it is clearly that: the reading of this stretch.

    The reading: characters used, what each character of the text may be, the likeliest
    text, its gain and the bytes lost.
    """
    if not _character(_units(text[start : min(end, start + 4)])[0], 0):
        return 0, None
    model = language_model()
    run = text[start:end]
    units, places = _units(run)
    options: list[str] = []
    used = lost = at = complete = 0
    while at < len(units):
        found = _character(units, at)
        if not found:
            break
        chars, at = found
        lost += len(chars) > 1
        options.append(chars)
        if at == len(units) or places[at] != places[at - 1]:
            used = places[at - 1] + 1
            complete = len(options)
    whole = sum(len(o) == 1 and o > "\x7f" for o in options[:complete])
    if not used or whole < least_whole:
        return used, None
    # A paragraph's end says much about a lost full stop.
    ends = text[start + used : start + used + 1] in ("", "\n")
    after = _likeliest(model, options[:complete] + ["\n"] * ends).rstrip("\n")
    if "\ufffd" in after:
        return used, None
    above = model.ids("".join(c for c in after if c > "\x7f"))
    if (above >= KINDS).sum() < _KNOWN * len(above):
        return used, None
    before = run[:used]
    gain = float(model.score(after).sum() - model.score(before).sum())
    if gain < max(least_gain, _GAIN * len(after)):
        return used, None
    return used, (used, options[:complete], after, gain, lost)


def _units(run: str) -> tuple[list[int], list[int]]:
    """The bytes of `run`, `_ANY` or `_NO_PAIR` for a lost one, and the place of each in it."""
    pairs = gbk.pairs()
    units: list[int] = []
    places: list[int] = []
    for place, char in enumerate(run):
        data = _SINGLE.get(char) or pairs[char]
        units += data
        places += [place] * len(data)
    return units, places


def _character(units: list[int], at: int) -> tuple[str, int] | None:
    """The characters that the bytes from `at` may be, and where the next begins.

    Of the bytes of a character some may be lost, but not all that tell it from others.
    """
    first = units[at]
    if 0 <= first < 0x80:
        return chr(first), at + 1
    size = 2 if 0xC2 <= first <= 0xDF else 3
    rest = units[at : at + size]
    if len(rest) < size or rest.count(_ANY) > 1:
        return None
    chars = _options(tuple(units[at : at + size + 1]), size)
    return (chars, at + size) if chars else None


@lru_cache(maxsize=8192)
def _options(units: tuple[int, ...], size: int) -> str:
    """The characters that the first `size` of `units`, with the one after them, may be."""
    rest, following = units[:size], (*units[1:], _ANY)
    options = [
        _possible(unit, then, _FIRST if place == 0 else _NEXT)
        for place, (unit, then) in enumerate(zip(rest, following, strict=False))
    ]
    if prod(map(len, options)) > _MOST_OPTIONS:
        return ""
    chars = []
    for data in product(*options):
        try:
            chars.append(bytes(data).decode("utf-8"))
        except UnicodeDecodeError:
            continue
    if len(chars) > 1:
        codes = language_model().codes
        chars = [c for c in chars if codes[min(ord(c), 0xFFFF)] >= KINDS]
    return "".join(chars)


def _possible(unit: int, following: int, expected: Sequence[int]) -> Sequence[int]:
    """The bytes that may stand at a place of UTF-8 where `expected` ones do."""
    if unit >= 0:
        return (unit,)
    if unit == _NO_PAIR and following >= 0:
        # The reader found no character in this byte and the next, or it was 80, no lead byte.
        real = gbk.readable()
        return [b for b in expected if b == 0x80 or (b, following) not in real]
    if unit == following == _NO_PAIR:
        return _NEVER_LEAD
    return expected


def _likeliest(model: Model, options: list[str]) -> str:
    """One character of each of `options`, the likeliest text."""
    import numpy as np

    beam: list[tuple[float, int, int, str]] = [(0.0, 0, 0, "")]
    for chars in options:
        third = model.ids(chars)
        if len(beam) == len(chars) == 1:
            score, _, last, text = beam[0]
            beam = [(score, last, int(third[0]), text + chars)]
            continue
        origin = np.repeat(np.arange(len(beam)), len(chars))
        following = np.tile(third, len(beam))
        first = np.array([h[1] for h in beam])[origin]
        second = np.array([h[2] for h in beam])[origin]
        scores = np.array([h[0] for h in beam])[origin]
        scores = scores + model.log_probability(first, second, following)
        best: dict[tuple[int, int], tuple[float, int, int, str]] = {}
        for index in np.argsort(-scores, kind="stable"):
            _, _, before, text = beam[origin[index]]
            key = (before, int(following[index]))
            char = chars[int(index) % len(chars)]
            best.setdefault(key, (float(scores[index]), *key, text + char))
            if len(best) == _BEAM:
                break
        beam = list(best.values())
    return beam[0][3]


def _certain(options: list[str], text: str, least: float) -> str:
    """`text` with `UNCERTAIN` for each character that is not certain.

    It must be likelier than all its other options together by `least` nats. Each is judged
    with its neighbours as they are: by the three trigrams that it is part of.
    """
    import numpy as np

    open_places = [i for i, chars in enumerate(options) if len(chars) > 1]
    if not open_places:
        return text
    model = language_model()
    ids = np.concatenate([[0, 0], model.ids(text), [0, 0]])
    candidates = model.ids("".join(options[i] for i in open_places))
    lengths = [len(options[i]) for i in open_places]
    at = np.repeat(np.array(open_places) + 2, lengths)
    scores = (
        model.log_probability(ids[at - 2], ids[at - 1], candidates)
        + model.log_probability(ids[at - 1], candidates, ids[at + 1])
        + model.log_probability(candidates, ids[at + 1], ids[at + 2])
    )
    certain = list(text)
    begin = 0
    for place, length in zip(open_places, lengths, strict=True):
        own = scores[begin : begin + length]
        chosen = options[place].index(text[place])
        others = np.delete(own, chosen)
        if own[chosen] - np.logaddexp.reduce(others) < least:
            certain[place] = UNCERTAIN
        begin += length
    return "".join(certain)

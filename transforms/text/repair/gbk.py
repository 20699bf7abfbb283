"""The bytes of GBK, as pages write and misread them."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Pair = tuple[int, int]

LEADS = tuple(range(0x81, 0xFF))
TRAILS = tuple(b for b in range(0x40, 0xFF) if b != 0x7F)
ANY_BYTE = LEADS  # a lost byte that begins a character


@lru_cache(maxsize=1)
def characters() -> dict[Pair, str]:
    """Every character of two bytes, user-defined ones as private-use characters."""
    table: dict[Pair, str] = {}
    for lead in LEADS:
        for trail in TRAILS:
            try:
                table[lead, trail] = bytes((lead, trail)).decode("gb18030")
            except UnicodeDecodeError:
                continue
    return table


@lru_cache(maxsize=1)
def readable() -> dict[Pair, str]:
    """Every character of two bytes that is a real one: what a text may be made of."""
    return {
        pair: char
        for pair, char in characters().items()
        if not unicodedata.category(char).startswith("C")
    }


@lru_cache(maxsize=1)
def pairs() -> dict[str, Pair]:
    """The bytes of every character of two bytes."""
    return {char: pair for pair, char in characters().items()}


@lru_cache(maxsize=1)
def dropped() -> tuple[dict[int, tuple[int, ...]], tuple[int, ...]]:
    """Pairs that stand for no character, so that decoders leave them out.

    Returns:
      The trail bytes by lead byte, for the user-defined area and the few empty
      cells beside it.
    """
    real = readable()
    trails: dict[int, list[int]] = {}
    for lead in LEADS:
        for trail in TRAILS:
            if (lead, trail) not in real:
                trails.setdefault(lead, []).append(trail)
    return {lead: tuple(rest) for lead, rest in trails.items()}, tuple(trails)


@lru_cache(maxsize=1)
def width_folded() -> dict[str, tuple[tuple[str, Pair], ...]]:
    """What compatibility folding (NFKC) may have made of a pair: by first character.

    Each value holds (folded spelling, pair), e.g. ";" -> ((";", (0xA3, 0xBB)),).
    """
    table: dict[str, list[tuple[str, Pair]]] = {}
    for pair, char in readable().items():
        spelling = unicodedata.normalize("NFKC", char)
        if spelling != char and spelling:
            table.setdefault(spelling[0], []).append((spelling, pair))
    return {first: tuple(rest) for first, rest in table.items()}


@lru_cache(maxsize=4096)
def with_reading(reading: str) -> frozenset[str]:
    """Every character that may be read so (a syllable with its tone mark, or without any)."""
    return _by_reading().get(reading, frozenset())


@lru_cache(maxsize=8192)
def readings(char: str) -> tuple[str, ...]:
    """The readings of a character, the commonest first; none if it has none."""
    return tuple(_spelled(r) for r in _dictionary().get(ord(char), "").split(",") if r)


def plain(reading: str) -> str:
    """A reading without its tone: `lǜ` -> `lü`.

    >>> plain("lǜ"), plain("kāi")
    ('lü', 'kai')
    """
    marks = "\u0300\u0301\u0304\u030c"
    apart = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(c for c in apart if c not in marks))


def _dictionary() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    table: dict[int, str] = PINYIN_DICT
    return table


def _spelled(reading: str) -> str:
    return sys.intern(unicodedata.normalize("NFC", reading))


@lru_cache(maxsize=1)
def _by_reading() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for char in readable().values():
        for reading in readings(char):
            table.setdefault(reading, set()).add(char)
    return {reading: frozenset(chars) for reading, chars in table.items()}


@lru_cache(maxsize=4096)
def starting(leads: tuple[int, ...], trail: int) -> str:
    """The characters whose trail byte is `trail`, for each possible lead byte."""
    real = readable()
    return "".join(real[lead, trail] for lead in leads if (lead, trail) in real)


@lru_cache(maxsize=1024)
def ending(leads: tuple[int, ...]) -> str:
    """All characters that begin with one of `leads`."""
    real = readable()
    return "".join(real[lead, t] for lead in leads for t in TRAILS if (lead, t) in real)


def encode(chars: Iterable[str]) -> bytes:
    """The bytes of `chars`, which must be ASCII or of two bytes; for evidence."""
    known = pairs()
    return b"".join(bytes(known[c]) if c in known else c.encode("ascii", "replace") for c in chars)

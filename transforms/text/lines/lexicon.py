"""The reviewed term tables under `transforms/text/data`, and finding their terms in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from transforms.text.fold import fold_script


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a table: a string, the section it stands in and that section's weight."""

    text: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term was found, and what the table says of it (a term may be in many sections)."""

    start: int
    end: int
    terms: tuple[Term, ...]

    @property
    def best(self) -> Term:
        """The weightiest entry."""
        return max(self.terms, key=lambda term: term.weight)


class Vocabulary:
    """A table of terms that finds its longest terms in a text, from left to right.

    A term that begins or ends with a Latin letter only matches a whole word.
    """

    def __init__(self, terms: Iterator[Term]) -> None:
        entries: dict[str, tuple[Term, ...]] = {}
        for term in terms:
            entries[term.text] = (*entries.get(term.text, ()), term)
        lengths: dict[str, set[int]] = {}
        for text in entries:
            lengths.setdefault(text[0], set()).add(len(text))
        self._entries = entries
        self._lengths = {char: tuple(sorted(of, reverse=True)) for char, of in lengths.items()}
        # Only these places can begin a term: no Latin word in its middle.
        latin = "".join(filter(_is_latin, lengths))
        others = re.escape("".join(char for char in lengths if not _is_latin(char)))
        self._starts = re.compile(rf"(?<![a-z])[{latin}]|[{others}]" if latin else f"[{others}]")

    def __getitem__(self, text: str) -> tuple[Term, ...]:
        """The entries of exactly this string; none if there are none."""
        return self._entries.get(text, ())

    def labelled(self, label: str) -> tuple[str, ...]:
        """The strings of one section, the longest first."""
        found = [
            text for text, of in self._entries.items() if any(term.label == label for term in of)
        ]
        return tuple(sorted(found, key=len, reverse=True))

    def find(self, plain: str) -> list[Hit]:
        """All terms in `plain` (see `features.plain`), leftmost and longest first, no overlap."""
        hits: list[Hit] = []
        done = 0
        for match in self._starts.finditer(plain):
            start = match.start()
            if start < done:
                continue
            for length in self._lengths[match[0]]:
                end = start + length
                terms = self._entries.get(plain[start:end]) if end <= len(plain) else None
                if terms is not None and not _cuts_word(plain, end):
                    done = end
                    hits.append(Hit(start, done, terms))
                    break
        return hits


def _is_latin(char: str) -> bool:
    return "a" <= char <= "z"


def _cuts_word(plain: str, at: int) -> bool:
    """Whether `at` lies between two Latin letters."""
    return 0 < at < len(plain) and _is_latin(plain[at - 1]) and _is_latin(plain[at])


def _read(name: str) -> Iterator[Term]:
    """The terms of a table: `[label weight]` opens a section of terms separated by `, `."""
    label, weight = "", 0
    table = resources.files("transforms.text").joinpath("data", name).read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("["):
            label, points = line.strip("[]").split()
            weight = int(points)
        elif line and not line.startswith("#"):
            for text in line.split(", "):
                yield Term(fold_script(text.strip()), label, weight)


@lru_cache(maxsize=8)
def vocabulary(name: str) -> Vocabulary:
    """The table `<name>.txt` of `transforms/text/data`."""
    return Vocabulary(_read(f"{name}.txt"))

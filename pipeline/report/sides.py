"""Sides: a document before and after, side by side, each difference with the edits that made it.

The ledger holds the edits of each stage in offsets of that stage's own input.
Run backwards they lead from the clean text to the decoded one; composed into
one list over the decoded text they say what stands where another thing stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from transforms.records import LedgerEntry
from transforms.text.edits import Edit, compose, revert


_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts.

    Attributes:
      before: what stands in the decoded text.
      after: what stands in the clean text.
      entries: the ledger entries, by their place in the list given, that made
        one of the other (or marked it); empty where nothing was done.
    """

    before: str
    after: str
    entries: tuple[int, ...] = ()


def decoded_text(clean: str, entries: Sequence[LedgerEntry]) -> str:
    """The text before all `entries`, which are in order of the stages and their numbers.

    Raises:
      EditError: the entries do not lead back from `clean`.
    """
    for edits in reversed(_by_stage(entries)):
        clean = revert(clean, edits)
    return clean


def pieces(decoded: str, entries: Sequence[LedgerEntry]) -> Iterator[Piece]:
    """`decoded` and what `entries` make of it, cut up: the `before`s make it up, in order.

    Raises:
      EditError: the entries do not fit each other.
    """
    composed: tuple[Edit, ...] = ()
    for edits in _by_stage(entries):
        composed = compose(composed, edits)
    done = 0
    for edit in composed:
        if edit.start > done:
            same = decoded[done : edit.start]
            yield Piece(same, same)
        yield Piece(edit.before, edit.after, tuple(sorted(map(int, set(edit.rule.split("+"))))))
        done = edit.end
    if done < len(decoded):
        yield Piece(decoded[done:], decoded[done:])


def rows(decoded: str, entries: Sequence[LedgerEntry]) -> Iterator[list[Piece]]:
    """The pieces, by rows to be set beside each other: a row ends with a line of either text.

    Raises:
      EditError: the entries do not fit each other.
    """
    row: list[Piece] = []
    for piece in pieces(decoded, entries):
        parts = [piece]
        if not piece.entries:
            parts = [Piece(line, line) for line in _LINE.findall(piece.before)]
        for part in parts:
            row.append(part)
            if part.before.endswith("\n") or part.after.endswith("\n"):
                yield row
                row = []
    if row:
        yield row


def _by_stage(entries: Sequence[LedgerEntry]) -> list[tuple[Edit, ...]]:
    """The edits of each stage, named by their place in `entries`: composing keeps the names."""
    named = (
        replace(entry, edit=replace(entry.edit, rule=str(place), evidence={}))
        for place, entry in enumerate(entries)
    )
    return [
        tuple(entry.edit for entry in group) for _, group in groupby(named, key=attrgetter("stage"))
    ]

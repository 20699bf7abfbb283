"""Sides: a document before and after, side by side, each difference with the edits that made it.

The ledger holds the edits of each stage in offsets of that stage's own input.
Run backwards they lead from the clean text to the decoded one; run forwards
over the decoded text cut in pieces they say what stands where another thing
stood, and which of them is at work there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from transforms.records import LedgerEntry
from transforms.text.edits import Edit, revert

# An edit that changes the length of so many characters is shown without the ends that stay; a
# shorter one (a damaged phrase and its repair) is read best as a whole.
WIDE_EDIT = 40

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

    @property
    def is_mark(self) -> bool:
        """Whether the two texts are the same here, for all that was noted."""
        return self.before == self.after


def decoded_text(clean: str, entries: Sequence[LedgerEntry]) -> str:
    """The text before all `entries`, which are in order of the stages and their numbers.

    Raises:
      EditError: the entries do not lead back from `clean`.
    """
    stages = [list(group) for _, group in groupby(entries, key=attrgetter("stage"))]
    for group in reversed(stages):
        clean = revert(clean, [entry.edit for entry in group])
    return clean


def pieces(decoded: str, entries: Sequence[LedgerEntry]) -> list[Piece]:
    """`decoded`, cut up, and what `entries`, which must lead from it to the clean text, make of it.

    The `before`s make up the decoded text, in order, and the `after`s the clean one.
    """
    made = [Piece(decoded, decoded)] if decoded else []
    numbered = enumerate(entries)
    for _, group in groupby(numbered, key=_stage):
        edits = [(number, part) for number, entry in group for part in narrowed(entry.edit)]
        made = _edited(made, edits)
    return list(_rejoined(made))


def _rejoined(made: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, with neighbours made one again that the same entries replaced."""
    last: Piece | None = None
    for piece in made:
        if last and last.entries == piece.entries and last.after and piece.before:
            last = Piece(last.before + piece.before, last.after + piece.after, last.entries)
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last


def _stage(numbered: tuple[int, LedgerEntry]) -> str:
    return numbered[1].stage


def _edited(made: list[Piece], edits: Sequence[tuple[int, Edit]]) -> list[Piece]:
    """The pieces `made` with `edits`, which are in offsets of their `after`s, at work on them."""
    left = list(_cut(made, sorted({point for _, e in edits for point in (e.start, e.end)})))
    done: list[Piece] = []  # from the right, so that what is still to do keeps its offsets
    at = sum(len(piece.after) for piece in left)
    for number, edit in reversed(edits):
        while left and at - len(left[-1].after) >= edit.end:
            done.append(left.pop())
            at -= len(done[-1].after)
        touched: list[Piece] = []
        while left and at > edit.start:
            touched.append(left.pop())
            at -= len(touched[-1].after)
        result = list(_at_work(touched[::-1], edit.start - at, edit.end - at, number, edit))
        left += result
        at += sum(len(piece.after) for piece in result)
    return left + done[::-1]


def _cut(made: Iterable[Piece], points: Iterable[int]) -> Iterator[Piece]:
    """The pieces `made`, the unchanged ones cut at `points`, which are in order."""
    ahead = iter(points)
    point = next(ahead, None)
    at = 0
    for piece in made:
        done = 0
        while point is not None and point < at + len(piece.after):
            if not piece.entries and point > at + done:
                part = piece.before[done : point - at]
                yield Piece(part, part)
                done = point - at
            point = next(ahead, None)
        at += len(piece.after)
        yield Piece(piece.before[done:], piece.after[done:], piece.entries) if done else piece


def _at_work(
    touched: Sequence[Piece], start: int, end: int, number: int, edit: Edit
) -> Iterator[Piece]:
    """What becomes of the pieces that `edit` touches, at `[start, end)` of their `after`s."""
    if edit.before and not edit.after:
        yield from _removed(touched, start, end, number)
        return
    after = "".join(piece.after for piece in touched)
    yield Piece(
        "".join(piece.before for piece in touched),
        after[:start] + edit.after + after[end:],
        (*sorted({place for piece in touched for place in piece.entries}), number),
    )


def _removed(touched: Iterable[Piece], start: int, end: int, number: int) -> Iterator[Piece]:
    """The pieces without `[start, end)`. What an earlier stage took away stays its work."""
    for piece in touched:
        after = piece.after
        if after:
            low, high = max(start, 0), max(min(end, len(after)), 0)
            yield Piece(piece.before, after[:low] + after[high:], (*piece.entries, number))
        else:
            yield piece
        start -= len(after)
        end -= len(after)


def narrowed(edit: Edit) -> Iterator[Edit]:
    """The parts of an edit that differ, each as an edit: together they do what `edit` does.

    Some cleaners replace a whole paragraph for the sake of some characters in
    it. Linear in the length: what is as long as before is compared character
    by character (script conversion), of another only the ends.
    """
    before, after = edit.before, edit.after
    if edit.is_mark:
        yield edit
    elif len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                yield _part(edit, place, place + 1, place, place + 1)
    elif min(len(before), len(after)) >= WIDE_EDIT or (before + after).isspace():
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        yield _part(edit, head, len(before) - tail, head, len(after) - tail)
    else:
        yield edit


def _part(edit: Edit, low: int, high: int, new_low: int, new_high: int) -> Edit:
    start = edit.start
    before, after = edit.before[low:high], edit.after[new_low:new_high]
    return replace(edit, start=start + low, end=start + high, before=before, after=after)


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def rows(made: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces, by rows to be set beside each other: a row ends with a line of either text."""
    row: list[Piece] = []
    for piece in made:
        for part in _lines(piece):
            row.append(part)
            if part.before.endswith("\n") or part.after.endswith("\n"):
                yield row
                row = []
    if row:
        yield row


def _lines(piece: Piece) -> Iterator[Piece]:
    """An unchanged piece line by line, another in two: what ends lines, and what begins one."""
    if not piece.entries:
        for line in _LINE.findall(piece.before):
            yield Piece(line, line)
        return
    before, after = piece.before.rfind("\n") + 1, piece.after.rfind("\n") + 1
    parts = (
        Piece(piece.before[:before], piece.after[:after], piece.entries),
        Piece(piece.before[before:], piece.after[after:], piece.entries),
    )
    if not (before or after):
        yield piece
        return
    for part in parts:
        if part.is_mark and not piece.is_mark:
            yield from _lines(Piece(part.before, part.after))
        elif part.before or part.after:
            yield part

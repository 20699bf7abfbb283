"""Edits: what a cleaner changed, so exactly that it can be replayed and undone.

An `Edit` replaces `before` at `[start, end)` of the text that a cleaner was
given by `after`. The edits of one cleaner are ordered, do not overlap and are
all stated in offsets (in characters) of that one input, however many steps the
cleaner took inside: `Editor` runs the steps and composes their edits.

An edit whose `before` equals its `after` is a *mark*: it changes nothing and
records something seen at that place (damage that cannot be undone, a line that
the user asked to mark rather than remove).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Evidence = Mapping[str, str | int | float | bool]


class EditError(ValueError):
    """Edits that do not fit the text they are applied to."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement.

    Attributes:
      rule: the name of the rule that decided it, within its stage.
      start: first character replaced, counted in the cleaner's input.
      end: one past the last character replaced; equal to `start` to insert.
      before: the characters replaced, `text[start:end]`.
      after: what stands there now; empty for a removal.
      evidence: why: the features, scores or readings the rule went by.
    """

    rule: str
    start: int
    end: int
    before: str
    after: str
    evidence: Evidence = field(default_factory=dict)

    @property
    def is_mark(self) -> bool:
        """Whether the edit only records something and changes nothing."""
        return self.before == self.after


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Replay `edits` over the text they were made for.

    Raises:
      EditError: an edit overlaps its predecessor, lies outside the text, or
        its `before` is not what stands there.
    """
    pieces: list[str] = []
    done = 0
    for edit in edits:
        if (
            not done <= edit.start <= edit.end <= len(text)
            or text[edit.start : edit.end] != edit.before
        ):
            raise EditError(
                f"edit {edit.rule} at {edit.start}:{edit.end} does not fit the text (after {done})"
            )
        pieces += (text[done : edit.start], edit.after)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)


def invert(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that undo `edits`, in offsets of the text that `edits` produced."""
    inverse: list[Edit] = []
    shift = 0
    for edit in edits:
        inverse.append(_swapped(edit, edit.start + shift))
        shift += len(edit.after) - len(edit.before)
    return tuple(inverse)


def revert(text: str, edits: Iterable[Edit]) -> str:
    """Undo `edits`: from the text they produced back to the one they were made for.

    Raises:
      EditError: as for `apply`.
    """
    return apply(text, invert(edits))


def compose(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One list of edits that does what `first` and then `second` do.

    Args:
      first: edits over some text.
      second: edits over the text that `first` produces.

    Returns:
      Edits over the text that `first` was made for. Where both worked on the
      same place the edits are merged; rule names are joined by `+` and the
      evidence of both is kept (of equal keys, the later).
    """
    # Both lists are stated over the middle text: `first` by its inverse.
    placed = [(edit, True) for edit in invert(first)] + [(edit, False) for edit in second]
    placed.sort(key=lambda item: (item[0].start, item[0].end))
    composed: list[Edit] = []
    shift = 0  # offset in the original text minus offset in the middle text
    for back, forth in _groups(placed):
        if back and forth:
            composed.append(_merge(back, forth, shift))
        elif forth:
            composed += [_moved(edit, shift) for edit in forth]
        for edit in back:
            if not forth:
                composed.append(_swapped(edit, edit.start + shift))
            shift += len(edit.after) - len(edit.before)
    return tuple(composed)


def _groups(placed: Iterable[tuple[Edit, bool]]) -> Iterator[tuple[list[Edit], list[Edit]]]:
    """Split edits, in order of place, into groups that work on the same place, by their flag.

    Two insertions at one point do; an insertion at the border of a replacement
    does not, nor do neighbours.
    """
    low = high = -1
    group: tuple[list[Edit], list[Edit]] = ([], [])
    for edit, flag in placed:
        if edit.start < high or (low == high == edit.start == edit.end):
            high = max(high, edit.end)
        else:
            if low >= 0:
                yield group
            low, high, group = edit.start, edit.end, ([], [])
        group[0 if flag else 1].append(edit)
    if low >= 0:
        yield group


def _merge(back: Sequence[Edit], forth: Sequence[Edit], shift: int) -> Edit:
    """One edit over the original text for edits of the middle text that touch each other."""
    edits = (*back, *forth)
    low = min(edit.start for edit in edits)
    high = max(edit.end for edit in edits)
    # Touching edits leave no gap, so their `before`s hold all of the middle text's span.
    middle = [""] * (high - low)
    for edit in edits:
        middle[edit.start - low : edit.end - low] = edit.before
    before = apply("".join(middle), [_moved(e, -low) for e in back])
    after = apply("".join(middle), [_moved(e, -low) for e in forth])
    start = low + shift
    rules = dict.fromkeys(e.rule for e in edits)
    evidence: dict[str, str | int | float | bool] = {}
    for edit in edits:
        evidence.update(edit.evidence)
    return Edit("+".join(rules), start, start + len(before), before, after, evidence)


def _swapped(edit: Edit, start: int) -> Edit:
    """The edit that undoes `edit`, placed at `start`."""
    end = start + len(edit.after)
    return Edit(edit.rule, start, end, edit.after, edit.before, edit.evidence)


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(edit.rule, edit.start + by, edit.end + by, edit.before, edit.after, edit.evidence)


def replacements(
    text: str,
    rule: str,
    pattern: re.Pattern[str],
    replace: Callable[[re.Match[str]], str],
) -> tuple[Edit, ...]:
    """An edit for every match of `pattern` that `replace` changes."""
    edits = []
    for match in pattern.finditer(text):
        after = replace(match)
        if after != match[0]:
            edits.append(Edit(rule, match.start(), match.end(), match[0], after))
    return tuple(edits)


class Editor:
    """Runs the steps of a cleaner one after the other over one text.

    >>> editor = Editor("a  b")
    >>> editor.edit([Edit("spaces", 1, 3, "  ", " ")])
    >>> editor.edit([Edit("letters", 2, 3, "b", "c")])
    >>> editor.text
    'a c'
    >>> [(e.rule, e.start, e.end) for e in editor.edits]
    [('spaces', 1, 3), ('letters', 3, 4)]
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: tuple[Edit, ...] = ()

    def edit(self, edits: Sequence[Edit]) -> None:
        """Apply `edits`, which are stated in offsets of the present `text`."""
        if edits:
            self.text = apply(self.text, edits)
            self.edits = compose(self.edits, edits)

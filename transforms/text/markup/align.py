"""From pieces of the source and inserted white space to exact edits.

The characters that a reader sees (outside tags, references decoded, white space
left out) form one string, the `Visible` text, and each knows its place in the
source. A parsed text node is found in it, in order, and so gets its place too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transforms.text.edits import Edit
from transforms.text.markup.scan import Kind, Token

_WORD = re.compile(r"\S+")

# How far ahead a text node is looked for where scanner and parser disagree. Hidden or
# dropped parts of a page are longer only as script, which neither side counts as text.
_LOOKAHEAD = 20_000

# Characters that a parser refuses or replaces, and their stand-in of the same length.
_REFUSED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_STAND_IN = "\ufffd"

# White space that stands for itself where the source has none, or other, at that place.
Part = tuple[int, int] | str


def parsable(text: str) -> str:
    """`text` with every character that a parser refuses replaced, one for one."""
    return _REFUSED.sub(_STAND_IN, text)


@dataclass(slots=True)
class Visible:
    """The seen characters of a source without white space.

    Attributes:
      source: the markup.
      text: its visible characters.
      starts, spans: of each run of them, the offset in `text`, and start and end in `source`.
    """

    source: str
    text: str
    starts: list[int]
    spans: list[tuple[int, int]]
    _at: int = field(default=0)

    @classmethod
    def of(cls, source: str, tokens: Iterable[Token]) -> Visible:
        """Read off the visible text of `source`, given its tokens in order."""
        shown = parsable(source)
        pieces: list[str] = []
        starts: list[int] = []
        spans: list[tuple[int, int]] = []
        length = done = 0

        def plain(stop: int) -> None:
            nonlocal length
            for word in _WORD.finditer(shown, done, stop):
                pieces.append(word[0])
                starts.append(length)
                spans.append(word.span())
                length += len(word[0])

        for token in tokens:
            plain(token.start)
            done = token.end
            if token.kind is Kind.REFERENCE and (seen := "".join(token.name.split())):
                pieces.append(seen)
                starts.append(length)
                spans.append((token.start, token.end))
                length += len(seen)
        plain(len(source))
        return cls(source, "".join(pieces), starts, spans)

    def find(self, text: str) -> int:
        """Where `text` (without white space) stands next; -1 if it does not. Moves on past it."""
        at = self._at
        if not self.text.startswith(text, at):
            at = self.text.find(text, at, at + _LOOKAHEAD + len(text))
        if at >= 0:
            self._at = at + len(text)
        return at

    def words(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """The runs of the source behind `text[start:end]`: their start, end and visible text."""
        index = bisect_right(self.starts, start) - 1
        while start < end:
            low, high = self.spans[index]
            first = self.starts[index]
            last = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
            stop = min(end, last)
            if high - low == last - first:  # a plain run, of which a part may do
                begin, finish = low + start - first, low + stop - first
                yield begin, finish, self.source[begin:finish]
            else:
                yield low, high, self.text[start:stop]
            start, index = stop, index + 1


def edits_of(visible: Visible, parts: Iterable[Part], dropped: str) -> tuple[Edit, ...]:
    """The edits that turn the source into `parts` one after the other.

    Args:
      visible: the source's visible text.
      parts: spans of the visible text in rising order, and strings to stand between them.
      dropped: the rule of a gap in which visible characters are left out.
    """
    source = visible.source
    edits: list[Edit] = []
    pending: list[str] = []
    cursor = seen = 0

    def gap(stop: int, shown: int) -> None:
        before, after = source[cursor:stop], "".join(pending)
        if before != after:
            evidence = {"characters": shown - seen} if shown > seen else {}
            rule = dropped if shown > seen else _gap_rule(before)
            edits.append(Edit(rule, cursor, stop, before, after, evidence))
        pending.clear()

    for part in parts:
        if isinstance(part, str):
            pending.append(part)
            continue
        shown = part[0]
        for start, end, text in visible.words(*part):
            if start < cursor:  # the second half of one reference
                pending.append(text)
                continue
            gap(start, shown)
            if source[start:end] != text:
                edits.append(Edit("entity", start, end, source[start:end], text))
            cursor, shown = end, shown + len(text)
            seen = shown
    gap(len(source), len(visible.text))
    return tuple(edits)


def _gap_rule(gap: str) -> str:
    if "<" in gap:
        return "tag"
    return "entity" if "&" in gap else "whitespace" if gap.isspace() or not gap else "tag"

"""Text that was read one byte out of step: the likeliest text behind it.

GBK writes a Chinese character as two bytes. Where a filter on a page replaced
or lost one byte (a `?` stands for it), the second half of each character is
read together with the first half of the next, until an ASCII byte puts the
reader right again. Nothing but the lost bytes is gone: the misread characters
are the true bytes. `decode` runs through the damaged text with every reading
that its bytes allow and keeps the likeliest, in the way of a noisy channel:
log-probability of the text under the language model, less the cost of every
damage assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from transforms.text.repair import gbk
from transforms.text.repair.certainty import Node, Rival, certainty_of, path_to
from transforms.text.repair.model import KINDS, language_model
from transforms.text.repair.settings import Costs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]
    Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Lost:
    """A lost byte in the damaged text, at `start`; `reading` is that of the pair it ended."""

    start: int
    end: int
    reading: str = ""


@dataclass(frozen=True)
class Found:
    """A stretch of damaged text and what it reads.

    Attributes:
      start, end: the stretch in the damaged text.
      text: the likeliest reading, a character each.
      certainty: of each character, how much likelier it is than any other there, in nats.
      gain: nats by which it is likelier than the text as it stands, costs paid.
      lost: the damage assumed, as names, in order.
    """

    start: int
    end: int
    text: tuple[str, ...]
    certainty: tuple[float, ...]
    gain: float
    lost: tuple[str, ...]


class _Hypothesis(NamedTuple):
    score: float
    first: int  # the last two symbols written
    second: int
    last: str  # the last character written
    pending: tuple[int, ...]  # bytes that may be waiting for their second half
    node: Node | None
    drops: int  # pairs left out since the last one read
    rivals: tuple[Rival, ...] = ()  # other ways to the same state


# Scores the third symbol after the first two, for arrays.
Scorer = Callable[["Ids", "Ids", "Ids"], "Floats"]

# Hypotheses kept at a place, and how far behind the best they may be (nats).
BEAM = 24
MARGIN = 14.0
# How far behind a hypothesis may be that is still thought to have lost a pair.
MARGIN_DROPPED = 8.0
# Pairs left out in a row that are looked for. Of two, a character is lost whole, and only
# the rest of the page can tell it; of more, nothing can.
MAX_DROPPED = 2
# A rival further behind (nats) casts no doubt.
MARGIN_RIVAL = 9.0
# A stretch longer than this is no longer one damage (and bounds the work).
MAX_SPAN = 1000


class Decoder:
    """Decodes damaged text.

    Args:
      score: log-probability of symbols in context.
      ids: symbols of the characters of a text.
      costs: costs of damage.
      prior: what each character of a text costs beside the model: its script and its form.
      page: the sound part of the text; of a character lost whole it is the only witness.
      keeps_private: whether the page shows user-defined pairs as private-use
        characters; if not, they were left out.
      work: steps with more than one hypothesis to take; after them nothing is decoded.
    """

    def __init__(
        self,
        score: Scorer,
        ids: Callable[[str], Ids],
        costs: Costs,
        prior: Callable[[str], Floats],
        page: str,
        keeps_private: bool,
        work: int,
    ) -> None:
        self._score = score
        self._ids = ids
        self._costs = costs
        self._prior = prior
        self._page = page
        self._page_chars = frozenset(page)
        self._lost_whole: dict[tuple[tuple[int, ...], tuple[int, ...]], str] = {}
        self._keeps_private = keeps_private
        self._work = work

    def decode(self, line: str, start: int, damage: dict[int, Lost]) -> Found:
        """The likeliest reading of `line` from the damage at `start` to where all is in step.

        Args:
          line: one paragraph.
          start: where a lost byte is thought to be.
          damage: every place where one may be, by offset.
        """
        before = line[max(0, start - 2) : start]
        context = [0, 0, *(int(i) for i in self._ids(before))][-2:]
        last = line[start - 1] if start else ""
        frontier: dict[int, list[_Hypothesis]] = {
            start: [_Hypothesis(0.0, context[0], context[1], last, (), None, 0)]
        }
        limit = min(len(line), start + MAX_SPAN)
        place = start
        while True:
            hypotheses = self._closed(line, place, frontier.pop(place))
            in_step = [h for h in hypotheses if not h.pending]
            alone = len(hypotheses) == len(in_step) == 1 and not frontier
            if place >= limit or (place > start and alone):
                break
            self._work -= len(hypotheses) > 1
            if self._work < 0:
                return Found(start, start + 1, (line[start],), (0.0,), 0.0, ())
            for target, found in self._moved(line, place, hypotheses, damage).items():
                if found:
                    frontier.setdefault(target, []).extend(found)
            if not frontier:
                break
            place = min(frontier)
        if not in_step:
            return Found(start, start + 1, (line[start],), (0.0,), 0.0, ())
        if place == len(line):
            in_step = self._ended(in_step)
        best = reduce(_won, in_step)
        written, certainty, damages = self._trace(best, before)
        gain = best.score - self._as_it_stands(line, start, place, damage)
        return Found(start, place, written, certainty, gain, damages)

    def _trace(
        self, best: _Hypothesis, before: str
    ) -> tuple[tuple[str, ...], tuple[float, ...], tuple[str, ...]]:
        """What was written on the way to `best`, how certain it is, and the damage assumed."""
        path = path_to(best.node)
        certainty = certainty_of(path, best.rivals)
        text = before + "".join(node.written for node in path)
        at = len(before)
        for place, node in enumerate(path):
            if certainty[place] < inf and node.written:
                if certainty[place] > 0 and self._stands(text[max(0, at - 2) : at + 3]):
                    certainty[place] = inf
                elif node.damage == path[place - 1].damage == "dropped" and not any(
                    text[i : i + 2] in self._page for i in (at - 1, at)
                ):
                    certainty[place] = 0.0
            at += len(node.written)
        return (
            tuple(node.written for node in path if node.written),
            tuple(c for node, c in zip(path, certainty, strict=True) if node.written),
            tuple(node.damage for node in path if node.damage),
        )

    def _stands(self, around: str) -> bool:
        """Whether three characters of `around` in a row, all Chinese, stand on the page."""
        return any(
            word in self._page
            for word in (around[i : i + 3] for i in range(len(around) - 2))
            if all("\u3400" <= char <= "\u9fff" for char in word)
        )

    def _as_it_stands(self, line: str, start: int, end: int, damage: dict[int, Lost]) -> float:
        import numpy as np

        lead = max(0, start - 2)
        stretch = line[lead:end] + ("\n" if end == len(line) else "")
        ids = np.concatenate([np.zeros(2, dtype=np.int64), self._ids(stretch)])
        scores = self._score(ids[:-2], ids[1:-1], ids[2:])
        left = sum(start <= place < end and bool(d.reading) for place, d in damage.items())
        return float(scores[start - lead :].sum()) - self._costs.left * left

    def _ended(self, hypotheses: list[_Hypothesis]) -> list[_Hypothesis]:
        """The hypotheses, with the chance that a paragraph ends so."""
        import numpy as np

        first = np.array([h.first for h in hypotheses], dtype=np.int64)
        second = np.array([h.second for h in hypotheses], dtype=np.int64)
        scores = self._score(first, second, np.zeros_like(first))
        return [
            h._replace(score=h.score + float(s)) for h, s in zip(hypotheses, scores, strict=True)
        ]

    def _closed(self, line: str, place: int, hypotheses: list[_Hypothesis]) -> list[_Hypothesis]:
        """All hypotheses at `place`, with the steps that read nothing of the text taken."""
        costs = self._costs
        ready: list[_Hypothesis] = []
        pending: list[_Hypothesis] = []
        flushed: list[_Expansion] = []
        for h in hypotheses:
            if len(h.pending) == 1 and h.pending[0] < 0x80:
                # The second half of a misread character was an ASCII character by itself.
                flushed.append(_Expansion(h, chr(h.pending[0]), ()))
            elif h.pending:
                pending.append(h)
            else:
                ready.append(h)
        # The last byte out of step was lost together with the end of the stretch.
        ends = place == len(line) or line[place] < "@" or line[place] not in gbk.pairs()
        if ends:
            flushed += [
                _Expansion(h, _ending(h.pending), (), costs.end, "lost")
                for h in pending
                if len(h.pending) == 1
            ]
        found = self._best(ready + self._expanded(flushed) + pending)
        if self._keeps_private or place == len(line):
            return found
        # Pairs that stood for no character were left out, at any place.
        for drops in range(MAX_DROPPED):
            floor = found[0].score - MARGIN_DROPPED
            expansions = [
                _Expansion(
                    h, self._halves(h.pending, group), rest, costs.dropped, "dropped", drops + 1
                )
                for h in found
                if h.pending and h.drops == drops and h.score > floor
                for group, rest in _dropped_groups()
            ]
            found = self._best(found + self._expanded(expansions))
        return found

    def _halves(self, leads: tuple[int, ...], trails: tuple[int, ...]) -> str:
        """The characters whose halves were left out; where nothing is known of one, the page's."""
        if len(leads) == 1:
            return _halves(leads, trails)
        if (leads, trails) not in self._lost_whole:
            self._lost_whole[leads, trails] = "".join(
                c for c in _halves(leads, trails) if c in self._page_chars
            )
        return self._lost_whole[leads, trails]

    def _moved(
        self,
        line: str,
        place: int,
        hypotheses: Sequence[_Hypothesis],
        damage: dict[int, Lost],
    ) -> dict[int, list[_Hypothesis]]:
        """Hypotheses after reading the next piece of the text, by the place they come to."""
        costs = self._costs
        expansions: dict[int, list[_Expansion]] = {}
        waiting: dict[int, list[_Hypothesis]] = {}

        def add(target: int, expansion: _Expansion) -> None:
            expansions.setdefault(target, []).append(expansion)

        if place == len(line):
            return {}
        char = line[place]
        pair = gbk.pairs().get(char)
        lost = damage.get(place)
        left = costs.left if lost and lost.reading else 0.0
        # A byte out of step took the ASCII character after it along. Where a number goes
        # on, that was a digit: the `?` stays, for a number must not change unseen.
        number = line[place + 1 : place + 2].isdigit() and line[place + 1] < "\x7f"
        swallowed = "swallowed" if number else "lost"
        folds = [
            (place + len(spelling), folded)
            for spelling, folded in gbk.width_folded().get(char, ())
            if line.startswith(spelling, place)
        ]
        for h in hypotheses:
            if not h.pending:
                add(place + 1, _Expansion(h, char, (), left))
                if lost:
                    begun = self._begun(h, lost)
                    if begun:
                        waiting.setdefault(lost.end, []).append(begun)
                continue
            if pair:
                add(place + 1, _Expansion(h, _starting(h.pending, pair[0]), (pair[1],)))
            elif "@" <= char < "\x7f":
                add(place + 1, _Expansion(h, _starting(h.pending, ord(char)), ()))
            for target, (one, two) in folds:
                cost = costs.folded + left
                add(target, _Expansion(h, _starting(h.pending, one), (two,), cost))
            if len(h.pending) > 1 and not (lost and lost.reading):
                continue  # both halves of a character lost: it is never guessed
            if lost:
                chars = _ending(h.pending)
                if lost.reading:
                    named = gbk.with_reading(lost.reading)
                    chars = "".join(c for c in chars if c in named)
                cost = costs.annotated if lost.reading else costs.end
                add(lost.end, _Expansion(h, chars, (), cost, lost.reading or swallowed))
            elif char in "?\ufffd":
                add(place + 1, _Expansion(h, _ending(h.pending), (), costs.end, swallowed))
        moved = {target: self._expanded(found) for target, found in expansions.items()}
        for target, found in waiting.items():
            moved.setdefault(target, []).extend(found)
        return moved

    def _begun(self, h: _Hypothesis, lost: Lost) -> _Hypothesis | None:
        """The hypothesis that the text falls out of step here, if it can."""
        if not lost.reading:
            return h._replace(
                score=h.score - self._costs.lost,
                pending=gbk.ANY_BYTE,
                node=Node(h.node, "", "lost", h.rivals),
                drops=0,
                rivals=(),
            )
        # The annotation names the pair of the byte before and the lost byte.
        pair = gbk.pairs().get(h.last)
        if not pair:
            return None
        named = gbk.with_reading(lost.reading)
        real = gbk.readable()
        rest = tuple(t for t in gbk.TRAILS if t > 0x80 and real.get((pair[1], t)) in named)
        if not rest:
            return None
        return h._replace(
            score=h.score - self._costs.annotated,
            pending=rest,
            node=Node(h.node, "", lost.reading, h.rivals),
            drops=0,
            rivals=(),
        )

    def _expanded(self, expansions: Sequence[_Expansion]) -> list[_Hypothesis]:
        """Score all expansions at once; the best of them."""
        import numpy as np

        options = [e.chars for e in expansions]
        text = "".join(options)
        if not text:
            return []
        lengths = [len(o) for o in options]
        origin = np.repeat(np.arange(len(expansions)), lengths)
        first = np.array([e.origin.first for e in expansions], dtype=np.int64)[origin]
        second = np.array([e.origin.second for e in expansions], dtype=np.int64)[origin]
        base = np.array([e.origin.score - e.cost for e in expansions])[origin]
        third = self._ids(text)
        scores = base + self._score(first, second, third)
        damaged = np.array([bool(e.origin.pending) for e in expansions])[origin]
        scores = scores - np.where(damaged, self._prior(text), 0)
        near = np.flatnonzero(scores >= scores.max() - MARGIN)
        made = []
        for index in near[np.argsort(-scores[near], kind="stable")[: 2 * BEAM]]:
            e = expansions[origin[index]]
            char = text[index]
            made.append(
                _Hypothesis(
                    float(scores[index]),
                    e.origin.second,
                    int(third[index]),
                    char,
                    e.pending,
                    Node(
                        e.origin.node,
                        char + ("?" if e.damage == "swallowed" else ""),
                        e.damage,
                        e.origin.rivals,
                    ),
                    e.drops,
                )
            )
        return made

    def _best(self, hypotheses: Sequence[_Hypothesis]) -> list[_Hypothesis]:
        """The best hypotheses of those that will go on alike, then the best of all."""
        if not hypotheses:
            return []
        best: dict[tuple[int, int, tuple[int, ...], int], _Hypothesis] = {}
        for h in hypotheses:
            key = (h.first, h.second, h.pending, h.drops)
            best[key] = _won(best[key], h) if key in best else h
        ranked = sorted(best.values(), key=lambda h: -h.score)
        floor = ranked[0].score - MARGIN
        kept = [h for h in ranked[:BEAM] if h.score >= floor]
        if not any(not h.pending for h in kept):
            # There must always be a way out.
            kept += [h for h in ranked if not h.pending][:1]
        return kept


class _Expansion(NamedTuple):
    """A hypothesis and the characters it may write next."""

    origin: _Hypothesis
    chars: str
    pending: tuple[int, ...]
    cost: float = 0.0
    damage: str = ""
    drops: int = 0


@lru_cache(maxsize=1)
def _dropped_groups() -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Lead bytes of left-out pairs that go with the same trail bytes, and those trail bytes."""
    trails, leads = gbk.dropped()
    groups: dict[tuple[int, ...], list[int]] = {}
    for lead in leads:
        rest = tuple(t for t in trails[lead] if t > 0x80)
        if len(rest) >= 32:  # the user-defined areas; single empty cells are not worth a search
            groups.setdefault(rest, []).append(lead)
    return [(tuple(group), rest) for rest, group in groups.items()]


@lru_cache(maxsize=8192)
def _starting(leads: tuple[int, ...], trail: int) -> str:
    """The characters that `trail` may end, where it is known that it does."""
    chars = gbk.starting(leads, trail)
    return chars if len(leads) == 1 else _usual(chars)


@lru_cache(maxsize=1024)
def _ending(leads: tuple[int, ...]) -> str:
    """The characters that begin with one of `leads` and whose second half is lost."""
    return _usual(gbk.ending(leads))


@lru_cache(maxsize=8192)
def _halves(leads: tuple[int, ...], trails: tuple[int, ...]) -> str:
    """The characters whose first half is in `leads` and the second, lost, in `trails`."""
    return _usual("".join(gbk.starting(leads, trail) for trail in trails))


def _usual(chars: str) -> str:
    """Those of `chars` that the model knows: a lost byte is never taken to be a rare one's."""
    codes = language_model().codes
    return "".join(c for c in chars if codes[ord(c)] >= KINDS)


def _won(one: _Hypothesis, other: _Hypothesis) -> _Hypothesis:
    """The better of two hypotheses, with the other, and the other's rivals, as its rivals."""
    if one.score < other.score:
        one, other = other, one
    gap = one.score - other.score
    if gap > MARGIN_RIVAL:
        return one
    beaten = [(gap, other.node), *((gap + far, node) for far, node in other.rivals)]
    return one._replace(rivals=(*one.rivals, *(r for r in beaten if r[0] <= MARGIN_RIVAL)))

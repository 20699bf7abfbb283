"""Paragraphs that a document holds twice: found, and all but one copy taken away.

Scraped pages repeat themselves: the lead stands again as the summary, the whole
body again in a print view. What goes is a paragraph (a line) that is exactly,
nearly or wholly contained in another one that stays; and with it the short
lines of the block it stands in (headings, captions), where the other copy has
the very same at the same place. A short line never goes on its own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from transforms.text.cleaned import Cleaned
from transforms.text.edits import Edit, Evidence, apply
from transforms.text.shingles import shingle_hashes
from transforms.text.similar import Match, Passage, SimilarSettings, compare


@dataclass(frozen=True, slots=True)
class RepeatSettings:
    """What counts as a repeat within one document.

    Attributes:
      similar: when one paragraph stands for another.
      block_length: characters of folded text from which a run of lines, each of
        them short, goes as a whole when it repeats exactly. A refrain with its
        bridge stays below; a doubled page of dialogue does not.
      block_share: the same as a share of the whole document's: however short it
        is, what stands twice and is nearly half of it is the page's doubled body.
        A refrain, of which there are three or more, is less.
    """

    similar: SimilarSettings = SimilarSettings()
    block_length: int = 200
    block_share: float = 0.45


@dataclass(frozen=True, slots=True)
class Drop:
    """A line to take away.

    Attributes:
      line: its number in the text, from 0.
      rule: the rule that decided it.
      evidence: what it repeats, and how closely.
    """

    line: int
    rule: str
    evidence: Evidence = field(default_factory=dict)


_MAX_GAP = 2
"""Paragraphs of a copy that may be missing from the other one before the run ends: an
advertisement, a paragraph too damaged to be recognised."""

_STEPS = sorted(((p, q) for p in range(1, _MAX_GAP + 2) for q in range(1, _MAX_GAP + 2)), key=sum)
"""From one pair of a run to the next, the nearest first."""

_RAREST = 16
"""Of a paragraph's shared shingles, the rarest ones are looked up: what it is a copy of shares
them too, and a common phrase does not lead to it."""

_POSTINGS = 8
"""Paragraphs looked up for a shingle, the longest first, and so many candidates are compared:
a hundred variants of one formula stay linear."""

_BLOCK_LINES = 3
"""Lines in a row that open a block of short lines."""


def remove_repeats(text: str, settings: RepeatSettings = RepeatSettings()) -> Cleaned:
    """Take away what `text` repeats of itself.

    Args:
      text: paragraphs joined by a line feed; blank lines may stand between.
      settings: what counts as a repeat.

    Returns:
      The text with one copy of each. An edit removes a line with one line feed;
      its rule is `repeat-exact`, `repeat-near`, `repeat-contained` or, for the
      short lines of a block, `repeat-block`; its evidence names `kept_paragraph`
      (the line that stays, from 1), `kind`, `jaccard` and `containment`.
    """
    edits = removal_edits(text, find_repeats(Page(text, settings.similar), settings))
    return Cleaned(apply(text, edits), edits)


def removal_edits(text: str, drops: Iterable[Drop]) -> tuple[Edit, ...]:
    """The edits that take whole lines out of `text`, each with one adjoining line feed.

    A line goes with the line feed behind it; the lines that end the text go
    with the one before them.
    """
    by_line = {drop.line: drop for drop in drops}
    if not by_line:
        return ()
    lines = text.split("\n")
    tail = len(lines)
    while tail and tail - 1 in by_line:
        tail -= 1
    edits = []
    start = 0
    for number, line in enumerate(lines):
        end = start + len(line)
        if number in by_line:
            low = start - 1 if 0 < tail <= number or (not tail and number) else start
            high = end + 1 if number < tail else end
            drop = by_line[number]
            edits.append(Edit(drop.rule, low, high, text[low:high], "", drop.evidence))
        start = end + 1
    return tuple(edits)


class Page:
    """The lines of a document that have content, and which of them may be told to repeat.

    Attributes:
      lines: each line with content, by its number from 0.
      groups: lines that may go for themselves, those that say the same together.
    """

    def __init__(self, text: str, settings: SimilarSettings) -> None:
        passages = ((k, Passage(line, settings.n)) for k, line in enumerate(text.split("\n")))
        self.lines: dict[int, Passage] = {k: passage for k, passage in passages if passage.folded}
        groups: dict[str, list[int]] = defaultdict(list)
        for number, passage in self.lines.items():
            if is_removable(passage, settings):
                groups[passage.key].append(number)
        self.groups = list(groups.values())


def find_repeats(page: Page, settings: RepeatSettings = RepeatSettings()) -> list[Drop]:
    """The lines of `page` to take away, in order; every one in favour of a line that stays."""
    drops = _Drops()
    matches = list(_matches(page, settings.similar))
    if matches or any(len(group) > 1 for group in page.groups):
        _settle(page, matches, drops)
        _extend(page, drops)
    total = sum(len(passage.folded) for passage in page.lines.values())
    length = min(settings.block_length, max(1, int(settings.block_share * total)))
    while _drop_blocks(page, length, drops):
        pass  # what is now side by side may be a block again
    return [drops.found[line] for line in sorted(drops.found)]


def is_removable(passage: Passage, settings: SimilarSettings) -> bool:
    """Whether a paragraph may be taken away for itself: long enough, prose, self-contained."""
    return (
        len(passage.folded) >= settings.min_length
        and passage.is_prose
        and passage.is_sentence
        and not passage.points_back
    )


class _Drops:
    """The lines to take away so far, and for each the line that stays and stands for it."""

    def __init__(self) -> None:
        self.found: dict[int, Drop] = {}
        self.kept: dict[int, int] = {}  # dropped line -> the line that stands for it
        self._stands_for: dict[int, list[int]] = defaultdict(list)

    def add(self, line: int, kept: int, kind: str, match: Match) -> None:
        """Drop `line` for `kept`; what `line` stood for so far, `kept` stands for now."""
        for other in (line, *self._stands_for.pop(line, ())):
            drop = self.found.get(other, Drop(line, f"repeat-{kind}", _evidence(kind, match)))
            self.found[other] = replace(
                drop, evidence={**drop.evidence, "kept_paragraph": kept + 1}
            )
            self.kept[other] = kept
            self._stands_for[kept].append(other)

    def stands_for_any(self, line: int) -> bool:
        """Whether another line was dropped in favour of `line`."""
        return bool(self._stands_for.get(line))


def _evidence(kind: str, match: Match) -> Evidence:
    return {"kind": kind, "jaccard": match.jaccard, "containment": match.containment}


# A group is named by its first line; a match says how the group of `a` is like that of `b`.
_Pair = tuple[int, int, Match]


def _matches(page: Page, settings: SimilarSettings) -> Iterator[_Pair]:
    """Groups that are like another one, not exactly the same: (shorter, longer, how)."""
    # Longest first: postings are cut off, and the fuller text is what is looked for.
    firsts = sorted(
        (group[0] for group in page.groups), key=lambda k: (-len(page.lines[k].folded), k)
    )
    for longer, shorter in _candidates([page.lines[k].folded for k in firsts], settings):
        a, b = firsts[shorter], firsts[longer]
        match = compare(page.lines[a], page.lines[b], settings)
        if match:
            yield a, b, match


def _candidates(keys: Sequence[str], settings: SimilarSettings) -> Iterator[tuple[int, int]]:
    """Pairs of `keys` that share enough shingles to be worth comparing: (earlier, later).

    Exact but for hash collisions and cut-off postings: a text that is similar to
    another one shares at least the threshold's part of its shingles with the
    rest of the document, and few do.
    """
    import numpy as np

    if len(keys) < 2:
        return
    hashes, starts = shingle_hashes(keys, settings.n)
    owners = np.repeat(np.arange(len(keys)), np.diff(np.append(starts, len(hashes))))
    # One entry a (shingle, owner), in that order: postings are slices of `owners`.
    entries = hashes.astype(np.uint64) << np.uint64(32) | owners.astype(np.uint64)
    entries.sort()  # `np.unique` takes five times as long
    entries = entries[np.append(True, entries[1:] != entries[:-1])]
    shared = (entries >> np.uint64(32)).astype(np.uint32)
    owners = (entries & np.uint64(0xFFFFFFFF)).astype(np.int64)
    begins = np.flatnonzero(np.append(True, shared[1:] != shared[:-1]))
    sizes = np.diff(np.append(begins, len(shared)))
    posting = np.repeat(np.arange(len(begins)), sizes)
    others = sizes[posting] > 1
    totals = np.bincount(owners, minlength=len(keys))
    share = np.bincount(owners, weights=others, minlength=len(keys)) / totals
    suspects = share >= min(settings.threshold, settings.containment)
    chosen = np.flatnonzero(others & suspects[owners])
    chosen = chosen[np.lexsort((posting[chosen], sizes[posting[chosen]], owners[chosen]))]
    seen: set[tuple[int, int]] = set()
    for part in np.split(chosen, np.flatnonzero(np.diff(owners[chosen])) + 1):
        if not len(part):
            continue
        owner = int(owners[part[0]])
        hits: dict[int, int] = defaultdict(int)
        for entry in part[:_RAREST]:
            begin = begins[posting[entry]]
            for other in owners[begin : begin + min(_POSTINGS, sizes[posting[entry]])]:
                hits[int(other)] += 1
        hits.pop(owner, None)
        for other in sorted(hits, key=lambda o: (-hits[o], o))[:_POSTINGS]:
            pair = (min(owner, other), max(owner, other))
            if pair not in seen:
                seen.add(pair)
                yield pair


def _settle(page: Page, matches: Sequence[_Pair], drops: _Drops) -> None:
    """Decide which group gives way to which, and drop every copy but one.

    A group gives way only to one that stays; likeness is not passed along.
    """
    order = _preference(page, matches)
    speaker = {group[0]: min(group, key=order.__getitem__) for group in page.groups}
    near: dict[int, dict[int, Match]] = defaultdict(dict)
    larger: dict[int, dict[int, Match]] = defaultdict(dict)  # group -> those that contain it
    smaller: dict[int, dict[int, Match]] = defaultdict(dict)
    for a, b, match in matches:
        if match.kind == "near":
            near[a][b] = near[b][a] = match
        else:
            larger[a][b] = smaller[b][a] = match
    stays: set[int] = set()
    gives_way: dict[int, tuple[int, Match]] = {}
    stands_for: dict[int, set[int]] = defaultdict(set)
    queue = deque(sorted(speaker, key=lambda name: order[speaker[name]]))
    while queue:
        group = queue.popleft()
        likes = {**larger[group], **near[group]}
        owners = [other for other in likes if other in stays]
        if owners:
            best = min(owners, key=lambda o: (-likes[o].jaccard, order[speaker[o]]))
            gives_way[group] = (best, likes[best])
            stands_for[best].add(group)
            continue
        stays.add(group)
        # The fuller text stays, whichever came first; what had given way to
        # the contained one has to look for another that stands for it.
        for inner, match in smaller[group].items():
            if inner in stays:
                stays.remove(inner)
                gives_way[inner] = (group, match)
                stands_for[group].add(inner)
                orphans = sorted(stands_for.pop(inner, ()))
                for orphan in orphans:
                    del gives_way[orphan]
                queue.extend(orphans)
    for lines in page.groups:
        first = lines[0]
        owner, match = gives_way.get(first, (first, Match("exact", 1.0, 1.0)))
        for line in lines:
            if line != speaker[owner]:
                drops.add(line, speaker[owner], match.kind, match)


def _preference(page: Page, matches: Sequence[_Pair]) -> dict[int, tuple[int, int, int]]:
    """Which of similar lines is rather kept: sort key of each line that may go, lowest first.

    Copies are judged as whole runs, so that the text that stays is one copy in
    its own order and not a patchwork: the fuller one is kept, else the first.
    """
    anchors = sorted(line for group in page.groups for line in group)
    place = {line: index for index, line in enumerate(anchors)}
    pairs = {(group[0], line) for group in page.groups for line in group[1:]}
    pairs |= {(min(a, b), max(a, b)) for a, b, match in matches if match.kind == "near"}
    runs: dict[tuple[int, int], list[tuple[int, int]]] = {}  # by the places of the last pair
    for i, j in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        x, y = place[i], place[j]
        before = next(((x - p, y - q) for p, q in _STEPS if (x - p, y - q) in runs), None)
        run = runs.pop(before) if before else []
        run.append((i, j))
        runs[x, y] = run
    backup: dict[int, int] = {}
    for run in sorted(runs.values(), key=lambda run: (-len(run), run)):
        if len(run) == 1:
            break
        first = sum(len(page.lines[i].folded) for i, _ in run)
        second = sum(len(page.lines[j].folded) for _, j in run)
        for i, j in run:
            backup.setdefault(i, int(second > first))
            backup.setdefault(j, int(second <= first))
    return {line: (backup.get(line, 0), -len(page.lines[line].folded), line) for line in anchors}


def _extend(page: Page, drops: _Drops) -> None:
    """Take the short lines of a repeated block along: headings and captions in and beside it.

    The document is read as one stream of folded text, so that copies that are
    cut into paragraphs differently still stand side by side. A line that is no
    prose, or only a part of the one at its place, goes only if the block goes
    on behind it: the same command may follow the same sentence on purpose.
    """
    numbers = list(page.lines)
    index = {line: place for place, line in enumerate(numbers)}
    stream = "".join(page.lines[line].folded for line in numbers)
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    offset = 0
    for line in numbers:
        begins[line] = offset
        offset += len(page.lines[line].folded)
        ends[line] = offset
    at_begin = {offset: line for line, offset in begins.items()}
    spans = {
        line: _span(page, drops.found[line], kept, begins) for line, kept in drops.kept.items()
    }
    for line, span in sorted(spans.items()):
        if span is None:
            continue
        for step in (1, -1):
            place, edge = index[line] + step, span[step > 0]
            taken: list[tuple[int, int]] = []
            sure = 0  # of those taken; the rest waits for the block to go on behind it
            while 0 <= place < len(numbers):
                other = numbers[place]
                if other in drops.found:
                    joined = spans.get(other)
                    sure = len(taken) if joined and joined[step < 0] == edge else sure
                    break
                passage = page.lines[other]
                low = edge if step > 0 else edge - len(passage.folded)
                high = low + len(passage.folded)
                if low < 0 or not stream.startswith(passage.folded, low):
                    break
                kept = at_begin.get(low, -1)
                whole = kept >= 0 and ends[kept] == high
                if not whole:
                    kept = drops.kept[line]  # cut differently: a part of some line there
                elif page.lines[kept].numbers != passage.numbers:
                    break
                if kept == other or kept in drops.found:
                    break
                if sure == len(taken) and whole and passage.is_prose:
                    sure += 1
                taken.append((other, kept))
                place, edge = place + step, high if step > 0 else low
            for other, kept in taken[:sure]:
                drops.add(other, kept, "block", Match("block", 1.0, 1.0))


def _span(page: Page, drop: Drop, kept: int, begins: Mapping[int, int]) -> tuple[int, int] | None:
    """Where in the stream the copy of a dropped line stands, if that can be told exactly."""
    key, whole = page.lines[drop.line].folded, page.lines[kept].folded
    at = whole.find(key)
    if at >= 0:
        return begins[kept] + at, begins[kept] + at + len(key)
    if drop.rule == "repeat-contained":
        return None
    return begins[kept], begins[kept] + len(whole)


def _drop_blocks(page: Page, length: int, drops: _Drops) -> bool:
    """Drop runs of short lines that repeat exactly and are long together; whether there were."""
    numbers = [line for line in page.lines if line not in drops.found]
    keys = [page.lines[line].key for line in numbers]
    opened: dict[tuple[str, ...], int] = {}
    found = False
    place = 0
    while place + _BLOCK_LINES <= len(numbers):
        first = opened.setdefault(tuple(keys[place : place + _BLOCK_LINES]), place)
        size = 0
        while (
            first + size < place
            and place + size < len(keys)
            and keys[first + size] == keys[place + size]
            and numbers[first + size] not in drops.found
            and page.lines[numbers[place + size]].is_prose
        ):
            size += 1
        block = numbers[place : place + size]
        if sum(len(page.lines[line].folded) for line in block) >= length:
            found = True
            for line, kept in zip(block, numbers[first:], strict=False):
                drops.add(line, kept, "block", Match("block", 1.0, 1.0))
            place += size
        else:
            # Within a run that is too short no longer one begins.
            place += max(1, size - _BLOCK_LINES + 1)
    return found

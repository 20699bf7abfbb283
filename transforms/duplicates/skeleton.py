"""Blocks across documents: the headings and captions among paragraphs that go.

Where paragraphs of a document give way to those of another one, the lines
between and beside them go too if the other document has the very same there.
For that it hands out its skeleton: a digest a line. Only a document that gives
way nowhere itself does so; its lines surely stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam

from transforms.duplicates.records import Edge, Skeleton
from transforms.text.repeats import Page
from transforms.text.shingles import digest
from transforms.text.similar import Passage

SIZE = 8
"""Bytes of a line's digest: it is compared with one line only."""


def line_digest(passage: Passage) -> bytes:
    """What two lines share that say exactly the same."""
    return digest(passage.key)[:SIZE]


def skeleton(key: str, page: Page, gone: set[int]) -> Skeleton:
    """The lines of `page` but those in `gone`."""
    kept = [line for line in page.lines if line not in gone]
    return Skeleton(key, tuple(kept), b"".join(line_digest(page.lines[line]) for line in kept))


class HandOutSkeletons(beam.PTransform):
    """`{"edges": Edge, "skeletons": (key, Skeleton)}` to (key of the low document, Skeleton)."""

    def expand(self, inputs: Mapping[str, Any]) -> Any:
        """The graph."""
        asked = inputs["edges"] | "Ask" >> beam.ParDo(_Ask()).with_outputs("marks", main="asked")
        return (
            {
                "skeletons": inputs["skeletons"],
                "asked": asked.asked | "DistinctAsked" >> beam.Distinct(),
                "marks": asked.marks,
            }
            | "JoinAsked" >> beam.CoGroupByKey()
            | "HandOut" >> beam.ParDo(_HandOut())
        )


@beam.typehints.with_input_types(Edge)
@beam.typehints.with_output_types(tuple[str, str], marks=tuple[str, bool])
class _Ask(beam.DoFn):
    def process(self, edge: Edge) -> Iterator[Any]:
        yield edge.high.key, edge.low.key
        yield beam.pvalue.TaggedOutput("marks", (edge.low.key, True))


@beam.typehints.with_input_types(tuple[str, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(tuple[str, Skeleton])
class _HandOut(beam.DoFn):
    def process(
        self, element: tuple[str, Mapping[str, Iterable[Any]]]
    ) -> Iterator[tuple[str, Skeleton]]:
        _, groups = element
        if any(groups["marks"]):
            return
        for one in groups["skeletons"]:
            for low in groups["asked"]:
                yield low, one


def block_lines(
    page: Page, gone: Mapping[int, Edge], skeletons: Iterable[Skeleton]
) -> dict[int, tuple[Edge, int]]:
    """Lines of `page` that go with a block: the edge beside them, and the line kept for each.

    Args:
      page: the document.
      gone: its paragraphs that give way, by line.
      skeletons: of documents that they give way to.
    """
    ours = list(page.lines)
    place = {line: index for index, line in enumerate(ours)}
    others = {one.key: _Other(one) for one in skeletons}
    found: dict[int, tuple[Edge, int]] = {}
    for line, edge in gone.items():
        other = others.get(edge.high.key)
        if other is None or edge.kind == "contained":
            continue
        for step in (1, -1):
            taken: list[tuple[int, int]] = []
            sure = 0  # of those taken; the rest waits for the block to go on behind it
            here, there = place[line] + step, other.place[edge.high.line] + step
            while 0 <= here < len(ours) and 0 <= there < len(other.lines):
                mine, theirs = ours[here], other.lines[there]
                if mine in gone:
                    target = gone[mine].high
                    sure = len(taken) if (target.key, target.line) == (other.key, theirs) else sure
                    break
                passage = page.lines[mine]
                if line_digest(passage) != other.digest(there):
                    break
                if sure == len(taken) and passage.is_prose:
                    sure += 1
                taken.append((mine, theirs))
                here, there = here + step, there + step
            for mine, theirs in taken[:sure]:
                found.setdefault(mine, (edge, theirs))
    return found


class _Other:
    def __init__(self, one: Skeleton) -> None:
        self.key = one.key
        self.lines = one.lines
        self.place = {line: index for index, line in enumerate(one.lines)}
        self._digests = one.digests

    def digest(self, place: int) -> bytes:
        return self._digests[place * SIZE : (place + 1) * SIZE]

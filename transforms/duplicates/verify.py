"""Candidates compared by their text: only what is truly similar goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.records import Edge, Pair, Prepared, Wording
from transforms.duplicates.settings import DuplicateSettings
from transforms.text.fold import simplified_table
from transforms.text.similar import Passage, compare


class VerifyPairs(beam.PTransform):
    """`{"pairs": Pair, "documents": (key, Prepared)}` to `Edge`s.

    Exact pairs have equal 128-bit hashes and need no text. For the others each
    document hands out the paragraphs that are asked for.
    """

    def __init__(self, settings: DuplicateSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, inputs: Mapping[str, Any]) -> Any:
        """The graph."""
        pairs = inputs["pairs"] | "SplitExact" >> beam.ParDo(_SplitExact()).with_outputs(
            "asked", main="edges"
        )
        edges = (
            {"documents": inputs["documents"], "pairs": pairs.asked}
            | "JoinDocuments" >> beam.CoGroupByKey()
            | "HandOutText" >> beam.ParDo(_HandOutText())
            | "JoinSides" >> beam.GroupByKey()
            | "Compare" >> beam.ParDo(_Compare(self._settings))
        )
        return (pairs.edges, edges) | "AllEdges" >> beam.Flatten()


@beam.typehints.with_input_types(Pair)
@beam.typehints.with_output_types(Edge, asked=tuple[str, Pair])
class _SplitExact(beam.DoFn):
    def process(self, pair: Pair) -> Iterator[Any]:
        if pair.exact:
            yield Edge(pair.low, pair.high, "exact", 1.0, 1.0)
        else:
            yield beam.pvalue.TaggedOutput("asked", (pair.low.key, pair))
            yield beam.pvalue.TaggedOutput("asked", (pair.high.key, pair))


@beam.typehints.with_input_types(tuple[str, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(tuple[Pair, Wording])
class _HandOutText(beam.DoFn):
    def process(
        self, element: tuple[str, Mapping[str, Iterable[Any]]]
    ) -> Iterator[tuple[Pair, Wording]]:
        key, groups = element
        prepared: Prepared
        for prepared in groups["documents"]:
            lines = prepared.document.text.split("\n")
            for pair in groups["pairs"]:
                is_low = pair.low.key == key
                side = pair.low if is_low else pair.high
                yield pair, Wording(is_low, lines[side.line])


@beam.typehints.with_input_types(tuple[Pair, Iterable[Wording]])
@beam.typehints.with_output_types(Edge)
class _Compare(beam.DoFn):
    def __init__(self, settings: DuplicateSettings) -> None:
        self._settings = settings
        self._compared = Metrics.counter("duplicates", "compared")

    def setup(self) -> None:
        simplified_table()

    def process(self, element: tuple[Pair, Iterable[Wording]]) -> Iterator[Edge]:
        pair, wordings = element
        texts = {wording.is_low: wording.text for wording in wordings}
        self._compared.inc()
        yield from edges(pair, texts[True], texts[False], self._settings)


def edges(pair: Pair, low: str, high: str, settings: DuplicateSettings) -> Iterator[Edge]:
    """The edge of a pair whose texts are `low` and `high`, if they are similar.

    A contained paragraph gives way to the one that contains it, whatever the order.
    """
    n = settings.repeats.similar.n
    sides = [(pair.low, Passage(low, n)), (pair.high, Passage(high, n))]
    # Stable: of equal length the low one counts as the shorter.
    (short, a), (long, b) = sorted(sides, key=_length)
    match = compare(a, b, settings.repeats.similar)
    if match is None:
        return
    if match.kind == "contained":
        yield Edge(short, long, match.kind, match.jaccard, match.containment)
    else:
        yield Edge(pair.low, pair.high, match.kind, match.jaccard, match.containment)


def _length(side: tuple[Any, Passage]) -> int:
    return len(side[1].folded)

"""Who gives way: a paragraph goes only in favour of one that stays itself.

Similarity is not passed along: of `a` like `b` like `c`, where `a` is kept, `b`
goes, and `c` stays unless it is like `a` too. In each round the paragraphs that
nothing speaks against are known to stay, and what is like one of them goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.records import Edge, Paragraph
from transforms.duplicates.settings import DuplicateSettings, Keep

_Groups = tuple[Paragraph, Mapping[str, Iterable[Any]]]


class SettleEdges(beam.PTransform):
    """`Edge`s to the one edge of each paragraph that goes, to one that stays."""

    def __init__(self, settings: DuplicateSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, edges: Any) -> Any:
        """The graph: every round settles what it can and hands the rest on."""
        settled = []
        for number in range(1, self._settings.rounds + 1):
            outcome = edges | f"Round{number}" >> _Round(self._settings.keep)
            settled.append(outcome["settled"])
            edges = outcome["open"]
        edges | "CountUndecided" >> beam.ParDo(_CountUndecided())
        return settled | "AllSettled" >> beam.Flatten()


class _Round(beam.PTransform):
    """One round: edges to `settled` and `open` ones."""

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self._keep = keep

    def expand(self, edges: Any) -> dict[str, Any]:
        doubtful = edges | "MarkLows" >> beam.ParDo(_MarkLows())
        by_high = edges | "ByHigh" >> beam.ParDo(_ByHigh())
        told = (
            {"edges": by_high, "marks": doubtful}
            | "JoinHighs" >> beam.CoGroupByKey()
            | "TellKept" >> beam.ParDo(_TellKept()).with_outputs("kept", main="open")
        )
        chosen = (
            {"kept": told.kept, "open": told.open}
            | "JoinLows" >> beam.CoGroupByKey()
            | "Choose"
            >> beam.ParDo(_Choose(self._keep)).with_outputs("gone", "open", main="settled")
        )
        # An edge to a paragraph that went says no more.
        remaining = (
            {"edges": chosen.open, "marks": chosen.gone}
            | "JoinGone" >> beam.CoGroupByKey()
            | "DropGone" >> beam.ParDo(_DropMarked())
        )
        return {"settled": chosen.settled, "open": remaining}


@beam.typehints.with_input_types(Edge)
@beam.typehints.with_output_types(tuple[Paragraph, bool])
class _MarkLows(beam.DoFn):
    def process(self, edge: Edge) -> Iterator[tuple[Paragraph, bool]]:
        yield edge.low, True


@beam.typehints.with_input_types(Edge)
@beam.typehints.with_output_types(tuple[Paragraph, Edge])
class _ByHigh(beam.DoFn):
    def process(self, edge: Edge) -> Iterator[tuple[Paragraph, Edge]]:
        yield edge.high, edge


@beam.typehints.with_input_types(tuple[Paragraph, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(tuple[Paragraph, Edge], kept=tuple[Paragraph, Edge])
class _TellKept(beam.DoFn):
    """Edges by their high end to edges by their low end; `kept`: the high end surely stays."""

    def process(self, element: _Groups) -> Iterator[Any]:
        _, groups = element
        marked = any(groups["marks"])
        for edge in groups["edges"]:
            if marked:
                yield edge.low, edge
            else:
                yield beam.pvalue.TaggedOutput("kept", (edge.low, edge))


@beam.typehints.with_input_types(tuple[Paragraph, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(Edge, gone=tuple[Paragraph, bool], open=tuple[Paragraph, Edge])
class _Choose(beam.DoFn):
    """The edges of one low end: the best to one that is kept, else all are open still."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    def process(self, element: _Groups) -> Iterator[Any]:
        low, groups = element
        best: Edge | None = None
        for edge in groups["kept"]:
            if best is None or self._order(edge) < self._order(best):
                best = edge
        if best is not None:
            yield best
            yield beam.pvalue.TaggedOutput("gone", (low, True))
        else:
            for edge in groups["open"]:
                yield beam.pvalue.TaggedOutput("open", (edge.high, edge))

    def _order(self, edge: Edge) -> tuple[Any, ...]:
        return (edge.kind != "exact", -edge.jaccard, *edge.high.rank(self._keep))


@beam.typehints.with_input_types(tuple[Paragraph, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(Edge)
class _DropMarked(beam.DoFn):
    def process(self, element: _Groups) -> Iterator[Edge]:
        _, groups = element
        if not any(groups["marks"]):
            yield from groups["edges"]


@beam.typehints.with_input_types(Edge)
@beam.typehints.with_output_types(None)
class _CountUndecided(beam.DoFn):
    def __init__(self) -> None:
        self._undecided = Metrics.counter("duplicates", "undecided")

    def process(self, _edge: Edge) -> None:
        self._undecided.inc()

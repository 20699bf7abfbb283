"""Remove duplicate paragraphs, within each document and across all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.link import Link
from transforms.duplicates.prepare import Prepare
from transforms.duplicates.records import Edge, Prepared, Skeleton
from transforms.duplicates.settings import DuplicateSettings
from transforms.duplicates.settle import SettleEdges
from transforms.duplicates.skeleton import HandOutSkeletons, block_lines
from transforms.duplicates.verify import VerifyPairs
from transforms.records import Document, LedgerEntry, RemovedDocument
from transforms.text.edits import Evidence, apply
from transforms.text.fold import fold, simplified_table
from transforms.text.repeats import Drop, Page, is_removable, removal_edits
from transforms.text.similar import Passage

STAGE = "duplicates"


@beam.typehints.with_input_types(Document)
class RemoveDuplicates(beam.PTransform):
    """`Document`s to outputs `documents`, `ledger`, `removed`.

    `documents` are without what they repeat of themselves and, in the scope
    `corpus`, without what a document that comes before them says already.
    `ledger` has one `LedgerEntry` a paragraph taken away: rules `repeat-exact`,
    `repeat-near`, `repeat-contained`, `repeat-block` within the document,
    `exact`, `near`, `contained`, `block` across; evidence `kept_id`, `kept_key`,
    `kept_paragraph` (line of the kept document as the stage was given it, from
    1), `kind`, `jaccard`, `containment`. `removed` has the documents of which
    nothing is left. The result does not depend on the order of the input.
    """

    def __init__(self, settings: DuplicateSettings = DuplicateSettings()) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, documents: Any) -> dict[str, Any]:
        """The graph."""
        settings = self._settings
        prepared = documents | "Prepare" >> beam.ParDo(Prepare(settings)).with_outputs(
            "blocks", "skeletons", main="prepared"
        )
        by_key = prepared.prepared | "ByKey" >> beam.ParDo(_ByKey())
        groups = {"documents": by_key}
        if settings.scope == "corpus":
            pairs = (
                prepared.blocks
                | "GroupSlices" >> beam.GroupByKey()
                | "Link" >> beam.ParDo(Link(settings))
                | "DistinctPairs" >> beam.Distinct()
            )
            edges = (
                {"pairs": pairs, "documents": by_key}
                | "VerifyPairs" >> VerifyPairs(settings)
                | "SettleEdges" >> SettleEdges(settings)
            )
            groups["verdicts"] = edges | "ByDocument" >> beam.ParDo(_ByDocument())
            groups["skeletons"] = {
                "edges": edges,
                "skeletons": prepared.skeletons,
            } | "HandOutSkeletons" >> HandOutSkeletons()
        outputs = (
            groups
            | "JoinVerdicts" >> beam.CoGroupByKey()
            | "Remove"
            >> beam.ParDo(_Remove(settings)).with_outputs("ledger", "removed", main="documents")
        )
        return {name: outputs[name] for name in ("documents", "ledger", "removed")}


@beam.typehints.with_input_types(Prepared)
@beam.typehints.with_output_types(tuple[str, Prepared])
class _ByKey(beam.DoFn):
    def process(self, prepared: Prepared) -> Iterator[tuple[str, Prepared]]:
        yield prepared.document.key, prepared


@beam.typehints.with_input_types(Edge)
@beam.typehints.with_output_types(tuple[str, Edge])
class _ByDocument(beam.DoFn):
    def process(self, edge: Edge) -> Iterator[tuple[str, Edge]]:
        yield edge.low.key, edge


@beam.typehints.with_input_types(tuple[str, dict[str, Iterable[Any]]])
@beam.typehints.with_output_types(Document, ledger=LedgerEntry, removed=RemovedDocument)
class _Remove(beam.DoFn):
    """A document and what was decided about its paragraphs to what becomes of it."""

    def __init__(self, settings: DuplicateSettings) -> None:
        self._settings = settings
        self._counters = {
            kind: Metrics.counter("duplicates", kind) for kind in ("exact", "near", "contained")
        }
        self._removed = Metrics.counter("duplicates", "documents_removed")
        self._halved = Metrics.counter("duplicates", "documents_below_half")

    def setup(self) -> None:
        simplified_table()

    def process(self, element: tuple[str, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        _, groups = element
        verdicts = sorted(groups.get("verdicts", ()), key=_line)
        for prepared in groups["documents"]:
            for verdict in verdicts:
                self._counters[verdict.kind].inc()
            document = prepared.document
            drops = _drops(prepared, verdicts)
            if verdicts:
                page = Page(document.text, self._settings.repeats.similar)
                taken = {drop.line for drop in drops}
                drops += _block_drops(page, taken, verdicts, groups["skeletons"])
            edits = removal_edits(document.text, drops)
            text = apply(document.text, edits)
            share = _share(document.text, text) if verdicts else 1.0
            self._halved.inc(int(share < _HALF))
            if share < self._settings.min_remainder and not self._has_own_paragraph(text):
                self._removed.inc()
                yield beam.pvalue.TaggedOutput(
                    "removed", RemovedDocument(document, STAGE, _reason(verdicts))
                )
                continue
            for entry in LedgerEntry.entries(document, STAGE, edits):
                yield beam.pvalue.TaggedOutput("ledger", entry)
            yield replace(document, text=text)

    def _has_own_paragraph(self, text: str) -> bool:
        similar = self._settings.repeats.similar
        return any(is_removable(Passage(line, similar.n), similar) for line in text.split("\n"))


_HALF = 0.5
"""Documents that lost more than this are counted: nobody's corpus is gutted unseen."""


def _line(verdict: Edge) -> int:
    return verdict.low.line


def _drops(prepared: Prepared, verdicts: Sequence[Edge]) -> list[Drop]:
    """All lines to take out of a document, each in favour of one that stays."""
    gone = {verdict.low.line: verdict for verdict in verdicts}
    drops = [Drop(line, verdict.kind, _evidence(verdict)) for line, verdict in gone.items()]
    own: Evidence = {"kept_id": prepared.document.id, "kept_key": prepared.document.key}
    for repeat in prepared.repeats:
        kept = gone.get(int(repeat.evidence["kept_paragraph"]) - 1)
        if kept is None:
            drops.append(Drop(repeat.line, repeat.rule, {**own, **repeat.evidence}))
        elif repeat.rule == "repeat-exact":
            drops.append(Drop(repeat.line, kept.kind, _evidence(kept)))
        elif kept.kind == "exact" or repeat.rule == "repeat-block":
            # What holds of a line holds of its exact copy elsewhere.
            elsewhere = {**_evidence(kept), **repeat.evidence}
            elsewhere["kept_paragraph"] = kept.high.line + 1
            drops.append(Drop(repeat.line, repeat.rule, elsewhere))
        # A near repeat of what gives way to another document need not be like
        # what it gives way to: it stays.
    return drops


def _block_drops(
    page: Page, taken: set[int], verdicts: Sequence[Edge], skeletons: Iterable[Skeleton]
) -> list[Drop]:
    """The headings and captions that go with the paragraphs around them."""
    gone = {verdict.low.line: verdict for verdict in verdicts}
    for line in taken - gone.keys():
        page.lines.pop(line)  # repeats: what stands on either side of them is now side by side
    return [
        Drop(
            line,
            "block",
            {
                **_evidence(verdict),
                "kept_paragraph": kept + 1,
                "kind": "block",
                "jaccard": 1.0,
                "containment": 1.0,
            },
        )
        for line, (verdict, kept) in block_lines(page, gone, skeletons).items()
    ]


def _evidence(verdict: Edge) -> Evidence:
    return {
        "kept_id": verdict.high.id,
        "kept_key": verdict.high.key,
        "kept_paragraph": verdict.high.line + 1,
        "kind": verdict.kind,
        "jaccard": verdict.jaccard,
        "containment": verdict.containment,
    }


def _share(before: str, after: str) -> float:
    return len(fold(after)) / len(fold(before))


def _reason(verdicts: Sequence[Edge]) -> str:
    """What a document that is left out duplicates: the document that most of it went to."""
    weights: Counter[str] = Counter()
    for verdict in verdicts:
        weights[verdict.high.id] += verdict.low.length
    first = min(weights, key=lambda id_: (-weights[id_], id_))
    others = f" and {len(weights) - 1} more" if len(weights) > 1 else ""
    kinds = "/".join(sorted({verdict.kind for verdict in verdicts}))
    return f"{kinds} duplicate: of {first}{others}"

"""Tally: what a run did, counted from the records themselves.

Runner metrics may count a retried bundle twice or not at all; a sum over the
data cannot. Every record becomes a few `(key, number)` pairs, summed by key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam

from transforms.records import DeadLetter, Document, LedgerEntry, RawRecord, RemovedDocument

#: What is counted, its value (a rule, a language, ...), and the measure.
TallyKey = tuple[str, str, str]
Tally = tuple[TallyKey, int]


class CountRecords(beam.PTransform):
    """Any collection of records to its sums: `PCollection[Tally]`, one element a key.

    Args:
      count: the pairs of one record: a function of a module's top level.
    """

    def __init__(self, count: Callable[[Any], Iterable[Tally]]) -> None:
        super().__init__()
        self._count = count

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[Tally]:
        """The graph."""
        return (
            records
            | "Count" >> beam.FlatMap(self._count).with_output_types(Tally)
            | "Sum" >> beam.CombinePerKey(sum)
        )


def read(record: RawRecord) -> Iterator[Tally]:
    """What was read."""
    yield ("records", "read", "count"), 1
    yield ("bytes", "read", "count"), len(record.data)


def unreadable(_: DeadLetter) -> Iterator[Tally]:
    """A record that failed while it was read: read all the same, for the books to balance."""
    yield ("records", "read", "count"), 1


def failed(letter: DeadLetter) -> Iterator[Tally]:
    """A dead letter."""
    yield ("records", "failed", "count"), 1
    yield ("failures", letter.stage, "count"), 1


def clean(document: Document) -> Iterator[Tally]:
    """A document kept."""
    facts = document.facts
    yield ("records", "clean", "count"), 1
    yield ("characters", "decoded", "count"), document.original_length
    yield ("characters", "clean", "count"), len(document.text)
    yield ("paragraphs", "decoded", "count"), document.original_nlines
    yield ("paragraphs", "clean", "count"), document.text.count("\n") + 1
    for what, value in (
        ("encodings", facts.encoding),
        ("languages", facts.language),
        ("scripts", facts.language_script),
        ("zh_variants", facts.zh_variant),
    ):
        if value:
            yield (what, value, "count"), 1


def removed(left_out: RemovedDocument) -> Iterator[Tally]:
    """A document left out."""
    yield ("records", "removed", "count"), 1
    # Up to a colon a reason names its kind, behind it the case.
    yield ("reasons", f"{left_out.stage}: {left_out.reason.partition(':')[0]}", "count"), 1
    yield ("characters", "removed", "count"), left_out.document.original_length


def edit(entry: LedgerEntry) -> Iterator[Tally]:
    """An edit."""
    rule = f"{entry.stage}/{entry.edit.rule}"
    yield ("edits", rule, "count"), 1
    yield ("edits", rule, "characters_before"), len(entry.edit.before)
    yield ("edits", rule, "characters_after"), len(entry.edit.after)
    if entry.edit.is_mark:
        yield ("edits", rule, "marks"), 1

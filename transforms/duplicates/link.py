"""Candidates: paragraphs that share a hash, each linked to the few it would give way to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.prepare import ENTRY
from transforms.duplicates.records import Block, Pair, Paragraph
from transforms.duplicates.settings import DuplicateSettings, Keep

if TYPE_CHECKING:
    from numpy.typing import NDArray


@beam.typehints.with_input_types(tuple[int, Iterable[Block]])
@beam.typehints.with_output_types(Pair)
class Link(beam.DoFn):
    """The hashes of one slice to `Pair`s.

    A slice is held as arrays, never as objects; only buckets of two and more
    are looked at one by one.
    """

    def __init__(self, settings: DuplicateSettings) -> None:
        self._settings = settings
        self._buckets = Metrics.distribution("duplicates", "bucket_size")
        self._capped = Metrics.counter("duplicates", "capped")

    def process(self, element: tuple[int, Iterable[Block]]) -> Iterator[Pair]:
        """Link the members of every bucket."""
        _, slice_blocks = element
        documents, entries = _gathered(slice_blocks, self._settings.keep)
        seen: set[tuple[Paragraph, Paragraph]] = set()
        for bucket in _buckets(entries):
            self._buckets.update(len(bucket))
            for pair in self._links(documents, bucket):
                if (pair.low, pair.high) not in seen:
                    seen.add((pair.low, pair.high))
                    yield pair

    def _links(self, documents: Sequence[tuple[str, str, str]], bucket: Any) -> Iterator[Pair]:
        """Pairs of one bucket, whose entries are in rank order: a bounded number for each member.

        Exact copies are linked with the first of them, and with what that one is
        linked with, so that they find what stays when it does not stay itself.
        """
        firsts: dict[bytes, int] = {}  # text -> its place among the distinct ones
        distinct: list[Paragraph] = []
        for entry in bucket:
            date, id_, key = documents[entry["document"]]
            member = Paragraph(key, int(entry["line"]), id_, date, int(entry["length"]))
            text = entry["digest"].tobytes()
            if text in firsts:
                place = firsts[text]
                yield from _pairs(member, [distinct[place]], exact=True)
            elif len(distinct) < self._settings.max_bucket:
                place = firsts[text] = len(distinct)
                distinct.append(member)
            else:
                self._capped.inc()
                continue
            near = {0, *range(max(0, place - self._settings.links + 1), place)} - {place}
            yield from _pairs(member, [distinct[other] for other in sorted(near)], exact=False)


def _gathered(blocks: Iterable[Block], keep: Keep) -> tuple[list[tuple[str, str, str]], Any]:
    """All (date, id, key) of a slice, and its entries by hash and then by rank.

    Field `document` of an entry is an index into the first.
    """
    import numpy as np

    documents: list[tuple[str, str, str]] = []
    parts = []
    for block in blocks:
        parts.append(np.frombuffer(block.entries, np.dtype(ENTRY)))
        documents.append((block.date, block.id, block.key))
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    merged = np.concatenate(parts)
    # Only what shares its hash matters; most do not.
    by_hash = np.argsort(merged["hash"])
    same = np.diff(merged["hash"][by_hash]) == 0
    shared = by_hash[np.append(False, same) | np.append(same, False)]
    owners, merged = owners[shared], merged[shared]
    dates = _places([date for date, _, _ in documents])[owners]
    names = _places([(id_, key) for _, id_, key in documents])[owners]
    by_length, hashes = -merged["length"].astype(np.int64), merged["hash"]
    # `lexsort` takes the last key first; the order is that of `Paragraph.rank`.
    columns = {
        "longest": (merged["line"], names, dates, by_length, hashes),
        "earliest": (merged["line"], names, by_length, dates, hashes),
        "first": (merged["line"], names, hashes),
    }[keep]
    order = np.lexsort(columns)
    entries = np.empty(len(order), np.dtype([*ENTRY, ("document", "<i8")]))
    for name, *_ in ENTRY:
        entries[name] = merged[name][order]
    entries["document"] = owners[order]
    return documents, entries


def _places(values: Sequence[Any]) -> NDArray[Any]:
    """Where each value stands among all, equal ones at the same place."""
    import numpy as np

    place = {value: index for index, value in enumerate(sorted(set(values)))}
    return np.array([place[value] for value in values], np.int64)


def _buckets(entries: Any) -> Iterator[Any]:
    import numpy as np

    if len(entries):
        yield from np.split(entries, np.flatnonzero(np.diff(entries["hash"])) + 1)


def _pairs(low: Paragraph, highs: Iterable[Paragraph], exact: bool) -> Iterator[Pair]:
    """What a document repeats of itself has been decided before."""
    return (Pair(low, high, exact) for high in highs if high.key != low.key)

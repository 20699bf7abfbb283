"""A document on its own: its repeats, and the hashes by which others find its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.records import UNDATED, Block, Dropped, Prepared, Skeleton
from transforms.duplicates.settings import DuplicateSettings
from transforms.duplicates.skeleton import skeleton
from transforms.records import Document
from transforms.text import shingles
from transforms.text.fold import simplified_table
from transforms.text.repeats import Page, find_repeats, is_removable

ENTRY = [("hash", "<u8"), ("line", "<i4"), ("length", "<i4"), ("digest", "<u8", 2)]
"""One hash of one paragraph: 32 bytes."""


@beam.typehints.with_input_types(Document)
@beam.typehints.with_output_types(
    Prepared, blocks=tuple[int, Block], skeletons=tuple[str, Skeleton]
)
class Prepare(beam.DoFn):
    """A `Document` to `Prepared`.

    Outputs `blocks`: its hashes, as (slice, `Block`); `skeletons`: (key, `Skeleton`).
    """

    def __init__(self, settings: DuplicateSettings) -> None:
        self._settings = settings
        self._repeated = Metrics.counter("duplicates", "repeated")

    def setup(self) -> None:
        """Load the table of the folded key."""
        simplified_table()

    def process(self, document: Document) -> Iterator[Any]:
        """Repeats first; what is left is offered to the corpus."""
        settings = self._settings
        page = Page(document.text, settings.repeats.similar)
        repeats = find_repeats(page, settings.repeats)
        self._repeated.inc(len(repeats))
        yield Prepared(document, tuple(Dropped.of(drop) for drop in repeats))
        if settings.scope == "corpus":
            gone = {drop.line for drop in repeats}
            for part, block in blocks(document, page, gone, settings):
                yield beam.pvalue.TaggedOutput("blocks", (part, block))
            one = skeleton(document.key, page, gone)
            yield beam.pvalue.TaggedOutput("skeletons", (document.key, one))


def blocks(
    document: Document, page: Page, gone: set[int], settings: DuplicateSettings
) -> Iterator[tuple[int, Block]]:
    """The hashes of the paragraphs of `page` but those in `gone`, by slice of the hash space.

    A paragraph has one hash for its whole folded text, one for each band of its
    signature, and its landmarks.
    """
    import numpy as np

    similar = settings.repeats.similar
    lines = [
        line
        for line, passage in page.lines.items()
        if line not in gone and is_removable(passage, similar)
    ]
    if not lines:
        return
    keys = [page.lines[line].folded for line in lines]
    rows = shingles.signatures(keys, similar.n, settings.permutations, settings.seed)
    count, size = shingles.bands(
        similar.threshold, settings.permutations, settings.false_negative_weight
    )
    bands = shingles.band_hashes(rows, count, size)
    parts = []
    for line, key, own in zip(lines, keys, bands, strict=True):
        digest = np.frombuffer(shingles.digest(page.lines[line].key), np.dtype("<u8"))
        marks = (
            shingles.landmarks(key, settings.landmark, max(similar.min_length, settings.landmark))
            if settings.landmark
            else own[:0]
        )
        part = np.empty(1 + len(own) + len(marks), np.dtype(ENTRY))
        part["hash"] = np.concatenate((digest[:1], own, marks))
        part["line"], part["length"], part["digest"] = line, len(key), digest
        parts.append(part)
    entries = np.concatenate(parts)
    slices = entries["hash"] % np.uint64(settings.slices)
    order = np.argsort(slices, kind="stable")
    date = document.facts.date or document.created or UNDATED
    for chosen in np.split(order, np.flatnonzero(np.diff(slices[order])) + 1):
        block = Block(document.key, document.id, date, entries[chosen].tobytes())
        yield int(slices[chosen[0]]), block

"""Sample: the bounded part of a run's files that its report shows.

The counts of a report are those of the whole run and come from the metrics;
what it shows of documents, edits and failures is read here, as a stream, from
the beginning of the part files. The same files give the same sample.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
from apache_beam.io.filesystems import FileSystems

from transforms.records import LedgerEntry
from transforms.text.edits import Edit

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """How much of a run a report shows."""

    # As many as a person looks through; with texts cut at some 20,000 characters (see `texts`)
    # they make a page of a few megabytes, which a browser opens at once.
    documents: int = 20
    # The reasons and errors are counted in full: these are for looking at a few of each.
    removed: int = 50
    failed: int = 50
    # Enough to see whether a rule does one thing or several.
    examples: int = 5
    # Read for examples, of all part files together: seconds, where a whole ledger may take hours.
    ledger_rows: int = 200_000
    # Files opened of a folder: on an object store each costs some tenths of a second.
    parts: int = 50
    # Of a document left out and of a dead letter: enough to recognise it (characters, bytes).
    excerpt: int = 1_000


@dataclass(frozen=True, slots=True)
class SampledDocument:
    """A document kept: its row of `clean/`, and its entries of the ledger in their order."""

    row: Row
    entries: tuple[LedgerEntry, ...]


@dataclass(slots=True)
class Sample:
    """What a report shows.

    Attributes:
      documents: documents kept.
      examples: ledger entries by `stage/rule`, of each rule different ones.
      removed: rows of `removed/`, the text cut to the excerpt.
      failed: rows of `failed/`, with `data` (the first bytes) for `data_base64`.
      ledger_rows: how many ledger rows were looked through for examples.
    """

    documents: list[SampledDocument] = field(default_factory=list)
    examples: dict[str, list[LedgerEntry]] = field(default_factory=dict)
    removed: list[Row] = field(default_factory=list)
    failed: list[Row] = field(default_factory=list)
    ledger_rows: int = 0


def sample(
    output: str, metrics: Mapping[str, Any], settings: SampleSettings = SampleSettings()
) -> Sample:
    """The sample of a finished run.

    Args:
      output: the run's output folder, on any file system that Beam knows.
      metrics: the run's metrics; its `files` say which part files there are.
      settings: how much.
    """
    names = [file["path"] for file in metrics["files"]]
    taken = Sample()
    documents = list(_first(output, _parts(names, "clean", settings.parts), settings.documents))
    entries: dict[str, list[LedgerEntry]] = {_key(row): [] for _, row in documents}
    # The edits of a document lie in the part that is named as its own.
    last = {f"ledger/{part.partition('/')[2]}": _key(row) for part, row in documents}
    parts = _parts(names, "ledger", settings.parts)
    for part in sorted({*parts, *(last.keys() & set(names))}):
        _read_ledger(output, part, last.get(part, ""), entries, taken, settings, len(parts))
    for _, row in documents:
        taken.documents.append(SampledDocument(row, tuple(entries[_key(row)])))
    taken.documents.sort(key=_document_key)
    for _, row in _first(output, _parts(names, "removed", settings.parts), settings.removed):
        row["text"] = row["text"][: settings.excerpt]
        taken.removed.append(row)
    taken.removed.sort(key=_key)
    for _, row in _first(output, _parts(names, "failed", settings.parts), settings.failed):
        row["data"] = base64.b64decode(row.pop("data_base64"))[: settings.excerpt]
        taken.failed.append(row)
    taken.failed.sort(key=itemgetter("key"))
    return taken


def _parts(names: Sequence[str], folder: str, limit: int) -> list[str]:
    """At most `limit` of the part files of `folder`, evenly chosen."""
    parts = sorted(name for name in names if name.startswith(f"{folder}/"))
    number = min(limit, len(parts))
    return [parts[i * len(parts) // number] for i in range(number)]


def _first(output: str, parts: Sequence[str], limit: int) -> Iterator[tuple[str, Row]]:
    """The first rows of each part, `limit` in all; what a part lacks, the later ones make up."""
    left = limit
    for done, part in enumerate(parts):
        with closing(_rows(output, part)) as rows:
            for row in islice(rows, -(-left // (len(parts) - done))):
                left -= 1
                yield part, row


def _read_ledger(
    output: str,
    part: str,
    last: str,
    entries: dict[str, list[LedgerEntry]],
    taken: Sample,
    settings: SampleSettings,
    parts: int,
) -> None:
    """Add to `entries` what belongs to their documents, and to `taken` examples of every rule.

    Reads the part up to its share of the rows, and in any case past the document `last`.
    """
    share = settings.ledger_rows // parts
    with closing(_rows(output, part)) as rows:
        for number, row in enumerate(rows):
            if number >= share and row["key"] > last:
                break
            taken.ledger_rows += 1
            entry = _entry(row)
            if entry.key in entries:
                entries[entry.key].append(entry)
            examples = taken.examples.setdefault(f"{entry.stage}/{entry.edit.rule}", [])
            if len(examples) < settings.examples and not any(_alike(entry, e) for e in examples):
                examples.append(entry)


def _rows(output: str, part: str) -> Generator[Row]:
    # Beam knows the compression by the name.
    with FileSystems.open(FileSystems.join(output, *part.split("/"))) as stream:
        while line := stream.readline():
            yield orjson.loads(line)


def _entry(row: Row) -> LedgerEntry:
    edit = Edit(row["rule"], row["start"], row["end"], row["before"], row["after"], row["evidence"])
    return LedgerEntry(row["key"], row["id"], row["stage"], row["number"], edit)


def _alike(one: LedgerEntry, other: LedgerEntry) -> bool:
    return (one.edit.before, one.edit.after) == (other.edit.before, other.edit.after)


def _key(row: Row) -> str:
    """The key of a document, by which the ledger names it, from its row of `clean/`."""
    return str(row["metadata"]["key"])


def _document_key(document: SampledDocument) -> str:
    return _key(document.row)

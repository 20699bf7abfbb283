"""Write: records to sharded files whose bytes do not depend on how the run was spread.

A record's shard follows from its key, and a shard is written in order of keys,
so neither workers nor bundles nor retries show in the files. A file gets its
name only when it is whole.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import heapq
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Literal, TypeVar, cast

import apache_beam as beam
import msgpack
import orjson
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.records import DeadLetter, Document, Json, LedgerEntry, RemovedDocument, record
from transforms.text.cleaned import STAGES

Format = Literal["jsonl", "jsonl.gz", "jsonl.zst"]
FORMATS: tuple[Format, ...] = ("jsonl", "jsonl.gz", "jsonl.zst")

T = TypeVar("T")

#: The order of a record within its shard.
SortKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """Where and how files are written. `output` is absolute."""

    output: str
    format: Format = "jsonl"
    shards: int = 1
    # A shard is sorted in memory up to this size and beyond it in runs on disk.
    sort_bytes: int = 64 * 1024 * 1024


@record
@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished file: its path below the output folder, its records, size and SHA-256."""

    path: str
    records: int
    size: int
    sha256: str


class WriteRecords(beam.PTransform):
    """Records to `<output>/<folder>/part-*`: `PCollection[WrittenFile]`.

    Args:
      folder: below the output folder.
      settings: where and how.
      key: the place of a record: its key, then numbers that order what has the same key.
      row: the record as a JSON object.
    """

    def __init__(
        self,
        folder: str,
        settings: WriteSettings,
        key: Callable[[Any], SortKey],
        row: Callable[[Any], dict[str, Any]],
    ) -> None:
        super().__init__()
        self._folder = folder
        self._settings = settings
        self._key = key
        self._row = row

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[WrittenFile]:
        """The graph."""
        return (
            records
            | "ToLines" >> beam.ParDo(_ToLines(self._settings.shards, self._key, self._row))
            | "GroupByShard" >> beam.GroupByKey()
            | "WriteShards" >> beam.ParDo(_WriteShard(self._folder, self._settings))
        )


@beam.typehints.with_output_types(tuple[int, tuple[SortKey, bytes]])
class _ToLines(beam.DoFn):
    def __init__(
        self,
        shards: int,
        key: Callable[[Any], SortKey],
        row: Callable[[Any], dict[str, Any]],
    ) -> None:
        self._shards = shards
        self._key = key
        self._row = row

    def process(self, element: Any) -> Iterator[tuple[int, tuple[SortKey, bytes]]]:
        key = self._key(element)
        yield shard_of(key[0], self._shards), (key, orjson.dumps(self._row(element)))


def shard_of(key: str, shards: int) -> int:
    """The shard of a record: the same in every folder of a run."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) % shards


@beam.typehints.with_input_types(tuple[int, Iterable[tuple[SortKey, bytes]]])
@beam.typehints.with_output_types(WrittenFile)
class _WriteShard(beam.DoFn):
    def __init__(self, folder: str, settings: WriteSettings) -> None:
        self._folder = folder
        self._settings = settings

    def process(self, shard: tuple[int, Iterable[tuple[SortKey, bytes]]]) -> Iterator[WrittenFile]:
        number, lines = shard
        settings = self._settings
        name = f"part-{number:05d}-of-{settings.shards:05d}.{settings.format}"
        folder = FileSystems.join(settings.output, self._folder)
        _make_folder(folder)
        # A bundle may be tried twice, even at the same time: each try has a file of its own.
        temporary = FileSystems.join(folder, f".{name}.{uuid.uuid4().hex}")
        digest = _Digest()
        count = 0
        with (
            closing(_create(temporary)) as raw,
            _compressor(_Tee(raw, digest), settings.format) as out,
        ):
            for line in sorted_lines(lines, settings.sort_bytes):
                out.write(line + b"\n")
                count += 1
        FileSystems.rename([temporary], [FileSystems.join(folder, name)])
        yield WrittenFile(f"{self._folder}/{name}", count, digest.size, digest.sha256.hexdigest())


def write_whole(path: str, content: bytes) -> None:
    """Write a file that appears under its name only when it is whole."""
    folder, name = FileSystems.split(path)
    _make_folder(folder)
    temporary = FileSystems.join(folder, f".{name}.{uuid.uuid4().hex}")
    with closing(_create(temporary)) as stream:
        stream.write(content)
    FileSystems.rename([temporary], [path])


def _make_folder(path: str) -> None:
    if not FileSystems.exists(path):
        try:
            FileSystems.mkdirs(path)
        except OSError:
            if not FileSystems.exists(path):  # unless another worker was faster
                raise


def _create(path: str) -> IO[bytes]:
    stream = FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return cast(IO[bytes], stream)


class _Digest:
    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0

    def update(self, data: bytes) -> None:
        self.sha256.update(data)
        self.size += len(data)


class _Tee(io.RawIOBase):
    """A stream that is digested on its way."""

    def __init__(self, stream: IO[bytes], digest: _Digest) -> None:
        super().__init__()
        self._stream = stream
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._digest.update(piece)
        self._stream.write(piece)
        return len(piece)


def _compressor(stream: io.RawIOBase, form: Format) -> IO[bytes]:
    if form == "jsonl.gz":
        # Neither a time nor a name in the header: the same records give the same bytes.
        return cast(IO[bytes], gzip.GzipFile("", "wb", 6, stream, mtime=0))
    if form == "jsonl.zst":
        import zstandard

        return cast(
            IO[bytes], zstandard.ZstdCompressor(level=3).stream_writer(cast(IO[bytes], stream))
        )
    return cast(IO[bytes], io.BufferedWriter(stream))


def sorted_lines(lines: Iterable[tuple[SortKey, bytes]], budget: int) -> Iterator[bytes]:
    """The lines in order of their keys (then of their bytes), in about `budget` bytes of memory."""
    with ExitStack() as files:
        runs: list[Iterable[tuple[SortKey, bytes]]] = []
        pending: list[tuple[SortKey, bytes]] = []
        size = 0
        for item in lines:
            pending.append(item)
            size += len(item[1])
            if size > budget:
                runs.append(_spilled(sorted(pending), files.enter_context(TemporaryFile())))
                pending, size = [], 0
        runs.append(sorted(pending))
        for _, line in heapq.merge(*runs):
            yield line


def _spilled(
    items: list[tuple[SortKey, bytes]], file: IO[bytes]
) -> Iterator[tuple[SortKey, bytes]]:
    for (key, first, second), line in items:
        file.write(msgpack.packb((key, first, second, line)))
    file.seek(0)
    return (((key, first, second), line) for key, first, second, line in msgpack.Unpacker(file))


def clean_row(document: Document) -> dict[str, Any]:
    """A document as a Dolma record, with the metadata names of datatrove and FineWeb.

    Every record has the same fields of the same types. `extra` holds what the
    record brought along, as JSON: one type for all that there may be. Of the
    facts about its origin those that it brought count (it may come from a run).
    """
    facts = document.facts
    brought = document.extra
    return {
        "id": document.id,
        "text": document.text,
        "source": document.source,
        "added": document.added,
        "created": document.created or facts.date,
        "metadata": {
            "title": facts.title,
            "author": facts.author,
            "source": facts.source,
            "date": facts.date,
            "url": facts.url,
            "source_domain": facts.source_domain,
            "key": document.key,
            "file_path": document.file_path,
            "line": document.line,
            "encoding": _brought(brought, "encoding", str) or facts.encoding,
            "language": facts.language,
            "language_score": facts.language_score,
            "language_script": facts.language_script,
            "zh_variant": _brought(brought, "zh_variant", str) or facts.zh_variant,
            "original_length": _brought(brought, "original_length", int)
            or document.original_length,
            "original_nlines": _brought(brought, "original_nlines", int)
            or document.original_nlines,
            "extra": _extra(brought),
        },
    }


# What a record that has been through a run brings along in these places says it itself.
_OURS = frozenset(
    ("title", "author", "source", "date", "url", "source_domain", "key", "file_path", "line")
    + ("encoding", "language", "language_score", "language_script", "zh_variant")
    + ("original_length", "original_nlines")
)


def _brought(extra: Mapping[str, Json], name: str, kind: type[T]) -> T | None:
    value = extra.get(name)
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def _extra(brought: Mapping[str, Json]) -> str | None:
    """The other fields as a JSON object; None where there are none."""
    fields = {name: value for name, value in brought.items() if name not in _OURS}
    if list(fields) == ["extra"] and isinstance(fields["extra"], str | None):
        return fields["extra"]  # it has been through a run
    return orjson.dumps(fields).decode("utf-8") if fields else None


def removed_row(removed: RemovedDocument) -> dict[str, Any]:
    """A document left out: the record as it would have been, and why."""
    return {**clean_row(removed.document), "stage": removed.stage, "reason": removed.reason}


def ledger_row(entry: LedgerEntry) -> dict[str, Any]:
    """An edit."""
    edit = entry.edit
    return {
        "id": entry.id,
        "key": entry.key,
        "stage": entry.stage,
        "number": entry.number,
        "rule": edit.rule,
        "start": edit.start,
        "end": edit.end,
        "before": edit.before,
        "after": edit.after,
        "evidence": dict(edit.evidence),
    }


def failed_row(letter: DeadLetter) -> dict[str, Any]:
    """A dead letter; its bytes in base64."""
    return {
        "id": letter.id,
        "key": letter.key,
        "file_path": letter.file_path,
        "stage": letter.stage,
        "error": letter.error,
        "size": letter.size,
        "data_base64": base64.b64encode(letter.data).decode("ascii"),
    }


def document_key(document: Document) -> SortKey:
    """Documents lie in order of their keys."""
    return document.key, 0, 0


def removed_key(removed: RemovedDocument) -> SortKey:
    """As the document itself."""
    return document_key(removed.document)


def ledger_key(entry: LedgerEntry) -> SortKey:
    """The edits of a document lie together, in the order in which they were made."""
    return entry.key, STAGES.index(entry.stage), entry.number


def failed_key(letter: DeadLetter) -> SortKey:
    """Dead letters lie in order of their keys."""
    return letter.key, 0, 0

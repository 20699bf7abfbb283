"""Read: input patterns to raw records. What cannot be read becomes a dead letter."""

from __future__ import annotations

import bz2
import glob
import gzip
import io
import json
import lzma
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, cast

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.records import DeadLetter, Json, RawRecord, record
from transforms.text.cleaned import Facts

_WILDCARD = re.compile(r"[*?\[{]")
_NUMBERED = re.compile(r":\d+$")
_COMPRESSED = (".gz", ".bz2", ".zst", ".xz")
_LINES = (".jsonl", ".ndjson")

_OWN_FIELDS = ("id", "source", "added", "created")


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How records are found in files.

    `text_fields`: the fields of a JSON record that may hold its text, first found first.
    `source`, `added`: Dolma's fields, for records that do not bring their own.
    """

    text_fields: tuple[str, ...] = ("text", "content", "raw_content")
    source: str = "web"
    added: str | None = None
    # One record is held in memory whole, several times over; a larger one is no article.
    max_record_bytes: int = 64 * 1024 * 1024


@record
@dataclass(frozen=True, slots=True)
class InputPattern:
    """A pattern of the input.

    Attributes:
      given: as the user gave it.
      absolute: the same for the workers, whose working folder is another.
      literal: whether it is the path of one local file, whatever characters are in it.
    """

    given: str
    absolute: str
    literal: bool = False

    @staticmethod
    def of(given: str) -> InputPattern:
        """The pattern `given` on the command line; a local folder stands for all in it."""
        if "://" in given:
            return InputPattern(given, given)
        absolute = os.path.abspath(given)
        if os.path.isdir(absolute):
            return InputPattern(os.path.join(given, "**"), os.path.join(absolute, "**"))
        return InputPattern(given, absolute, literal=os.path.lexists(absolute))

    def prefix(self) -> tuple[str, str]:
        """The folder in which matches lie: as given, and absolute; each ends in `/` or is empty."""
        return self._folder(self.given), self._folder(self.absolute)

    def _folder(self, pattern: str) -> str:
        wildcard = None if self.literal else _WILDCARD.search(pattern)
        fixed = pattern[: wildcard.start()] if wildcard else pattern
        return fixed[: fixed.rfind("/") + 1]


@record
@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: its absolute path, the path as the input names it, the id it would give."""

    path: str
    file_path: str
    id: str
    size: int


def match(pattern: InputPattern) -> list[InputFile]:
    """The files that `pattern` matches, in order of their paths.

    As in a shell, a wildcard does not match a hidden file. A link that leads
    nowhere is matched, so that it is missed where it is read and not silently.

    Raises:
      ValueError, OSError: there is no such file system, or it cannot be asked.
    """
    given, absolute = pattern.prefix()
    sizes = {pattern.absolute: 0} if pattern.literal else _matches(pattern.absolute)
    files = []
    for path, size in sorted(sizes.items()):
        relative = path.removeprefix(absolute)
        if pattern.literal or not _is_hidden(relative, pattern.absolute.removeprefix(absolute)):
            shown = _shown(relative)
            files.append(InputFile(path, _shown(given) + shown, shown, size or _size(path)))
    return files


def _matches(pattern: str) -> dict[str, int]:
    """Path to size of what the glob `pattern` matches."""
    found = FileSystems.match([pattern])[0].metadata_list
    sizes = {str(metadata.path): int(metadata.size_in_bytes) for metadata in found}
    if "://" not in pattern:  # Beam passes over broken links
        for path in glob.iglob(pattern, recursive=True):
            if os.path.islink(path) and not os.path.exists(path):
                sizes[path] = 0
    return sizes


def _is_hidden(relative: str, wildcards: str) -> bool:
    names = wildcards.split("/")
    return any(
        part.startswith(".") and not any(name.startswith(".") for name in names)
        for part in relative.split("/")
    )


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.isfile(path) else 0


def _shown(path: str) -> str:
    """A path as text: bytes of a name that are not UTF-8 are spelled out."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class ReadRecords(beam.PTransform):
    """Patterns to `RawRecord`s: PBegin -> outputs `records`, `failed`.

    A file is one record; `.jsonl` and `.ndjson` hold one a line. `.gz`, `.bz2`,
    `.zst` and `.xz` are read through. A file matched twice is read once.
    """

    def __init__(
        self, patterns: Iterable[InputPattern], settings: ReadSettings = ReadSettings()
    ) -> None:
        super().__init__()
        self._patterns = tuple(patterns)
        self._settings = settings

    def expand(self, begin: beam.pvalue.PBegin) -> dict[str, beam.PCollection[Any]]:
        """The graph."""
        outputs = (
            begin
            | "Patterns" >> beam.Create(self._patterns)
            | "MatchFiles" >> beam.ParDo(_MatchFiles())
            | "GroupByPath" >> beam.GroupByKey()
            | "ReadFiles"
            >> beam.ParDo(_ReadFiles(self._settings)).with_outputs("failed", main="records")
        )
        return {"records": outputs.records, "failed": outputs.failed}


@beam.typehints.with_output_types(tuple[str, InputFile])
class _MatchFiles(beam.DoFn):
    def process(self, pattern: InputPattern) -> Iterator[tuple[str, InputFile]]:
        for file in match(pattern):
            yield _shown(file.path), file


@beam.typehints.with_input_types(tuple[str, Iterable[InputFile]])
@beam.typehints.with_output_types(RawRecord, failed=DeadLetter)
class _ReadFiles(beam.DoFn):
    def __init__(self, settings: ReadSettings) -> None:
        self._settings = settings

    def process(self, group: tuple[str, Iterable[InputFile]]) -> Iterator[Any]:
        _, matches = group
        file = min(matches, key=_name)
        for item in read_file(file, self._settings):
            if isinstance(item, DeadLetter):
                yield beam.pvalue.TaggedOutput("failed", item)
            else:
                yield item


def _name(file: InputFile) -> tuple[str, str]:
    return file.file_path, file.id


def read_file(file: InputFile, settings: ReadSettings) -> Iterator[RawRecord | DeadLetter]:
    """The records of one file, in order; a dead letter for each that cannot be had.

    Where reading breaks off (an unreadable file, a truncated archive), what was
    read before stands, and one dead letter speaks for the rest.
    """
    number = records = 0
    try:
        with _open(file.path) as stream:
            if _is_lines(file.path):
                while line := stream.readline():
                    number += 1
                    if line.strip():
                        records += 1
                        yield _from_json(line, file, number, settings)
                if not records:
                    yield _dead(file, None, file.id, b"", "empty: no records in it")
            else:
                data = stream.read(settings.max_record_bytes + 1)
                yield _whole(data, file, settings)
    except Exception as error:  # noqa: BLE001 - every decoder and file system raises its own
        place = f" after line {number}" if number else ""
        message = f"cannot be read{place}: {type(error).__name__}: {error}"
        yield replace(_dead(file, None, file.id, b"", message), size=file.size)


def _open(path: str) -> IO[bytes]:
    """The bytes of a file, decompressed.

    Beam's own decompression takes a truncated file for a whole one; these raise.
    """
    raw: IO[bytes] = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    if path.endswith(".gz"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if path.endswith(".bz2"):
        return bz2.BZ2File(raw)
    if path.endswith(".xz"):
        return lzma.LZMAFile(raw)
    if path.endswith(".zst"):
        return cast(IO[bytes], io.BufferedReader(_ZstdReader(raw)))
    return raw


class _ZstdReader(io.RawIOBase):
    """Zstandard frames, one after the other, that must all be whole."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__()
        import zstandard

        self._raw = raw
        self._new_frame = zstandard.ZstdDecompressor().decompressobj
        self._frame = self._new_frame()
        self._input = b""
        self._begun = False
        self._output = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._output:
            if not self._input:
                self._input = self._raw.read(1 << 16)
                if not self._input:
                    if self._begun:
                        raise EOFError("Compressed file ended before the end of the frame")
                    return 0
            self._begun = True
            self._output = self._frame.decompress(self._input)
            self._input = b""
            if self._frame.eof:
                self._input, self._begun = self._frame.unused_data, False
                self._frame = self._new_frame()
        piece = self._output[: len(buffer)]
        self._output = self._output[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _is_lines(path: str) -> bool:
    stem, ending = os.path.splitext(path)
    return (os.path.splitext(stem)[1] if ending in _COMPRESSED else ending) in _LINES


def _key(file: InputFile, line: int | None) -> str:
    """The key of a record. A file whose name ends as that of a line does is told apart by `:0`."""
    if line is None:
        return f"{file.file_path}:0" if _NUMBERED.search(file.file_path) else file.file_path
    return f"{file.file_path}:{line}"


def _too_large(size: int, settings: ReadSettings) -> str:
    return f"larger than max_record_bytes: {size} > {settings.max_record_bytes}"


def _whole(data: bytes, file: InputFile, settings: ReadSettings) -> RawRecord | DeadLetter:
    if len(data) > settings.max_record_bytes:
        return _dead(file, None, file.id, data, _too_large(max(file.size, len(data)), settings))
    return RawRecord(
        key=_key(file, None),
        id=file.id,
        file_path=file.file_path,
        line=None,
        data=data,
        source=settings.source,
        added=settings.added,
    )


def _dead(file: InputFile, line: int | None, record_id: str, data: bytes, error: str) -> DeadLetter:
    key = _key(file, line)
    kept = data[: DeadLetter.MAX_BYTES]
    return DeadLetter(key, record_id, file.file_path, "read", f"{key}: {error}", kept, len(data))


def _from_json(
    line: bytes, file: InputFile, number: int, settings: ReadSettings
) -> RawRecord | DeadLetter:
    record_id = f"{file.id}:{number}"
    if len(line) > settings.max_record_bytes:
        return _dead(file, number, record_id, line, _too_large(len(line), settings))
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _dead(file, number, record_id, line, f"malformed JSON: {error}")
    if not isinstance(fields, dict):
        return _dead(file, number, record_id, line, "not a JSON object")
    name = next((f for f in settings.text_fields if isinstance(fields.get(f), str)), None)
    if name is None:
        wanted = ", ".join(settings.text_fields)
        return _dead(file, number, record_id, line, f"no text: none of the fields {wanted}")
    # JSON can spell half a surrogate pair, which is no character; UTF-8 has no bytes for it.
    text = fields.pop(name).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    metadata = fields.pop("metadata", None)
    nested: dict[str, Json] = metadata if isinstance(metadata, dict) else {}
    stated = {**nested, **fields}
    facts = Facts(
        title=_first_string(stated, "title"),
        author=_first_string(stated, "author"),
        url=_first_string(stated, "url"),
        date=_first_string(stated, "date", "created", "timestamp"),
        source_domain=_first_string(stated, "source_domain", "domain"),
    )
    own = {name: _string(fields.pop(name, None)) for name in _OWN_FIELDS}
    return RawRecord(
        key=_key(file, number),
        id=own["id"] or record_id,
        file_path=file.file_path,
        line=number,
        data=text.encode("utf-8"),
        decoded=True,
        facts=facts,
        source=own["source"] or settings.source,
        added=own["added"] or settings.added,
        created=own["created"],
        extra={**nested, **fields},
    )


def _first_string(fields: Mapping[str, Json], *names: str) -> str | None:
    """The first of the fields `names` (corpora name them differently) that has a value."""
    return next((found for name in names if (found := _string(fields.get(name)))), None)


def _string(value: Json) -> str | None:
    """A JSON string or number as a string; None for anything else and for nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value) or None

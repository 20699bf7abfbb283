"""The records that flow through the graph, and the coder that carries them.

A record is a frozen dataclass of strings, numbers, bytes, other such records
and tuples of them. `RecordCoder` writes one as msgpack: compact, independent of
the Python version, and never executable, unlike a pickle.

    RawRecord  --decode-->  Document  --...-->  Document   (clean/)
                            LedgerEntry                    (ledger/)
                            RemovedDocument                (removed/)
    DeadLetter                                             (failed/)
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import msgpack
from apache_beam.coders import typecoders
from apache_beam.coders.coders import Coder

from transforms.text.cleaned import Facts
from transforms.text.edits import Edit

Json = str | int | float | bool | None | list[Any] | dict[str, Any]

T = TypeVar("T")


class RecordCoder(Coder):
    """Deterministic coder of one record type: msgpack of the fields in their order."""

    def __init__(self, cls: type) -> None:
        self.cls = cls

    @classmethod
    def from_type_hint(cls, typehint: type, _registry: object) -> Any:
        """The coder of the record type `typehint`."""
        return cls(typehint)

    def encode(self, value: Any) -> bytes:
        """`value`, an instance of the record type, as bytes."""
        packed: bytes = msgpack.packb(_plain(value), unicode_errors="surrogatepass")
        return packed

    def decode(self, encoded: bytes) -> Any:
        """The record that `encode` made these bytes of."""
        plain = msgpack.unpackb(
            encoded, unicode_errors="surrogatepass", strict_map_key=False, use_list=True
        )
        return _builder(self.cls)(plain)

    def is_deterministic(self) -> bool:
        """Equal records have equal bytes (mappings keep the order they were made in)."""
        return True

    def to_type_hint(self) -> type:
        """The record type."""
        return self.cls

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.cls is other.cls

    def __hash__(self) -> int:
        return hash((RecordCoder, self.cls))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        cls: Any = type(value)
        return [_plain(getattr(value, name)) for name in _names(cls)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@functools.cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


@functools.cache
def _builder(hint: Any) -> Callable[[Any], Any]:
    """The function from a plain msgpack value to a value of the type `hint`."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = [arg for arg in args if arg is not type(None)]
        if len(inner) == 1 and len(args) == 2:
            build = _builder(inner[0])
            return lambda plain: None if plain is None else build(plain)
        return _same
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            item = _builder(args[0])
            return lambda plain: tuple(item(p) for p in plain)
        items = [_builder(arg) for arg in args]
        return lambda plain: tuple(b(p) for b, p in zip(items, plain, strict=True))
    if dataclasses.is_dataclass(hint):
        cls: Any = hint
        hints = typing.get_type_hints(cls)
        builders = [_builder(hints[name]) for name in _names(cls)]
        return lambda plain: cls(*(b(p) for b, p in zip(builders, plain, strict=True)))
    return _same


def _same(plain: Any) -> Any:
    return plain


def record(cls: type[T]) -> type[T]:
    """Class decorator: Beam carries this dataclass by `RecordCoder`."""
    typecoders.registry.register_coder(cls, RecordCoder)
    return cls


@record
@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it was read: a file, or a line of a JSONL file.

    Attributes:
      key: where it stands, unique in a run: the file's path as the input names
        it, with `:line` behind where the file holds many records (and `:0` where
        the name of a file of one record ends in such a number itself).
      id: the record's own id, else the path relative to the input's fixed
        prefix (with `:line`).
      file_path: the path as the input names it.
      line: the line in that file, from 1; None where the file is one record.
      data: the bytes of its text.
      decoded: whether `data` is UTF-8 by the format (JSON), not by detection.
      facts: what the record itself states (title, url, date, ...).
      source, added, created: Dolma's fields, where the record has them.
      extra: its other fields, carried through untouched.
    """

    key: str
    id: str
    file_path: str
    line: int | None
    data: bytes
    decoded: bool = False
    facts: Facts = Facts()
    source: str | None = None
    added: str | None = None
    created: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@record
@dataclass(frozen=True, slots=True)
class Document:
    """One document on its way: its text (paragraphs joined by a line feed) and what is known of it.

    `key`, `id`, `file_path`, `line`, `source`, `added`, `created` and `extra`
    as in `RawRecord`. `original_length` (characters) and `original_nlines`
    are of the decoded text. `data` are the bytes as read, for a dead letter;
    empty once the text stages are through.
    """

    key: str
    id: str
    text: str
    file_path: str
    line: int | None
    original_length: int
    original_nlines: int
    data: bytes = b""
    facts: Facts = Facts()
    source: str | None = None
    added: str | None = None
    created: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@record
@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One edit of one document: a line of the ledger.

    Attributes:
      key, id: of the document.
      stage: the stage that made it; the edit's offsets are in characters of
        the text that this stage was given.
      number: its place among the edits of this document in this stage, from 0.
      edit: the edit.
    """

    key: str
    id: str
    stage: str
    number: int
    edit: Edit

    @staticmethod
    def entries(document: Document, stage: str, edits: tuple[Edit, ...]) -> list[LedgerEntry]:
        """The ledger of what `stage` did to `document`."""
        return [
            LedgerEntry(document.key, document.id, stage, number, edit)
            for number, edit in enumerate(edits)
        ]


@record
@dataclass(frozen=True, slots=True)
class RemovedDocument:
    """A whole document left out: as it stood when `stage` removed it, and why."""

    document: Document
    stage: str
    reason: str


@record
@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that failed.

    Attributes:
      key, id, file_path: of the record (or of the file, when it is unreadable).
      stage: the stage that failed.
      error: what went wrong, naming the place.
      data: its bytes, the first `MAX_BYTES` of them.
      size: how many bytes it had.
    """

    MAX_BYTES: ClassVar[int] = 64 * 1024
    """Enough to see what it was; a folder of failures must not outgrow the corpus."""

    key: str
    id: str
    file_path: str
    stage: str
    error: str
    data: bytes
    size: int

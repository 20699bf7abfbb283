"""What flows between the steps: documents, their paragraphs by name, and pairs of these."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.duplicates.settings import Keep
from transforms.records import Document, record
from transforms.text.edits import Evidence
from transforms.text.repeats import Drop

UNDATED = "~"
"""Stands for a missing date: after every ISO date."""


@record
@dataclass(frozen=True, slots=True)
class Dropped:
    """A line taken out of a document: `Drop` as a record."""

    line: int
    rule: str
    evidence: Evidence = field(default_factory=dict)

    @staticmethod
    def of(drop: Drop) -> Dropped:
        """The record of `drop`."""
        return Dropped(drop.line, drop.rule, drop.evidence)

    def drop(self) -> Drop:
        """What this is the record of."""
        return Drop(self.line, self.rule, self.evidence)


@record
@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as the stage was given it, and the lines that it repeats of itself."""

    document: Document
    repeats: tuple[Dropped, ...]


@record
@dataclass(frozen=True, slots=True)
class Block:
    """The hashes of one document that fall into one slice: `signatures.ENTRY`s as bytes."""

    key: str
    id: str
    date: str
    entries: bytes


@record
@dataclass(frozen=True, slots=True)
class Skeleton:
    """The lines of a document by their digests, for one that has paragraphs in common with it.

    Attributes:
      key: of the document.
      lines: numbers of the lines that have content and are no repeats of another.
      digests: of each of them (`skeleton.line_digest`), one after the other.
    """

    key: str
    lines: tuple[int, ...]
    digests: bytes


@record
@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph by name: where it stands, and what decides whether it is kept.

    `line` counts the lines of the document's text as the stage was given it,
    from 0; `length` is of the folded text.
    """

    key: str
    line: int
    id: str
    date: str
    length: int

    def rank(self, keep: Keep) -> tuple[str | int, ...]:
        """Sort key: of similar paragraphs the lowest is kept."""
        name = (self.id, self.key, self.line)
        if keep == "longest":
            return (-self.length, self.date, *name)
        if keep == "earliest":
            return (self.date, -self.length, *name)
        return name


@record
@dataclass(frozen=True, slots=True)
class Pair:
    """Two paragraphs that may be similar; `high` is kept rather than `low`."""

    low: Paragraph
    high: Paragraph
    exact: bool


@record
@dataclass(frozen=True, slots=True)
class Edge:
    """A verified pair: `low` goes if `high` stays."""

    low: Paragraph
    high: Paragraph
    kind: str
    jaccard: float
    containment: float


@record
@dataclass(frozen=True, slots=True)
class Wording:
    """The text of one side of a pair."""

    is_low: bool
    text: str

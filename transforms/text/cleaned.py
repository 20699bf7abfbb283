"""What every cleaner returns, and what it may find out on the way."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from transforms.text.edits import Edit

#: Every stage by its name, in order, as the command line, the ledger and the report have it.
STAGES = ("decode", "extract", "repair", "lines", "script", "language", "duplicates")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a document besides its text. `None`: not known.

    Attributes:
      title, author, source, url, source_domain: as the page states them;
        `source` is the publication that a byline names.
      date: ISO 8601, as exact as the page states it.
      encoding: the encoding its bytes were decoded from.
      language: ISO 639 code of the prevailing language, `und` where undecided.
      language_score: share of the evidence that speaks for it, 0 to 1.
      language_script: ISO 15924 code of the prevailing script.
      zh_variant: `hans`, `hant`, `mixed`; None where the text is not Chinese.
    """

    title: str | None = None
    author: str | None = None
    source: str | None = None
    date: str | None = None
    url: str | None = None
    source_domain: str | None = None
    encoding: str | None = None
    language: str | None = None
    language_score: float | None = None
    language_script: str | None = None
    zh_variant: str | None = None

    def filled(self, other: Facts) -> Facts:
        """These facts, with what they leave open taken from `other`."""
        missing = {
            f.name: getattr(other, f.name)
            for f in fields(self)
            if getattr(self, f.name) is None and getattr(other, f.name) is not None
        }
        return replace(self, **missing) if missing else self


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The result of a cleaner.

    Attributes:
      text: the text after cleaning: `edits.apply(input, edits)`.
      edits: every change, in offsets of the cleaner's input.
      facts: what the cleaner found out about the document.
      removed: why the whole document is to be left out; empty to keep it.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    facts: Facts = Facts()
    removed: str = ""

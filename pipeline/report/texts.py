"""Texts: the documents of a report, before and after beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from pipeline.report.sample import SampledDocument
from pipeline.report.sides import Piece, decoded_text, rows
from pipeline.report.tags import (
    Html,
    clipped,
    element,
    folded,
    head,
    joined,
    note,
    number,
    scrolling,
    table,
    text,
    text_attribute,
)
from transforms.records import LedgerEntry
from transforms.text.edits import EditError

# Characters shown of a text, of either side. The longest of ten thousand news articles has fewer;
# a book is not read here.
TEXT_CHARACTERS = 20_000

# Characters shown of one edit: a removed paragraph in full, of a removed page the beginning.
EDIT_CHARACTERS = 600

# Edits listed of a document in one stage. Script conversion makes thousands, all of a kind;
# among the first of them is every kind that matters, and the texts above the list show all.
LISTED_EDITS = 50

_EVIDENCE_CHARACTERS = 200
_NOTHING = Html('<span class="note">∅</span>')


def documents(sampled: Sequence[SampledDocument]) -> Html:
    """Each document: what is known of it, its two texts, its edits."""
    return joined(
        _document(place, document, is_open=not place) for place, document in enumerate(sampled)
    )


def anchors(sampled: Sequence[SampledDocument]) -> dict[str, str]:
    """Where on the page each document stands, by its key in the ledger."""
    return {
        document.entries[0].key: _anchor(place)
        for place, document in enumerate(sampled)
        if document.entries
    }


def _anchor(place: int) -> str:
    return f"d{place}"


def _document(place: int, document: SampledDocument, is_open: bool) -> Html:
    row, entries = document.row, document.entries
    metadata = row["metadata"]
    anchor = _anchor(place)
    clean: str = row["text"]
    content = [_facts(row)]
    try:
        decoded = decoded_text(clean, entries)
        shown = _Shown(anchor, entries, _language(metadata))
        content.append(shown.sides(rows(decoded, entries)))
        placed = shown.placed
    except EditError as error:
        # The page is also where one looks for what is wrong with a run.
        content.append(
            element("p", note(f"The ledger does not lead back from this text: {error}"))
        )
        content.append(element("pre", clipped(clean, TEXT_CHARACTERS), class_="text"))
        placed = {}
    content.append(_listed(anchor, entries, placed))
    summary = joined(
        (
            element("b", text(metadata.get("title") or row["id"])),
            element(
                "span",
                number(metadata["original_length"]),
                Html(" → "),
                number(len(clean)),
                Html(" characters, "),
                number(len(entries)),
                Html(" edits"),
                class_="note",
            ),
        )
    )
    opened = {"open": ""} if is_open else {}
    return folded(summary, *content, class_="document", id=anchor, data_row="", **opened)


_FACTS = (
    "title",
    "author",
    "source",
    "date",
    "url",
    "encoding",
    "language",
    "language_script",
    "zh_variant",
)


def _facts(row: Mapping[str, Any]) -> Html:
    """What is known of a document. Addresses are text: no link leads out of a report."""
    metadata = row["metadata"]
    known = [("id", row["id"])]
    known += [(name, metadata[name]) for name in _FACTS if metadata.get(name) is not None]
    return element(
        "dl",
        *(
            element("div", element("dt", text(name)), element("dd", text(value)))
            for name, value in known
        ),
    )


def _language(metadata: Mapping[str, Any]) -> str:
    """The BCP 47 tag of a text, by which a browser chooses the forms of its characters."""
    language, script = metadata.get("language"), metadata.get("language_script")
    if language in (None, "und"):
        return "zh"
    return f"{language}-{script}" if script else str(language)


@dataclass(slots=True)
class _Shown:
    """A document on its way to markup; `placed` maps ledger entries to where they are shown."""

    anchor: str
    entries: Sequence[LedgerEntry]
    language: str

    def __post_init__(self) -> None:
        self.placed: dict[int, str] = {}

    def sides(self, rows: Iterator[list[Piece]]) -> Html:
        """The two texts, row by row, until enough of either is shown."""
        body: list[Html] = []
        before = after = 0
        for row in rows:
            if max(before, after) >= TEXT_CHARACTERS:
                rest = element("td", note("… the rest is not shown"), colspan="2")
                body.append(element("tr", rest))
                break
            before += sum(len(piece.before) for piece in row)
            after += sum(len(piece.after) for piece in row)
            cells = element("td", *map(self._before, row)) + element("td", *map(self._after, row))
            changed = any(piece.entries for piece in row)
            class_ = {} if changed else {"class_": "same"}
            body.append(element("tr", Html(cells), **class_))
        return scrolling(
            head(("decoded", "clean")), element("tbody", *body, lang=self.language)
        ).replace("<table>", '<table class="sides">', 1)

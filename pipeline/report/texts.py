"""Texts: edits, and the documents of a report before and after beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from pipeline.report.sample import SampledDocument
from pipeline.report.sides import Piece, decoded_text, pieces, rows
from pipeline.report.tags import (
    Html,
    cells,
    clipped,
    element,
    folded,
    head,
    joined,
    note,
    number,
    scrolling,
    text,
)
from transforms.records import LedgerEntry
from transforms.text.edits import Edit, EditError

# Characters shown of a text, of the longer side: a long article in full, of a book its beginning.
TEXT_CHARACTERS = 20_000

# Characters shown of one edit: a removed paragraph in full, of a removed page its beginning.
EDIT_CHARACTERS = 600

# Edits listed of a document in one stage. Script conversion makes thousands, all of a kind;
# the list is for reading evidence, and the texts above it show every edit.
LISTED_EDITS = 50

# Characters shown of a name, a reason, a value of the evidence: they are short, unless hostile.
VALUE_CHARACTERS = 200

_NOTHING = element("span", Html("∅"), class_="note")


def shown_edit(edit: Edit) -> tuple[Html, Html, Html]:
    """What stood there, what stands there now, and the evidence."""
    before = _changed("mark" if edit.is_mark else "del", edit.before)
    after = note("left as it is") if edit.is_mark else _changed("ins", edit.after)
    evidence = (
        element("span", text(name), Html(" "), element("b", value(given)))
        for name, given in edit.evidence.items()
    )
    return before, after, element("span", *evidence, class_="evidence")


def _changed(name: str, edited: str) -> Html:
    return element(name, _edited(edited)) if edited else _NOTHING


def value(given: object) -> Html:
    """A short value: of more than `VALUE_CHARACTERS` the beginning."""
    plain = f"{given:.4g}" if isinstance(given, float) else str(given)
    return clipped(plain, VALUE_CHARACTERS)


def _edited(edited: str) -> Html:
    """A text of an edit: line feeds are shown, for they come and go with it."""
    return Html(clipped(edited, EDIT_CHARACTERS).replace("\n", '<span class="nl"></span>\n'))


def anchors(sampled: Iterable[SampledDocument]) -> dict[str, str]:
    """Where on the page each document stands, by its key in the ledger."""
    return {
        document.entries[0].key: _anchor(place)
        for place, document in enumerate(sampled)
        if document.entries
    }


def documents(sampled: Iterable[SampledDocument]) -> Html:
    """Each document: what is known of it, its two texts, its edits."""
    return joined(_document(place, document) for place, document in enumerate(sampled))


def _anchor(place: int) -> str:
    return f"d{place}"


def _document(place: int, document: SampledDocument) -> Html:
    row, entries = document.row, document.entries
    anchor = _anchor(place)
    lengths = f"{row['metadata']['original_length']:,} → {len(row['text']):,} characters"
    summary = joined(
        (
            element("b", value(row["metadata"].get("title") or row["id"])),
            note(f"{lengths}, {len(entries):,} edits"),
        )
    )
    opened = {"open": ""} if not place else {}
    aligned: list[list[Piece]] = []
    try:
        made = pieces(decoded_text(row["text"], entries), entries)
        aligned += bounded(rows(made))
        texts = _sides(anchor, aligned, entries, _languages(row["metadata"]))
    except EditError as error:
        # The page is also where one looks for what is wrong with a run.
        wrong = text(f"The ledger does not lead back from this text: {error}")
        whole = clipped(row["text"], TEXT_CHARACTERS)
        texts = joined((element("p", wrong), element("pre", whole)))
    return folded(
        summary,
        _facts(row),
        texts,
        _listed(anchor, entries, aligned),
        class_="document",
        id=anchor,
        data_row="",
        **opened,
    )


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
    facts = [("id", row["id"])]
    facts += [(name, metadata[name]) for name in _FACTS if metadata.get(name) is not None]
    return element(
        "dl",
        *(
            element("div", element("dt", text(name)), element("dd", value(known)))
            for name, known in facts
        ),
    )


def _sides(
    anchor: str,
    aligned: Iterable[list[Piece]],
    entries: Sequence[LedgerEntry],
    languages: tuple[str, str],
) -> Html:
    named: set[int] = set()
    body = [_row(anchor, row, entries, languages, named) for row in aligned]
    return scrolling(head(("decoded", "clean")), element("tbody", *body), class_="sides")


def _languages(metadata: Mapping[str, Any]) -> tuple[str, str]:
    """The BCP 47 tags of the two texts: by them a browser chooses the forms of characters."""
    language = metadata.get("language")
    if language in (None, "und"):
        return "zh", "zh"
    script, variant = metadata.get("language_script"), metadata.get("zh_variant")
    after = f"{language}-{script}" if script else str(language)
    before = f"zh-{variant.title()}" if variant in ("hans", "hant") else after
    return before, after


def bounded(aligned: Iterable[list[Piece]], limit: int = TEXT_CHARACTERS) -> Iterator[list[Piece]]:
    """The first rows, up to about `limit` characters shown; an empty row where they are cut off."""
    left = limit
    for row in aligned:
        kept: list[Piece] = []
        for piece in row:
            if left <= 0:
                break
            if not piece.entries and len(piece.before) > left:
                kept.append(Piece(piece.before[:left], piece.after[:left]))
                break
            kept.append(piece)
            longer = max(len(piece.before), len(piece.after))
            left -= max(1, min(longer, EDIT_CHARACTERS) if piece.entries else longer)
        else:
            yield kept
            continue
        if kept:
            yield kept
        yield []
        return


def _row(
    anchor: str,
    row: Sequence[Piece],
    entries: Sequence[LedgerEntry],
    languages: tuple[str, str],
    named: set[int],
) -> Html:
    if not row:
        return element("tr", element("td", note("… the rest is not shown"), colspan="2"))
    texts = (
        element(
            "td", *(_piece(anchor, piece, entries, side == 0, named) for piece in row), lang=lang
        )
        for side, lang in enumerate(languages)
    )
    unchanged = {} if any(piece.entries for piece in row) else {"class_": "same"}
    return element("tr", *texts, **unchanged)


def _piece(
    anchor: str,
    piece: Piece,
    entries: Sequence[LedgerEntry],
    is_before: bool,
    named: set[int],
) -> Html:
    """One side of a piece; the first side of a difference (see `named`) has its id."""
    shown = piece.before if is_before else piece.after
    if not piece.entries:
        return text(shown)
    if not shown and not piece.is_mark:
        return Html("")
    by = [entries[place] for place in piece.entries]
    first = piece.entries[0]
    attributes = {} if first in named else {"id": _place(anchor, first)}
    named.add(first)
    return element(
        "mark" if piece.is_mark else "del" if is_before else "ins",
        _edited(shown),
        class_=f"s-{telling_stage(piece, by)}" + (" gone" if not piece.after else ""),
        title=", ".join(dict.fromkeys(f"{entry.stage}: {entry.edit.rule}" for entry in by)),
        data_e=f"{anchor}e{first}",
        **attributes,
    )


def _place(anchor: str, entry: int) -> str:
    return f"{anchor}p{entry}"


def telling_stage(piece: Piece, by: Sequence[LedgerEntry]) -> str:
    """The stage that a piece is coloured by, of those that worked on it.

    A text that is gone is the work of the last; otherwise the first tells most,
    and script conversion, which works on everything, only where it is alone.
    """
    if not piece.after:
        return by[-1].stage
    return next((entry.stage for entry in by if entry.stage != "script"), "script")


def _listed(anchor: str, entries: Sequence[LedgerEntry], aligned: Iterable[list[Piece]]) -> Html:
    """The edits of a document as they stand in the ledger, each linked to its place above."""
    shown = {e: piece.entries[0] for row in aligned for piece in row for e in piece.entries}
    body: list[Html] = []
    place = 0
    for stage, group in groupby(entries, key=attrgetter("stage")):
        made = list(group)
        for i, entry in enumerate(made[:LISTED_EDITS], place):
            at = number(entry.edit.start)
            if i in shown:
                at = element("a", at, href=f"#{_place(anchor, shown[i])}")
            row = (stage_key(stage), text(entry.edit.rule), at, *shown_edit(entry.edit))
            body.append(element("tr", *cells(row, (2,)), id=f"{anchor}e{i}"))
        if len(made) > LISTED_EDITS:
            more = note(f"… {len(made) - LISTED_EDITS:,} more of {stage}")
            body.append(element("tr", element("td", more, colspan="6")))
        place += len(made)
    headings = ("stage", "rule", "at", "before", "after", "evidence")
    summary = joined((Html("Edits "), element("b", number(len(entries)))))
    return folded(summary, scrolling(head(headings, (2,)), element("tbody", *body)))


def stage_key(stage: str) -> Html:
    """The name of a stage in its colour."""
    return element("span", text(stage), class_=f"key s-{stage}")

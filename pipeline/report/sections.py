"""Sections: the parts of a report, each from the metrics of the run and the sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.report import texts
from pipeline.report.metrics import KINDS, imbalance
from pipeline.report.sample import Sample
from pipeline.report.tags import (
    Html,
    bar,
    cells,
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
)
from transforms.records import LedgerEntry
from transforms.text.cleaned import STAGES

Metrics = Mapping[str, Any]

# Values listed of each kind of count: of encodings, scripts and variants there are fewer.
LISTED_VALUES = 20

#: Records may fail before the first stage: while they are read.
_PLACES = ("read", *STAGES)


def summary(metrics: Metrics) -> Html:
    """The headline: the records by what became of them, the size of the text."""
    records = metrics["records"]
    cards = [_card("read", records["read"], f"{_count(metrics, 'bytes', 'read'):,} bytes")]
    for kind in KINDS:
        cards.append(_card(kind, records[kind], _percent(records[kind], records["read"])))
    wrong = imbalance(dict(metrics))
    books = wrong or "Every record read is in exactly one of clean, removed and failed."
    sizes = []
    for what in ("characters", "paragraphs"):
        before, after = (_count(metrics, what, value) for value in ("decoded", "clean"))
        sizes.append(
            (text(what), number(before), number(after), _change(before, after), bar(after, before))
        )
    headings = ("of the documents kept", "decoded", "clean", "change", "")
    left_out = _count(metrics, "characters", "removed")
    return joined(
        (
            element("div", *cards, class_="cards"),
            _shares([(kind, records[kind]) for kind in KINDS]),
            element("p", text(books), class_="wrong" if wrong else "note"),
            table(headings, sizes, (1, 2, 3)),
            element("p", note(f"Documents left out had {left_out:,} characters.")),
        )
    )


def _card(name: str, value: int, remark: str) -> Html:
    return element(
        "div", element("b", number(value)), text(name), note(remark), class_=f"card {name}"
    )


def _shares(parts: Iterable[tuple[str, int]]) -> Html:
    """One bar, divided."""
    shown = [(name, value) for name, value in parts if value]
    bars = (
        f'<svg class="{name}" viewBox="0 0 {value} 1" preserveAspectRatio="none" '
        f'width="{100 * value / sum(v for _, v in shown):.3f}%" height="10">'
        f'<rect width="{value}" height="1"/></svg>'
        for name, value in shown
    )
    return element("div", Html("".join(bars)), class_="shares", aria_hidden="true")


def stages(metrics: Metrics) -> Html:
    """What each stage did: documents left out and failed, edits, characters taken and put."""
    left_out = _by_stage(metrics.get("reasons", {}))
    failures = metrics.get("failures", {})
    sums = {place: [0, 0, 0, 0] for place in (*_PLACES, *left_out, *failures)}
    measures = ("count", "marks", "characters_before", "characters_after")
    for name, counts in metrics["edits"].items():
        row = sums.setdefault(name.partition("/")[0], [0, 0, 0, 0])
        for i, measure in enumerate(measures):
            row[i] += counts.get(measure, 0)
    most = max((row[2] for row in sums.values()), default=0)
    rows = [
        (
            texts.stage_key(place),
            number(left_out.get(place, 0)),
            number(failures.get(place, 0)),
            *map(number, row),
            bar(row[2], most),
        )
        for place, row in sums.items()
    ]
    headings = ("stage", "left out", "failed", "edits", "marks", "characters before", "after", "")
    return table(headings, rows, range(1, 7))


def _by_stage(reasons: Mapping[str, int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for reason, count in reasons.items():
        stage = reason.partition(":")[0]
        sums[stage] = sums.get(stage, 0) + count
    return sums


def rules(metrics: Metrics, taken: Sample) -> Html:
    """Every rule that made edits, with examples."""
    anchors = texts.anchors(taken.documents)
    edits = metrics["edits"]
    names = sorted(edits, key=lambda name: (_rank(name), -edits[name]["count"], name))
    groups = (_rule(name, edits[name], taken.examples.get(name, ()), anchors) for name in names)
    headings = ("stage", "rule", "edits", "marks", "characters before", "after")
    remark = f"Examples are from the first {taken.ledger_rows:,} edits of the ledger's files."
    return joined(
        (
            _filter("rules", "Filter rules and examples"),
            scrolling(head(headings, range(2, 6)), *groups, class_="rules"),
            element("p", note(remark)),
        )
    )


def _rank(name: str) -> int:
    stage = name.partition("/")[0]
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _rule(
    name: str,
    counts: Mapping[str, int],
    examples: Iterable[LedgerEntry],
    anchors: Mapping[str, str],
) -> Html:
    stage, _, rule = name.partition("/")
    measures = ("count", "marks", "characters_before", "characters_after")
    row = (
        texts.stage_key(stage),
        element("b", text(rule)),
        *(number(counts.get(measure, 0)) for measure in measures),
    )
    shown = [_example(entry, anchors) for entry in examples]
    parts = [element("tr", *cells(row, range(2, 6)))]
    if shown:
        headings = ("before", "after", "document", "evidence")
        listed = folded(Html(f"Examples ({len(shown)})"), table(headings, shown))
        parts.append(element("tr", element("td", listed, colspan="6"), class_="examples"))
    return element("tbody", *parts, data_row="")


def _example(entry: LedgerEntry, anchors: Mapping[str, str]) -> tuple[Html, ...]:
    before, after, evidence = texts.shown_edit(entry.edit)
    where = texts.value(entry.id)
    if entry.key in anchors:
        where = element("a", where, href=f"#{anchors[entry.key]}")
    return before, after, where, evidence


def composition(metrics: Metrics) -> Html:
    """What the corpus is made of: encodings, languages, scripts, variants."""
    names = {
        "encodings": "Encodings",
        "languages": "Languages",
        "scripts": "Scripts",
        "zh_variants": "Chinese variants",
    }
    return element(
        "div",
        *(_values(title, metrics.get(name, {})) for name, title in names.items()),
        class_="columns",
    )


def _values(title: str, counts: Mapping[str, int]) -> Html:
    whole = sum(counts.values())
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        (text(value), number(count), text(_percent(count, whole)), bar(count, whole))
        for value, count in most[:LISTED_VALUES]
    ]
    rest = sum(count for _, count in most[LISTED_VALUES:])
    if rest:
        others = note(f"{len(most) - LISTED_VALUES} others")
        rows.append((others, number(rest), text(_percent(rest, whole)), bar(rest, whole)))
    headings = (title, "documents", "share", "")
    empty = element("p", note("none"))
    return element("div", table(headings, rows, (1, 2)) if rows else empty)


def documents(metrics: Metrics, taken: Sample) -> Html:
    """Documents kept, before and after."""
    if not taken.documents:
        return element("p", note("No document was kept."))
    kinds = (_switch(f"show-{stage}", texts.stage_key(stage), checked="") for stage in STAGES[1:])
    changed = _switch("only-changed", Html("only changed paragraphs"))
    shown = f"{len(taken.documents):,} of {metrics['records']['clean']:,} documents."
    return joined(
        (
            element("p", note(shown)),
            element("div", *kinds, changed, class_="legend"),
            _filter("documents", "Filter documents by any text in them"),
            texts.documents(taken.documents),
        )
    )


def _switch(name: str, label: Html, **checked: str) -> Html:
    """A box to tick; the page's style looks at it by its id, no script is needed."""
    box = element("input", type="checkbox", id=name, **checked)
    return element("label", box, Html(" "), label)


def removed(metrics: Metrics, taken: Sample) -> Html:
    """Documents left out, and why."""
    rows = (
        (
            texts.value(row["id"]),
            texts.stage_key(row["stage"]),
            texts.value(row["reason"]),
            number(row["metadata"]["original_length"]),
            folded(Html("text"), element("pre", text(row["text"]))),
        )
        for row in taken.removed
    )
    headings = ("document", "stage", "reason", "characters", "as it stood then")
    return _listing(
        "removed",
        metrics["records"]["removed"],
        _values("Reason", metrics.get("reasons", {})),
        table(headings, rows, (3,), data_row=""),
        len(taken.removed),
    )


def failed(metrics: Metrics, taken: Sample) -> Html:
    """Dead letters."""
    rows = (
        (
            texts.value(row["key"]),
            texts.stage_key(row["stage"]),
            clipped(row["error"], texts.EDIT_CHARACTERS),
            number(row["size"]),
            folded(
                Html("bytes"), element("pre", text(row["data"].decode(errors="backslashreplace")))
            ),
        )
        for row in taken.failed
    )
    headings = ("record", "stage", "error", "bytes", "beginning")
    return _listing(
        "failed",
        metrics["records"]["failed"],
        _values("Stage", metrics.get("failures", {})),
        table(headings, rows, (3,), data_row=""),
        len(taken.failed),
    )


def _bytes(data: bytes) -> Html:
    return text(data.decode(errors="backslashreplace"))


def _listing(name: str, whole: int, counts: Html, rows: Html, shown: int) -> Html:
    if not whole:
        return element("p", note("None."))
    return joined(
        (
            counts,
            _filter(name, "Filter"),
            rows,
            element("p", note(f"{shown:,} of {whole:,} shown.")),
        )
    )


def _filter(section: str, label: str) -> Html:
    """A search box for the rows of a section; the page's script shows it and makes it work."""
    box = element("input", type="search", data_filter=section, autocomplete="off")
    found = element("output", class_="note")
    return element("label", text(label), Html(" "), box, found, class_="filter", hidden="")


def _count(metrics: Metrics, what: str, value: str) -> int:
    count: int = metrics.get(what, {}).get(value, 0)
    return count


def _percent(value: int, whole: int) -> str:
    return f"{100 * value / whole:.1f} %" if whole else "–"


def _change(before: int, after: int) -> Html:
    change = f"{100 * (after - before) / before:+.1f} %" if before else "–"
    return text(change.replace("-", "−"))

"""The report: it shows what the run's files say, all of it as text, and only so much of it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.report import page, texts
from pipeline.report.metrics import as_metrics
from pipeline.report.sample import SampleSettings, sample
from pipeline.report.sides import Piece, decoded_text, narrowed, pieces, rows
from transforms import tally
from transforms.records import DeadLetter, Document, LedgerEntry, RawRecord, RemovedDocument
from transforms.text.cleaned import STAGES, Facts
from transforms.text.edits import Edit, EditError, apply
from transforms.write import (
    FORMATS,
    Format,
    WrittenFile,
    clean_row,
    failed_row,
    ledger_row,
    removed_row,
    shard_of,
)

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&<!--\u202e\u2028\x00\ufeff\ue3f9"
NEWS = "亚洲免费播放\n首頁 > 新聞\n\n美國(guó)的設施?！盡eta說(shuō)。\n同一段\n同一段\n"


def change(text: str, rule: str, before: str, after: str, **evidence: str | float) -> Edit:
    """An edit of the first `before` in `text`."""
    start = text.index(before)
    return Edit(rule, start, start + len(before), before, after, evidence)


def cleaned(
    key: str, text: str, steps: Sequence[tuple[str, Sequence[tuple[str, str, str]]]], **facts: Any
) -> tuple[Document, list[LedgerEntry]]:
    """A document, and its ledger: of each stage `(rule, before, after)` in order of place."""
    decoded, entries = text, []
    for stage, changes in steps:
        edits = [change(text, rule, before, after, score=0.25) for rule, before, after in changes]
        entries += [LedgerEntry(key, key, stage, i, edit) for i, edit in enumerate(edits)]
        text = apply(text, edits)
    nlines = decoded.count("\n") + 1
    document = Document(key, key, text, key, None, len(decoded), nlines, facts=Facts(**facts))
    return document, entries


def news(key: str) -> tuple[Document, list[LedgerEntry]]:
    return cleaned(
        key,
        NEWS,
        (
            ("extract", [("whitespace", "\n\n", "\n")]),
            (
                "repair",
                [
                    ("annotation", "(guó)", ""),
                    ("byte-shift", "?！盡", "。”M"),
                    ("annotation", "(shuō)", ""),
                ],
            ),
            ("lines", [("spam", "亚洲免费播放\n首頁 > 新聞\n", ""), ("unrepaired", "eta", "eta")]),
            ("script", [("t2s", "美國的設施。”Meta說。", "美国的设施。”Meta说。")]),
            ("duplicates", [("exact", "同一段\n", "")]),
        ),
        title="标题",
        encoding="gb18030",
        language="zh",
        language_script="Hans",
        zh_variant="hant",
    )


def write_run(
    output: Path,
    documents: Sequence[tuple[Document, list[LedgerEntry]]],
    removed: Sequence[RemovedDocument] = (),
    failed: Sequence[DeadLetter] = (),
    form: Format = "jsonl",
    shards: int = 2,
) -> dict[str, Any]:
    """The part files of a run, as `transforms.write` lays them out, and its metrics."""
    folders: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "clean": [(d.key, clean_row(d)) for d, _ in documents],
        "ledger": [(e.key, ledger_row(e)) for _, entries in documents for e in entries],
        "removed": [(r.document.key, removed_row(r)) for r in removed],
        "failed": [(letter.key, failed_row(letter)) for letter in failed],
    }
    files = []
    for folder, keyed in folders.items():
        by_shard: dict[int, list[tuple[str, dict[str, Any]]]] = {}
        for key, row in sorted(keyed, key=lambda item: item[0]):
            by_shard.setdefault(shard_of(key, shards), []).append((key, row))
        for shard, lines in by_shard.items():
            path = f"{folder}/part-{shard:05d}-of-{shards:05d}.{form}"
            content = b"".join(orjson.dumps(row) + b"\n" for _, row in lines)
            if form == "jsonl.gz":
                content = gzip.compress(content, mtime=0)
            elif form == "jsonl.zst":
                content = zstandard.compress(content)
            (output / folder).mkdir(parents=True, exist_ok=True)
            (output / path).write_bytes(content)
            files.append(WrittenFile(path, len(lines), len(content), ""))
    read = len(documents) + len(removed) + len(failed)
    counts = [
        *(t for _ in range(read) for t in tally.read(RawRecord("", "", "", None, b"12345"))),
        *(t for d, _ in documents for t in tally.clean(d)),
        *(t for _, entries in documents for e in entries for t in tally.edit(e)),
        *(t for r in removed for t in tally.removed(r)),
        *(t for letter in failed for t in tally.failed(letter)),
    ]
    sums: dict[tuple[str, str, str], int] = {}
    for key, number in counts:
        sums[key] = sums.get(key, 0) + number
    return as_metrics(sums.items(), files)


def hostile_run(output: Path) -> dict[str, Any]:
    """A run in which every text is hostile."""
    document, entries = cleaned(
        HOSTILE,
        f"{HOSTILE}一{HOSTILE}二",
        (
            ("extract", [(HOSTILE, f"{HOSTILE}一", f"三{HOSTILE}")]),
            ("lines", [("mark", "三", "三")]),
        ),
        title=HOSTILE,
        author=HOSTILE,
        url="javascript:alert(1)",
        encoding=HOSTILE,
        language=HOSTILE,
        language_script='"><script>alert(1)</script>',
        zh_variant=HOSTILE,
    )
    left_out = replace(document, key=f"r{HOSTILE}", id=f"r{HOSTILE}")
    removed = RemovedDocument(left_out, "language", HOSTILE)
    data = HOSTILE.encode() + b"\xff"
    letter = DeadLetter("f", HOSTILE, HOSTILE, "decode", HOSTILE, data, len(data))
    entry = entries[0]
    entries[0] = replace(entry, edit=replace(entry.edit, evidence={HOSTILE: HOSTILE}))
    return write_run(output, [(document, entries)], [removed], [letter])


def report(output: Path, metrics: dict[str, Any], **settings: int) -> html.HtmlElement:
    """The page of a run, written and parsed."""
    page.write(str(output), metrics, SampleSettings(**settings))
    return html.document_fromstring((output / page.PATH).read_bytes().decode())


def sides(document: html.HtmlElement) -> tuple[str, str]:
    """The two texts of a document on the page."""
    cells = [row.findall("td") for row in document.xpath('.//table[@class="sides"]/tbody/tr')]
    return (
        "".join(before.text_content() for before, _ in cells),
        "".join(after.text_content() for _, after in cells),
    )


def test_a_document_stands_before_and_after_with_each_difference_in_its_stage(
    tmp_path: Path,
) -> None:
    document, entries = news("a.html")
    root = report(tmp_path, write_run(tmp_path, [(document, entries)]))
    (shown,) = root.xpath('//details[@class="document"]')
    assert sides(shown) == (NEWS, document.text)
    before, after = (
        [
            (e.text_content(), e.get("class"), e.get("title"))
            for e in shown.xpath(f'.//table[@class="sides"]/tbody/tr/td[{side}]/*[@data-e]')
        ]
        for side in (1, 2)
    )
    assert before == [
        ("亚洲免费播放\n首頁 > 新聞\n", "s-lines gone", "lines: spam"),
        ("\n", "s-extract gone", "extract: whitespace"),
        ("國", "s-script", "script: t2s"),
        ("(guó)", "s-repair gone", "repair: annotation"),
        ("設", "s-script", "script: t2s"),
        ("?！盡", "s-repair", "repair: byte-shift"),
        ("eta", "s-lines", "lines: unrepaired"),
        ("說", "s-script", "script: t2s"),
        ("(shuō)", "s-repair gone", "repair: annotation"),
        ("同一段\n", "s-duplicates gone", "duplicates: exact"),
    ]
    assert [text for text, *_ in after] == ["国", "设", "。”M", "eta", "说"]
    assert [e.tag for e in shown.xpath('.//*[text()="eta"][@data-e]')] == ["mark", "mark"]
    # A browser draws the characters in the forms of either script.
    (tongues,) = {
        tuple(row.xpath("td/@lang")) for row in shown.xpath('.//table[@class="sides"]/tbody/tr')
    }
    assert tongues == ("zh-Hant", "zh-Hans")
    # What is paired stands in one row.
    for row in shown.xpath('.//table[@class="sides"]/tbody/tr'):
        assert ("設施" in row[0].text_content()) == ("设施" in row[1].text_content())


def test_the_edits_of_a_document_are_listed_and_lead_to_their_place(tmp_path: Path) -> None:
    document, entries = news("a.html")
    root = report(tmp_path, write_run(tmp_path, [(document, entries)]))
    listed = root.xpath('//details[@class="document"]/details//tbody/tr')
    assert [[cell.text_content() for cell in row][:5] for row in listed] == [
        [
            e.stage,
            e.edit.rule,
            str(e.edit.start),
            e.edit.before,
            "left as it is" if e.edit.is_mark else e.edit.after or "∅",
        ]
        for e in entries
    ]
    assert all("score 0.25" in row[5].text_content() for row in listed)
    assert len(root.xpath('//details[@class="document"]/details//tbody//a')) == len(entries)


def test_links_lead_to_places_of_the_page_and_names_are_given_once(tmp_path: Path) -> None:
    root = report(tmp_path, write_run(tmp_path, [news("a"), news("b")]))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href.removeprefix("#") for href in root.xpath("//a/@href")}
    assert all(href.startswith("#") for href in root.xpath("//a/@href"))
    assert targets <= set(ids)
    listed = {row.get("id") for row in root.xpath("//tbody/tr[@id]")}
    assert set(root.xpath("//@data-e")) <= listed
    assert set(root.xpath("//@data-filter")) <= set(ids)


def test_hostile_text_is_text(tmp_path: Path) -> None:
    root = report(tmp_path, hostile_run(tmp_path))
    raw = (tmp_path / page.PATH).read_bytes().decode()
    (script,) = root.xpath("//script")
    (style,) = root.xpath("//style")
    assert not root.xpath("//img | //iframe | //object | //embed | //form | //base")
    assert not [name for e in root.iter("*") for name in e.attrib if name.startswith("on")]
    assert not root.xpath("//@style")
    assert "javascript:alert(1)" in root.text_content()
    assert set(root.xpath("//@src | //link/@href")) == {"data:,"}
    # What turns a line about, or cannot be seen, is shown by its number.
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\ufeff\ue000-\uf8ff\0]", raw)
    (shown,) = root.xpath('//details[@class="document"]')
    visible = HOSTILE
    for char in "\u202e\u2028\x00\ufeff\ue3f9":
        visible = visible.replace(char, f"U+{ord(char):04X}")
    assert sides(shown) == (f"{visible}一{visible}二", f"三{visible}{visible}二")
    for section in ("rules", "composition", "documents", "removed", "failed"):
        (found,) = root.xpath(f'//section[@id="{section}"]')
        assert visible in found.text_content(), section
    # The browser is told to use nothing but the page's own style and script.
    (policy,) = root.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    for name, element in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")


def test_no_address_is_on_the_page_but_those_of_the_texts(tmp_path: Path) -> None:
    report(tmp_path, write_run(tmp_path, [news("a")]))
    assert not re.search(r"(?:https?:|//)[\w.]+\.\w", (tmp_path / page.PATH).read_text("utf-8"))


def test_the_counts_are_those_of_the_whole_run(tmp_path: Path) -> None:
    kept = [news(str(i)) for i in range(4)]
    left_out = [RemovedDocument(replace(news("r")[0], key="r", id="r"), "language", "und: no text")]
    letter = DeadLetter("f", "f", "f", "decode", "f: not text", b"\x00", 1)
    metrics = write_run(tmp_path, kept, left_out, [letter])
    root = report(tmp_path, metrics, documents=1)
    cards = [[part.text_content() for part in card] for card in root.xpath('//*[@class="cards"]/*')]
    assert [number for number, *_ in cards] == ["6", "4", "1", "1"]
    summary = root.get_element_by_id("summary").text_content()
    assert f"{4 * len(NEWS)}" in summary
    stages = {
        row[0].text_content(): [cell.text_content() for cell in row[1:7]]
        for row in root.xpath('//section[@id="stages"]//tbody/tr')
    }
    assert list(stages) == ["read", *STAGES]
    assert stages["repair"] == ["0", "0", "12", "0", str(4 * 14), str(4 * 3)]
    assert stages["lines"][2:4] == ["8", "4"]
    assert stages["language"][0] == "1"
    assert stages["decode"][1] == "1"
    rules = {
        row[1].text_content(): [cell.text_content() for cell in row[2:]]
        for row in root.xpath('//table[@class="rules"]/tbody/tr[1]')
    }
    assert rules["annotation"] == ["8", "0", "44", "0"]
    assert list(rules)[:3] == ["whitespace", "annotation", "byte-shift"]
    composition = root.get_element_by_id("composition").text_content()
    for value in ("gb18030", "zh", "Hans", "hant"):
        assert value in composition
    assert "1 of 4 documents" in root.get_element_by_id("documents").text_content()


def test_books_that_do_not_balance_are_told(tmp_path: Path) -> None:
    metrics = write_run(tmp_path, [news("a")])
    metrics["records"]["read"] += 1
    (wrong,) = report(tmp_path, metrics).xpath('//*[@class="wrong"]')
    assert "2 records were read" in wrong.text_content()


def test_documents_left_out_and_failures_are_shown_with_their_reasons(tmp_path: Path) -> None:
    document, _ = news("gone.html")
    removed = RemovedDocument(document, "lines", "spam: 9 of 10 lines")
    letter = DeadLetter("b.bin", "b.bin", "b.bin", "decode", "b.bin: NULs", b"\x00\xffPNG", 70_000)
    root = report(tmp_path, write_run(tmp_path, [], [removed], [letter]))
    left_out = root.get_element_by_id("removed").text_content()
    for text in ("gone.html", "spam: 9 of 10 lines", "lines", "美国的设施"):
        assert text in left_out
    failed = root.get_element_by_id("failed").text_content()
    for text in ("b.bin: NULs", "70,000", "U+0000\\xffPNG"):
        assert text in failed
    assert "No document was kept" in root.get_element_by_id("documents").text_content()


def test_a_run_of_nothing_has_a_page(tmp_path: Path) -> None:
    root = report(tmp_path, as_metrics([], []))
    assert root.xpath('//*[@class="cards"]/*[1]/b')[0].text == "0"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_page(tmp_path: Path, form: Format) -> None:
    contents = []
    for name, written in (("a", form), ("b", "jsonl")):
        output = tmp_path / name
        report(output, write_run(output, [news("x"), news("y")], form=written))
        contents.append((output / page.PATH).read_bytes())
    assert contents[0] == contents[1]


def test_the_sample_is_bounded_and_spread_over_the_parts(tmp_path: Path) -> None:
    metrics = write_run(tmp_path, [news(f"{i:03}") for i in range(200)], shards=16)
    settings = SampleSettings(documents=10, examples=3, ledger_rows=160, parts=8)
    taken = sample(str(tmp_path), metrics, settings)
    keys = [document.row["id"] for document in taken.documents]
    assert len(keys) == 10 and keys == sorted(keys)
    assert len({shard_of(key, 16) for key in keys}) == 8
    for document in taken.documents:
        assert decoded_text(document.row["text"], document.entries) == NEWS
    assert all(len(examples) <= 3 for examples in taken.examples.values())
    # Two documents and the first of the next at most, of each of eight parts.
    assert taken.ledger_rows <= 8 * max(160 // 8, 3 * 8)
    assert sample(str(tmp_path), metrics, settings) == taken


def test_examples_of_a_rule_are_different_ones(tmp_path: Path) -> None:
    metrics = write_run(tmp_path, [news(str(i)) for i in range(9)])
    taken = sample(str(tmp_path), metrics)
    shown = [entry.edit.before for entry in taken.examples["repair/annotation"]]
    assert shown == ["(guó)", "(shuō)"]


def test_documents_that_are_lines_of_a_file_find_their_edits(tmp_path: Path) -> None:
    kept = []
    for line in (1, 2, 10):
        document, entries = news(f"a.jsonl:{line}")
        document = replace(document, id="same", file_path="a.jsonl", line=line)
        kept.append((document, [replace(entry, id="same") for entry in entries]))
    taken = sample(str(tmp_path), write_run(tmp_path, kept))
    assert [len(document.entries) for document in taken.documents] == [8, 8, 8]


def test_long_texts_are_cut_with_a_note(tmp_path: Path) -> None:
    line = "很长的一段。" * 100 + "\n"
    text = "<b>" + "广告" * 50_000 + "</b>\n" + line * 1000
    document, entries = cleaned("a", text, [("extract", [("ad", text.split("\n")[0], "")])])
    root = report(tmp_path, write_run(tmp_path, [(document, entries)]))
    (shown,) = root.xpath('//details[@class="document"]')
    content = shown.text_content()
    assert f"… {len(entries[0].edit.before) - texts.EDIT_CHARACTERS:,} more characters" in content
    assert "the rest is not shown" in content
    assert len((tmp_path / page.PATH).read_bytes()) < 10 * texts.TEXT_CHARACTERS


def test_rows_are_cut_where_enough_is_shown() -> None:
    def same(text: str) -> Piece:
        return Piece(text, text)

    gone = Piece("x" * 9000, "", (0,))
    assert list(texts.bounded([[same("ab\n")], [same("c")]], 4)) == [[same("ab\n")], [same("c")]]
    assert list(texts.bounded([[same("ab\n")], [same("c")]], 3)) == [[same("ab\n")], []]
    assert list(texts.bounded([[same("abc")]], 2)) == [[same("ab")], []]
    assert list(texts.bounded([[gone, same("a")]], texts.EDIT_CHARACTERS)) == [[gone], []]
    assert list(texts.bounded([[Piece("", "", (0,))] * 9], 5)) == [[Piece("", "", (0,))] * 5, []]


def test_many_edits_are_listed_in_part(tmp_path: Path) -> None:
    changes = [("t2s", chr(char), "x") for char in range(0x4E00, 0x4E00 + 300)]
    text = "".join(before for _, before, _ in changes)
    document, entries = cleaned("a", text, [("script", changes), ("duplicates", [("e", "x", "")])])
    root = report(tmp_path, write_run(tmp_path, [(document, entries)]))
    listed = root.xpath('//details[@class="document"]/details//tbody/tr')
    assert len(listed) == texts.LISTED_EDITS + 2
    assert "250 more of script" in listed[-2].text_content()
    assert listed[-1].get("id") == "d0e300"


def test_a_ledger_that_does_not_lead_back_is_told(tmp_path: Path) -> None:
    document, entries = news("a")
    broken = replace(document, text=document.text.replace("设", "射"))
    root = report(tmp_path, write_run(tmp_path, [(broken, entries), news("b")]))
    first, second = root.xpath('//details[@class="document"]')
    assert "The ledger does not lead back" in first.text_content()
    assert "射施" in first.text_content()
    assert sides(second)[0] == NEWS


def test_every_stage_has_its_colour_and_its_switch(tmp_path: Path) -> None:
    root = report(tmp_path, write_run(tmp_path, [news("a")]))
    (style,) = root.xpath("//style/text()")
    for stage in STAGES[1:]:
        assert f".s-{stage} {{" in style
        assert f"#show-{stage}:not(:checked)) .sides .s-{stage}" in style
        assert root.get_element_by_id(f"show-{stage}").get("type") == "checkbox"


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[str, str, list[LedgerEntry]]:
    """A text, what becomes of it, and the ledger between them."""
    decoded = text = draw(st.text("ab\n", max_size=20))
    entries = []
    for stage in draw(st.lists(st.sampled_from(STAGES), max_size=4, unique=True).map(by_stage)):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
        edits: list[Edit] = []
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            if edits and start == end == edits[-1].start == edits[-1].end:
                continue  # two insertions at one point are one insertion
            before = text[start:end]
            same_length = st.text("xy\n", min_size=end - start, max_size=end - start)
            after = draw(st.one_of(st.just(""), st.just(before), same_length, st.text("xy\n")))
            edits.append(Edit("r", start, end, before, after))
        entries += [LedgerEntry("k", "k", stage, i, edit) for i, edit in enumerate(edits)]
        text = apply(text, edits)
    return decoded, text, entries


def by_stage(names: list[str]) -> list[str]:
    return sorted(names, key=STAGES.index)


@given(ledgers())
def test_the_pieces_make_up_both_texts_and_leave_no_change_out(
    case: tuple[str, str, list[LedgerEntry]],
) -> None:
    decoded, clean, entries = case
    assert decoded_text(clean, entries) == decoded
    made = pieces(decoded, entries)
    aligned = list(rows(made))
    for parts in (made, [part for row in aligned for part in row]):
        assert "".join(part.before for part in parts) == decoded
        assert "".join(part.after for part in parts) == clean
        assert all(part.entries or part.before == part.after for part in parts)
    assert all("\n" not in part.before[:-1] for row in aligned for part in row if not part.entries)


@given(st.text("ab\n", max_size=200), st.text("ab\n", max_size=200))
def test_narrowed_edits_do_what_the_edit_does(before: str, after: str) -> None:
    edit = Edit("r", 2, 2 + len(before), before, after)
    assert apply(f"xx{before}y", narrowed(edit)) == f"xx{after}y"


def test_what_an_earlier_stage_took_away_stays_its_work() -> None:
    entries = [
        LedgerEntry("k", "k", "repair", 0, Edit("annotation", 1, 4, "(a)", "")),
        LedgerEntry("k", "k", "lines", 0, Edit("spam", 0, 2, "頁首", "")),
    ]
    assert pieces("頁(a)首", entries) == [
        Piece("頁", "", (1,)),
        Piece("(a)", "", (0,)),
        Piece("首", "", (1,)),
    ]


def test_entries_that_do_not_fit_are_an_error() -> None:
    entry = LedgerEntry("k", "k", "lines", 0, Edit("r", 0, 1, "a", "b"))
    with pytest.raises(EditError):
        decoded_text("c", [entry])


def test_a_large_document_takes_time_in_proportion() -> None:
    # Were the text copied for every edit, this would take a minute.
    text = ("正文" * 100 + "(a)") * 20_000
    edits = [Edit("annotation", i + 200, i + 203, "(a)", "") for i in range(0, len(text), 203)]
    entries = [LedgerEntry("k", "k", "repair", i, edit) for i, edit in enumerate(edits)]
    started = time.perf_counter()
    assert len(pieces(text, entries)) == 40_000
    assert time.perf_counter() - started < 5

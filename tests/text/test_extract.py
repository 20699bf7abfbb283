"""`extract` on text, fragments and hostile input: cases, replay, idempotence."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.text.edits import apply, revert
from transforms.text.markup import ExtractSettings, extract

CASES = Path(__file__).parent.parent / "cases" / "extract"


def cases(name: str) -> list[object]:
    """The cases of a file; those of its section "known failures" must fail."""
    sections = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [
        pytest.param(
            case["input"],
            case.get("output", case["input"]),
            id=case["label"],
            marks=[pytest.mark.xfail(strict=True)] if section == "known failures" else [],
        )
        for section, entries in sections.items()
        if section != "comment"
        for case in entries
    ]


@pytest.mark.parametrize(
    ("source", "expected"), cases("fragments") + cases("negatives") + cases("whitespace")
)
def test_case(source: str, expected: str) -> None:
    cleaned = extract(source)
    assert cleaned.text == expected
    assert apply(source, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == source
    assert extract(cleaned.text).edits == ()


SOUP = st.lists(
    st.sampled_from(
        [
            *"<>&;\"'=/` \n\t　#!-",
            *[
                "中文，测试。",
                "第二段",
                "abc",
                "x",
                "1",
                "\r\n",
                "\x00",
                "\ud800",
                "\xa0",
                "\ufeff",
            ],
            *["<p>", "</p>", "<br>", "<div class='a'>", "</div>", "<b", "</sup", "<!--", "-->"],
            *["<script>", "</script>", "<ruby>", "<rt>", "</ruby>", "<html>", "<body>", "<head>"],
            *["<table>", "<tr>", "<td>", "<pre>", "</pre>", "<textarea>", "<title>", "<svg>"],
            *["&amp;", "&lt;", "&gt;", "&nbsp;", "&nbsp", "&#60;", "&#x26;", "lt;", "amp;"],
            *['<a href="', '">', "<span style='display:none'>", "</span>", "```", "标签", "HTML"],
            *["<![CDATA[", "<?xml ?>", "<!DOCTYPE html>", "<li>", "• ", "<o:p>", "<x>", "</x>"],
        ]
    ),
    max_size=40,
).map("".join)


@given(SOUP)
@example("<html>&lt;html&gt;&amp;lt;p&amp;gt;")
@example("<b><b></b>" * 3)
@settings(max_examples=300, deadline=None)
def test_soup_replays_both_ways_and_cleaning_twice_changes_nothing(source: str) -> None:
    cleaned = extract(source)
    assert apply(source, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == source
    again = extract(cleaned.text)
    assert again.text == cleaned.text
    assert [edit for edit in again.edits if not edit.is_mark] == []


@given(st.text(st.sampled_from("中文字，。ab1 　\n\r\t《》“”!?-*.:"), max_size=80))
@settings(max_examples=200, deadline=None)
def test_plain_text_loses_white_space_alone(source: str) -> None:
    cleaned = extract(source)
    assert "".join(cleaned.text.split()) == "".join(source.split())
    assert all(edit.rule == "whitespace" for edit in cleaned.edits)
    assert not any(
        line != line.rstrip() or not line for line in cleaned.text.split("\n") if source.strip()
    )


def test_clean_text_is_not_touched() -> None:
    text = "标题\n第一段，讲了很多。\n    code = 1\n第二段：“引文。”"
    assert extract(text).edits == ()


def test_edits_say_what_was_removed() -> None:
    rules = [
        (edit.rule, edit.before)
        for edit in extract("甲<b>乙</b>&quot;丙<span hidden>丁</span>戊己庚辛").edits
    ]
    assert rules == [
        ("tag", "<b>"),
        ("tag", "</b>"),
        ("entity", "&quot;"),
        ("residue", "<span hidden>丁</span>"),
    ]


HOSTILE = {
    "nested": "<html><body>" + "<div>" * 50_000 + "正文。" + "</div>" * 50_000,
    "nested in text": "<div>" * 50_000 + "正文。",
    "bare tags": "正文。" + "<b>" * 50_000,
    "one line": "正文，测试。" * 300_000,
    "tags that never end": "正文。" + '<a href="x ' * 100_000,
    "page of tags that never end": "<html>正文。" + '<a href="x ' * 100_000,
    "angles": "<" * 500_000,
    "angles and letters": "<a" * 300_000,
    "ampersands": "&" + "amp;" * 300_000 + "lt;",
    "comments": "正文。" + "<!--" * 200_000,
    "scripts": "正文。" + "<script>" * 50_000,
    "drawing": "<html><p>正文。</p><svg>" + "<path d='M 1 2'/>" * 160_000 + "</svg>",
    "quotes": "<html>正文。" + "<a title='\"" * 100_000,
    "blanks": "正文" + " " * 1_000_000 + "。",
    "backticks": "`a" * 300_000 + "<b>正文</b>",
    "halves of tags": "\n".join(['class="' + "b" * 490] * 2_000),
    "escaped angles": "<" * 20_000 + "b>" * 20_000,
    "hidden": "<html><body>正文。" + '<div style="display:none">' * 20_000,
    "tables": "<html><body>" + "<table><tr><td>" * 2_000 + "正文。",
    "declarations": "<html>" + "<!" * 200_000,
    "dashes": "<!--" + "-" * 500_000,
    "foreign": "<x><y>" * 50_000 + "</x>" * 50_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_takes_bounded_time_and_replays(source: str) -> None:
    begun = time.perf_counter()
    cleaned = extract(source)
    # Generous, for slow machines: each takes about a second; anything quadratic takes hours.
    assert time.perf_counter() - begun < 20
    assert apply(source, cleaned.edits) == cleaned.text
    if "正文。" in source and "href" not in source and "title" not in source:
        assert "正文" in cleaned.text


def test_what_is_too_large_to_parse_is_read_plainly_and_marked() -> None:
    page = "<html><body><p>第一段，讲了很多。</p><script>var a;</script><p>第二段。</p>"
    cleaned = extract(page, ExtractSettings(max_parsed=10))
    assert cleaned.text == "第一段，讲了很多。\n第二段。"
    assert [e.evidence["reason"] for e in cleaned.edits if e.rule == "fallback"] == ["size"]

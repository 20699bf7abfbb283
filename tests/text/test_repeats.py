"""Repeats within a document: what goes, what stays, and that every removal is justified."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.edits import apply, revert
from transforms.text.repeats import (
    Drop,
    Page,
    RepeatSettings,
    find_repeats,
    is_removable,
    removal_edits,
    remove_repeats,
)
from transforms.text.similar import Passage, SimilarSettings, compare

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "cases" / "duplicates" / "repeats.json").read_text("utf-8")
)
PARAGRAPHS: dict[str, str] = CASES["paragraphs"]
SIMILAR = SimilarSettings()


def lines_of(case: dict[str, Any]) -> list[str]:
    return [PARAGRAPHS[line[1:]] if line[:1] == "@" else line for line in case["text"]]


def removed_lines(text: str, settings: RepeatSettings = RepeatSettings()) -> list[int]:
    return [drop.line for drop in find_repeats(Page(text, settings.similar), settings)]


def cases(section: str) -> list[Any]:
    marks = [pytest.mark.xfail(strict=True)] if section == "known-failures" else []
    return [pytest.param(case, id=case["label"], marks=marks) for case in CASES[section]]


@pytest.mark.parametrize(
    "case", [*cases("in-the-wild"), *cases("synthetic"), *cases("known-failures")]
)
def test_repeats_go(case: dict[str, Any]) -> None:
    lines = lines_of(case)
    assert removed_lines("\n".join(lines)) == case["removed"]
    kept = [line for number, line in enumerate(lines) if number not in case["removed"]]
    cleaned = remove_repeats("\n".join(lines))
    assert cleaned.text == "\n".join(kept)
    assert revert(cleaned.text, cleaned.edits) == "\n".join(lines)


@pytest.mark.parametrize("case", cases("negative"))
def test_what_only_looks_alike_stays(case: dict[str, Any]) -> None:
    text = "\n".join(lines_of(case))
    assert remove_repeats(text).edits == ()


def test_the_ledger_says_what_was_kept() -> None:
    case = next(c for c in CASES["in-the-wild"] if c["label"].startswith("body twice, the caption"))
    text = "\n".join(lines_of(case))
    found = [
        (edit.rule, edit.evidence["kept_paragraph"], edit.evidence["kind"])
        for edit in remove_repeats(text).edits
    ]
    assert found == [
        ("repeat-exact", 2, "exact"),
        ("repeat-exact", 3, "exact"),
        ("repeat-block", 4, "block"),
        ("repeat-exact", 5, "exact"),
        ("repeat-exact", 6, "exact"),
        ("repeat-block", 8, "block"),
    ]
    (contained,) = remove_repeats("\n".join(lines_of(CASES["in-the-wild"][0]))).edits
    assert contained.rule == "repeat-contained"
    assert contained.evidence["kept_paragraph"] == 5
    assert contained.evidence["containment"] == 1.0
    assert 0 < float(contained.evidence["jaccard"]) < SIMILAR.threshold


def test_the_guard_can_be_put_off() -> None:
    case = next(c for c in CASES["negative"] if c["label"] == "another town")
    text = "\n".join(lines_of(case))
    unguarded = RepeatSettings(similar=SimilarSettings(guard=False))
    assert removed_lines(text, unguarded) == [1]


@pytest.mark.parametrize(
    ("text", "lines", "left"),
    [
        ("a\nb\nc", [1], "a\nc"),
        ("a\nb\nc", [0], "b\nc"),
        ("a\nb\nc", [2], "a\nb"),
        ("a\nb\nc", [1, 2], "a"),
        ("a\nb\nc", [0, 2], "b"),
        ("a\nb\nc", [0, 1, 2], ""),
        ("a\n\nb", [2], "a\n"),
        ("a", [0], ""),
    ],
)
def test_a_line_goes_with_one_line_feed(text: str, lines: list[int], left: str) -> None:
    edits = removal_edits(text, [Drop(line, "r") for line in lines])
    assert len(edits) == len(lines)
    assert apply(text, edits) == left


SHORT = ["他说。", "“是的。”", "概述", "", "夜间的图书馆大厅。（资料图）", "int a = 1;"]
NEGATIVE = [line for case in CASES["negative"] for line in lines_of(case)]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Pages of paragraphs and short lines, some of them several times, cut, joined or damaged."""
    pool = [*PARAGRAPHS.values(), *SHORT, *draw(st.lists(st.sampled_from(NEGATIVE), max_size=4))]
    lines = []
    for line in draw(st.lists(st.sampled_from(pool), max_size=24)):
        change = draw(st.integers(0, 9))
        if change == 0:
            cut = draw(st.integers(0, len(line)))
            lines += [line[:cut], line[cut:]]
        elif change == 1 and lines:
            lines[-1] += line
        elif change == 2:
            at = draw(st.integers(0, len(line)))
            lines.append(line[:at] + "某" + line[at + 1 :])
        else:
            lines.append(line)
    start = draw(st.integers(0, len(lines)))
    return "\n".join([*lines, *lines[start : start + draw(st.integers(0, 12))]])


@settings(max_examples=300, deadline=None)
@given(pages())
def test_cleaning_replays_and_cleaned_text_stays(text: str) -> None:
    cleaned = remove_repeats(text)
    assert apply(text, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == text
    assert remove_repeats(cleaned.text).edits == ()


@settings(max_examples=300, deadline=None)
@given(pages())
def test_every_removal_is_justified_by_a_line_that_stays(text: str) -> None:
    lines = text.split("\n")
    drops = find_repeats(Page(text, SIMILAR))
    gone = {drop.line for drop in drops}
    for drop in drops:
        kept = int(drop.evidence["kept_paragraph"]) - 1
        assert kept not in gone
        if drop.rule == "repeat-block":
            continue
        a, b = Passage(lines[drop.line], SIMILAR.n), Passage(lines[kept], SIMILAR.n)
        assert is_removable(a, SIMILAR)
        short, long = sorted((a, b), key=lambda passage: len(passage.folded))
        match = compare(short, long, SIMILAR)
        assert match is not None
        assert drop.evidence["jaccard"] == match.jaccard
        if match.kind == "contained":
            assert short is a


DICE = [random.Random(seed).getrandbits(900) for seed in range(60)]


@pytest.mark.parametrize(
    "lines",
    [
        [f"编号为{k}的员工在本年度的考核之中被评为优秀，特此给予表彰。" * 2 for k in range(2_000)],
        [PARAGRAPHS["A"]] * 2_000,
        [(PARAGRAPHS["A"] * 20)[:k] for k in range(40, 640)],
        ["哈" * k for k in range(40, 340)],
        ["".join("甲乙"[k >> j & 1] for j in range(900)) + "。" for k in DICE],
        ["一二三四五"[k % 5] for k in range(5_000)],
        ["\t" * 50_000 + "|" + "   " * 50_000 + "“" * 50_000 + "1," * 50_000],
        ["(" * 50_000 + "a" * 50_000 + "." * 50_000 + "x" + " " * 50_000 + "y"],
    ],
    ids=["formula", "same", "nested", "one character", "two", "few lines", "columns", "brackets"],
)  # fmt: skip
def test_time_stays_linear_on_hostile_pages(lines: list[str]) -> None:
    started = time.perf_counter()
    remove_repeats("\n".join(lines))
    assert time.perf_counter() - started < 5

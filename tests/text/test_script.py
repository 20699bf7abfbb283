"""Script conversion: by the variant found and the variant wanted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import cases, passing
from transforms.text.edits import apply, revert
from transforms.text.script import ScriptSettings, Target, to_script, zh_variant

_TEXT = st.text(
    st.sampled_from("這这後后裡里并並着著台臺的是學学図書のアa1。！\n")
    | st.characters(codec="utf-8"),
    max_size=60,
)
_TARGETS: tuple[Target, ...] = ("hans", "hant", "tw", "hk", "keep")


@pytest.mark.parametrize("case", cases("script/script"))
def test_cases(case: dict[str, Any]) -> None:
    cleaned = to_script(case["text"], ScriptSettings(case["target"]))
    assert cleaned.text == case["fixed"]
    assert cleaned.facts.zh_variant == case["variant"]


@given(_TEXT, st.sampled_from(_TARGETS))
def test_edits_replay_both_ways(text: str, target: Target) -> None:
    cleaned = to_script(text, ScriptSettings(target))
    assert apply(text, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == text


@pytest.mark.parametrize("target", _TARGETS)
@pytest.mark.parametrize("case", passing("script/script"))
def test_converting_again_changes_nothing(case: dict[str, Any], target: Target) -> None:
    once = to_script(case["text"], ScriptSettings(target)).text
    assert to_script(once, ScriptSettings(target)).text == once


def test_the_edit_says_what_it_went_by() -> None:
    (edit,) = to_script("first\n這裡說").edits
    assert (edit.rule, edit.start, edit.end) == ("tw2s", 6, 9)
    assert edit.evidence == {"simplified": 0, "traditional": 3}


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("这里说", "hans"),
        ("這裡說", "hant"),
        ("这里說這裡说", "mixed"),
        ("中文", None),
        ("English", None),
        ("東京の学校です", None),
    ],
)
def test_variant(text: str, variant: str | None) -> None:
    assert zh_variant(text) == variant

"""The folded key: one for all spellings of the same, and the same when folded again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.fold import fold, fold_script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("開(kāi)源模型", "开源模型"),
        ("怎麼辦？為甚麽不說", "怎么办?为甚么不说"),
        ("後來在裡面看著", "后来在里面看着"),
        ("ＡＢＣ　１２３", "abc123"),
        ("「引文」，與標點。", "引文与标点"),
        ("zero\u200bwidth\ufeff", "ZeroWidth"),
        ("臺灣 台灣", "台湾台湾"),
    ],
)
def test_spellings_of_the_same_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("三百人", "五百人"), ("不同意", "同意"), ("f(x)", "f(y)"), ("日本語", "中国语")],
)
def test_other_words_have_another_key(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_script(fold_script(text)) == fold_script(text)
    assert len(fold_script(text)) == len(text)

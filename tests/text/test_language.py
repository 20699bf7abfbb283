"""Language identification."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.text.language import LANGUAGES, LanguageSettings, identify

_ENGLISH = "The committee will publish its findings in the spring, after the last hearing."


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("他们认为这是一个重要的发现。", "zh", "Hans"),
        ("他們認為這是一個重要的發現。", "zh", "Hant"),
        ("东南西北", "zh", "Hans"),
        ("山水", "zh", "Hani"),
        ("彼は昨日、東京に行きました。", "ja", "Jpan"),
        ("그는 어제 서울에 갔습니다.", "ko", "Kore"),
        (_ENGLISH, "en", "Latn"),
        (
            "Le comité publiera ses conclusions au printemps, après la dernière audition.",
            "fr",
            "Latn",
        ),
        ("Комитет опубликует свои выводы весной, после последнего слушания.", "ru", "Cyrl"),
        ("OK", "und", "Latn"),
        ("123 456", "und", None),
        ("", "und", None),
        (
            "使用 Vue 编写组件，如果 `a < b` 那么 `List<String>` 会变成 `Map<String, Integer>`。",
            "zh",
            "Hans",
        ),
        (f"{_ENGLISH} The word 中文 means Chinese.", "en", "Latn"),
        ("使用 OpenAI 的 GPT-4 API 和 TensorFlow 框架训练模型，效果不错。", "zh", "Hans"),
    ],
)
def test_language(text: str, language: str, script: str | None) -> None:
    facts = identify(text).facts
    assert (facts.language, facts.language_script) == (language, script)


def test_the_text_stays_and_the_answer_too() -> None:
    first = identify(_ENGLISH)
    assert first.text == _ENGLISH
    assert first.edits == ()
    assert identify(_ENGLISH) == first


def test_languages_not_wanted_are_removed_with_the_reason() -> None:
    settings = LanguageSettings(languages=("zh", "ja"))
    assert identify("他们认为这是一个重要的发现。", settings).removed == ""
    assert identify(_ENGLISH, settings).removed == "not in a language wanted: en"


def test_score_is_the_share_of_the_language() -> None:
    half = identify("这是中文。 and this part is written in English, as you can see").facts
    assert half.language_score is not None
    assert 0 < half.language_score < 0.9


def test_the_codes_are_those_that_are_given() -> None:
    from langdetect import PROFILES_DIRECTORY

    profiles = {path.name.partition("-")[0] for path in Path(PROFILES_DIRECTORY).iterdir()}
    assert {name for name in profiles if name.isalpha()} | {"und"} == LANGUAGES


@pytest.mark.parametrize("text", ["a" * 300_000, "é" * 300_000, "a@" * 150_000, "http://" * 40_000])
def test_what_has_no_blank_is_no_burden(text: str) -> None:
    # Quadratic search would take minutes here; the suite's time limit is the judge.
    assert identify(text).facts.language is not None

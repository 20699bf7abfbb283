"""Language: what a text is in, by its script first and langdetect where script does not decide.

Han, kana and Hangul settle Chinese, Japanese and Korean; langdetect, which is
weak on exactly these, votes for the languages written in Latin, Cyrillic and
other letters, on a bounded sample and with a fixed seed (it is random otherwise).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from transforms.text.cleaned import Cleaned, Facts
from transforms.text.script import ScriptSettings, is_chinese, zh_variant

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """How the language is found, and which documents are kept.

    `languages`: ISO 639-1 codes to keep; empty keeps all.
    """

    languages: tuple[str, ...] = ()
    # A Han character carries about as much as three Latin letters (characters for one
    # meaning in parallel texts: 1 to 3.2 in the Declaration of Human Rights).
    han_weight: float = 3.0
    # Chinese text is full of Latin names and code, Latin text hardly ever of Han: a third decides.
    east_asian_share: float = 0.3
    # langdetect's verdict does not change after some hundred letters; its time grows with them.
    sample_characters: int = 1000
    # Fewer letters than this are a name or a number, not a language.
    min_letters: int = 20


#: The codes that `identify` may give: what script decides, and langdetect's profiles.
LANGUAGES = frozenset(
    ("af", "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa", "fi")
    + ("fr", "gu", "he", "hi", "hr", "hu", "id", "it", "ja", "kn", "ko", "lt", "lv", "mk", "ml")
    + ("mr", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sv", "sw")
    + ("ta", "te", "th", "tl", "tr", "uk", "und", "ur", "vi", "zh")
)

_SCRIPTS = {
    "Hani": re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "Kana": re.compile("[ぁ-ゖァ-ヺー]"),
    "Hang": re.compile("[가-힣ᄀ-ᇿ㄰-㆏]"),
    "Latn": re.compile("[A-Za-zÀ-ɏḀ-ỿ]"),
    "Cyrl": re.compile("[Ѐ-ӿ]"),
    "Arab": re.compile("[؀-ۿݐ-ݿ]"),
    "Grek": re.compile("[Ͱ-Ͽ]"),
    "Hebr": re.compile("[֐-׿]"),
    "Thai": re.compile("[฀-๿]"),
    "Deva": re.compile("[ऀ-ॿ]"),
}
# Times the sample: room for the addresses and the Han that are taken out of it.
_SLACK = 20
_CHINESE_SCRIPTS = {"hans": "Hans", "hant": "Hant"}
# Bounded: what has no blank for pages is no address, and must not be searched again and again.
_URL = re.compile(r"https?://\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}")


@lru_cache(maxsize=1)
def load() -> DetectorFactory:
    """langdetect's profiles, loaded once (half a second)."""
    from langdetect import PROFILES_DIRECTORY
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(0)
    return factory


def identify(text: str, settings: LanguageSettings = LanguageSettings()) -> Cleaned:
    """The language, script and Chinese variant of `text`, which is not changed.

    Returns:
      Facts `language`, `language_score`, `language_script`, `zh_variant`;
      `removed` where the language is not one of those wanted.
    """
    facts = _facts(text, settings)
    removed = ""
    if settings.languages and facts.language not in settings.languages:
        removed = f"not in a language wanted: {facts.language}"
    return Cleaned(text, facts=facts, removed=removed)


def _facts(text: str, settings: LanguageSettings) -> Facts:
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    weights = {
        name: count * (settings.han_weight if name in ("Hani", "Hang", "Kana") else 1)
        for name, count in counts.items()
    }
    total = sum(weights.values())
    if not total:
        return Facts(language="und", language_score=0.0)
    east_asian = weights["Hani"] + weights["Kana"] + weights["Hang"]
    if east_asian >= settings.east_asian_share * total:
        score = round(east_asian / total, 4)
        if counts["Hang"] > counts["Hani"] + counts["Kana"]:
            return Facts(language="ko", language_score=score, language_script="Kore")
        if is_chinese(text, ScriptSettings()):
            variant = zh_variant(text)
            script = _CHINESE_SCRIPTS.get(variant or "", "Hani")
            return Facts(
                language="zh", language_score=score, language_script=script, zh_variant=variant
            )
        return Facts(language="ja", language_score=score, language_script="Jpan")
    script = max(weights, key=lambda name: weights[name])
    language, probability = "und", 0.0
    if counts[script] >= settings.min_letters:
        language, probability = _detect(text, settings)
    score = round(probability * weights[script] / total, 4)
    return Facts(language=language, language_score=score, language_script=script)


def _detect(text: str, settings: LanguageSettings) -> tuple[str, float]:
    """langdetect's first choice and its probability, for text without Han, kana or Hangul."""
    from langdetect.lang_detect_exception import LangDetectException

    sample = _URL.sub(" ", text[: _SLACK * settings.sample_characters])
    for name in ("Hani", "Kana", "Hang"):
        sample = _SCRIPTS[name].sub(" ", sample)
    detector = load().create()
    detector.append(sample[: settings.sample_characters])
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:  # it finds no letters that it knows
        return "und", 0.0
    return (str(ranked[0].lang), float(ranked[0].prob)) if ranked else ("und", 0.0)

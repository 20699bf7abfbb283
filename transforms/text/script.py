"""Script: bring Chinese text to one script, by the variant that each part is found in.

OpenCC converts; what this module decides is what to convert and from which
variant. The evidence is characters that exist in one script only: `國` and `说`
speak, `后`, `里` and `著` are used in both and do not. Text that is already in
the wanted script, and text that is not Chinese, is not touched.

Every conversion to Simplified takes the regional variant into account (`著` is
`着` in Taiwan's texts and not elsewhere). Traditional text that a machine made
from Simplified a character at a time (`后者`, `并非`, `怎么`) is put right on
the way to Traditional: it passes through Simplified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from transforms.text.cleaned import Cleaned, Facts
from transforms.text.edits import Edit, apply
from transforms.text.fold import simplified_table

Target = Literal["hans", "hant", "tw", "hk", "keep"]
Variant = Literal["hans", "hant", "mixed"]


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """What to convert to, and how much evidence it takes.

    `target`: `hans` Simplified; `hant` Traditional (from Simplified with the
    characters common in Taiwan; regional forms in Traditional text stay);
    `tw`, `hk` the standard forms of Taiwan and Hong Kong; `keep` no change.
    """

    target: Target = "hans"
    # A document is of one variant when at most this share of the evidence speaks against it:
    # names, quotations and single variant characters in a page of the other script.
    mixed_share: float = 0.05
    # One character of the other script in a Simplified text is a name or a variant form
    # (`於` the surname, `舖`); two in one sentence are Traditional text.
    min_evidence: int = 2
    # One kind of merged character (a surname, a place) says nothing; two kinds that a page never
    # writes the Traditional way say that a machine converted it a character at a time: 2 of 1,500
    # paragraphs of encyclopaedia and Universal Dependencies have as many.
    min_merged: int = 2
    # Chinese prose holds no kana or Hangul but in names; Japanese holds a third and more kana.
    max_foreign_share: float = 0.1
    # Japanese does without kana in headlines, names and addresses, not for longer.
    max_headline: int = 30


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_HANGUL = re.compile(r"[ぁ-ゖァ-ヺー가-힣ᄀ-ᇿ㄰-㆏]")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*[”」』’）)]*|[。！？!?]+")

# Characters that Simplified merged into another that Traditional has as well, with a meaning
# of its own, and so uses in few words (皇后, 王某于). In Traditional text that a machine made a
# character at a time they stand for both. Pairs that Traditional usage does not keep apart (布佈,
# 占佔, 台臺) are not here, nor what transliterates names (里, 征).
_MERGED = frozenset("后并范于制只系干斗采余面准卷松谷几丑云姜郁向困舍折叶吁胡胜表么愿筑沖凈仆朱冬")


@lru_cache(maxsize=16)
def _converter(config: str) -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(config).convert
    return convert


class _Evidence(NamedTuple):
    """Patterns of single characters."""

    simplified: re.Pattern[str]  # that only Simplified text uses
    traditional: re.Pattern[str]  # that only Traditional text uses
    chinese: re.Pattern[str]  # of these, those that Japanese does not use
    japanese: re.Pattern[str]  # kana, and Han that only Japanese uses


@lru_cache(maxsize=1)
def _evidence() -> _Evidence:
    """What speaks for what, from OpenCC and the national character sets.

    A character speaks for Simplified when it is the Simplified form of another,
    Hong Kong does not write it (as it does 着 and 户), and Big5, the character
    set of Traditional text, lacks it; for Traditional when it has a Simplified
    form and GB 2312 lacks it; for Japanese when only EUC-JP has it.
    """
    # Within the BMP: a class that goes beyond it is searched one by one, a hundred times slower.
    table = {c: s for c, s in simplified_table().items() if max(c, ord(s)) < 0x10000}
    traditional = {chr(c) for c in table if not _in_charset(chr(c), "gb2312")}
    merged = "".join(sorted(set(table.values())))
    simplified = {
        simple
        for simple, hong_kong in zip(
            merged, _converter("s2hk")("\n".join(merged)).split("\n"), strict=True
        )
        if simple != hong_kong and not _in_charset(simple, "big5")
    }
    chinese = {c for c in traditional | simplified if not _in_charset(c, "euc_jp")}
    japanese = {
        c
        for c in map(chr, range(0x4E00, 0xA000))
        if _in_charset(c, "euc_jp") and not _in_charset(c, "big5") and not _in_charset(c, "gb2312")
    }
    japanese.difference_update(traditional, simplified)
    kana = "ぁ-ゖァ-ヺー"
    return _Evidence(
        *(
            re.compile(f"[{''.join(sorted(chars))}{more}]")
            for chars, more in (
                (simplified, ""),
                (traditional, ""),
                (chinese, ""),
                (japanese, kana),
            )
        )
    )


def _in_charset(char: str, charset: str) -> bool:
    return bool(char.encode(charset, "ignore"))


def load() -> None:
    """Load the tables and every converter that a run may need (under a second)."""
    _evidence()
    for config in ("t2s", "tw2s", "s2tw", "s2hk", "hk2t", "t2tw", "tw2t", "t2hk"):
        _converter(config)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many characters of a text speak for each script."""

    simplified: int
    traditional: int

    def variant(self, mixed_share: float) -> Variant | None:
        """The variant; None where nothing speaks for either."""
        both = self.simplified + self.traditional
        if not both:
            return None
        share = self.traditional / both
        if share <= mixed_share:
            return "hans"
        return "hant" if share >= 1 - mixed_share else "mixed"


def count_evidence(text: str) -> Counts:
    """The evidence in `text`, counted in characters."""
    found = _evidence()
    return Counts(len(found.simplified.findall(text)), len(found.traditional.findall(text)))


def is_chinese(text: str, settings: ScriptSettings = ScriptSettings()) -> bool:
    """Whether `text` has Han characters, and they are Chinese.

    They are not amid kana or Hangul, nor in a headline of the forms that only
    Japanese uses, or of a mixture of scripts all of which Japanese uses.
    """
    han = len(_HAN.findall(text))
    foreign = len(_KANA_HANGUL.findall(text))
    if not han or foreign > settings.max_foreign_share * (han + foreign):
        return False
    found = _evidence()
    if han > settings.max_headline or found.chinese.search(text):
        return True
    # Japan simplified some of the characters that China did, and others not: 会 beside 長.
    both = found.simplified.search(text) and found.traditional.search(text)
    return not (both or found.japanese.search(text))


def zh_variant(text: str, settings: ScriptSettings = ScriptSettings()) -> Variant | None:
    """The variant of the Chinese paragraphs of `text`; None where there are none that tell."""
    chinese = "".join(paragraph for _, paragraph in _chinese_paragraphs(text, settings))
    return count_evidence(chinese).variant(settings.mixed_share)


def to_script(text: str, settings: ScriptSettings = ScriptSettings()) -> Cleaned:
    """`text` in the script that `settings` ask for.

    Returns:
      The text; one edit a converted paragraph (a sentence, where a paragraph
      mixes scripts), rule = the conversion, evidence = the characters counted;
      facts with the `zh_variant` of the text as it came.
    """
    facts = Facts(zh_variant=zh_variant(text, settings))
    if settings.target == "keep" or facts.zh_variant is None:
        return Cleaned(text, facts=facts)
    parts = list(_parts(text, settings))
    configs: dict[str, list[_Part]] = {}
    for part in parts:
        configs.setdefault(_config(part, text, settings), []).append(part)
    edits: list[Edit] = []
    for config, group in configs.items():
        if config:
            edits += _convert(config, group, text, settings)
    edits.sort(key=lambda edit: edit.start)
    return Cleaned(apply(text, edits), tuple(edits), facts)


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph or sentence, its place, and the variant it is taken to be in."""

    start: int
    text: str
    counts: Counts
    variant: Variant


def _parts(text: str, settings: ScriptSettings) -> Iterator[_Part]:
    """The Chinese paragraphs of `text`, those of mixed script in sentences."""
    whole = count_evidence(text)
    prevailing: Variant = "hant" if whole.traditional > whole.simplified else "hans"
    for start, paragraph in _chinese_paragraphs(text, settings):
        counts = count_evidence(paragraph)
        if counts.variant(settings.mixed_share) == "mixed":
            for match in _SENTENCE.finditer(paragraph):
                found = count_evidence(match[0])
                variant = _variant(found, prevailing, settings)
                yield _Part(start + match.start(), match[0], found, variant)
        else:
            yield _Part(start, paragraph, counts, _variant(counts, prevailing, settings))


def _chinese_paragraphs(text: str, settings: ScriptSettings) -> Iterator[tuple[int, str]]:
    """The Chinese paragraphs of `text` and where they start."""
    japanese = not is_chinese(text, settings)
    start = 0
    for paragraph in text.split("\n"):
        # On a Japanese page a headline of Han alone is Japanese unless a character says otherwise.
        chinese = not japanese or _evidence().chinese.search(paragraph)
        if chinese and is_chinese(paragraph, settings):
            yield start, paragraph
        start += len(paragraph) + 1


def _variant(counts: Counts, prevailing: Variant, settings: ScriptSettings) -> Variant:
    if prevailing == "hans" and counts.traditional < settings.min_evidence:
        return "hans"
    return counts.variant(settings.mixed_share) or prevailing


def _config(part: _Part, text: str, settings: ScriptSettings) -> str:
    """The OpenCC configuration that takes `part` to the target; empty for none."""
    if settings.target == "hans":
        if part.variant == "hans":
            return ""
        # Taiwan writes the particle 着 as 著; a text with 着 in it writes 著 for the other word.
        return "t2s" if "着" in text else "tw2s"
    if part.variant == "hans":
        return "s2hk" if settings.target == "hk" else "s2tw"
    return {"hant": "t2s s2tw", "tw": "t2s s2tw hk2t t2tw", "hk": "t2s s2hk tw2t t2hk"}[
        settings.target
    ]


def _convert(
    config: str, parts: Sequence[_Part], text: str, settings: ScriptSettings
) -> Iterator[Edit]:
    """The edits that convert `parts`, all of one configuration, in one call of OpenCC."""
    joined = "\n".join(part.text for part in parts)
    first, *rest = config.split()
    converted = _converter(first)(joined)
    if rest:
        converted = _mended(joined, _converter(rest[0])(converted), text, settings)
        for standard in rest[1:]:
            converted = _converter(standard)(converted)
    rule = "mixed-characters" if rest else first
    for part, after in zip(parts, converted.split("\n"), strict=True):
        if part.variant == "mixed" and not rest:
            after = _only_foreign(part.text, after)
        if after != part.text:
            evidence = asdict(part.counts)
            end = part.start + len(part.text)
            yield Edit(rule, part.start, end, part.text, after, evidence)


def _mended(before: str, round_trip: str, text: str, settings: ScriptSettings) -> str:
    """Traditional text as the round trip through Simplified has it, if a machine made it.

    In other text the round trip would only replace one right form by another:
    there no more changes than characters that are no Traditional ones at all.
    """
    if len(before) != len(round_trip):
        return before
    simplified = _evidence().simplified
    used = frozenset(text)
    pairs = list(zip(before, round_trip, strict=True))
    wrong = {old for old, new in pairs if old != new and old in _MERGED and new not in used}
    if len(wrong) >= settings.min_merged:
        return round_trip
    return "".join(new if simplified.match(old) else old for old, new in pairs)


def _only_foreign(before: str, after: str) -> str:
    """Mixed text with only those characters converted that speak for Traditional."""
    if len(before) != len(after):
        return after
    traditional = _evidence().traditional
    return "".join(
        new if traditional.match(old) else old for old, new in zip(before, after, strict=True)
    )

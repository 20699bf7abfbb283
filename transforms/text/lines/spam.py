"""Spam: keyword strings that someone injected into a page for search engines.

A line is weighed, not looked up. For it speak words of the trade, the share of the line that
such words and their padding make up, the shape of a keyword string (several short phrases, no
sentence), contact data, words drawn out by blanks, another script than the page's, and its
place before or after the body. Against it speak function words, a full stop, the vocabulary of
law, warning and medicine, and a body that is about the same trade.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.text.lines.features import Line
from transforms.text.lines.lexicon import vocabulary
from transforms.text.lines.verdict import Verdict

# Keywords are set apart by anything but the enumeration comma, which is prose's own.
_SEGMENT = re.compile(r"[\s,，|_;；。·/\\~—-]+")
_CONTACT = re.compile(
    r"(?:qq|微信|v信|vx|wx|line|电话|手机|tel|飞机|telegram)\s?(?:号|群|同号|id)?\s?[:：]?\s?[a-z0-9_]{4,}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)|(?:www\.|[a-z0-9]\.)[a-z0-9一-龥-]{2,}|[\w-]+\.(?:com|net|cc|vip|xyz|top)\b"
)
# What a brand's name is joined to, over and over, to be found: 甲乙官网-甲乙登录-甲乙app.
_PROMOTED = re.compile(
    "官网|官方|登录|登入|注册|入口|网址|手机版|平台|app|下载|客户端|代理|网页版|最新版"
)
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_QUOTED = re.compile(r"[《》“”「」『』‘’:：]")
# County names in a row: the links of one hijacked page to the next.
_PLACES = re.compile(r"(?:[\u3400-\u9fff]{1,7}(?:县|市|区|旗|州|镇|乡)\s*\|\s*){5}")
_MIN_TRADE = 2.0  # one word that only the trade uses, or two that reports about it use as well
_MIN_TRADE_ALONE = 3.0  # one word more where it is no row, names no contact and no brand twice
_MIN_COVERAGE = 0.3  # share of the line that trade words and padding make up
_MIN_COMMAS = 2  # enumeration commas of a list of three
ODDS = 1.0  # points where line and body have no pair of Han characters in common
_MIN_PAIRS = 60  # a body of fewer pairs says nothing about what is foreign to it
_MAX_BODY_SAMPLE = 30_000  # characters of the body that tell what it is about


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What of the page a line is weighed against.

    Attributes:
      is_outside: whether the line stands before or after the body.
      script: the prevailing script of the body, `hans`, `hant` or empty.
      topics: the trades that the body itself is about.
      pairs: the pairs of neighbouring Han characters in the body; empty if it is short.
    """

    is_outside: bool
    script: str
    topics: frozenset[str]
    pairs: frozenset[str] = frozenset()


def spam_verdict(line: Line, around: Surroundings) -> Verdict | None:
    """The points of `line`; None where it has not one word of a trade."""
    seen = line.dense
    if _PLACES.search(seen):
        return Verdict("spam", 9.0, {"shape": "row of places"})
    heavy: dict[str, set[str]] = {}
    weight: dict[str, int] = {}
    covered = about = 0
    for hit in vocabulary("spam_terms").find(seen):
        for term in hit.terms:
            if term.label == "about":
                about += 1
            elif term.weight >= 2:
                heavy.setdefault(term.label, set()).add(term.text)
                weight[term.text] = max(weight.get(term.text, 0), term.weight)
        if hit.best.label != "about":
            covered += _size(seen[hit.start : hit.end])
    segments = [piece for piece in _SEGMENT.split(seen) if piece]
    brand = _repeats_brand(segments) and len(set(_PROMOTED.findall(seen))) >= 2
    if not (heavy or brand):
        return None
    size = _size(seen)
    coverage = covered / size if size else 0.0
    topic = max(
        heavy, key=lambda name: sum(weight[text] for text in heavy[name]), default="promotion"
    )
    trade = sum(2.0 if value == 3 else 1.0 for value in weight.values()) + 2.0 * brand
    shared = _shared_pairs(seen, around.pairs) if around.pairs else 1.0
    keywords = _keyword_points(segments)
    contact = _CONTACT.search(seen) is not None
    row = keywords or contact or brand or line.is_drawn_out
    if trade < (_MIN_TRADE if row else _MIN_TRADE_ALONE):
        return None
    if coverage < _MIN_COVERAGE:
        return None
    features = {
        "trade": min(trade, 6.0),
        "coverage": 3.0 * coverage,
        "keywords": keywords,
        "contact": 1.5 if contact else 0.0,
        "brand": 1.5 if brand else 0.0,
        "odds": ODDS if not shared else 0.0,
        "drawn_out": 1.5 if line.is_drawn_out else 0.0,
        "script": 1.5 if around.script and line.script and line.script != around.script else 0.0,
        "place": 1.0 if around.is_outside else 0.0,
        "function": -12.0 * line.function_share,
        "sentence": _sentence_points(line, len(segments)),
        "quoted": -1.0 if _QUOTED.search(seen) else 0.0,
        "about": -2.5 * min(about, 2),
        "enumeration": -5.0 if _is_enumeration(seen, weight, around) and not contact else 0.0,
        "subject": -7.0 if around.topics & heavy.keys() else 0.0,
    }
    points = round(sum(features.values()), 2)
    evidence: dict[str, str | int | float | bool] = {
        name: round(value, 2) for name, value in features.items() if value
    }
    evidence["topic"] = topic
    evidence["terms"] = " ".join(sorted(weight))
    return Verdict("spam", points, evidence)


def _is_enumeration(seen: str, weight: Mapping[str, int], around: Surroundings) -> bool:
    """Whether a line between paragraphs lists names as prose does: 甲、乙、丙.

    Names that reports have too (casinos, drugs), and nothing to do with them: a keyword string
    repeats its trade's own words or says where to go.
    """
    certain = sum(value == 3 for value in weight.values())
    return (
        not around.is_outside
        and seen.count("、") >= _MIN_COMMAS
        and certain <= 1
        and not _PROMOTED.search(seen)
    )


def _size(text: str) -> int:
    """Letters and digits of `text`."""
    return sum(1 for char in text if char.isalnum())


def _sentence_points(line: Line, segments: int) -> float:
    """Down to -3 points for a line that ends as sentences end."""
    if not line.is_closed:
        return 0.0
    if line.full_stops:
        return -3.0
    return -1.5 if segments < 3 else 0.0


def _shared_pairs(seen: str, pairs: frozenset[str]) -> float:
    """Share of the line's pairs of Han characters that the body has, too."""
    own = han_pairs(seen)
    return len(own & pairs) / len(own) if own else 0.0


def han_pairs(seen: str) -> frozenset[str]:
    """The pairs of neighbouring Han characters in `seen`."""
    return frozenset(
        seen[at : at + 2]
        for run in _HAN_RUN.finditer(seen)
        for at in range(run.start(), run.end() - 1)
    )


def _repeats_brand(segments: Sequence[str]) -> bool:
    """Whether phrases begin with the same name, as in `甲乙官网-甲乙app-甲乙平台`."""
    starts = [piece[:2] for piece in segments if len(piece) > 3]
    return len(starts) >= 2 and len(set(starts)) == 1


def _keyword_points(segments: Sequence[str]) -> float:
    """Up to 2 points for a row of phrases none of which is long enough for a sentence."""
    if len(segments) < 2 or sum(map(len, segments)) > 16 * len(segments):
        return 0.0
    return min(2.0, 0.5 * (len(segments) - 1))


def body_topics(body: Sequence[Line]) -> frozenset[str]:
    """The trades whose words the body itself uses: a line about them is no intruder."""
    words: dict[str, set[str]] = {}
    certain: set[str] = set()
    read = 0
    for line in body:
        read += len(line.plain)
        if read > _MAX_BODY_SAMPLE:
            break
        for hit in vocabulary("spam_terms").find(line.plain):
            for term in hit.terms:
                if term.label != "about" and term.weight >= 2:
                    words.setdefault(term.label, set()).add(term.text)
                if term.weight == 3:
                    certain.add(term.label)
    # One such word may fall in any article; two different ones are a subject.
    return frozenset(topic for topic in certain if len(words[topic]) >= 2)


def body_pairs(body: Sequence[Line]) -> frozenset[str]:
    """The pairs of Han characters of the body; empty where it is too short to compare with."""
    pairs: set[str] = set()
    read = 0
    for line in body:
        pairs |= han_pairs(line.plain)
        read += len(line.plain)
        if read > _MAX_BODY_SAMPLE:
            break
    return frozenset(pairs) if len(pairs) >= _MIN_PAIRS else frozenset()

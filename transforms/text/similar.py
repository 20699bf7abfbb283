"""Whether one paragraph may stand for another: alike enough, and saying the same.

Two paragraphs are *alike* by their shingles: exact, near (Jaccard), or one
contained in the other. Being alike is not enough to lose one: legal clauses,
results and tables differ in a number, a name or a negation only, and each says
something else. `contrast` finds such differences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from transforms.text.fold import READING, fold
from transforms.text.shingles import containment, jaccard, shingles


@dataclass(frozen=True, slots=True)
class SimilarSettings:
    """When a paragraph stands for another.

    The values hang together and were chosen together, on before-and-after pairs
    of one editor (1,648) and on pairs of the same words with another meaning
    (PAWS-X, 2,000); `benchmarks/duplicates.py` prints the curves.

    Attributes:
      n: characters in a shingle. At the same share of PAWS-X pairs of other
        meaning (1.4 to 1.8 %) the edited pairs found are: n=3 from Jaccard 0.85
        41 %, n=4 from 0.8 44 %, n=5 from 0.7 56 %, n=6 from 0.7 50 %.
      threshold: Jaccard similarity from which two are near. Below 0.7 the
        other meanings grow faster than the edits found (0.6: 4.4 % to 71 %).
      containment: share of the shorter one's shingles in the longer one from
        which it counts as contained. 0.9 leaves room for one edited place in
        50 characters.
      min_length: characters of folded text below which a paragraph is never
        taken away for itself. Headings, titles, dialogue and most formulas are
        shorter. At 40, of 3,200 technical articles and news transcripts (19
        million characters) 39 paragraphs go as repeats, nearly all of them
        notes that the author pasted again.
      guard: keep both where `contrast` finds that they say different things.
    """

    n: int = 5
    threshold: float = 0.7
    containment: float = 0.9
    min_length: int = 40
    guard: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """How one paragraph (the shorter, or the later) is like another.

    Attributes:
      kind: `exact`, `near` or `contained` (in the other, which has more).
      jaccard: of their shingles.
      containment: the share of its shingles that the other has.
    """

    kind: str
    jaccard: float
    containment: float


class Passage:
    """A paragraph, with what comparing it takes; each part is made when first asked for."""

    def __init__(self, text: str, n: int) -> None:
        self.text = text
        self._n = n

    @cached_property
    def folded(self) -> str:
        """Its folded text."""
        return fold(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """The shingles of its folded text."""
        return shingles(self.folded, self._n)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Its numbers as written (`fold` drops the point of 1.5), thousands' commas apart."""
        plain = unicodedata.normalize("NFKC", READING.sub("", self.text))
        return tuple(_THOUSANDS.sub("", number) for number in _NUMBER.findall(plain))

    @cached_property
    def key(self) -> str:
        """What two paragraphs share that say exactly the same: folded text and numbers."""
        return "\n".join((self.folded, *self.numbers))

    @cached_property
    def words(self) -> Counter[str]:
        """Its words in Latin letters, in lower case."""
        plain = unicodedata.normalize("NFKC", READING.sub("", self.text)).lower()
        return Counter(_LATIN.findall(plain))

    @cached_property
    def numerals(self) -> Counter[str]:
        """Its numerals in Han characters."""
        return Counter(_NUMERAL.findall(self.folded))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is running text: not a table's row, nor code, nor a terminal's output.

        Such lines repeat on purpose (the same header over every table, the same
        command in every example). Han text is prose unless it stands in columns
        or in a comment of code; Latin text when it is long, not indented, and
        ends as a sentence does.
        """
        if _COLUMNS.search(self.text) or _CODE.match(self.text):
            return False
        han = sum(map("\u2e80".__le__, self.folded))  # Han, kana, hangul and beyond
        if han >= _HAN_SHARE * len(self.folded):
            return True
        words = _WORD.findall(self.text)
        letters = sum(map(len, words))
        return (
            len(words) >= _LATIN_WORDS
            and not self.text[0].isspace()
            and letters >= _LETTER_SHARE * len(self.text)
            and _SENTENCE_END.search(self.text) is not None
        )

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it holds a whole sentence: a heading, however long, does not.

        A headline stands in the list of contents and over its section, and both
        have to stay.
        """
        return len(self.folded) >= _SURE_LENGTH or _SENTENCE.search(self.text) is not None

    @cached_property
    def points_back(self) -> bool:
        """Whether it speaks of the clause before it: the same words mean another thing elsewhere.

        `单位犯前款罪的，对单位判处罚金` stands many times in one law, about another crime each.
        """
        return _BACK.search(self.folded) is not None


def _listed(words: str) -> list[str]:
    return words.split()


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_LATIN = re.compile(r"[a-zà-ɏ]+")
_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百千万亿两]+")
_COLUMNS = re.compile(r"\S[^\S\t]*\t\s*\S|\|[^|]*\||\S\s{3,}\S+\s{3,}\S")
_CODE = re.compile(r"\t|\s*(?://|/\*)")
_SENTENCE = re.compile(r"[。！？!?…]|\.(?:\s|$)")
_SURE_LENGTH = 120
"""Above the longest of 10,000 headlines of television news (109)."""
_HAN_SHARE = 0.3
"""Technical prose in Chinese is up to two thirds Latin; code has hardly any Han."""
_WORD = re.compile(r"(?<!\S)[(\"“‘']?[^\W\d_]+[,.;:!?)\"”’']*(?!\S)")
_LATIN_WORDS = 20
"""About what 40 Han characters say; a shorter sentence may be a program's."""
_LETTER_SHARE = 0.7
"""With the spaces, English prose is four fifths letters in plain words; a log line is not."""
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’')）]*\s*$")
_BACK = re.compile(
    "前[一二三四五六七八九十两]?[款项条](?![目例件])|(?<![日基根成资])本[款条](?![目例件约款])"
)

_NEGATION = re.compile(r"[不没未无否勿莫毋非]")
_NO_NEGATION = re.compile(
    "不[过错同断仅但止只久少管论妨惜禁愧]|是否|能否|与否|除非|非[常洲]|无论|莫[过非斯]|没错|未[来免必]"
    "|不得不|差不多|要不|不好意思"
)
"""Words that hold a negation's character and do not turn a sentence into its opposite."""

_OPPOSITES = frozenset(
    frozenset(pair)
    for pair in _listed(
        "增减 升降 涨跌 买卖 高低 上下 左右 前后 男女 多少 大小 盈亏 有无 进出 开关 内外 东西 南北 "
        "东南 东北 西南 西北 胜负 胜败 赢输 优劣 正负 加减 收支 快慢 长短 早晚 新旧 强弱 松紧 甲乙 "
        "乙丙 甲丙 丙丁 父母 兄弟 姐妹 夫妻 子女 春秋 春夏 夏秋 秋冬 春冬 可禁 准禁 赞反 日夜 生死"
    )
)
"""Single characters that, put for one another, turn the statement round."""

_SURNAMES = frozenset(
    "李王张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧袁邓许傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田姜范姚谭廖邹熊陆郝孔崔毛邱秦江顾侯邵孟龙段雷钱汤尹黎武乔贺赖龚"
)
"""The hundred most frequent surnames (Ministry of Public Security, 2020), less those that are
rather words: 高 于 程 曹 曾 任 方 万 易 常 白 康 金 石 史 文."""

_PLACES = frozenset(
    _listed(
        "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 "
        "山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 "
        "广西 西藏 宁夏 新疆 香港 澳门 广州 深圳 南京 杭州 武汉 成都 西安 沈阳 "
        "大连 青岛 济南 苏州 厦门 长沙 郑州 昆明 中国 美国 英国 法国 德国 日本 "
        "韩国 朝鲜 俄罗斯 乌克兰 印度 巴西 加拿大 澳大利亚 意大利 西班牙 伊朗 "
        "伊拉克 以色列 土耳其 埃及 越南 泰国 新加坡 马来西亚 印度尼西亚 菲律宾 亚洲 "
        "欧洲 非洲 北美 南美 周一 周二 周三 周四 周五 周六 周日 星期日 上午 下午 "
        "晚上 凌晨"
    )
)
"""Provinces, great cities, states most in the news, times of day and week: names that take
another's place in a formula."""

_NAMED = re.compile(
    "[省市县区镇乡村州国路街院校]|公司|集团|银行|大学|学院|医院|法院|部门|委员会|先生|女士|教授|记者"
)
"""What stands after a name says that it is one."""

_MAX_EQUAL = 100_000
"""Pairs of equal characters up to which two texts are aligned: that is what aligning takes its
time for. Prose has as many at 4,000 characters; what is longer, or made of a few characters
only, is told apart by its numbers and words alone."""

_MAX_WORDS = 2_000
"""Pairs of words that are compared for their spelling."""

_TYPO = 0.6
"""Words at least so alike (`SequenceMatcher.ratio`) are one word spelt twice: bug, bugs."""


def compare(a: Passage, b: Passage, settings: SimilarSettings) -> Match | None:
    """How `a`, not the longer one, is like `b`; None where both are to stay."""
    if a.key == b.key:
        return Match("exact", 1.0, 1.0)
    similar = jaccard(a.shingles, b.shingles)
    inside = containment(a.shingles, b.shingles)
    kind = "near" if similar >= settings.threshold else "contained"
    if kind == "contained" and inside < settings.containment:
        return None
    if settings.guard and contrast(a, b, kind == "contained"):
        return None
    return Match(kind, round(similar, 4), round(inside, 4))


def contrast(a: Passage, b: Passage, contained: bool = False) -> str:
    """What makes two similar paragraphs say different things; empty where nothing does.

    A difference counts where the shorter one, which would go, has a number that
    the longer one has not, or where each has a word that the other has not: one
    that merely has more says no other thing.

    Args:
      a: the shorter paragraph.
      b: the longer paragraph.
      contained: whether `a` is to be found inside `b`; what `b` has besides is
        then no difference.
    """
    if Counter(a.numbers) - Counter(b.numbers):
        return "numbers"
    if a.numbers != b.numbers and len(a.numbers) == len(b.numbers):
        return "numbers"  # the same ones in another order
    if _differ(a.numerals, b.numerals, contained):
        return "numerals"
    if _words_differ(a.words, b.words):
        return "words"
    return _aligned_contrast(a.folded, b.folded, contained)


def _differ(a: Counter[str], b: Counter[str], contained: bool) -> bool:
    return bool(a - b) and (contained or bool(b - a))


def _words_differ(a: Counter[str], b: Counter[str]) -> bool:
    """Whether another word stands in the place of one, beyond another spelling of it."""
    ours, theirs = list(a - b), list(b - a)
    if not ours or not theirs or len(ours) * len(theirs) > _MAX_WORDS:
        return bool(ours and theirs)
    return not any(
        word.startswith(other) or other.startswith(word) or _ratio(word, other) >= _TYPO
        for word in ours
        for other in theirs
    )


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _aligned_contrast(a: str, b: str, contained: bool) -> str:
    spans = list(_differences(a, b))
    if contained and spans:
        # What the longer one has before and behind is no difference.
        if spans[0][0] == "" and spans[0][2] == 0:
            b = b[len(spans[0][1]) :]
            spans = spans[1:]
        if spans and spans[-1][0] == "" and spans[-1][2] == len(a):
            b = b[: len(b) - len(spans[-1][1])]
            spans = spans[:-1]
    if not spans:
        return ""
    if _negations(a) != _negations(b):
        return "negation"
    replaced = [(x, y) for x, y, _ in spans if x and y]
    if _exchanged(replaced):
        return "exchanged"
    for old, new, at in spans:
        if old and new and _is_named_apart(a, old, new, at):
            return "name"
    return ""


def _exchanged(replaced: Sequence[tuple[str, str]]) -> bool:
    """Whether two of the replaced places took each other's words."""
    gone = {old for old, _ in replaced}
    return any(
        new in gone and (len(new) > 1 or (new, old) in replaced)
        for old, new in replaced
        if old != new
    )


def _is_named_apart(text: str, old: str, new: str, at: int) -> bool:
    """Whether `old`, at `at` of `text`, and `new` in its place are different names or opposites."""
    if len(old) == len(new) and any(
        frozenset(pair) in _OPPOSITES for pair in zip(old, new, strict=True)
    ):
        return True
    if old[0] in _SURNAMES and new[0] in _SURNAMES:
        return True
    behind = text[at + len(old) : at + len(old) + 3]
    if max(len(old), len(new)) <= 4 and _NAMED.match(behind):
        return True
    # A name may share a character with the other (北京, 南京): look at the word around.
    for length in (2, 3, 4):
        for start in range(max(0, at - length + 1), at + 1):
            word = text[start : start + length]
            other = text[start:at] + new + text[at + len(old) : start + length]
            if word in _PLACES and other[: len(word) + len(new) - len(old)] in _PLACES:
                return True
    return old in _PLACES and new in _PLACES


def _negations(key: str) -> int:
    return len(_NEGATION.findall(_NO_NEGATION.sub("", key)))


def _differences(a: str, b: str) -> Iterator[tuple[str, str, int]]:
    """What stands in `a`, what in `b` in its place, and where in `a`; nothing if out of bounds."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not a and not b:
        return
    theirs = Counter(b)
    if sum(count * theirs[char] for char, count in Counter(a).items()) > _MAX_EQUAL:
        return
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield a[i:j], b[k:m], head + i

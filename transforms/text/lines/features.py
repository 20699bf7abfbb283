"""A document as lines, and what can be seen of each: shape, place, script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from transforms.text.fold import READING, simplified_table

# Nothing this stage removes is longer; of a longer line the beginning is enough.
_LOOK = 600

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0f\ufeff]")
_PICTOGRAPH = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_HAN = "\u3400-\u9fff\uf900-\ufaff"
# Five or more Han characters set apart by single blanks are one word, drawn out.
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ \t][{_HAN}]){{4,}}(?![{_HAN}])")
_HAN_CHAR = re.compile(rf"[{_HAN}]")
_LETTERS = re.compile(r"[^\W\d_]")
_FULL_STOP = re.compile(rf"。|｡|(?<=[{_HAN}])\.(?=\s|$|[”’」』\"'])")
_LATIN_STOP = re.compile(r"(?<=[a-z]{2})[.!?](?=\s|$|[\"'”’])")
_ENDS = re.compile(r"[。｡．.!！?？…;；:：][”’」』\"'）)】\]]*\s*$")
_CLAUSE = re.compile(r"[,，、;；]")
# Characters that tie words into sentences: a string of keywords has next to none.
FUNCTION = re.compile(
    "[的了是在和与有这那我你他她它们不也就都而被把对从但若因此其已将并于为以至及吗呢吧]"
)
_WORD = re.compile(r"[A-Za-z]{2,}")

# Markdown that no page shows: headings, links with their addresses, reference links.
_MARKDOWN = re.compile(r"^#{1,6}\s|\]\[|^\[[^\]]{1,60}\]:|\]\(\w|^\*\*.*\*\*$")
_CAPTION = re.compile(
    r"^[▲△▼▽◆■●]|^\W?(?:[图圖表]\s?[\d一二三四五六七八九十:：/／为為]|[上下左右][图圖][:：为為]|[资資]料[图圖])"
    r"|(?:摄|攝|供图|供圖|摄影|攝影|资料图片?|資料圖片?|資料照片?|翻攝|截图|截圖)\s*[)）\]】]?\s*$"
    r"|(?:提供|社)\s*[)）\]】]\s*$"
    r"|(?:图|圖|图片|圖片|图源|圖源|数据|數據|资料|資料|制图|製圖)(?:来源|來源|源自)?\s*[:：/／]"
)

# A paragraph is a sentence without a full stop if it is long enough that no heading is.
_LONG_HAN = 40
_LONG_WORDS = 18
# A headline seldom has two function characters, a sentence without a full stop mostly has.
_PROSE_HAN = 10
_PROSE_SHARE = 0.07
# A Latin line of fewer words is a label, even with a full stop.
_FEW_WORDS = 5


@lru_cache(maxsize=1)
def _plain_table() -> dict[int, int | str]:
    """Simplified, half-width, lower case: one character for one."""
    table: dict[int, int | str] = dict(simplified_table())
    table.update({point: chr(point + 32) for point in range(ord("A"), ord("Z") + 1)})
    for point in range(0xFF01, 0xFF5F):
        table[point] = chr(point - 0xFEE0).lower()
    table.update({0x3000: "\t", 0xA0: " ", ord("丨"): "|", ord("︱"): "|"})
    table.update({ord(char): "·" for char in "•・‧∙"})
    return table


def plain(text: str) -> str:
    """`text` as terms are looked up: Simplified, half-width, lower case; the length stays.

    A full-width blank becomes a tab: both set things apart that a plain blank may join.
    """
    return text.translate(_plain_table())


@lru_cache(maxsize=1)
def _only_simplified() -> frozenset[str]:
    """Simplified characters that no Traditional text uses (Big5 does not have them)."""
    only = set()
    for char in simplified_table().values():
        try:
            char.encode("big5")
        except UnicodeEncodeError:
            only.add(char)
    return frozenset(only)


@dataclass(frozen=True)
class Line:
    """One line of a document.

    Attributes:
      index: its number among the lines that are not blank.
      start, end: its characters in the document, without the newline.
      text: the line as written, less bracketed readings, invisible characters and blanks around.
    """

    index: int
    start: int
    end: int
    text: str

    @cached_property
    def plain(self) -> str:
        """The beginning of the text as terms are looked up."""
        return plain(self.text[:_LOOK])

    @cached_property
    def dense(self) -> str:
        """`plain` without pictographs and with drawn out words closed up."""
        without = _PICTOGRAPH.sub("", self.plain)
        return _SPACED.sub(lambda match: re.sub(r"\s", "", match[0]), without)

    @cached_property
    def is_drawn_out(self) -> bool:
        """Whether blanks or pictographs break up its words."""
        return self.dense != self.plain

    @cached_property
    def han(self) -> int:
        """Number of Han characters."""
        return len(_HAN_CHAR.findall(self.text))

    @cached_property
    def letters(self) -> int:
        """Number of letters of any script; digits are none."""
        return len(_LETTERS.findall(self.plain))

    @cached_property
    def full_stops(self) -> int:
        """Number of full stops."""
        if self.han:
            return len(_FULL_STOP.findall(self.text))
        return len(_LATIN_STOP.findall(self.text)) if self.words >= _FEW_WORDS else 0

    @cached_property
    def words(self) -> int:
        """Number of Latin words of two letters or more."""
        return len(_WORD.findall(self.text))

    @cached_property
    def is_closed(self) -> bool:
        """Whether it ends as a sentence ends."""
        return _ENDS.search(self.text[-12:]) is not None

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it has the shape of a paragraph: a full stop, or great length with clauses."""
        if self.full_stops:
            return True
        if self.han >= _LONG_HAN:
            return _CLAUSE.search(self.text) is not None and self.function_share > 0.02
        return not self.han and self.words >= _LONG_WORDS

    @cached_property
    def is_caption(self) -> bool:
        """Whether it describes or credits a picture, or says where figures come from."""
        return _CAPTION.search(self.text[:_LOOK]) is not None

    @cached_property
    def is_spoken(self) -> bool:
        """Whether all of it is in quotation marks."""
        return self.text[0] in '“「『"' and self.text[-1] in '”」』"'

    @cached_property
    def is_markdown(self) -> bool:
        """Whether Markdown stands in it: then it is a document's source and no page's bar."""
        return _MARKDOWN.search(self.text[:_LOOK]) is not None

    @cached_property
    def function_share(self) -> float:
        """Share of function characters among the Han characters, 0 to 1."""
        seen = self.plain
        han = len(_HAN_CHAR.findall(seen))
        return len(FUNCTION.findall(seen)) / han if han else 0.0

    @cached_property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence though no full stop says so (many blogs have none)."""
        return (
            self.han >= _PROSE_HAN
            and self.function_share >= _PROSE_SHARE
            and self.function_share * self.han >= 2
        )

    @cached_property
    def script(self) -> str:
        """`hans` or `hant` where characters of only one of them stand, else empty."""
        table, only = simplified_table(), _only_simplified()
        sample = self.text[:_LOOK]
        traditional = sum(ord(char) in table for char in sample)
        simplified = sum(char in only for char in sample)
        if traditional > 3 * simplified:
            return "hant"
        return "hans" if simplified > 3 * traditional else ""


def read_lines(text: str) -> list[Line]:
    """The lines of `text` that are not blank."""
    lines: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        seen = _INVISIBLE.sub("", READING.sub("", raw)).strip()
        if seen:
            lines.append(Line(len(lines), start, start + len(raw), seen))
        start += len(raw) + 1
    return lines


def prevailing_script(lines: Sequence[Line]) -> str:
    """The script of most of `lines`; empty where there is no majority."""
    votes = [line.script for line in lines]
    for script in ("hans", "hant"):
        if votes.count(script) * 2 > len(votes):
            return script
    return ""

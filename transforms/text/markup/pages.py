"""Which lines of a whole page are its main content.

Extractors written for the Web at large judge the page; which lines they took is
read off their output, and the lines themselves stay ours. trafilatura works by
rules on element names and classes, readability by scores of paragraphs that are
passed to their parents: what both take is content more often than what either
takes (F1 0.960 on article-extraction-benchmark, against 0.951 and 0.949).

Neither knows Chinese. On a Chinese page a third witness joins, the run of lines
that holds the most prose: sentences, by full-width punctuation, outside links.
It trims link lists and site lines from both ends of an extraction, and it stands
in where the extractors find nothing.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.text.markup.elements import names
from transforms.text.markup.render import Line
from transforms.text.markup.settings import ExtractSettings

_WHITE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
# Half-width punctuation counts, too: many Chinese pages were folded to it.
_SENTENCE = re.compile(
    r"[。！？；…]|[.!?](?:\s|[\"”’)]|$)|[，,][^，,]{0,200}[，,]|, |[，,;、]$", re.MULTILINE
)
_PUNCTUATED = re.compile(r"[。！？；…：，、]|[,;:?!](?=\D|$)|[.][\"”’)]?$")

_HAN_SHARE = 0.3  # of a page's characters; code, links and names in Latin take their part
_PROSE_LENGTH = 16  # characters: about the shortest Chinese sentence that stands as a paragraph
_LINK_SHARE = 0.5  # a line linked beyond this is navigation
# What a line without prose costs a run, and each linked character on top. Between 4 and 30
# (and 1 and 3) the choice moves F1 by less than 0.005.
_LINE_COST, _LINK_COST = 8, 3
# Elements that belong to the text around them, and how many of their lines in a row do.
_STRUCTURE = names("h1 h2 h3 h4 h5 h6 li dt dd tr caption figcaption")
_LONGEST_GAP = 30
_PROBE = 12  # characters by which a line is looked up in an extraction
_NEARLY = 0.8  # share of a long line that an extraction must hold where it cut the line otherwise


@dataclass(frozen=True, slots=True)
class Choice:
    """The lines chosen.

    Attributes:
      kept: for each line, whether it belongs to the main content.
      method: how they were found: `extractors`, `prose` where those found nothing, `all`
        where nothing looks like an article.
    """

    kept: list[bool]
    method: str


def choose(source: str, lines: Sequence[Line], settings: ExtractSettings) -> Choice:
    """Choose the main content among `lines`, the rendering of the page `source`."""
    first = covered(lines, _trafilatura(source))
    second = covered(lines, _readability(source))
    kept = first
    if similarity(lines, first, second) >= settings.agreement:
        kept = [a and b for a, b in zip(first, second, strict=True)]
    elif not any(first):
        kept = second
    run = prose_run(lines)
    if _is_poor(lines, kept, run, settings):
        found = _length(lines, run) >= settings.min_length
        return Choice(run, "prose") if found else Choice([True] * len(lines), "all")
    if _is_chinese(lines) and similarity(lines, kept, run) >= settings.likeness:
        kept = _trimmed(lines, kept, run)
    return Choice(_filled(lines, kept), "extractors")


def _is_poor(
    lines: Sequence[Line], kept: Sequence[bool], run: Sequence[bool], settings: ExtractSettings
) -> bool:
    """Whether an extraction is all links, or so short that the page must hold more."""
    length = _length(lines, kept)
    linked = sum(line.linked for line, keep in zip(lines, kept, strict=True) if keep)
    if not length or linked > _LINK_SHARE * length:
        return True
    most = max(_length(lines, run), 0 if any(run) else sum(len(line.text) for line in lines))
    return length < settings.min_length and length < settings.min_recall * most


def _is_chinese(lines: Sequence[Line]) -> bool:
    length = sum(len(line.text) for line in lines)
    return sum(len(_HAN.findall(line.text)) for line in lines) >= _HAN_SHARE * length


def _trimmed(lines: Sequence[Line], kept: Sequence[bool], run: Sequence[bool]) -> list[bool]:
    """`kept` without the lines at its ends that are links, or apart from its prose and no text.

    Apart: other lines stand between. Text: a heading, or a line with punctuation.
    """
    trimmed = list(kept)
    indices = [index for index, keep in enumerate(kept) if keep]
    for order in (indices, indices[::-1]):
        outside: list[int] = []
        for index, following in pairwise([*order, -1]):
            line = lines[index]
            linked = line.linked > _LINK_SHARE * len(line.text)
            if run[index] or (not linked and (_PUNCTUATED.search(line.text) or line.is_heading)):
                break
            outside.append(index)
            if linked or abs(following - index) > 1:
                for apart in outside:
                    trimmed[apart] = False
                outside.clear()
    return trimmed


def _filled(lines: Sequence[Line], kept: Sequence[bool]) -> list[bool]:
    """`kept` with the headings, lists, tables and captions between its lines.

    Each extractor leaves some of them out; those without links belong to the text
    that stands before and after them.
    """
    filled = list(kept)
    indices = [index for index, keep in enumerate(kept) if keep]
    for before, after in pairwise(indices):
        gap = range(before + 1, after)
        if len(gap) <= _LONGEST_GAP and all(
            not lines[index].linked and lines[index].tag in _STRUCTURE for index in gap
        ):
            for index in gap:
                filled[index] = True
    return filled


def with_title(lines: Sequence[Line], kept: Sequence[bool], title: str | None) -> list[bool]:
    """`kept` with the heading before its first line that holds `title`."""
    first = next((index for index, keep in enumerate(kept) if keep), 0)
    titled = list(kept)
    for index in range(first - 1, -1, -1):
        if lines[index].is_heading and lines[index].text == title:
            titled[index] = True
            break
    return titled


def head(lines: Sequence[Line], kept: Sequence[bool], settings: ExtractSettings) -> Sequence[Line]:
    """The lines right before the first one kept, and it and the next: where a byline stands."""
    first = next((index for index, keep in enumerate(kept) if keep), 0)
    return lines[max(0, first - settings.byline_lines) : first + 2]


def prose_length(line: Line) -> int:
    """How many characters of prose a line holds: those of a sentence outside links."""
    length = len(line.text)
    if length < _PROSE_LENGTH or line.linked > _LINK_SHARE * length:
        return 0
    return length - line.linked if _SENTENCE.search(line.text) else 0


def prose_run(lines: Sequence[Line]) -> list[bool]:
    """The run of lines with the most prose, less what the lines without prose cost."""
    best = total = start = 0
    low = high = 0
    for index, line in enumerate(lines):
        if total <= 0:
            total, start = 0, index
        total += prose_length(line) or -(_LINE_COST + _LINK_COST * line.linked)
        if total > best:
            best, low, high = total, start, index + 1
    return [low <= index < high for index in range(len(lines))]


def similarity(lines: Sequence[Line], a: Sequence[bool], b: Sequence[bool]) -> float:
    """How far two choices agree: F1 of their characters; 0 for two empty ones."""
    both = [x and y for x, y in zip(a, b, strict=True)]
    total = _length(lines, a) + _length(lines, b)
    return 2 * _length(lines, both) / total if total else 0.0


def _length(lines: Sequence[Line], kept: Sequence[bool]) -> int:
    return sum(len(line.text) for line, keep in zip(lines, kept, strict=True) if keep)


def covered(lines: Sequence[Line], extracted: str) -> list[bool]:
    """Which of `lines` stand in the text `extracted`, found in order."""
    text = _folded(extracted)
    folded = [_folded(line.text) for line in lines]
    known = {text[i : i + _PROBE] for i in range(len(text) - _PROBE + 1)}
    kept = [False] * len(lines)
    # Long lines first: they are found for certain, and fence in the short ones.
    at = 0
    anchors: list[tuple[int, int, int]] = [(-1, 0, 0)]
    for index, line in enumerate(folded):
        if len(line) >= _PROBE and line[:_PROBE] in known and line[-_PROBE:] in known:
            found = text.find(line, at)
            if found >= 0:
                at = found + len(line)
                anchors.append((index, found, at))
                kept[index] = True
            elif _overlap(line, known) > _NEARLY:
                kept[index] = True
        elif len(line) >= 2 * _PROBE and _overlap(line, known) > _NEARLY:
            kept[index] = True
    anchors.append((len(lines), len(text), len(text)))
    for (before, _, start), (after, stop, _) in pairwise(anchors):
        for index in range(before + 1, after):
            line = folded[index]
            if line and not kept[index] and len(line) < 2 * _PROBE:
                found = text.find(line, start, stop)
                if found >= 0:
                    kept[index] = True
                    start = found + len(line)
    return kept


def _folded(text: str) -> str:
    """`text` as extractors may change it: without white space, composed."""
    return unicodedata.normalize("NFC", _WHITE.sub("", text))


def _overlap(line: str, known: set[str]) -> float:
    grams = len(line) - _PROBE + 1
    return sum(line[i : i + _PROBE] in known for i in range(grams)) / grams


def _trafilatura(source: str) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura.extract(source, include_comments=False, include_tables=True) or ""


def _readability(source: str) -> str:
    from bs4 import BeautifulSoup
    from lxml import etree
    from readability import Document
    from readability.readability import Unparseable

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        return BeautifulSoup(Document(source).summary(), "lxml").get_text()
    except (Unparseable, etree.ParserError, ValueError):
        return ""

"""The page: where its body is, and which of its lines go.

The body runs from the first to the last paragraph (*anchor*): a line with the shape of a
sentence that is neither interface, notice, byline nor spam. What stands before is the head,
what stands behind the foot. The same words that are furniture in head and foot are content
between two paragraphs, so every rule asks less of a line outside the body than inside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.text.edits import Evidence
from transforms.text.lines.bylines import Byline, read_byline
from transforms.text.lines.chrome import (
    heads_list,
    hints_at_page,
    interface_verdict,
    is_interface_word,
    names_service,
    path_of,
    talk_verdict,
)
from transforms.text.lines.features import Line, prevailing_script
from transforms.text.lines.notices import MAX_NOTICE, notice_verdict, speaks_of_rights
from transforms.text.lines.settings import LinesSettings
from transforms.text.lines.spam import ODDS, Surroundings, body_pairs, body_topics, spam_verdict
from transforms.text.lines.verdict import Verdict

# Lines after the first paragraph in which a byline may still stand (a summary comes first).
_BYLINE_WINDOW = 2
# More lines than these that name an author make a collection of pieces.
_MAX_CREDITS = 2
# More dated lines than these before the body make a timetable or a log.
_MAX_DATED = 3
# More sentences than these about rights in general: the article's subject, no notice.
_MAX_LEGAL = 2
# A bar of furniture between two parts of a page: at least so many lines and points of it.
_BAR_LINES = 3
_BAR_POINTS = 6
# Share of the largest part's characters from which another part belongs to the body, too.
_PART = 0.2
# Of five lines in a row, so many read like prose where the body has no full stops.
_DENSE_PROSE = 3
# A column of a menu: so many short lines, of which this share are interface words.
_COLUMN_LINES = 4
_COLUMN_LETTERS = 8
_COLUMN_KNOWN = 0.5
# A title is a line, not a paragraph.
MAX_TITLE = 80
# A title of another article in a list of recommendations.
_MAX_SWEPT = 60
# Code, commands and addresses have no Han characters; titles and spam on Chinese pages do.
_MIN_HAN = 2
# Furniture of so many points that stands between paragraphs so often is the page's, not the
# author's: the floor bar of a thread. A heading that recurs (推荐阅读:) shows less.
_REPEATED = 2
_REPEATED_POINTS = 3
# Lines in a row that a heading of recommendations needs below it where no furniture precedes it.
_LISTED = 2
# Paragraphs that are left however many sentences about the page stand around them.
_MIN_ANCHORS = 2
_ANY_DIGITS = re.compile(r"\d+")
# Share of function characters above which a line between paragraphs is prose.
_MAX_FUNCTION = 0.15
_NUMBERS = re.compile(r"\d{16,}|[¥￥$€]?[\d\s().,:+/|<>«»‹›…-]{1,12}元?|[xX×✕✖]")
_CITATION = re.compile(
    r"《[^》]{1,60}》.{0,40}(?:出版|书局|書局|\d{4})|^\[\d{1,3}\]|\bISBN\b|doi:", re.I
)
_OPEN_END = re.compile(r"[,，、:：;；]\s*$")
_ITEM = re.compile(
    r"^\s*(?:[-*+•·●○◆■–—]|\d{1,3}[.、)）]|[(（][\d一二三四五六七八九十]{1,3}[)）]|#)\s*"
)
# What a line may be without saying that a part of the page's furniture begins there.
_NO_FURNITURE = frozenset({"spam", "byline", "editor"})
_ORDINAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
# What a notice ends with: its enclosures and the day it was signed.
_ENCLOSED = re.compile(r"附[件表图錄录](?:[\d一二三四五六七八九十]{0,2}[:：.、]|$)")
_DIGITS = r"[\d〇○零一二三四五六七八九十]"
_SIGNED = re.compile(
    rf"(?:19|20|二){_DIGITS}{{2,3}} ?年 ?{_DIGITS}{{1,3}} ?月 ?{_DIGITS}{{1,3}} ?日"
)
HEADING_MARK = re.compile(r"^#{1,6}\s+")
_CODE = re.compile(r"</?[a-z!]|[{}]|://|^`", re.I)
_DAY_ONLY = frozenset({"date"})
# What an article says of its own behind its last paragraph begins with one of these.
_APPENDIX = re.compile(
    r"[\W_]*(?:附(?:[:：]|[件表图圖錄录注註记記])|(?:后|後|题|題|补|補|编后|編後)[记記]|跋|[注註]"
    r"|[注註][释釋解]|[脚尾][注註]|(?:参|參)考(?:文[献獻]|[资資]料|[书書]目)|引用|引文|致[谢謝]|鸣谢|鳴謝"
    r"|[补補]充|更正|勘[误誤]|P\.?S\b|appendix|notes?\b|references)"
    r"(?:[\d一二三四五六七八九十]{0,2}[\W_]|[\d一二三四五六七八九十]{0,2}$)",
    re.I,
)
# A name and what is said of it: a row of a table, a register, a glossary.
_ROW = re.compile(r"[^\s:：]{1,12}\s?[:：]\s?\S")
# Lines without any evidence that furniture may enclose; more are a part of their own.
_MAX_ENCLOSED = 4


# Rows with as many cells, one after the other, that make a table.
_TABLE_ROWS = 3


@dataclass(slots=True)
class _Gap:
    """Lines of the foot without any evidence, behind one line of furniture.

    Attributes:
      is_list: whether that line heads a list of other pages.
      is_open: whether so far nothing among them is the article's.
      is_own: whether an appendix of the article's stands before them.
      lines: their positions.
    """

    is_list: bool = False
    is_open: bool = False
    is_own: bool = False
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Readings:
    """What is known of lines whatever stands around them, by `Line.index`: kept between looks."""

    chrome: dict[int, Verdict | None] = field(default_factory=dict)
    talk: dict[int, Verdict | None] = field(default_factory=dict)
    legal: list[bool] = field(default_factory=list)
    bylines: dict[int, Byline | None] = field(default_factory=dict)


class Page:
    """One look at the lines of a document."""

    def __init__(
        self, lines: Sequence[Line], settings: LinesSettings, readings: Readings | None = None
    ) -> None:
        self._lines = lines
        self._readings = readings or Readings()
        self._settings = settings
        self.bylines: dict[int, Byline] = {}
        self.found: dict[int, Verdict] = {}
        self._first, self._last = self._find_body()
        body = [line for line in lines[self._first : self._last + 1] if line.is_sentence]
        self._script = prevailing_script(body)
        self._body = body
        self._topics: frozenset[str] | None = None
        self._pairs: frozenset[str] = frozenset()
        self._counts = Counter(map(_key, lines[self._first : self._last + 1]))
        self._credits: int | None = None
        self._dated: int | None = None

    def judge(self) -> dict[int, Verdict]:
        """The lines that go, by position in `lines`, and why."""
        self._judge_spam()
        self._judge_bylines()
        self._judge_runs()
        self._judge_columns()
        self._judge_paths()
        self._judge_masthead()
        self._judge_foot()
        self._judge_talk()
        return self.found

    @property
    def first_paragraph(self) -> int:
        """Position of the first paragraph; the number of lines if there is none."""
        return self._first

    def _find_body(self) -> tuple[int, int]:
        """Positions of the first and the last paragraph of the body.

        Paragraphs that a solid bar of furniture divides are different parts of the page; of
        these, small ones before and after the large ones (teasers, a widget's text) are not it.
        """
        anchors = [at for at in range(len(self._lines)) if self._is_anchor(at)]
        loose = [line.is_prose and not line.is_sentence for line in self._lines]
        if self._size(at for at, is_loose in enumerate(loose) if is_loose) > self._size(anchors):
            # Most of the page's prose has no full stops: its body is where such lines are dense.
            anchors += [
                at
                for at, is_loose in enumerate(loose)
                if is_loose and sum(loose[max(at - 2, 0) : at + 3]) >= _DENSE_PROSE
                if self._is_own(at)
            ]
            anchors.sort()
        if not anchors:
            return len(self._lines), -1
        parts = [[anchors[0]]]
        for before, at in pairwise(anchors):
            if at - before > _BAR_LINES and self._is_bar(range(before + 1, at)):
                parts.append([])
            parts[-1].append(at)
        sizes = [self._size(part) for part in parts]
        large = [
            part for part, size in zip(parts, sizes, strict=True) if size >= max(sizes) * _PART
        ]
        return self._peel([at for part in large for at in part])

    def _peel(self, anchors: Sequence[int]) -> tuple[int, int]:
        """First and last of `anchors` without sentences at either end that speak of the page."""
        first, last = 0, len(anchors) - 1
        while last - first >= _MIN_ANCHORS and self._talk_of(anchors[last]) is not None:
            last -= 1
        while last - first >= _MIN_ANCHORS and self._talk_of(anchors[first]) is not None:
            first += 1
        return anchors[first], anchors[last]

    def _talk_of(self, at: int) -> Verdict | None:
        """What the line is if it is a sentence about the page."""
        line, talk = self._lines[at], self._readings.talk
        if line.index not in talk:
            quiet = line.is_markdown or line.is_caption or line.is_spoken
            talk[line.index] = None if quiet else talk_verdict(line)
        return talk[line.index]

    def _size(self, at: Iterable[int]) -> int:
        return sum(len(self._lines[position].text) for position in at)

    def _is_bar(self, between: range) -> bool:
        points = [min(self._points(at), 2) for at in between]
        return sum(point > 0 for point in points) >= _BAR_LINES and sum(points) >= _BAR_POINTS

    def _is_outside(self, at: int) -> bool:
        return not self._first <= at <= self._last

    def _is_anchor(self, at: int) -> bool:
        line = self._lines[at]
        if not line.is_sentence:
            return False
        if line.full_stops > 1 and len(line.text) > MAX_NOTICE:
            return True
        if line.function_share > _MAX_FUNCTION and line.full_stops > 1:
            return self._points(at) < self._settings.chrome
        return self._is_own(at)

    def _is_own(self, at: int) -> bool:
        """Whether nothing speaks against the line being the article's own."""
        if self._points(at) >= self._settings.chrome:
            return False
        line = self._lines[at]
        if line.function_share <= _MAX_FUNCTION:
            neutral = Surroundings(is_outside=True, script="", topics=frozenset())
            spam = spam_verdict(line, neutral)
            if spam is not None and spam.points >= self._settings.spam:
                return False
        if line.full_stops:
            return True
        byline = self._byline_of(at)
        return byline is None or not byline.fields & {"source", "author", "editor"}

    def _chrome_of(self, at: int) -> Verdict | None:
        """What the line is if it is furniture: a notice or interface."""
        line, chrome = self._lines[at], self._readings.chrome
        if line.index not in chrome:
            # What is said is no button, and what is numbered is a list's.
            numbered = _ORDINAL.match(line.text) is not None
            own = line.is_markdown or line.is_spoken or numbered or self._is_table_row(at)
            chrome[line.index] = None if own else self._judge_chrome(line)
        return chrome[line.index]

    def _is_table_row(self, at: int) -> bool:
        """Whether it stands among rows with as many cells; a bar stands by itself."""
        cells = self._lines[at].text.count("\t")
        if not cells:
            return False
        near = range(max(0, at - _TABLE_ROWS + 1), min(len(self._lines), at + _TABLE_ROWS))
        alike = [self._lines[other].text.count("\t") == cells for other in near]
        return any(
            all(alike[start : start + _TABLE_ROWS]) for start in range(len(alike) - _TABLE_ROWS + 1)
        )

    def _byline_of(self, at: int) -> Byline | None:
        """What the line says if it has the form of a byline."""
        line, bylines = self._lines[at], self._readings.bylines
        if line.index not in bylines:
            bylines[line.index] = read_byline(line)
        return bylines[line.index]

    def _judge_chrome(self, line: Line) -> Verdict | None:
        notice = None if line.is_caption else notice_verdict(line)
        if notice is not None and notice.points < self._settings.notice:
            notice = None
        if notice is not None and notice.evidence.get("bare") and self._is_about_rights():
            notice = None
        interface = interface_verdict(line)
        both = [verdict for verdict in (interface, notice) if verdict is not None]
        return max(both, key=lambda verdict: verdict.points, default=None)

    def _is_about_rights(self) -> bool:
        """Whether so many sentences speak of reprints and rights that the article does."""
        if not self._readings.legal:
            self._readings.legal.append(sum(map(speaks_of_rights, self._lines)) > _MAX_LEGAL)
        return self._readings.legal[0]

    def _points(self, at: int) -> float:
        verdict = self._chrome_of(at)
        return verdict.points if verdict is not None else 0

    def _judge_spam(self) -> None:
        for at, line in enumerate(self._lines):
            # Two full stops are prose: injected keyword strings are not written in sentences.
            if line.han < _MIN_HAN or line.full_stops > 1:
                continue
            if not self._is_outside(at) and line.function_share > _MAX_FUNCTION:
                continue
            outside = self._is_outside(at)
            around = Surroundings(outside, self._script, frozenset())
            floor = self._settings.spam if outside else self._settings.spam_in_body
            verdict = spam_verdict(line, around)
            if verdict is None or verdict.points + ODDS < floor:
                continue
            # What the body is about is only worth finding out where a line looks like spam.
            if self._topics is None:
                self._topics = body_topics(self._body)
                self._pairs = body_pairs(self._body)
            around = Surroundings(outside, self._script, self._topics, self._pairs)
            verdict = spam_verdict(line, around)
            if verdict is not None and verdict.points >= floor:
                self.found[at] = verdict

    def _judge_bylines(self) -> None:
        for at in range(len(self._lines)):
            in_head = at <= self._first + _BYLINE_WINDOW
            if at in self.found or not (in_head or at > self._last):
                continue
            byline = self._byline_of(at)
            if byline is None:
                continue
            if in_head:
                accepted = self._is_head_byline(at, byline)
                accepted = accepted and not self._is_series()
            else:
                accepted = _is_foot_byline(byline, self._lines[at])
            if accepted:
                self.bylines[at] = byline
                rule = "editor" if byline.fields == {"editor"} else "byline"
                self.found[at] = Verdict(rule, 2, {"fields": " ".join(sorted(byline.fields))})

    def _is_head_byline(self, at: int, byline: Byline) -> bool:
        if byline.fields & {"source", "author", "editor"}:
            return True
        if byline.is_dated and "stamp" in byline.fields:
            return True
        if byline.is_dated and byline.has_clock:
            return not self._is_schedule()
        if not byline.is_dated:
            # Where it was published, behind when: 发布于:北京市.
            if byline.fields == {"stamp"} and at - 1 in self.bylines:
                return len(byline.names) <= 1
            counts = byline.fields == {"counter"} and not byline.names
            if (
                counts
                and not 0 < at <= self._first
                and not _ANY_DIGITS.search(self._lines[at].text)
            ):
                # Behind a paragraph only numbers are a counter's; words are a heading's, and
                # those of the first line its title.
                return self._chrome_rule(at) == "share"
            return counts and _OPEN_END.search(self._lines[at].text) is None
        if byline.facts.source is not None or "counter" in byline.fields:
            return True
        # A bare day between title and text is the article's date; a second one makes a diary.
        return not byline.names and 0 < at < self._first and self._is_only_day(at)

    def _chrome_rule(self, at: int) -> str:
        """Which part of the page's furniture the line would be; empty for none."""
        verdict = self._chrome_of(at)
        return verdict.rule if verdict is not None else ""

    def _is_series(self) -> bool:
        """Whether credits recur: a collection, whose lines name the author of each piece."""
        if self._credits is None:
            self._credits = 0
            was_credit = False
            for at, line in enumerate(self._lines):
                byline = None if line.full_stops else self._byline_of(at)
                is_credit = byline is not None and "author" in byline.fields
                self._credits += is_credit and not was_credit
                was_credit = is_credit
                if self._credits > _MAX_CREDITS:
                    break
        return self._credits > _MAX_CREDITS

    def _is_schedule(self) -> bool:
        """Whether so many lines before the body are dated that they are its matter: a timetable."""
        if self._dated is None:
            head = range(min(self._first + _BYLINE_WINDOW + 1, len(self._lines)))
            bylines = map(self._byline_of, head)
            self._dated = sum(byline is not None and byline.is_dated for byline in bylines)
        return self._dated > _MAX_DATED

    def _is_only_day(self, at: int) -> bool:
        for other, line in enumerate(self._lines):
            if other != at and len(line.text) <= 30:
                byline = self._byline_of(other)
                if byline is not None and byline.fields == _DAY_ONLY:
                    return False
        return True

    def _judge_runs(self) -> None:
        """Runs of neighbouring furniture lines: together they have to show enough."""
        run: list[int] = []
        for at in range(len(self._lines) + 1):
            joins = at < len(self._lines) and at not in self.found and self._joins_run(at)
            if joins and (not run or self._is_outside(run[0]) == self._is_outside(at)):
                run.append(at)
                continue
            self._close_run(run)
            run = [at] if joins else []

    def _joins_run(self, at: int) -> bool:
        line = self._lines[at]
        if not self._is_outside(at):
            # Between paragraphs a paragraph that may be furniture has to be so by itself.
            if len(line.text) > MAX_NOTICE or line.is_spoken:
                return False
            if line.is_sentence and self._points(at) < self._settings.notice_in_body:
                return False
        return self._points(at) > 0 or _is_number(line)

    def _close_run(self, run: list[int]) -> None:
        # Whom to call stands below many a notice: it goes with furniture and is none by itself.
        while run and self._has_shape(run[0], "contact"):
            del run[0]
        points = [0 if self._has_shape(at, "contact") else self._points(at) for at in run]
        if run and run[0] - 1 in self.bylines:
            points.append(1)  # what stands right behind a byline belongs to the page's bar
        if not run or not any(points):
            return
        outside = self._is_outside(run[0])
        if outside and any(self._has_shape(at, "row") for at in run):
            if not self._has_title_below(run[-1]):
                return
            points.append(self._is_furniture(run[0] - 1) or self._is_furniture(run[-1] + 1))
        enough = self._settings.chrome if outside else self._settings.chrome_in_body
        if sum(points) < enough or (not outside and max(points) < 2):
            run = [] if outside else [at for at in run if self._recurs(at)]
            if sum(map(self._weight, run)) < _REPEATED_POINTS:
                return
        for at in run:
            verdict = self._chrome_of(at) or Verdict("count", 0, {"shape": "number among chrome"})
            self.found[at] = verdict

    def _has_shape(self, at: int, shape: str) -> bool:
        verdict = self._chrome_of(at)
        return verdict is not None and verdict.evidence.get("shape") == shape

    def _is_furniture(self, at: int) -> bool:
        """Whether a line is found to be the page's: its interface, or a byline of counters."""
        if at in self.bylines:
            return self.bylines[at].fields == {"counter"}
        return at in self.found and self.found[at].rule not in _NO_FURNITURE

    def _has_title_below(self, at: int) -> bool:
        """Whether a line of the head has a title below it; any line of the foot passes."""
        if at > self._last:
            return True
        return any(
            is_heading(self._lines[below]) and self._points(below) == 0 and below not in self.found
            for below in range(at + 1, self._first)
        )

    def _recurs(self, at: int) -> bool:
        """Whether a line of furniture stands in the body again and again, whatever its numbers."""
        line = self._lines[at]
        return (
            self._points(at) > 0
            and self._counts[_key(line)] >= _REPEATED
            and line.han >= _MIN_HAN
            and not line.is_sentence
            and not _OPEN_END.search(line.text)
            and not _ITEM.match(line.text)
        )

    def _judge_talk(self) -> None:
        """Sentences about the page, outside the body and next to furniture, go with it."""
        for at in range(len(self._lines)):
            if not self._is_outside(at) or at in self.found:
                continue
            if self._is_furniture(at - 1) or self._is_furniture(at + 1):
                talk = self._talk_of(at)
                if talk is not None:
                    self.found[at] = talk

    def _judge_columns(self) -> None:
        """Menus that stand as one short line an item."""
        column: list[int] = []
        for at in range(len(self._lines) + 1):
            if at < len(self._lines) and self._is_outside(at) and self._is_item(at):
                column.append(at)
                continue
            self._close_column(column)
            column = []

    def _is_item(self, at: int) -> bool:
        line = self._lines[at]
        return (
            len(line.text) <= 2 * _COLUMN_LETTERS
            and 0 < line.letters <= _COLUMN_LETTERS
            and not line.is_closed
            and not line.is_markdown
        )

    def _close_column(self, column: list[int]) -> None:
        known = [at for at in column if is_interface_word(self._lines[at].plain)]
        if len(known) < _COLUMN_KNOWN * len(column):
            return
        # What is unknown at either end may be the title or the article's own line.
        inside = [at for at in column if known and known[0] <= at <= known[-1]]
        if len(inside) >= _COLUMN_LINES:
            for at in inside:
                evidence: Evidence = {
                    "shape": "column",
                    "items": len(inside),
                    "known": len(known),
                }
                self.found.setdefault(at, Verdict("navigation", 1, evidence))

    def _weight(self, at: int) -> float:
        """The points of a line that recurs; one more where its numbers count on: a floor's bar."""
        return self._points(at) + (_ANY_DIGITS.search(self._lines[at].text) is not None)

    def _judge_paths(self) -> None:
        """Breadcrumbs of a site that is not known, by the title that they end with."""
        head = self._lines[: min(self._first, len(self._lines))]
        titles = {line.plain for line in head}
        for at, line in enumerate(head):
            crumbs = path_of(line)
            if at not in self.found and len(crumbs) > 1 and crumbs[-1] in titles:
                self.found[at] = Verdict("navigation", 3, {"shape": "path to the title"})

    def _judge_masthead(self) -> None:
        """What stands above the page's navigation, where the byline tells which line is the title.

        The site's name, a window's title, a slogan: the article begins below its breadcrumb.
        """
        head = [at for at in self.bylines if at < self._first]
        above = [at for at in range(min(head, default=0)) if at not in self.found]
        if not above or not is_heading(self._lines[above[-1]]):
            return
        bars = [at for at in range(above[-1]) if self._is_navigation(at)]
        if not any(at in self.found for at in bars):
            return
        for at in above:
            line = self._lines[at]
            if at <= bars[-1] and is_heading(line) and not line.is_closed:
                self.found[at] = Verdict("navigation", 1, {"shape": "above the navigation"})

    def _is_navigation(self, at: int) -> bool:
        verdict = self.found.get(at)
        return (verdict.rule if verdict is not None else self._chrome_rule(at)) == "navigation"

    def _judge_foot(self) -> None:
        """Once the foot has begun, weak evidence is enough; between furniture none is needed.

        What stands behind an appendix' label is the article's, until furniture shows again.
        """
        if self._last < 0:
            return
        seen = 0.0
        gap = _Gap()
        for at in range(self._last + 1, len(self._lines)):
            line, verdict = self._lines[at], self.found.get(at)
            if verdict is not None and verdict.rule == "spam":
                continue
            if verdict is None:
                verdict = self._weak_of(at, seen, gap)
                if verdict is not None:
                    self.found[at] = verdict
            if verdict is not None:
                seen += verdict.points
                is_list = verdict.rule == "related" and verdict.points >= self._settings.chrome
                seen = max(seen, self._settings.sweep) if is_list else seen
                self._sweep(gap, is_enclosed=True)
                gap = _Gap(is_list=is_list, is_open=seen >= self._settings.sweep)
            elif _APPENDIX.match(line.text):
                self._sweep(gap, is_enclosed=False)
                gap = _Gap(is_own=True)
            elif gap.is_open and self._is_swept(at, gap):
                gap.lines.append(at)
            elif not gap.is_list:
                gap.is_open = False
        self._sweep(gap, is_enclosed=False)

    def _weak_of(self, at: int, seen: float, gap: _Gap) -> Verdict | None:
        """What the line is by evidence that is enough in a foot that has begun."""
        if heads_list(self._lines[at]) and self._has_list(at, seen):
            return Verdict("related", 2, {"shape": "heading of a list"})
        if gap.is_own or seen < self._settings.chrome:
            return None
        if self._has_shape(at, "contact") and not self._is_furniture(at - 1):
            return None
        weak = self._chrome_of(at) or self._talk_of(at)
        if weak is None and seen >= self._settings.sweep and _is_sweepable(self._lines[at]):
            hinted = hints_at_page(self._lines[at])
            weak = Verdict("site-info", 1, {"shape": "hint behind chrome"}) if hinted else None
        return weak

    def _is_swept(self, at: int, gap: _Gap) -> bool:
        """Whether nothing of a line's own speaks against its going with its neighbours."""
        line = self._lines[at]
        if not _is_sweepable(line):
            return False
        if gap.is_list:
            return True
        is_row = _ROW.match(line.text) is not None and not names_service(line)
        return not (is_row or self._is_signature(at))

    def _sweep(self, gap: _Gap, *, is_enclosed: bool) -> None:
        """Take out the titles of a list, and what furniture encloses on both sides."""
        if gap.is_list or (gap.is_open and is_enclosed and len(gap.lines) <= _MAX_ENCLOSED):
            rule = "related" if gap.is_list else "foot"
            shape = "item of a list" if gap.is_list else "short line between chrome"
            for at in gap.lines:
                self.found[at] = Verdict(rule, 1, {"shape": shape})

    def _is_signature(self, at: int) -> bool:
        """Whether a line is a notice's enclosure, the day it was signed, or who signed it."""
        text = self._lines[at].text
        below = self._lines[at + 1].text if at + 1 < len(self._lines) else ""
        return (
            any(pattern.match(text) for pattern in (_ENCLOSED, _SIGNED))
            or _SIGNED.fullmatch(below) is not None
        )

    def _has_list(self, at: int, seen: float) -> bool:
        """Whether titles of other pages may stand below the line."""
        below = range(at + 1, len(self._lines))
        listed = [by for by in below[:_LISTED] if _is_sweepable(self._lines[by])]
        return len(listed) == _LISTED or seen >= self._settings.chrome


def _key(line: Line) -> str:
    """The line whatever its numbers are."""
    return _ANY_DIGITS.sub("0", line.plain)


def _is_foot_byline(byline: Byline, line: Line) -> bool:
    """Behind the body only labelled credits are bylines: a bare date there is a signature's."""
    labelled = bool(byline.fields & {"source", "author", "editor"}) or (
        "stamp" in byline.fields and byline.has_clock and line.han >= _MIN_HAN
    )
    counted = byline.is_dated and "counter" in byline.fields and "text" not in byline.fields
    labelled = labelled or (counted and not byline.names)
    return labelled and len(byline.names) <= 1


def _is_number(line: Line) -> bool:
    """Whether a line is only a count, page numbers or a closing cross."""
    return len(line.text) <= 48 and _NUMBERS.fullmatch(line.text) is not None


def _is_sweepable(line: Line) -> bool:
    """Whether a line may be the title of another article, a product, a link."""
    return not (
        len(line.text) > _MAX_SWEPT
        or line.is_sentence
        or line.is_markdown
        or (line.han < _MIN_HAN and not _is_number(line))
        or line.is_caption
        or _CITATION.search(line.text)
        or _OPEN_END.search(line.text)
    )


def is_heading(line: Line) -> bool:
    """Whether a line can be a title: short words, no sentence, caption, list item, speech, code."""
    return not (
        len(line.text) > MAX_TITLE
        or line.full_stops
        or not line.letters
        or line.is_caption
        or _OPEN_END.search(line.text)
        or (_ITEM.match(line.text) and not HEADING_MARK.match(line.text))
        or line.is_spoken
        or _CODE.search(line.text)
    )

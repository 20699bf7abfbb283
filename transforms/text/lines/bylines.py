"""Bylines: the lines that say who wrote an article, for whom and when; and what they say.

A line is a byline when nothing but credits is on it: labelled fields (`来源:…作者:…`), a date,
interface words (`字号 大 中 小`) and at most two short names without a label. A date in a
sentence, a dateline (`…1月28日讯(记者 …)`) and a picture credit make none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from transforms.text.cleaned import Facts
from transforms.text.lines.chrome import is_interface_word
from transforms.text.lines.features import Line, plain
from transforms.text.lines.lexicon import vocabulary

# Longer lines hold a sentence.
MAX_BYLINE = 160
_MAX_VALUE = 40
_MAX_NAME = 16
_MAX_COUNT = 8  # characters of what a counter says; more without a digit is text

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])(?::|时|点)(?P<minute>[0-5]\d)分?"
    r"(?:(?::|(?<=分))(?P<second>[0-5]\d)(?:\.\d{1,6}|秒)?)?"
    r"(?P<zone>z|[+-](?:0\d|1[0-4]):?[0-5]0)?(?P<half> ?[ap]\.?m\b\.?)?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_NUMBER_OF_DAY = r"3[01]|[12]\d|0?[1-9]"
_DAY = (
    r"(?:(?P<year>(?:19|20)\d\d)(?:(?P<mark>[-/.])| ?年 ?| (?=[01]\d/))(?P<month>1[0-2]|0?[1-9])"
    rf"(?:(?P=mark)| ?月 ?|(?<= \d\d)/)(?P<day>{_NUMBER_OF_DAY})(?: ?[日号]|(?!\d))"
    rf"|(?P<month_name>{_MONTH}) (?P<day_en>{_NUMBER_OF_DAY}){_ORDINAL},? "
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.? )?(?P<year_en>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<day_uk>{_NUMBER_OF_DAY}){_ORDINAL} (?P<month_uk>{_MONTH}),? "
    r"(?P<year_uk>(?:19|20)\d\d)(?!\d)"
    # Taiwan's offices count years from 1912; only a label tells such a year from another number.
    r"|(?:(?<=:)|(?<=: )|(?<=民国))(?P<year_roc>1[0-3]\d)[-/.年](?P<month_roc>1[0-2]|0?[1-9])"
    rf"[-/.月](?P<day_roc>{_NUMBER_OF_DAY})(?:日|(?!\d)))"
)
_WEEKDAY = r"(?: {0,2}[(（]?(?:星期|周|礼拜)?[一二三四五六日天][)）]?(?=\s|$))?"
_DATE = re.compile(rf"(?<!\d){_DAY}{_WEEKDAY}(?:(?:,|t| at|\s){{0,2}}\s{{0,3}}{_CLOCK})?")
_BARE_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])")
_MONTH_DAY = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])[-/月](?:3[01]|[12]\d|0?[1-9])日?(?!\d)")

_GAP = re.compile(r"[\s|/／｜·,，;；、()（）\[\]【】<>《》\-—_:：+。]+")
_SEPARATED = re.compile(r"[:：/|\s]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:万|k|w)?\+?(?:次|条|人|字|分钟|个|则|篇|℃)?(?!\w)")
_VALUE_END = re.compile(r"\s{2,}|\t|\||\s·|·\s|\s(?=[^\s:：]{1,8}\s?[:：])|[\]】)）]")
_NOT_A_VALUE = re.compile(r"[。！？!?…；;“”「」]|https?:")
_DIGIT = re.compile(r"\d")
# What a counter by these names says is a number: words behind them are a heading's.
_COUNTS = re.compile(
    "浏览|点击|阅读|人气|访问|查看|围观|热度|评论|留言|回复|点赞|收藏|views|comments|reads"
)
_ROC = 1911  # the year before Taiwan's first
_WRITER = re.compile("记者|通讯员|作者")
_MAX_SPACED = 4  # characters of a label that blanks may draw out
_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKET = re.compile(r"[(（【〔\[]")
_BLANKS = re.compile(r"\s+")
# Who wrote is followed by who took the pictures: 文/甲 图/乙.
_OTHER_CREDIT = re.compile(r"\s+(?:图|摄影?|供图|摄像|视频|图片|制图)\s?[/|:：]")
_NATION = re.compile(r"^[\[(（【〔][\u3400-\u9fff]{1,3}[\])）】〕]\s*")
_NAME_GAP = re.compile(r"[、,，;；/|&＆\s]+")
_LATIN_GAP = re.compile(r"\s*(?:[;；,，&|/]|\band\b|、)\s*")
# What a name in a byline is not part of: what its bearer is or did.
_ROLES = (
    "(?:本报|本网|本台|本刊|新华社)?(?:特约|特派|实习|见习|首席|驻地)?"
    "(?:记者|通讯员|实习生|编辑|编译|作者|摄影报道|摄影|报道|综合报道|撰文|整理|等人?|文图|图文)"
)
_ROLE = re.compile(
    rf"^(?:{_ROLES})(?=$|[\u3400-\u9fff]{{2}})|(?<=[\u3400-\u9fff]{{2}})(?:{_ROLES})$"
)
_ONLY_ROLE = re.compile(_ROLES)
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,10}(?:·[\u3400-\u9fff]{1,10})+")
_OFFICE = re.compile(
    "(?:大学|学院|教授|博士|主任|院|部|局|室|所|报|网|社|台|中心|公司|客户端|公众号)$"
)
# Fillers of content management systems: they name nobody.
_NOBODY = frozenset(
    (
        *("admin", "administrator", "anonymous", "unknown", "管理员", "网站管理员", "系统管理员"),
        *("佚名", "匿名", "未知", "不详", "无", "本站", "网络", "互联网", "网友"),
        *("原创", "本站原创", "转载", "网络转载"),
    )
)
_NO_NAME = re.compile("[的了是和关]")
_NAME = re.compile(r"[\u3400-\u9fff·a-z.'’@\d _-]+")
# A reporter and where the report was filed, as Taiwan's papers put it: 記者王小明／台北報導.
_FILED = re.compile(
    r"(?:(?:本报|本社|本刊|特派|特约|实习|见习|驻\S{1,6}|\S{0,6}中心)?(?:记者|编译|特派员)) ?"
    r"(?P<who>[\u3400-\u9fff·]{2,4}(?:[、 ][\u3400-\u9fff·]{2,4}){0,4})(?: ?/ ?| )"
    r"[\u3400-\u9fff ]{0,12}?"
    r"(?:报导|报道|专访|专电|电|摄影(?!报)|摄(?!影)|整理)"
)
# Where a printed article stood: 《某某日报》(2024年07月15日 02版).
_PRINTED = re.compile(
    r"\W?《(?P<paper>[^《》]{2,20})》\s?[(（]"
    r"(?P<issue>[\d年月日 \-/.]{6,20}第?\s?\d{1,3}\s?版)\s?[)）]\W?"
)
_INLINE = re.compile(
    r"[(（【〔\[](?:[\u3400-\u9fff]{2,12}[网报社台刊] ?)?"
    r"(?:本报|本网|本台|本刊|特约|特派|实习|见习|首席|驻京)?"
    r"(?:记者|通讯员|撰稿人) ?[:：/]?\s{0,2}"
    r"(?P<who>[\u3400-\u9fff·]{2,4}(?:[\s、,，][\u3400-\u9fff·]{2,4}){0,4})\s?[)）】〕\]/]"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline and what it says.

    Attributes:
      facts: source, author and date, as written.
      fields: the kinds of the fields on it: `source author editor date counter`, and `stamp` for
        a label that announces a date, `text` for a counter that counts nothing.
      has_clock: whether a time of day stands on it.
      names: the names on it that no label explains.
      is_dated: whether a whole date stands on it.
    """

    facts: Facts
    fields: frozenset[str]
    has_clock: bool
    names: tuple[str, ...]
    is_dated: bool


@dataclass(frozen=True, slots=True)
class _Label:
    start: int
    end: int
    field: str


# Of these only where they open the line: "powered by" names no author.
_OPENING = frozenset({"by", "updated", "published", "posted on", "published on", "written by"})


@lru_cache(maxsize=1)
def _label_pattern() -> re.Pattern[str]:
    table = vocabulary("byline_labels")
    fields = ["caption", "source", "author", "editor", "date", "counter"]
    labels = sorted({t for field in fields for t in table.labelled(field)}, key=len, reverse=True)
    strict = "|".join(map(_spaced, labels))
    loose = "|".join(map(re.escape, table.labelled("loose")))
    return re.compile(
        rf"(?P<strict>{strict})\s{{0,2}}[:：]\s{{0,3}}"
        rf"|(?:(?<=[\s|/·)）\]】])|^|(?<=^[(（【]))(?P<loose>{loose})(?:\s{{0,2}}[/|]\s{{0,2}}|\s{{1,3}})"
    )


def _spaced(label: str) -> str:
    """A pattern for `label`, which a printed form may draw out: 来　源:."""
    if label.isascii() or not 1 < len(label) <= _MAX_SPACED:
        return re.escape(label)
    return r"[ \t]{0,4}".join(map(re.escape, label))


def _labels(seen: str) -> list[_Label]:
    if not _SEPARATED.search(seen):
        return []
    table = vocabulary("byline_labels")
    labels = []
    dated = _DATE.search(seen) is not None
    for match in _label_pattern().finditer(seen):
        name = match["strict"] or match["loose"]
        if name not in _OPENING and not name.isascii():
            name = _BLANKS.sub("", name)
        (term, *_) = table[name] or (None,)
        if term is not None and (
            match["strict"]
            or name not in _OPENING
            or not seen[: match.start()].strip("|· 0123456789-/.")
            or dated
        ):
            labels.append(_Label(match.start(), match.end(), term.label))
    return labels


def iso_date(match: re.Match[str]) -> str:
    """A date found by this module, in ISO 8601 and as exact as it stands there."""
    if match["year_roc"]:
        year = str(int(match["year_roc"]) + _ROC)
        return f"{year}-{int(match['month_roc']):02d}-{int(match['day_roc']):02d}"
    year = match["year"] or match["year_en"] or match["year_uk"]
    day = match["day"] or match["day_en"] or match["day_uk"]
    name = match["month_name"] or match["month_uk"]
    month = int(match["month"]) if match["month"] else _MONTHS.index(name[:3]) + 1
    date = f"{year}-{month:02d}-{int(day):02d}"
    if not match["hour"]:
        return date
    hour, half = int(match["hour"]), match["half"] or ""
    if half and hour <= 12:
        hour = hour % 12 + (12 if "p" in half else 0)
    date += f"T{hour:02d}:{match['minute']}"
    if match["second"]:
        date += f":{match['second']}"
    return date + (match["zone"] or "").upper()


def read_byline(line: Line) -> Byline | None:
    """What `line` says if it is a byline, else None."""
    printed = _PRINTED.fullmatch(line.text) if len(line.text) <= MAX_BYLINE else None
    date = _DATE.search(plain(printed["issue"])) if printed is not None else None
    if printed is not None and date is not None:
        facts = Facts(source=printed["paper"].strip(), date=iso_date(date))
        return Byline(facts, frozenset({"source", "date"}), False, (), True)
    if len(line.text) > MAX_BYLINE or line.full_stops > 1 or line.is_markdown:
        return None
    seen = plain(line.text)
    filed = _FILED.search(seen)
    if filed is not None and len(seen) <= 60 and line.function_share < 0.1:
        return _filed_byline(line, filed)
    reader = _Reader(line.text, seen)
    return reader.byline() if reader.read() else None


def _filed_byline(line: Line, filed: re.Match[str]) -> Byline | None:
    """`聯合報／記者王小明／台北報導`, with or without a date; a caption's credit is none."""
    if filed[0].endswith(("摄", "摄影")) or len(line.text) - len(filed[0]) > 40:
        return None
    rest = line.text[: filed.start()] + "/" + line.text[filed.end() :]
    date = _DATE.search(plain(rest))
    if date is not None:
        rest = rest[: date.start()] + rest[date.end() :]
    left = [part for part in _GAP.split(rest) if part]
    if sum(map(len, left)) > _MAX_NAME or _NOT_A_VALUE.search(rest):
        return None
    who = line.text[filed.start("who") : filed.end("who")]
    # What else stands there is the house the report was filed for.
    source = left[0] if len(left) == 1 and _DIGIT.search(left[0]) is None else None
    facts = Facts(author=people(who), source=source, date=iso_date(date) if date else None)
    fields = frozenset({"author", "date"} if date else {"author"})
    return Byline(facts, fields, bool(date and date["hour"]), tuple(left), date is not None)


class _Reader:
    """Reads a line from left to right as credits; `read` fails at the first thing else."""

    def __init__(self, text: str, seen: str) -> None:
        self._text, self._seen = text, seen
        self._labels = _labels(seen)
        self._dates = list(_DATE.finditer(seen))
        self._fields: set[str] = set()
        self._found: dict[str, str] = {}
        self._names: list[str] = []
        self._interface = 0
        self._clock = False

    def read(self) -> bool:
        if any(label.field == "caption" for label in self._labels[:1]):
            return False
        at = 0
        while at < len(self._seen):
            gap = _GAP.match(self._seen, at)
            if gap is not None and not self._starts_label(at):
                at = gap.end()
                continue
            after = self._date(at) or self._field(at) or self._other(at)
            if after is None:
                return False
            at = after
        return bool(self._fields)

    def byline(self) -> Byline:
        source = self._found.get("source", "")
        facts = Facts(
            author=people(self._found.get("author", "")),
            source=source if source and plain(source) not in _NOBODY else None,
            date=self._found.get("date"),
        )
        if self._seen.lstrip("[【(（").startswith("原创") and facts.author is None and self._names:
            facts = facts.filled(Facts(author=self._names[0]))
        elif self._dates and facts.source is None:
            # Of the names that no label explains, one may be a publication's.
            houses = (name for name in self._names if _PUBLICATION.search(plain(name)))
            facts = facts.filled(Facts(source=next(houses, None)))
        return Byline(
            facts, frozenset(self._fields), self._clock, tuple(self._names), bool(self._dates)
        )

    def _starts_label(self, at: int) -> bool:
        return any(label.start == at for label in self._labels)

    def _date(self, at: int) -> int | None:
        for match in self._dates:
            if match.start() == at:
                self._fields.add("date")
                self._clock = self._clock or match["hour"] is not None
                self._found.setdefault("date", iso_date(match))
                return match.end()
        for pattern in (_BARE_CLOCK, _MONTH_DAY):
            bare = pattern.match(self._seen, at)
            if bare is not None:
                self._clock = self._clock or pattern is _BARE_CLOCK
                return bare.end()
        return None

    def _field(self, at: int) -> int | None:
        label = next((label for label in self._labels if label.start == at), None)
        if label is None:
            return None
        end = self._value_end(label)
        value = self._text[label.end : end].strip(" \t\u3000,，;；|/")
        if label.field == "counter" and self._is_text(label, value):
            self._fields.add("text")
        if _NOT_A_VALUE.search(value) or len(value) > _MAX_VALUE:
            return None
        self._fields.add("stamp" if label.field == "date" else label.field)
        if label.field in ("source", "author") and value:
            before = self._found.get(label.field)
            if before is None:
                self._found[label.field] = value
            elif _WRITER.search(self._seen, label.start, label.end):
                self._found[label.field] = f"{before}、{value}"
        return max(end, label.end)

    def _is_text(self, label: _Label, value: str) -> bool:
        """Whether behind a counter's name stands what no counter says: 评论:一场好球."""
        if not value or _DIGIT.search(value):
            return False
        counts = _COUNTS.match(self._seen, label.start, label.end) is not None
        return len(value) > _MAX_COUNT or (counts and not is_interface_word(plain(value)))

    def _value_end(self, label: _Label) -> int:
        """Where the value of `label` ends: at the next label, date or wide gap."""
        if label.field == "date":
            return label.end
        ends = [len(self._seen)]
        ends += [other.start for other in self._labels if other.start >= label.end][:1]
        ends += [match.start() for match in self._dates if match.start() >= label.end][:1]
        if self._seen[label.start : label.end].startswith("原创"):
            gap = _GAP.search(self._seen, label.end)  # then the account's name follows the author's
        else:
            nation = _NATION.match(self._seen[label.end :])
            gap = _VALUE_END.search(self._seen, label.end + (nation.end() if nation else 0))
        if gap is not None:
            ends.append(gap.start())
        return min(ends)

    def _other(self, at: int) -> int | None:
        """A number, words of the interface, or a name without a label."""
        number = _NUMBER.match(self._seen, at)
        if number is not None:
            return number.end()
        end = self._piece_end(at)
        piece = self._seen[at:end]
        hits = vocabulary("interface_terms").find(piece)
        if hits and sum(hit.end - hit.start for hit in hits) == len(piece):
            self._interface += 1
            return end
        # A name runs up to a blank: what is joined to a label is a longer label, unknown.
        if self._starts_label(end) and end > at and self._seen[end - 1] not in " |/·)）】]":
            return None
        if len(piece) > _MAX_NAME or not _NAME.fullmatch(piece) or len(self._names) >= 2:
            return None
        if _NO_NAME.search(piece):
            return None
        self._names.append(self._text[at:end].strip())
        return end

    def _piece_end(self, at: int) -> int:
        """Where the piece at `at` ends: at the next blank or mark, label or date."""
        gap = _GAP.search(self._seen, at)
        ends = [len(self._seen)] + ([gap.start()] if gap is not None else [])
        ends += [label.start for label in self._labels if label.start > at][:1]
        ends += [match.start() for match in self._dates if match.start() > at][:1]
        return min(ends)


# How publications, agencies and offices are called at their end.
_PUBLICATION = re.compile(
    r"(?:网|站|报|社|台|刊|新闻|日报|晚报|财经|在线|周刊|杂志|时报|客户端|频道|快讯|快报|资讯|传媒|卫视|通讯|头条|news|times|post|daily)$"
)


def dateline_author(text: str) -> str | None:
    """The reporter that a paragraph names in brackets, as in `…讯(记者 朱俊熹)最近…`."""
    seen = plain(text)
    match = _INLINE.search(seen, 0, 80)
    if match is None:
        match = _INLINE.search(seen, max(0, len(seen) - 60))
    return people(text[match.start("who") : match.end("who")]) if match else None


def people(value: str) -> str | None:
    """The names in the value of an author's field, joined by `, `; None where it names nobody.

    Roles, offices, counters and what stands in brackets behind a name are left out.

    >>> people("张三 实习生 李四（江城大学）")
    '张三, 李四'
    """
    other = _OTHER_CREDIT.search(plain(value))
    value = _NATION.sub("", value[: other.start()] if other is not None else value)
    opening = _BRACKET.search(value)
    value = (value[: opening.start()] if opening is not None else value).strip()
    if not _HAN.search(value):
        names = [name.strip(" .") for name in _LATIN_GAP.split(value)]
    else:
        names = _han_names([piece for piece in _NAME_GAP.split(value) if piece])
    kept = [name for name in dict.fromkeys(names) if name and plain(name) not in _NOBODY]
    return ", ".join(kept) or None


def _han_names(pieces: list[str]) -> list[str]:
    """The names among the pieces of a field that blanks or commas divide."""
    if len(pieces) <= 3 and all(len(piece) == 1 for piece in pieces):
        return ["".join(pieces)]  # 李 明: a name drawn out
    names: list[str] = []
    for piece in pieces:
        role = _ROLE.search(plain(piece))
        name = piece if role is None else piece[: role.start()] + piece[role.end() :]
        if _ONLY_ROLE.fullmatch(plain(name)):
            continue
        # The first is whatever signs; who follows has to look like a person.
        seen = plain(name)
        person = _HAN_NAME.fullmatch(seen) and not _OFFICE.search(seen)
        if not names or (person and not is_interface_word(seen)):
            names.append(name)
    return names

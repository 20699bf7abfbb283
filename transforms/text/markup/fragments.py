"""Stray markup in text: what is residue, and what is text that only looks like it.

Only the elements that HTML knows count as tags, so `《书名》`, `a < b`, `<3`,
`List<String>` and `<name@host>` never do. Of the rest these are text, too:

* code: fenced, between backticks, or anywhere in a text that is about markup;
* mentions: a tag beside a word such as 标签 or 元素, or in quotation marks;
* placeholders: an opening tag alone in the middle of a line, never closed.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

from transforms.text.markup.elements import (
    ATTRIBUTES,
    BLOCK,
    END_OPTIONAL,
    FLAGS,
    KNOWN,
    VOID,
    names,
)
from transforms.text.markup.scan import Kind, Token
from transforms.text.markup.whitespace import FENCE

# A cheap look whether a text can hold any markup at all.
HINT = re.compile(r"<[A-Za-z/!]|&(?:#|[A-Za-z])|[A-Za-z]=[\"'][^\"'<>\n]{0,500}[\"'] ?/?>")

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:]{0,31})(?=[\s/><]|\Z)")
_ATTRIBUTE = re.compile(
    r"[\s/]*(?P<name>[A-Za-z_:@][\w:.-]{0,40})"
    r"(?:\s{0,20}=\s{0,20}(?P<value>\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>=`]+)?)?",
    re.ASCII,
)
_TAG_END = re.compile(r"[ \t\r\n/]*>")
_LINE_END = re.compile(r"[ \t/]*(?=[\r\n<]|\Z)")
_OPEN_VALUE = re.compile(r"[\s/]*[A-Za-z-]{2,20}\s?=\s?(?:[\"'][^\"'<>\r\n]{0,300})?(?=[\r\n<]|\Z)")
# The second half of a tag whose first half a line break or a cut took away.
_TAIL = re.compile(
    r"""^[ \t]*(?P<name>[a-z]{2,12})=(?:"[^"<>\n]{0,500}"|'[^'<>\n]{0,500}') ?/?>""", re.M
)
_FOREIGN = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]{0,40})(?=[\s/>])")
_COMMENT = re.compile(r"<!--")
_DECLARATION = re.compile(r"<!doctype\s+html[^<>]{0,300}>|<!\[CDATA\[", re.IGNORECASE)
# What office programs leave on a page: `<o:p>`, `<st1:chsdate>`, `<v:shape>`.
_OFFICE = re.compile(r"(?:o|v|w|st1):")
_RAW_NAMES = frozenset({"script", "style"})

# References that editors and content systems write. In full HTML has 2,231, among them
# `&sum;`, `&int;` and other words that code puts after an ampersand.
_NAMES = (
    "nbsp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|sbquo|bdquo|laquo|raquo|lsaquo|rsaquo|"
    "hellip|mdash|ndash|middot|bull|ensp|emsp|thinsp|zwnj|zwj|shy|copy|reg|trade|deg|times|divide|"
    "plusmn|yen|euro|pound|cent|sect|para|permil|prime|Prime|frac12|frac14|frac34|sup1|sup2|sup3|"
    "micro|iexcl|iquest|larr|uarr|rarr|darr|harr|infin|ne|le|ge|asymp|minus|alpha|beta|gamma|delta|"
    "epsilon|theta|lambda|mu|pi|sigma|omega|Delta|Omega|auml|ouml|uuml|Auml|Ouml|Uuml|szlig|"
    "agrave|aacute|acirc|atilde|aring|aelig|ccedil|egrave|eacute|ecirc|euml|igrave|iacute|icirc|"
    "iuml|ntilde|ograve|oacute|ocirc|otilde|oslash|ugrave|uacute|ucirc|yacute|yuml|Eacute|Agrave|"
    "hearts|spades|clubs|diams|loz|lang|rang|sim|radic|spadesuit|star|check"
)
# An ampersand that was escaped again and again, and what it begins.
_REFERENCE = re.compile(
    rf"&(?:amp;|#38;|#x26;)*+(?P<last>#[0-9]{{2,7}};|#[xX][0-9a-fA-F]{{2,6}};|(?:{_NAMES});"
    r"|nbsp(?![A-Za-z0-9_=;]))|&(?:amp;|#38;|#x26;)++"
)
# An ampersand that takes an address in code, before a word that is also a reference.
_ADDRESS = re.compile(r"[=(,*]\s?$")

# Words that stand beside a tag or reference that is spoken of.
_SPOKEN = (
    "标签|标记|標籤|標記|元素|属性|屬性|节点|節點|代码|代碼|程式碼|语法|語法|控件"
    "|实体|實體|转义|轉義"
)
_MENTION_AFTER = re.compile(
    r"[ \"'*）)\]]{0,2}(?:(?:和|与|與|或|及|、|,|，|/)\s?[<&]"
    rf"|[这這那]?[个個种種对對]?(?:{_SPOKEN})"
    r"|(?:tags?|elements?|attributes?|nodes?)\b)",
    re.IGNORECASE,
)
_MENTION_BEFORE = re.compile(
    rf"(?:(?:{_SPOKEN})[是为為如叫]?|\b(?:tags?|elements?)|>\s?(?:和|与|與|或|及|、|/))"
    r"[ \"':：(（]{0,2}$",
    re.IGNORECASE,
)
_CHARACTERS = "实体|實體|转义|轉義|字符|字元|entity|entities|escape"
_REFERENCE_AFTER = re.compile(
    rf"[ \"'”’」』）)\]]{{0,2}}(?:(?:和|与|與|或|、)\s?&|{_CHARACTERS})", re.IGNORECASE
)
_REFERENCE_BEFORE = re.compile(
    rf"(?:(?:{_CHARACTERS})[是为為如叫]?|;\s?(?:和|与|與|或|、))[ \"'“‘「『:：(（]{{0,2}}$",
    re.IGNORECASE,
)
_QUOTES = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    '"': '"',
    "'": "'",
    "`": "`",
    "(": ")",
    "（": "）",
}
_CONTEXT = 16  # characters on either side in which a mention shows

# Elements that old pages leave open between words.
_FREE = names("br hr wbr p li td th tr dd dt")
# Elements that a cut leaves open at the start of a line.
_FORMATTING = names(
    "article b blockquote center div em font h1 h2 h3 h4 h5 h6 i ol section span strong table "
    "tbody u ul"
)
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,500}>")

# A text about markup: its languages named in the text itself.
_LANGUAGES = re.compile(
    r"(?<![A-Za-z0-9./_-])(?:X?HTML5?|XML|CSS3?|SVG|JSX|DOM|JavaScript|jQuery|JSP|Markdown)(?![A-Za-z0-9/_-])",
    re.I,
)
_TAG_WORDS = re.compile(r"标签|標籤|元素|属性|屬性|代码|代碼|程式碼")
_ABOUT_MARKUP = 2

_CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`{1,3})(?!`)[^`\r\n]{1,2000}(?P=ticks)(?!`)")


def residue(text: str) -> list[Token]:
    """The markup in `text` that is residue, in order. What is left out is text."""
    if not HINT.search(text):
        return []
    code = _code_spans(text)
    tokens = [t for t in _candidates(text) if not _inside(code, t.start)]
    foreign = _foreign_spans(text, tokens)
    tokens = [t for t in tokens if not _inside(foreign, t.start)]
    if _about_markup(text, tokens):
        return []
    return list(_accepted(text, tokens))


def markup(text: str) -> list[Token]:
    """The markup of a fragment that is markup through and through, in order."""
    return list(_accepted(text, list(_candidates(text))))


def is_markup(text: str) -> bool:
    """Whether `text` is markup through and through: a fragment of a page, nothing outside tags."""
    stripped = text.strip()
    first = _TAG.match(stripped)
    if not first or not stripped.endswith(">") or first["name"].lower() not in BLOCK:
        return False
    depth = outside = done = 0
    for token in _candidates(text):
        if depth == 0:
            outside += len(text[done : token.start].strip())
        if token.kind is Kind.OPEN and token.name not in VOID | END_OPTIONAL - {"p"}:
            depth += 1
        elif token.kind is Kind.CLOSE and token.name not in VOID | END_OPTIONAL - {"p"}:
            depth = max(0, depth - 1)
        done = token.end
    return outside + len(text[done:].strip()) == 0


def _about_markup(text: str, tokens: list[Token]) -> bool:
    """Whether the text outside `tokens` speaks of markup."""
    if not any(t.kind is not Kind.REFERENCE for t in tokens):
        return False
    done = named = words = 0
    for start, end in [(t.start, t.end) for t in tokens] + [(len(text), len(text))]:
        named += len(_LANGUAGES.findall(text, done, start))
        words += len(_TAG_WORDS.findall(text, done, start))
        done = end
    return named >= _ABOUT_MARKUP or (named > 0 and words > 0)


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Fenced blocks and backticked spans, in order."""
    spans: list[tuple[int, int]] = []
    fence, since, at = "", 0, 0
    for line in text.splitlines(keepends=True):
        mark = FENCE.match(line.lstrip(" \t>"))
        if mark and not fence:
            fence, since = mark["mark"], at
        elif mark and mark["mark"].startswith(fence):
            spans.append((since, at + len(line)))
            fence = ""
        elif not fence and "`" in line:
            spans += [(at + m.start(), at + m.end()) for m in _CODE_SPAN.finditer(line)]
        at += len(line)
    return spans


def _foreign_spans(text: str, tokens: list[Token]) -> list[tuple[int, int]]:
    """What elements that HTML does not know enclose: XML, JSX, templates, in order.

    Only where they are at least as many as HTML's own: a page's text may be wrapped in one.
    """
    spans: list[tuple[int, int]] = []
    waiting: dict[str, list[tuple[int, int]]] = {}
    starts = [t.start for t in tokens if t.kind in (Kind.OPEN, Kind.CLOSE)]
    for count, tag in enumerate(_FOREIGN.finditer(text)):
        name = tag["name"].lower()
        if name in KNOWN or _OFFICE.match(name):
            continue
        if not tag["close"]:
            waiting.setdefault(name, []).append((tag.start(), count))
        elif waiting.get(name):
            start, first = waiting[name].pop()
            all_tags = count - first + 1
            known = bisect_right(starts, tag.start()) - bisect_right(starts, start)
            if all_tags >= 2 * known:
                while spans and spans[-1][0] > start:
                    spans.pop()
                spans.append((start, tag.end()))
    return spans


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    index = bisect_right(spans, (at, len(spans) and spans[-1][1])) - 1
    return index >= 0 and spans[index][0] <= at < spans[index][1]


_START = re.compile(r"[<&]|(?:^|(?<=\n))(?=[ \t]*[a-z]{2,12}=[\"'])")


def _candidates(text: str) -> Iterator[Token]:
    """Everything in `text` that has the form of markup."""
    at = 0
    closers: dict[str, int] = {}
    while start := _START.search(text, at):
        token = _token(text, start.start(), closers)
        if token:
            yield token
        at = token.end if token else start.start() + 1
        if token and token.kind is Kind.OPEN and token.name in _RAW_NAMES:
            stop = _closer(text, token.name, at, closers)
            if stop >= 0:
                yield Token(Kind.RAW, at, stop, token.name)
                at = stop


def _closer(text: str, name: str, at: int, closers: dict[str, int]) -> int:
    """Where the next `</name` stands; -1 for none, and then it is not sought again."""
    if closers.get(name, 0) < 0:
        return -1
    close = re.compile(rf"</{name}(?=[\s>])", re.IGNORECASE).search(text, at)
    closers[name] = close.start() if close else -1
    return closers[name]


def _token(text: str, start: int, closers: dict[str, int]) -> Token | None:
    if text[start] == "&":
        if reference := _REFERENCE.match(text, start):
            return Token(Kind.REFERENCE, start, reference.end(), _decoded(reference))
        return None
    if text[start] != "<":
        tail = _TAIL.match(text, start)
        if tail and tail["name"] in ATTRIBUTES:
            return Token(Kind.COMMENT, start, tail.end())
        return None
    if tag := _TAG.match(text, start):
        return _tag(text, tag, closers)
    if _COMMENT.match(text, start):
        if closers.get("-->", 0) < 0:
            return None
        closers["-->"] = end = text.find("-->", start + 2)
        return Token(Kind.COMMENT, start, end + 3) if end >= 0 else None
    declaration = _DECLARATION.match(text, start)
    return Token(Kind.COMMENT, start, declaration.end()) if declaration else None


def _tag(text: str, tag: re.Match[str], closers: dict[str, int]) -> Token | None:
    name = tag["name"].lower()
    if name not in KNOWN and not _OFFICE.match(name):
        return None
    at = tag.end()
    known = 0
    while attribute := _ATTRIBUTE.match(text, at):
        key = attribute["name"].lower()
        valued = attribute["value"] is not None
        if not valued and key not in FLAGS:
            break
        if key in ATTRIBUTES | FLAGS or key.startswith(
            ("data-", "aria-", "on", "v-", "ng-", "xml")
        ):
            known += 1
        elif not valued:
            return None
        at = attribute.end()
    kind = Kind.CLOSE if tag["close"] else Kind.OPEN
    if name in _RAW_NAMES and kind is Kind.OPEN and _closer(text, name, at, closers) < 0:
        return None
    attributes = text[tag.end() : at]
    if end := _TAG_END.match(text, at):
        return Token(kind, tag.start(), end.end(), name, attributes)
    # A broken tag: a closing one that ends with its line, or one that has an attribute to show.
    cut = _OPEN_VALUE.match(text, at)
    if (
        cut
        and kind is Kind.OPEN
        and text[at : cut.end()].strip(" /").partition("=")[0].strip() in ATTRIBUTES
    ):
        return Token(kind, tag.start(), cut.end(), name, attributes, whole=False)
    end = _LINE_END.match(text, at)
    if end and (known or kind is Kind.CLOSE):
        return Token(kind, tag.start(), end.end(), name, attributes, whole=False)
    return None


def _accepted(text: str, tokens: list[Token]) -> Iterator[Token]:
    """Those of the candidates that no sign makes text."""
    partners = _pairs(tokens)
    spoken = [_is_spoken_of(text, token) for token in tokens]
    bare_lines = _BareLines(text)
    done = 0  # where the last residue ended
    for index, token in enumerate(tokens):
        if token.kind is Kind.COMMENT:
            residue = True
        elif token.kind is Kind.RAW:  # goes with the tag before it
            residue = done == token.start
        elif token.kind is Kind.REFERENCE:
            residue = not any(spoken[index]) and not _is_address(text, token)
        elif index in partners:
            first, last = sorted((index, partners[index]))
            empty = last == first + 1 and tokens[first].end == tokens[last].start
            whole = empty or tokens[first].name in _RAW_NAMES
            residue = not _is_pair_spoken_of(spoken[first], spoken[last], whole)
        else:
            residue = not any(spoken[index]) and not _is_placeholder(text, token, done, bare_lines)
        if residue:
            done = token.end
            yield token


def _pairs(tokens: list[Token]) -> dict[int, int]:
    """The index of each tag's other half, where it has one."""
    partners: dict[int, int] = {}
    waiting: dict[str, list[int]] = {}
    for index, token in enumerate(tokens):
        if token.kind is Kind.OPEN and token.name not in VOID:
            waiting.setdefault(token.name, []).append(index)
        elif token.kind is Kind.CLOSE and waiting.get(token.name):
            partners[index] = waiting[token.name].pop()
            partners[partners[index]] = index
    return partners


def _is_placeholder(text: str, token: Token, done: int, bare_lines: _BareLines) -> bool:
    """Whether an unpaired tag stands for a word: `mount <source> <dir>`, `插入 <img> 时`.

    `done` is where the last markup ended: what stands right behind it starts a line, too.
    """
    if token.kind is Kind.CLOSE or not token.whole or token.attributes.strip(" /"):
        return False
    before = text[token.start - 1] if token.start > done else "\n"
    after = text[token.end] if token.end < len(text) else "\n"
    if token.name in _FREE:
        return before == after == " "
    if before in "\r\n" and token.name in _FORMATTING:
        return after == " "
    return not bare_lines.holds(token.start)


class _BareLines:
    """Which lines of a text hold tags alone, looked at once a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._span = (0, -1)
        self._bare = False

    def holds(self, at: int) -> bool:
        """Whether the line around `at` holds nothing but tags and bullets. `at` must rise."""
        if at > self._span[1]:
            start = self._text.rfind("\n", self._span[1] + 1, at) + 1 or self._span[1] + 1
            end = self._text.find("\n", at)
            self._span = (start, end if end >= 0 else len(self._text))
            line = self._text[start : self._span[1]]
            self._bare = not _TAGS.sub("", line).strip(" \t\r\u3000•·*-")
        return self._bare


def _is_spoken_of(text: str, token: Token) -> tuple[bool, bool]:
    """Whether a sign that `token` is spoken of stands before it, and whether one stands after."""
    before = text[max(0, token.start - _CONTEXT) : token.start]
    after = text[token.end : token.end + _CONTEXT]
    if token.kind is Kind.REFERENCE:
        return bool(_REFERENCE_BEFORE.search(before)), bool(_REFERENCE_AFTER.match(after))
    quoted = bool(before) and _QUOTES.get(before[-1]) == after[:1]
    value = before[-1:] == "="  # in code or in an address
    return (
        quoted or value or bool(_MENTION_BEFORE.search(before)),
        quoted or bool(_MENTION_AFTER.match(after)),
    )


def _is_pair_spoken_of(first: tuple[bool, bool], last: tuple[bool, bool], whole: bool) -> bool:
    """Whether both tags of a pair are spoken of, or the pair as a `whole` is.

    What stands between them is the pair's own content: alone, it is no sign.
    """
    outside = first[0] or last[1]
    return outside and (whole or (any(first) and any(last)))


def _is_address(text: str, token: Token) -> bool:
    word = text[token.start + 1 : token.end - 1]
    return (
        word.isalpha()
        and word not in ("nbsp", "amp", "lt", "gt", "quot")
        and bool(_ADDRESS.search(text[max(0, token.start - 2) : token.start]))
    )


def _decoded(reference: re.Match[str]) -> str:
    return html.unescape(f"&{reference['last']}") if reference["last"] else "&"

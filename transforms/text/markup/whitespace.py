"""White space: one paragraph a line, no blank lines, no layout indentation."""

from __future__ import annotations

import re

from transforms.text.edits import Edit

_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
# Spaces of every width. Not the zero-width ones, nor control characters: those are damage.
_BLANK = (
    " \t\x0b\x0c\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_WIDE_START = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff“‘—…]"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_PROSE_SHARE = 0.4  # of Han characters; names and figures in Latin take their part
_CODE = re.compile(r"[={}#$\\;]")
FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})")


def whitespace_edits(text: str) -> tuple[Edit, ...]:
    """The edits that leave paragraphs joined by a line feed. One edit a gap.

    Indentation is layout where it stands before a line of Chinese prose, and as far
    as all lines share it; what a line of another kind (code, a nested list) has beyond
    the prose around it stays.
    """
    spans = _lines(text)
    if not spans:
        return _gap(text, 0, len(text), "")
    edits: list[Edit] = []
    done = 0
    for (start, end), kept in zip(spans, _kept_indents(text, spans), strict=True):
        # The kept indentation is the end of the gap, not a part of it.
        edits += _gap(text, done, start - kept, "\n" if done else "")
        done = end
    edits += _gap(text, done, len(text), "")
    return tuple(edits)


def _gap(text: str, start: int, end: int, after: str) -> tuple[Edit, ...]:
    before = text[start:end]
    return () if before == after else (Edit("whitespace", start, end, before, after),)


def _lines(text: str) -> list[tuple[int, int]]:
    """Start and end of each line that holds more than blanks, without the blanks around it."""
    spans = []
    start = 0
    for stop, following in [m.span() for m in _BREAK.finditer(text)] + [(len(text), len(text))]:
        line = text[start:stop]
        if seen := line.strip(_BLANK):
            first = start + len(line) - len(line.lstrip(_BLANK))
            spans.append((first, first + len(seen)))
        start = following
    return spans


def _kept_indents(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """How many characters of indentation each line keeps."""
    indents = [_indent(text, start) for start, _ in spans]
    prose = []
    fence = ""
    for start, end in spans:
        mark = FENCE.match(text, start, end)
        if mark and not fence:
            fence = mark["mark"]
        elif mark and mark["mark"].startswith(fence):
            fence = ""
        prose.append(not fence and _is_prose(text, start, end))
    shared = min(indents)
    # The layout's own depth at a line is that of the prose nearest before it, else after it.
    depth = next((i for i, p in zip(indents, prose, strict=True) if p), shared)
    kept = []
    for indent, is_prose in zip(indents, prose, strict=True):
        depth = indent if is_prose else depth
        kept.append(max(0, indent - max(depth, shared)))
    return kept


def _indent(text: str, start: int) -> int:
    at = start
    while at and text[at - 1] in _BLANK:
        at -= 1
    return start - at


def _is_prose(text: str, start: int, end: int) -> bool:
    if _WIDE_START.match(text, start) or "\u3000" in text[max(0, start - 4) : start]:
        return True
    line = text[start:end]
    if not line[0].isalnum() or _CODE.search(line):
        return False
    return len(_HAN.findall(line)) >= _PROSE_SHARE * (len(line) - line.count(" "))

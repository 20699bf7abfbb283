"""A linear scanner of markup: tags, comments, character references and text, with offsets.

The scanner follows the tokenizer of the HTML standard as far as offsets need it;
the tree itself is the parser's work. Every position is read a bounded number of
times whatever the input.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from transforms.text.markup.elements import RAW


class Kind(Enum):
    """What a token is."""

    OPEN = "open"
    CLOSE = "close"
    COMMENT = "comment"
    RAW = "raw"  # characters inside script, style and their like
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of markup.

    Attributes:
      kind: what it is.
      start, end: offsets in the source.
      name: the element's name in lower case; the decoded characters of a reference.
      attributes: the source of a tag between its name and its end.
      whole: whether the tag has its end `>`.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    attributes: str = ""
    whole: bool = True


_MARK = re.compile(r"<(?=[A-Za-z/!?])|&(?=[#A-Za-z])")
_NAME = re.compile(r"(/?)([A-Za-z][^\s/><]*)")
# The rest of a tag: quoted values may hold `>`. Possessive, so one pass decides.
_REST = re.compile(r"""(?:[^"'>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+>""")
_PLAIN_REST = re.compile(r"[^<>]*+(>?)")
REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")


def scan(source: str) -> Iterator[Token]:
    """Yield the tokens of a page's `source` in order; what lies between them is text."""
    at, size = 0, len(source)
    quotes = True  # until a tag's quotes run to the end of the page
    while mark := _MARK.search(source, at):
        start = mark.start()
        if source[start] == "&":
            if reference := REFERENCE.match(source, start):
                # Without a semicolon only the leading part may be a reference.
                decoded = html.unescape(reference[0])
                if decoded != reference[0]:
                    yield Token(Kind.REFERENCE, start, reference.end(), decoded)
                at = reference.end()
            else:
                at = start + 1
            continue
        name = _NAME.match(source, start + 1)
        if not name:
            at = _comment_end(source, start)
            yield Token(Kind.COMMENT, start, at)
            continue
        rest = _REST.match(source, name.end()) if quotes else None
        if rest is None:
            quotes = False
            rest = _PLAIN_REST.match(source, name.end())
        end = rest.end() if rest else size
        kind = Kind.CLOSE if name[1] else Kind.OPEN
        element = name[2].lower()
        whole = source[end - 1] == ">"
        yield Token(kind, start, end, element, source[name.end() : end - whole], whole)
        at = end
        if kind is Kind.OPEN and element in RAW:
            close = re.compile(rf"</{element}(?![^\s/>])|\Z", re.IGNORECASE).search(source, at)
            stop = close.start() if close else size
            if element not in ("textarea", "title"):
                yield Token(Kind.RAW, at, stop, element)
                at = stop


def _comment_end(source: str, start: int) -> int:
    """Where the comment, declaration or instruction at `start` ends."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 2)
        return end + 3 if end >= 0 else len(source)
    end = source.find(">", start)
    return end + 1 if end >= 0 else len(source)

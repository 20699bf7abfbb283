"""From a parsed tree to lines, each with what is known about it.

Two kinds of source differ in one thing only: in a page a line break of the source
is white space, in a text with stray tags it is a line break.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transforms.text.markup.align import Part, Visible
from transforms.text.markup.elements import BLOCK, CONTROLS, PREFORMATTED, UNSEEN
from transforms.text.markup.scan import Kind, Token

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

_PIECE = re.compile(r"\s+|\S+")
# Scripts written without spaces: a line break between two such characters is no space.
_WIDE = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff“”‘’…—]"
)
# What the parser puts around a text, and the wrapper that keeps it together.
WRAPPER = "text-file"
_FRAME = frozenset({"html", "body", WRAPPER})
_CELL_LIMIT = 200  # characters; a longer cell is layout, a part of the page and not of a table

_HIDDEN = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|font-size\s*:\s*0(?![.\d]*[1-9])|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|margin-left|margin-top)\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
_CLIPPED = re.compile(r"(?<![\w-])(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$)", re.IGNORECASE)
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """A line of a rendered tree.

    Attributes:
      parts: what it is made of.
      text: its text.
      tag: the innermost block element that holds it.
      linked: how many of its visible characters are links.
      touched: whether markup stands within it.
    """

    parts: list[Part] = field(default_factory=list)
    text: str = ""
    tag: str = ""
    linked: int = 0
    touched: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it stands in one of the six heading elements."""
        return len(self.tag) == 2 and self.tag[0] == "h" and self.tag != "hr"


def walk(soup: BeautifulSoup) -> Iterator[tuple[PageElement, bool]]:
    """Each node in order, with True; each element a second time, with False, at its end.

    Without recursion: damaged pages nest tens of thousands deep.
    """
    from bs4.element import Tag

    path: list[Tag] = []
    children = [iter(soup.contents)]
    while children:
        node = next(children[-1], None)
        if node is not None:
            yield node, True
            if isinstance(node, Tag):
                path.append(node)
                children.append(iter(node.contents))
        else:
            children.pop()
            if path:
                yield path.pop(), False


class Renderer:
    """Collects text into lines. `page`: line breaks of the source are white space."""

    def __init__(self, visible: Visible, *, page: bool, dropped: frozenset[str]) -> None:
        self.lines: list[Line] = []
        self.depth = 0
        self._visible = visible
        self._page = page
        self._dropped = dropped
        self._line = Line()
        self._space = ""  # white space to come before the next word of the line
        self._texts: list[str] = []

    def tree(self, soup: BeautifulSoup, hidden: frozenset[int]) -> list[Line]:
        """Render `soup`, without the elements whose `id()` is in `hidden`."""
        from bs4.element import NavigableString, Tag

        linked = kept = silent = depth = 0
        tables: list[int] = []  # the data tables that are open
        for node, entering in walk(soup):
            if isinstance(node, Tag):
                step = 1 if entering else -1
                depth += step
                self.depth = max(self.depth, depth)
                if not entering and tables and tables[-1] == id(node):
                    tables.pop()
                self._boundary(node.name, entering=entering, celled=bool(tables))
                linked += step * (node.name == "a")
                kept += step * (node.name in PREFORMATTED)
                silent += step * (node.name in self._dropped or id(node) in hidden)
                if entering and is_data_table(node):
                    tables.append(id(node))
            elif type(node) is NavigableString:
                self._text(str(node), silent=bool(silent), linked=bool(linked), kept=bool(kept))
        self._break()
        return self.lines

    def flat(self, tokens: Sequence[Token]) -> list[Line]:
        """Render without a tree, tag by tag: the plainer method for what is too large to parse."""
        source = self._visible.source
        opened = Counter(t.name for t in tokens if t.kind is Kind.OPEN)
        closed = Counter(t.name for t in tokens if t.kind is Kind.CLOSE)
        # An element that is not always closed would silence the rest of the page.
        unseen = {name for name in self._dropped if closed[name] >= opened[name]}
        silent = done = 0
        for token in tokens:
            self._text(source[done : token.start], silent=silent > 0, linked=False, kept=False)
            done = token.end
            if token.kind is Kind.REFERENCE:
                self._text(token.name, silent=silent > 0, linked=False, kept=False)
            elif token.kind in (Kind.OPEN, Kind.CLOSE):
                entering = token.kind is Kind.OPEN
                silent = max(0, silent + (1 if entering else -1) * (token.name in unseen))
                self._boundary(token.name, entering=entering, celled=False)
        self._text(source[done:], silent=silent > 0, linked=False, kept=False)
        self._break()
        return self.lines

    def _boundary(self, name: str, *, entering: bool, celled: bool) -> None:
        if name in _FRAME:
            return
        self._line.touched = True
        if name == "br":
            if entering:
                self._space = " " if celled else self._space
                if not celled:
                    self._break()
        elif celled and name not in ("tr", "table", "caption"):
            if name in ("td", "th") and entering and self._texts:
                self._space = "\t"
            elif name in BLOCK and self._space != "\t":
                self._space = " "
        elif name in BLOCK:
            if self._page or self._texts:
                self._break()
            self._line.tag = name if entering else ""
            self._line.touched = True

    def _text(self, text: str, *, silent: bool, linked: bool, kept: bool) -> None:
        words = "".join(text.split())
        at = self._visible.find(words) if words else -1
        if silent:
            return
        for piece in _PIECE.findall(text):
            if piece.isspace():
                self._blank(piece, kept)
                continue
            line = self._line
            if self._space:
                if self._page and not kept and self._needless(piece[0]):
                    self._space = ""
                else:
                    line.parts.append(self._space)
                    self._texts.append(self._space)
                self._space = ""
            line.parts.append((at, at + len(piece)) if at >= 0 else piece)
            self._texts.append(piece)
            line.linked += len(piece) if linked else 0
            at += len(piece) if at >= 0 else 0

    def _blank(self, blank: str, kept: bool) -> None:
        if self._page and not kept:
            if self._space != "\t":
                self._space = (
                    "\u3000"
                    if "\u3000" in blank  # chosen by the author
                    else "\n"
                    if "\n" in blank or self._space == "\n"
                    else " "
                )
            return
        first, *others = blank.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._space += first
        for rest in others:
            tag = self._line.tag
            self._break()
            self._line.tag = tag
            self._space = rest

    def _needless(self, after: str) -> bool:
        """Whether the pending white space of the source is only its line's end."""
        if self._space != "\n":
            return not self._texts
        before = self._texts[-1][-1] if self._texts else ""
        self._space = " "
        return not before or bool(_WIDE.match(before) and _WIDE.match(after))

    def _break(self) -> None:
        line = self._line
        if not self._page and self._space:
            line.parts.append(self._space)
            self._texts.append(self._space)
        line.text = "".join(self._texts)
        self.lines.append(line)
        self._line, self._space, self._texts = Line(), "", []


def hidden_elements(soup: BeautifulSoup) -> frozenset[int]:
    """The `id()`s of the elements that a browser does not show, by their own attributes.

    An element that holds half of the page's text is not among them: pages hide
    their article until a script shows it.
    """
    from bs4.element import NavigableString, Tag

    shown = unseen = 0
    open_at: list[int] = []
    found: list[tuple[int, int]] = []
    for node, entering in walk(soup):
        if isinstance(node, Tag):
            unseen += (1 if entering else -1) * (node.name in UNSEEN | CONTROLS)
            if node.attrs and _is_hidden(node):
                if entering:
                    open_at.append(shown)
                else:
                    found.append((id(node), shown - open_at.pop()))
        elif type(node) is NavigableString and not unseen:
            shown += len(node.strip())
    return frozenset(key for key, length in found if length * 2 < shown)


def _is_hidden(tag: Tag) -> bool:
    style = str(tag.attrs.get("style", ""))
    return "hidden" in tag.attrs or bool(
        style and (_HIDDEN.search(style) or (_CLIPPED.search(style) and _OVERFLOW.search(style)))
    )


def is_data_table(tag: Tag) -> bool:
    """Whether a table holds data: rows of short cells and no blocks of a page."""
    if tag.name != "table" or tag.find(["table", "ul", "ol", "pre", "h1", "h2", "h3"]):
        return False
    cells = tag.find_all(["td", "th"])
    rows = [row for row in tag.find_all("tr") if len(row.find_all(["td", "th"])) > 1]
    return len(rows) > 1 and all(len(cell.get_text(strip=True)) <= _CELL_LIMIT for cell in cells)

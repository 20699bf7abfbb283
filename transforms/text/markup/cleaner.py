"""`extract`: from a page, a fragment or plain text to paragraphs, with exact edits."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from transforms.text.cleaned import Cleaned, Facts
from transforms.text.edits import Edit, Editor
from transforms.text.markup import fragments, pages
from transforms.text.markup.align import Part, Visible, edits_of, parsable
from transforms.text.markup.elements import CONTROLS, READINGS, UNSEEN
from transforms.text.markup.metadata import byline_facts, facts_of
from transforms.text.markup.render import WRAPPER, Line, Renderer, hidden_elements
from transforms.text.markup.scan import Kind, Token, scan
from transforms.text.markup.settings import ExtractSettings
from transforms.text.markup.whitespace import whitespace_edits

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

# A page says what it is before its first words.
_PAGE = re.compile(
    r"\s*+(?:\ufeff\s*+)?(?:<\?xml[^<>]{0,300}>\s*+|<!--(?:[^-]|-(?!->)){0,2000}+-->\s*+)*+"
    r"<(?:!doctype\s+html|html|head|body|frameset|title|meta|link)(?=[\s>/])",
    re.IGNORECASE,
)

# Unescaping uncovers markup, so passes run until nothing changes. A page takes two or three;
# only nesting made for the purpose takes more, and this bounds the work of all together.
_PASSES = 8
_PASS_COST = 400_000  # characters of work that any text may take, however short


def extract(text: str, settings: ExtractSettings = ExtractSettings()) -> Cleaned:
    """Reduce a decoded file to its paragraphs.

    Args:
      text: a whole HTML page, a fragment of one, or plain text, perhaps with stray markup.
      settings: see `ExtractSettings`.

    Returns:
      Paragraphs joined by a line feed, without blank lines, trailing white space or
      layout indentation. Of a whole page: its main content, and what its metadata
      states as facts. Edits by rule: `whitespace`; `tag` (tags, comments, scripts) and
      `entity`; `residue` (what markup left of a line, and what it hid); `boilerplate`
      (visible text of a page outside its main content, with the number of its
      characters); the mark `fallback` where a plainer method had to do, with its reason:
      `size` or `depth` of the page, `prose` or `all` where no extractor found an article.
      A place where several rules met names them all: `tag+whitespace`. Never raises.
    """
    editor = Editor(text)
    facts = Facts()
    work = _PASSES * len(text) + _PASS_COST
    while work > 0:
        work -= len(editor.text) + 100
        before = editor.text
        found = _pass(editor, settings)
        facts = facts.filled(found)
        if editor.text == before:
            break
    return Cleaned(editor.text, editor.edits, facts)


def _pass(editor: Editor, settings: ExtractSettings) -> Facts:
    facts = Facts()
    if _PAGE.match(editor.text):
        edits, facts = _page(editor.text, settings)
        editor.edit(edits)
    else:
        editor.edit(_fragment(editor.text, settings))
    editor.edit(whitespace_edits(editor.text))
    return facts


def _fragment(text: str, settings: ExtractSettings) -> tuple[Edit, ...]:
    """Edits that free a text of stray markup."""
    whole = fragments.is_markup(text)
    tokens = fragments.markup(text) if whole else fragments.residue(text)
    if not tokens:
        return ()
    visible = Visible.of(text, tokens)
    renderer = Renderer(visible, page=whole, dropped=UNSEEN)
    soup = _tree(text, tokens, settings)
    lines = renderer.tree(soup, hidden_elements(soup)) if soup else renderer.flat(tokens)
    kept = [line for line in lines if not line.touched or any(map(str.isalnum, line.text))]
    return edits_of(visible, _parts(kept), "residue")


def _page(text: str, settings: ExtractSettings) -> tuple[tuple[Edit, ...], Facts]:
    """Edits that reduce a whole page to its main content, and the facts it states."""
    tokens = list(scan(text))
    visible = Visible.of(text, tokens)
    renderer = Renderer(visible, page=True, dropped=UNSEEN | CONTROLS)
    facts = Facts()
    reason = ""
    judged = parsable(text)  # what the extractors are given
    if len(text) > settings.max_parsed or len(tokens) > settings.max_tags:
        lines = renderer.flat(tokens)
        reason = "size"
    else:
        soup = _soup(judged)
        hidden = hidden_elements(soup)
        facts = facts_of(soup)
        lines = renderer.tree(soup, hidden)
        if renderer.depth > settings.max_depth:
            reason = "depth"
        elif _prune(soup, hidden):
            judged = str(soup)
    lines = [line for line in lines if line.text]
    if settings.main_content and not reason:
        choice = pages.choose(judged, lines, settings)
        kept = pages.with_title(lines, choice.kept, facts.title) if settings.title else choice.kept
        head = pages.head(lines, choice.kept, settings)
        facts = facts.filled(byline_facts(line.text for line in head))
        lines = [line for line, keep in zip(lines, kept, strict=True) if keep]
        reason = "" if choice.method == "extractors" else choice.method
    # A plainer method had to do: the mark says so, and why.
    mark = [Edit("fallback", 0, 0, "", "", {"reason": reason})] if reason else []
    return (*mark, *edits_of(visible, _parts(lines), "boilerplate")), facts


def _prune(soup: BeautifulSoup, hidden: frozenset[int]) -> bool:
    """Take hidden elements and readings out of `soup`; whether there were any."""
    unwanted = [tag for tag in soup.find_all(True) if tag.name in READINGS or id(tag) in hidden]
    for tag in unwanted:
        tag.extract()
    return bool(unwanted)


def _parts(lines: Sequence[Line]) -> Iterable[Part]:
    for number, line in enumerate(lines):
        if number:
            yield "\n"
        yield from line.parts


def _tree(text: str, tokens: Sequence[Token], settings: ExtractSettings) -> BeautifulSoup | None:
    """`text` parsed, with all that is not among `tokens` escaped; None where it is too large."""
    if len(text) > settings.max_parsed or len(tokens) > settings.max_tags:
        return None
    pieces = [f"<{WRAPPER}>"]
    done = 0
    for token in tokens:
        pieces.append(escape(text[done : token.start], quote=False))
        done = token.end
        if token.kind is Kind.REFERENCE:
            # A space that must not break a line is, in text, a space.
            pieces.append(escape(token.name.replace("\xa0", " "), quote=False))
        elif token.kind is Kind.OPEN:
            pieces.append(f"<{token.name}{token.attributes}>")
        elif token.kind is Kind.CLOSE:
            pieces.append(f"</{token.name}>")
    pieces += (escape(text[done:], quote=False), f"</{WRAPPER}>")
    return _soup(parsable("".join(pieces)))


def _soup(markup: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # A short text may look like a path, an XHTML page like XML: both are meant as HTML.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")

"""The `lines` stage: from a page's lines to the article's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.text import edits
from transforms.text.cleaned import Cleaned, Facts
from transforms.text.edits import Edit
from transforms.text.lines.bylines import Byline, dateline_author
from transforms.text.lines.features import Line, plain, read_lines
from transforms.text.lines.lexicon import vocabulary
from transforms.text.lines.page import HEADING_MARK, Page, Readings, is_heading
from transforms.text.lines.settings import LinesSettings
from transforms.text.lines.verdict import Verdict

# Paragraphs at either end of the body in which a reporter is named in brackets.
_DATELINE_PARAGRAPHS = 2

# Letters that an item of a menu hardly exceeds.
_MENU_WORD = 4


def load() -> None:
    """Load the tables (about half a second), so that the first document need not wait."""
    plain("")
    for name in ("spam_terms", "interface_terms", "notice_terms", "byline_labels"):
        vocabulary(name)


def clean_lines(text: str, settings: LinesSettings = LinesSettings()) -> Cleaned:
    """Take out of a document the lines that are not the article.

    Args:
      text: paragraphs joined by newlines, markup and mojibake already gone; any script.
      settings: thresholds, and whether lines are removed or only marked.

    Returns:
      The article's lines as written. Every removal is an edit that covers the line and one
      newline; its rule says what the line was (`spam`, `byline`, `navigation`, `share`, …) and
      its evidence the features and terms that decided. `facts` holds title, author, source and
      date as far as the page states them: `author` is names only, several joined by `, `, without
      role, office or counter; `source` is the publication without its label; `title` a line of
      words, a Markdown heading without its mark.
    """
    lines = read_lines(text)
    found: dict[int, Verdict] = {}
    bylines: dict[int, Byline] = {}
    readings = Readings()
    # What stays is judged again until nothing more goes: the result is a fixed point.
    while True:
        left = [line for line in lines if line.index not in found]
        page = Page(left, settings, readings)
        verdicts = page.judge()
        bylines.update({left[at].index: byline for at, byline in page.bylines.items()})
        if not verdicts:
            break
        found.update({left[at].index: verdict for at, verdict in verdicts.items()})
    facts = _facts(left, page, bylines)
    changes = _edits(text, lines, found, marks=settings.mode == "mark")
    return Cleaned(edits.apply(text, changes), changes, facts)


def _edits(
    text: str, lines: Sequence[Line], found: Mapping[int, Verdict], *, marks: bool
) -> tuple[Edit, ...]:
    """An edit for every line found; a line goes with the newline behind it, the last before it."""
    tail = len(text)  # where the run of removed lines begins that ends the text
    for line in reversed(lines):
        if line.index not in found or line.end != tail:
            break
        tail = line.start - 1
    changes = []
    for line in lines:
        verdict = found.get(line.index)
        if verdict is None:
            continue
        start, end = line.start, line.end
        if not marks:
            start, end = (max(start - 1, 0), end) if start > tail else (start, end + 1)
        before = text[start:end]
        changes.append(
            Edit(verdict.rule, start, end, before, before if marks else "", verdict.evidence)
        )
    return tuple(changes)


def _facts(left: Sequence[Line], page: Page, bylines: Mapping[int, Byline]) -> Facts:
    """Title, author, source, date: from the bylines, then from the lines that stay."""
    facts = Facts()
    for index in sorted(bylines):
        facts = facts.filled(bylines[index].facts)
    paragraphs = [line for line in left[page.first_paragraph :] if line.is_sentence]
    ends = [*paragraphs[:_DATELINE_PARAGRAPHS], *paragraphs[-1:]]
    authors = (dateline_author(line.text) for line in ends)
    author = next((author for author in authors if author is not None), None)
    return facts.filled(Facts(title=_title(left, page, bylines), author=author))


def _title(left: Sequence[Line], page: Page, bylines: Mapping[int, Byline]) -> str | None:
    """The heading right before the byline, else the first one before the first paragraph."""
    head = [line for line in left[: page.first_paragraph] if is_heading(line)]
    if page.first_paragraph == len(left) and len(left) < 3:
        return None
    body = left[page.first_paragraph].index if page.first_paragraph < len(left) else 0
    first = min((index for index in bylines if index < body), default=-1)
    before = [line for line in head if line.index < first]
    # Where no byline points at the title, what is left of a menu must not pass for it; on a page
    # without one, the first line is the title, however short.
    opening = [line for line in head[:1] if line.index == 0 and left[1:2] and left[1].index == 1]
    long = [line for line in head if line.letters > _MENU_WORD]
    chosen = before[-1:] or opening or long[:1] or head[:1]
    return HEADING_MARK.sub("", chosen[0].text) if chosen else None

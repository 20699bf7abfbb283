"""Tags: the few HTML elements a report is made of, with every text in them escaped.

Values of the type `Html` are markup and go into other markup as they are;
anything else is text and goes through `text` first. What a reader could not
see or what would turn the line about (control characters, directional
overrides, private-use characters) is shown by its code point.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import NewType

Html = NewType("Html", str)

# Elements that have no content and no end tag.
_EMPTY = frozenset({"input"})

# Not here: the joiners U+200C and U+200D, which emoji and some scripts are written with.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def text(value: object) -> Html:
    """`value` as text of a page."""
    return Html(_UNSEEN.sub(_code_point, escape(str(value))))


def _code_point(match: re.Match[str]) -> str:
    return f'<span class="cp">U+{ord(match[0]):04X}</span>'


def clipped(value: str, limit: int) -> Html:
    """As `text`; of more than `limit` characters the beginning, and how many there are more."""
    if len(value) <= limit:
        return text(value)
    return Html(f"{text(value[:limit])}{note(f'… {len(value) - limit:,} more characters')}")


def element(name: str, *content: Html, **attributes: str) -> Html:
    """An element; `class_` is the attribute `class`, and `data_x` is `data-x`."""
    end = "" if name in _EMPTY else f"</{name}>"
    return Html(f"<{name}{_attributes(attributes)}>{''.join(content)}{end}")


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{attribute(value)}"'
        for name, value in attributes.items()
    )


def attribute(value: str) -> str:
    """`value` as the text of an attribute; what cannot be seen is left out."""
    return escape(_UNSEEN.sub("", value))


def joined(parts: Iterable[Html]) -> Html:
    """Markup, one after the other."""
    return Html("".join(parts))


def note(value: str) -> Html:
    """A remark of the report itself, told apart from the texts it shows."""
    return element("span", text(value), class_="note")


def number(value: int) -> Html:
    """A number, its thousands set apart."""
    return Html(f"{value:,}")


def bar(value: int, whole: int) -> Html:
    """A bar as long as `value` is of `whole`; the number beside it says the same."""
    share = 100 * value / whole if whole else 0
    return Html(
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{share:.2f}" height="8"/></svg>'
    )


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Html]],
    numeric: Collection[int] = (),
    **attributes: str,
) -> Html:
    """A table.

    Args:
      headings: of the columns.
      rows: their cells.
      numeric: which columns are numbers, and set to the right.
      attributes: of each row.
    """
    body = (element("tr", *cells(row, numeric), **attributes) for row in rows)
    return scrolling(head(headings, numeric), element("tbody", *body))


def scrolling(*parts: Html, **attributes: str) -> Html:
    """A table of these parts, which scrolls on its own where it is wider than the page."""
    return element("div", element("table", *parts, **attributes), class_="scroll")


def head(headings: Sequence[str], numeric: Collection[int] = ()) -> Html:
    """The head of a table."""
    row = (
        element("th", text(heading), scope="col", **_side(i, numeric))
        for i, heading in enumerate(headings)
    )
    return element("thead", element("tr", *row))


def cells(row: Sequence[Html], numeric: Collection[int] = ()) -> list[Html]:
    """The cells of a row."""
    return [element("td", cell, **_side(i, numeric)) for i, cell in enumerate(row)]


def _side(column: int, numeric: Collection[int]) -> dict[str, str]:
    return {"class_": "n"} if column in numeric else {}


def folded(summary: Html, *content: Html, **attributes: str) -> Html:
    """Content that opens when its summary is clicked."""
    return element("details", element("summary", summary), *content, **attributes)

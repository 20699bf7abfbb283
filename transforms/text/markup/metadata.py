"""What a page states about itself: its `meta` elements, OpenGraph and JSON-LD.

Names in use: the OpenGraph and article vocabularies, schema.org, Dublin Core, and those of
Chinese content systems (`mediaid`, `weibo:article:create_at`, `bytedance:published_time`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from transforms.text.cleaned import Facts
from transforms.text.lines.bylines import read_byline
from transforms.text.lines.features import read_lines

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_TITLE = ("og:title", "headline", "twitter:title", "dc.title", "articletitle")
_AUTHOR = ("author", "article:author", "og:article:author", "dc.creator", "parsely-author")
_SOURCE = (
    "og:site_name",
    "mediaid",
    "contentsource",
    "dc.publisher",
    "publisher",
    "source",
    "application-name",
)
_DATE = (
    "article:published_time",
    "og:published_time",
    "bytedance:published_time",
    "datepublished",
    "weibo:article:create_at",
    "og:release_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "apub:time",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
    "date",
)
_URL = ("og:url", "twitter:url")
_LONGEST = 300  # characters; what is longer is no title or name

# 2025-02-28 20:50, 2025/2/28, 2025年2月28日 20时50分, 20250228, with or without zone.
_MOMENT = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})日?"
    r"(?:[T\s]{1,3}(?P<hour>\d{1,2})[:：时時点點]\s?(?P<minute>\d{1,2})分?"
    r"(?:[:：]?(?P<second>\d{1,2})秒?(?:[.,]\d{1,9})?)?"
    r"\s?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_BY = re.compile(r"^(?:by|作者|文)\s*[:：]?\s+", re.IGNORECASE)
# What follows the last of these in a page's title is the site's or the channel's name.
_TITLE_BREAK = re.compile(r"\s*(?:[_|｜]|\s[-–—·:：]{1,2}\s|-{2}|——)\s*")


def byline_facts(head: Iterable[str]) -> Facts:
    """What the bylines among the lines before an article say; the last one says it best."""
    facts = Facts()
    for line in reversed(read_lines("\n".join(head))):
        byline = read_byline(line)
        if byline:
            facts = facts.filled(byline.facts)
    return facts


def facts_of(soup: BeautifulSoup) -> Facts:
    """The facts that a parsed page states about itself."""
    stated = _stated(soup)

    def first(names: tuple[str, ...]) -> str | None:
        return next((stated[name] for name in names if name in stated), None)

    url = _address(first(("canonical",))) or _address(first(_URL))
    author = first(_AUTHOR)
    source = first(_SOURCE)
    return Facts(
        title=_title(soup, first(_TITLE)),
        author=_BY.sub("", author) if author and "://" not in author else None,
        source=source if source and "://" not in source else None,
        date=next((d for n in _DATE if n in stated and (d := iso_date(stated[n]))), None),
        url=url,
        source_domain=(urlsplit(url).hostname or None) if url else None,
    )


def iso_date(text: str) -> str | None:
    """The date in `text` as ISO 8601, as exact as it is stated; None for none.

    >>> iso_date("2025年2月28日 20:50")
    '2025-02-28T20:50'
    """
    found = _MOMENT.search(text) or _COMPACT.match(text.strip())
    if not found:
        return None
    parts = found.groupdict()
    numbers = [int(parts[k]) for k in ("year", "month", "day")]
    clock = [int(v) for k in ("hour", "minute", "second") if (v := parts.get(k))]
    try:
        moment = datetime(*numbers, *clock)  # type: ignore[arg-type]  # three to six numbers
    except ValueError:
        return None
    if not clock:
        return moment.date().isoformat()
    stated = moment.isoformat(timespec="seconds" if len(clock) > 2 else "minutes")
    zone = parts.get("zone") or ""
    return stated + (zone if ":" in zone or len(zone) < 5 else f"{zone[:3]}:{zone[3:]}")


def _stated(soup: BeautifulSoup) -> dict[str, str]:
    """Everything stated, by name in lower case; of several statements the first."""
    stated: dict[str, str] = {}
    for name, value in _statements(soup):
        text = " ".join(value.split())
        if text and len(text) <= _LONGEST:
            stated.setdefault(name.lower(), text)
    return stated


def _statements(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for meta in soup.find_all("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if isinstance(name, str) and isinstance(content, str):
            yield name, content
    for link in soup.find_all("link", href=True):
        if "canonical" in (link.get("rel") or ()):
            yield "canonical", str(link["href"])
    for script in soup.find_all("script", type="application/ld+json"):
        yield from _linked_data(script.get_text())


def _linked_data(text: str) -> Iterator[tuple[str, str]]:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    graph = data.get("@graph") if isinstance(data, dict) else data
    for item in graph if isinstance(graph, list) else [data]:
        if not isinstance(item, dict) or "headline" not in item:
            continue
        for name in ("headline", "datePublished"):
            if isinstance(item.get(name), str):
                yield name, item[name]
        for name, key in (("author", "author"), ("publisher", "og:site_name")):
            if names := [n for n in map(_name, _listed(item.get(name))) if n]:
                yield key, ", ".join(names)
        if isinstance(item.get("url"), str):
            yield "og:url", item["url"]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str:
    named = value.get("name") if isinstance(value, Mapping) else value
    return named.strip() if isinstance(named, str) else ""


def _address(url: str | None) -> str | None:
    """`url` if it is absolute."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _title(soup: BeautifulSoup, stated: str | None) -> str | None:
    """The article's title: the heading that the stated or the page's title begins with, or that."""
    title = soup.find("title")
    whole = stated or (" ".join(title.get_text().split()) if title else "")
    headings = [" ".join(h.get_text().split()) for h in soup.find_all(["h1", "h2"], limit=20)]
    if heading := max((h for h in headings if h and whole.startswith(h)), key=len, default=""):
        return heading[:_LONGEST]
    # The site and its channels stand after the title, and are shorter.
    parts = _TITLE_BREAK.split(whole)
    end = whole.find(longest := max(parts, key=len)) + len(longest)
    return whole[:end][:_LONGEST] or None

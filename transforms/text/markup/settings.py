"""Settings of the `extract` stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Settings of `extract`. Sizes are in characters.

    Attributes:
      main_content: reduce whole pages to their main content; else keep all visible text.
      title: keep the heading that holds the page's title in the text, too, where it stands
        before the main content; the title is a fact in any case. An article is read with its
        title, though extraction benchmarks leave it out (and it costs 0.01 F1 there).
      byline_lines: lines before the main content that may be its byline.
      max_parsed: markup longer than this is not parsed into a tree but read tag by tag. A tree
        takes about a hundred times the memory of its markup in tags, and articles are far smaller.
      max_tags: the same, by the number of tags.
      max_depth: pages nested deeper are not given to the extractors, which recurse or walk
        from every node to the root. Browsers themselves stop at 512.
      agreement: F1 of characters from which two extractions count as of the same article,
        and what both hold is taken. From 0.3 to 0.7 the mean result is the same to 0.001; the
        highest of these spares pages of which one extractor took a single section.
      likeness: the same for an extraction and the run of prose that trims it. Lower: on short
        pages the site's own lines weigh much.
      min_length: an extraction shorter than this is poor where it holds less than
        `min_recall` of the page's prose.
      min_recall: see `min_length`.
    """

    main_content: bool = True
    title: bool = True
    byline_lines: int = 8
    max_parsed: int = 8_000_000
    max_tags: int = 150_000
    max_depth: int = 400
    agreement: float = 0.7
    likeness: float = 0.5
    min_length: int = 60
    min_recall: float = 0.25

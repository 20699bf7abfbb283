"""Thresholds of the `lines` stage.

They were set together on the labelled pages under `tests/cases/lines` (its tuned part) and
checked against clean news, technical and encyclopaedic text; a value tuned in isolation
moves the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LinesSettings:
    """How sure the `lines` stage has to be.

    Attributes:
      mode: `remove` takes the lines out; `mark` only records them.
      spam: points a line needs to be spam outside the article's body. One word of the trade
        gives at most 2, so no line falls for its vocabulary alone.
      spam_in_body: the same between two paragraphs of the body, where headings about the
        article's own subject stand.
      chrome: points that a run of interface lines needs before or after the body: one word
        that only interfaces use, or two that ordinary text has too.
      chrome_in_body: the same between two paragraphs, where a heading may be an interface word.
      notice_in_body: the same for a notice between two paragraphs (comments may follow it).
      notice: legal phrases that make a sentence about the page itself a notice.
      sweep: points of chrome after which the page's foot has begun for certain, so that short
        lines without any evidence of their own (titles of other articles) go with it.
    """

    mode: Literal["remove", "mark"] = "remove"
    spam: float = 5.0
    spam_in_body: float = 6.5
    chrome: int = 2
    chrome_in_body: int = 5
    notice: int = 2
    notice_in_body: int = 6
    sweep: int = 3

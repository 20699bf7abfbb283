"""Settings of the stage `duplicates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.text.repeats import RepeatSettings

Keep = Literal["longest", "earliest", "first"]


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """What is a duplicate, where it is looked for, and which copy stays.

    Attributes:
      repeats: within one document, and (`repeats.similar`) when one paragraph
        stands for another at all.
      scope: `document`: only repeats within a document; `corpus`: across all.
      keep: which of similar paragraphs of different documents stays.
        `longest`: the one with most folded text, then the earliest date, then
        by id, key and line; `earliest`: date first, then length; `first`: by id,
        key and line alone. A document without a date comes after all with one.
        A contained paragraph goes under each of them.
      permutations: length of a signature. The standard error of the estimate
        is 0.044 at most; as every candidate is verified, more would only spare
        comparisons.
      seed: of the permutations.
      false_negative_weight: how much more a missed pair counts than a false
        candidate when bands and rows are chosen. 0.95 gives 21 bands of 6 rows
        at the threshold 0.7: of pairs at 0.7 it finds 93 %, at 0.75 98.4 %, at
        0.8 99.8 %; of pairs at 0.3 it compares 1.5 % in vain.
      landmark: characters of the windows by which a paragraph is found inside a
        longer one, whose signature may be quite different; 0 not to look. Every
        run of `min_length` characters in common leads to a window in common;
        at 24 a paragraph of 200 characters has about 20. A shorter window would
        take fewer of them, and meet in every turn of phrase.
      links: paragraphs of a bucket that each member is compared with: the one
        that would be kept before all others, and those next before it. A bucket
        of any size costs its members times this.
      max_bucket: different texts of a bucket that are compared; further ones
        are counted in the metric `capped`.
      slices: parts of the hash space. Each is held in memory by itself, at 32
        bytes a hash, and a paragraph of 200 characters has about 45: with 256,
        a million such paragraphs take 6 MB a slice.
      rounds: how often the open questions are put again whether the paragraph
        that another would give way to stays itself. What is open then stays;
        it is counted in the metric `undecided`.
      min_remainder: share of its folded text below which a document that lost
        paragraphs to others is left out as a whole, if no paragraph of
        its own is left: captions and headings without their article.
    """

    repeats: RepeatSettings = RepeatSettings()
    scope: Literal["document", "corpus"] = "corpus"
    keep: Keep = "longest"
    permutations: int = 128
    seed: int = 1
    false_negative_weight: float = 0.95
    landmark: int = 24
    links: int = 3
    max_bucket: int = 100_000
    slices: int = 256
    rounds: int = 3
    min_remainder: float = 0.1

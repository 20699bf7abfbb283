"""What the rest of the document says: its own words and its own script."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from transforms.text.fold import simplified_table
from transforms.text.repair import gbk
from transforms.text.repair.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]
    Floats = NDArray[np.float32]

# Share of the document's own counts in the mixture; a word that stands intact
# elsewhere on the page is the best witness, but most words stand there once.
_OWN = 0.15
# Pseudo-counts of the lower order in the document's counts.
_LOWER = 2.0

# Characters of one script only that a document must hold to have a script, and
# the share of them that decides it.
_ENOUGH = 3
_DECIDED = 0.8


class Witness:
    """The language model, mixed with the counts of one document (a cache model).

    Args:
      model: the language model.
      text: the sound part of the document.
    """

    def __init__(self, model: Model, text: str) -> None:
        import numpy as np

        self._model = model
        size = model.size
        ids = np.concatenate([np.zeros(2, dtype=np.int64), model.ids(text.replace("\n", "\n\n"))])
        bigrams = ids[:-1] * size + ids[1:]
        self._trigrams, self._trigram_count = np.unique(
            bigrams[:-1] * size + ids[2:], return_counts=True
        )
        self._bigrams, self._bigram_count = np.unique(bigrams, return_counts=True)
        self._unigram_count = np.bincount(ids, minlength=size)

    def log_probability(self, first: Ids, second: Ids, third: Ids) -> Floats:
        """Natural log of P(third | first second), model and document mixed."""
        import numpy as np

        general = self._model.log_probability(first, second, third)
        if not len(self._trigrams):
            return general
        size = self._model.size
        context = first * size + second
        pair = second * size + third
        trigram = _count(self._trigrams, self._trigram_count, context * size + third)
        in_context = _count(self._bigrams, self._bigram_count, context)
        lower = _count(self._bigrams, self._bigram_count, pair) / (
            self._unigram_count[second] + _LOWER
        )
        own = (trigram + _LOWER * lower) / (in_context + _LOWER)
        mixed: Floats = np.logaddexp(
            general + np.log1p(-_OWN), np.log(np.maximum(_OWN * own, 1e-30))
        )
        return mixed


def _count(keys: Ids, counts: Ids, wanted: Ids) -> Ids:
    import numpy as np

    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, counts[places], 0)


@lru_cache(maxsize=1)
def _simplified_only() -> frozenset[str]:
    """Simplified forms that are no Traditional characters (not in Big5)."""
    only = set()
    for char in set(simplified_table().values()):
        try:
            char.encode("big5")
        except UnicodeEncodeError:
            only.add(char)
    return frozenset(only)


@lru_cache(maxsize=1)
def _traditional_only() -> frozenset[str]:
    return frozenset(map(chr, simplified_table()))


def script(text: str) -> str:
    """`hans` or `hant`, by the characters that belong to one script only; empty: undecided."""
    hans = sum(c in _simplified_only() for c in text)
    hant = sum(c in _traditional_only() for c in text)
    if hans + hant < _ENOUGH:
        return ""
    if hans >= _DECIDED * (hans + hant):
        return "hans"
    return "hant" if hant >= _DECIDED * (hans + hant) else ""


@lru_cache(maxsize=3)
def priors(script_of_document: str, other_script: float, odd_form: float) -> Floats:
    """What each character of the Basic Multilingual Plane costs in a place where bytes were lost.

    Args:
      script_of_document: as `script` gives it.
      other_script, odd_form: the costs, in nats.
    """
    import numpy as np

    costs = np.zeros(0x10000, dtype=np.float32)
    unwanted: frozenset[str] = frozenset()
    if script_of_document == "hans":
        unwanted = _traditional_only()
    elif script_of_document == "hant":
        unwanted = _simplified_only()
    for char in gbk.readable().values():
        point = ord(char)
        if char in unwanted:
            costs[point] = other_script
        elif unicodedata.normalize("NFKC", char) != char and not 0xFF00 < point < 0xFF5F:
            costs[point] = odd_form
    return costs

"""A character trigram model of Chinese: how likely is this text?

The model judges between readings of damaged bytes. It knows characters only by
their Simplified, half-width form, and everything that Chinese does not spell
itself with by its kind (any Latin letter is one symbol, any digit another), so
one model scores both scripts and text with foreign words in it.

Interpolated modified Kneser-Ney smoothing (Chen and Goodman, 1999), pruned by
relative entropy (Stolcke, 1998), written as back-off tables and quantised to
a sixteenth of a nat. Built by `tools/build_language_model.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]
    Floats = NDArray[np.float32]

# Symbols that stand for a kind of character; real characters follow them.
BOUNDARY, RARE_HAN, LATIN, DIGIT, KANA, HANGUL, OTHER = range(7)
KINDS = 7

# Quantisation: one step in nats. Far below the differences that decide a reading.
STEP = 1 / 16

# The chance that a run of kana, hangul or foreign letters goes on: the training
# text has next to none, and a run of them must not look like damage.
_RUN = -0.7

# Rare characters share one symbol; each of them gets this share of it (log of
# the number of characters in GBK that the vocabulary leaves out).
_SHARE_RARE = -9.6
_SHARE_OTHER = -5.5
_SHARE_LETTER = -3.3  # 26 letters
_SHARE_DIGIT = -2.3
_SHARE_KANA = -4.4


@dataclass(frozen=True)
class Model:
    """The tables; use `language_model()` to get them.

    Attributes:
      codes: symbol of every character of the Basic Multilingual Plane.
      size: number of symbols.
      unigram, unigram_backoff: log-probability and back-off weight by symbol.
      bigram_keys: `first * size + second`, ascending; likewise their values.
      trigram_keys: `index of the bigram * size + third`, ascending.
    """

    codes: NDArray[np.uint16]
    size: int
    unigram: Floats
    unigram_backoff: Floats
    bigram_keys: Ids
    bigram: Floats
    bigram_backoff: Floats
    trigram_keys: Ids
    trigram: Floats

    def ids(self, text: str) -> Ids:
        """The symbol of each character of `text`."""
        import numpy as np

        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        ids: Ids = self.codes[np.minimum(points, 0xFFFF)].astype(np.int64)
        high = points > 0xFFFF
        if high.any():  # the supplementary planes 2 and 3 are Han, plane 1 is emoji and the like
            ids[high] = np.where(points[high] >> 16 > 1, RARE_HAN, OTHER)
        return ids

    def log_probability(self, first: Ids, second: Ids, third: Ids) -> Floats:
        """Natural log of P(third | first second), for arrays of symbols."""
        import numpy as np

        bigram, known = _find(self.bigram_keys, second * self.size + third)
        lower = np.where(
            known, self.bigram[bigram], self.unigram_backoff[second] + self.unigram[third]
        )
        context, in_context = _find(self.bigram_keys, first * self.size + second)
        trigram, seen = _find(self.trigram_keys, context * self.size + third)
        found = np.where(
            in_context & seen,
            self.trigram[trigram],
            lower + np.where(in_context, self.bigram_backoff[context], 0),
        )
        foreign = (third == second) & (third >= KANA) & (third <= OTHER)
        result: Floats = (
            np.where(foreign, np.maximum(found, _RUN), found) + _share()[np.minimum(third, KINDS)]
        )
        return result

    def score(self, text: str) -> Floats:
        """Natural log of the probability of each character of `text`, as a text of its own."""
        import numpy as np

        ids = np.concatenate([np.zeros(2, dtype=np.int64), self.ids(text)])
        return self.log_probability(ids[:-2], ids[1:-1], ids[2:])


def _find(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Place of each wanted key in the ascending `keys`, and whether it is there."""
    import numpy as np

    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted


@lru_cache(maxsize=1)
def _share() -> Floats:
    """What a character of a kind costs beside its kind's symbol; real characters: nothing."""
    import numpy as np

    shares = [
        0.0,
        _SHARE_RARE,
        _SHARE_LETTER,
        _SHARE_DIGIT,
        _SHARE_KANA,
        _SHARE_KANA,
        _SHARE_OTHER,
        0.0,
    ]
    return np.array(shares, dtype=np.float32)


@lru_cache(maxsize=1)
def language_model() -> Model:
    """The model that the package carries; loaded once."""
    import numpy as np

    path = resources.files("transforms.text").joinpath("data/zh_trigrams.npz")
    with path.open("rb") as file, np.load(file) as data:
        size = len(data["unigram"])
        counts = data["bigram_count"].astype(np.int64)
        firsts = np.repeat(np.arange(size, dtype=np.int64), counts)
        bigram_keys = firsts * size + data["bigram_second"]
        owners = np.repeat(
            np.arange(len(bigram_keys), dtype=np.int64), data["trigram_count"].astype(np.int64)
        )
        return Model(
            codes=data["codes"],
            size=size,
            unigram=_nats(data["unigram"]),
            unigram_backoff=_nats(data["unigram_backoff"]),
            bigram_keys=bigram_keys,
            bigram=_nats(data["bigram"]),
            bigram_backoff=_nats(data["bigram_backoff"]),
            trigram_keys=owners * size + data["trigram_third"],
            trigram=_nats(data["trigram"]),
        )


def _nats(steps: NDArray[np.uint8]) -> Floats:
    import numpy as np

    return steps.astype(np.float32) * np.float32(-STEP)

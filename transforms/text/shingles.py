"""Character shingles of folded text, their MinHash signatures, and how alike two sets are.

A Chinese text has no spaces to split at: a shingle is `n` characters in a row of
the folded key (`fold`), so that script, width, punctuation and readings play no
part. Signatures follow the scheme `affine32` of datasketch 2, bit for bit, with
`shingle_hash` as the hash function; they are computed for a block of texts at
once in NumPy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    U32 = NDArray[np.uint32]
    U64 = NDArray[np.uint64]

SCHEME = "affine32"
"""datasketch 2.0 changed its default scheme; a named one keeps signatures comparable."""

_MULTIPLIER = 0x9E3779B1
"""Of the polynomial over a shingle's characters: odd, 2**32 over the golden ratio (Knuth)."""

_MULTIPLIER_64 = 0x9E3779B97F4A7C15
"""Likewise for 64 bits."""

_MASK = 0xFFFFFFFF

_SLICE = 1 << 13
_CELLS = 1 << 17
"""Shingles taken at a time, and how many permuted values of them: 512 KiB of uint32 stay in
the second-level cache, and few shingles are permuted many ways at once."""


def shingles(key: str, n: int) -> frozenset[str]:
    """The runs of `n` characters in `key`; of a shorter key, the key itself."""
    return frozenset(key[i : i + n] for i in range(max(1, len(key) - n + 1)))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared shingles over all shingles, 0 to 1."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of `a`'s shingles that `b` has too, 0 to 1."""
    return len(a & b) / len(a)


def digest(key: str) -> bytes:
    """128 bits that stand for `key`: equal keys only, as far as a corpus goes."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def shingle_hash(shingle: str) -> int:
    """32-bit hash of one shingle: a polynomial over its mixed characters.

    This is the plain definition of what `shingle_hashes` computes for all
    shingles of a text at once.
    """
    value = 0
    for char in shingle:
        mixed = ord(char)
        mixed ^= mixed >> 16
        mixed = mixed * 0x85EBCA6B & _MASK
        mixed ^= mixed >> 13
        mixed = mixed * 0xC2B2AE35 & _MASK
        mixed ^= mixed >> 16
        value = (value * _MULTIPLIER + mixed) & _MASK
    return value


def _mix(values: U32) -> U32:
    """The finaliser of MurmurHash3: a bijection that spreads every bit over all."""
    import numpy as np

    values = values ^ (values >> np.uint32(16))
    values = values * np.uint32(0x85EBCA6B)
    values = values ^ (values >> np.uint32(13))
    values = values * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def _mix_64(values: U64) -> U64:
    """The finaliser of splitmix64."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def shingle_hashes(keys: Sequence[str], n: int) -> tuple[U32, NDArray[np.int64]]:
    """`shingle_hash` of every shingle of every key, in order, repeats included.

    Returns:
      The hashes of all keys, one key after the other; and where each key's
      begin (every key has at least one).
    """
    import numpy as np

    # Keys shorter than a shingle are hashed one by one; the rest in one sweep.
    starts = np.zeros(len(keys), np.int64)
    counts = np.fromiter((max(1, len(key) - n + 1) for key in keys), np.int64, len(keys))
    np.cumsum(counts[:-1], out=starts[1:])
    joined = "".join(keys)
    chars = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    mixed = _mix(chars)
    windows = len(joined) - n + 1
    rolled = np.zeros(max(0, windows), np.uint32)
    for i in range(n if windows > 0 else 0):
        rolled = rolled * np.uint32(_MULTIPLIER) + mixed[i : i + windows]
    hashes = np.empty(int(counts.sum()), np.uint32)
    offset = 0
    for key, start, count in zip(keys, starts, counts, strict=True):
        if len(key) < n:
            hashes[start] = shingle_hash(key)
        else:
            hashes[start : start + count] = rolled[offset : offset + count]
        offset += len(key)
    return hashes, starts


@lru_cache(maxsize=4)
def _permutations(count: int, seed: int) -> Any:
    from datasketch import MinHash

    return MinHash(num_perm=count, seed=seed, scheme=SCHEME).permutations


def signatures(keys: Sequence[str], n: int, permutations: int, seed: int = 1) -> U32:
    """MinHash signatures, one row a key.

    Row `i` equals `MinHash(permutations, seed, hashfunc=shingle_hash,
    scheme="affine32")` updated with the shingles of `keys[i]`.
    """
    import numpy as np

    hashes, starts = shingle_hashes(keys, n)
    hashes = _mix(hashes)
    rows = np.full((len(keys), permutations), _MASK, np.uint32)
    factors, terms = _permutations(permutations, seed)
    bounds = np.append(starts, len(hashes))
    first = 0
    while first < len(keys):
        # As many whole keys as fit a slice, at least one.
        past = int(np.searchsorted(bounds, bounds[first] + _SLICE, "right")) - 1
        last = max(first + 1, past)
        part = hashes[bounds[first] : bounds[last]]
        cuts = bounds[first:last] - bounds[first]
        step = max(1, _CELLS // len(part))
        for k in range(0, permutations, step):
            permuted = part * factors[k : k + step, None]
            permuted += terms[k : k + step, None]
            rows[first:last, k : k + step] = np.minimum.reduceat(permuted, cuts, axis=1).T
        first = last
    return rows


def landmarks(key: str, window: int, shared: int) -> U64:
    """Hashes of some windows of `key`: two keys with a long run in common have one in common.

    This is winnowing (Schleimer, Wilkerson, Aiken 2003): of the windows that
    begin within a run of `shared` characters the one with the least hash is
    taken, so that what both keys hold leads to the same windows in both.

    Args:
      key: folded text.
      window: characters that are hashed together.
      shared: characters in common that are sure to be found; at least `window`.
    """
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    if len(key) < shared:
        return np.empty(0, np.uint64)
    chars = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), np.uint32)
    mixed = _mix(chars).astype(np.uint64)
    count = len(key) - window + 1
    rolled = np.zeros(count, np.uint64)
    for i in range(window):
        rolled = rolled * np.uint64(_MULTIPLIER_64) + mixed[i : i + count]
    rolled = _mix_64(rolled)
    return np.unique(sliding_window_view(rolled, shared - window + 1).min(axis=1))


@lru_cache(maxsize=16)
def bands(threshold: float, permutations: int, false_negative_weight: float) -> tuple[int, int]:
    """How many bands of how many rows find pairs from `threshold` up: datasketch's optimum.

    Candidates are verified, so that a false one costs time only and a missed
    one is lost: `false_negative_weight` (0 to 1) says how much more that counts.
    """
    from datasketch import MinHashLSH

    weights = (1 - false_negative_weight, false_negative_weight)
    lsh = MinHashLSH(threshold=threshold, num_perm=permutations, weights=weights)
    return int(lsh.b), int(lsh.r)


def band_hashes(rows: U32, count: int, size: int) -> U64:
    """One 64-bit hash for each of `count` bands of `size` rows; equal bands, equal hashes.

    The number of the band is part of the hash: bands share one table.
    """
    import numpy as np

    split = rows[:, : count * size].reshape(len(rows), count, size)
    hashes = np.broadcast_to(np.arange(1, count + 1, dtype=np.uint64), split.shape[:2])
    for i in range(size):
        hashes = _mix_64((hashes ^ split[:, :, i]) * np.uint64(_MULTIPLIER_64))
    return np.ascontiguousarray(hashes, dtype=np.uint64)

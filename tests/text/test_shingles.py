"""Shingles and signatures: datasketch's own bit for bit, and a fair estimate of similarity."""

from __future__ import annotations

import random

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.shingles import (
    band_hashes,
    bands,
    containment,
    digest,
    jaccard,
    landmarks,
    shingle_hash,
    shingle_hashes,
    shingles,
    signatures,
)

KEYS = st.lists(
    st.text(st.sampled_from("天地玄黄abc𠮷\ud800"), max_size=30), min_size=1, max_size=8
)


@given(KEYS, st.integers(1, 6))
def test_hashes_of_a_block_are_those_of_each_shingle(keys: list[str], n: int) -> None:
    hashes, starts = shingle_hashes(keys, n)
    expected = [
        [shingle_hash(key[i : i + n]) for i in range(max(1, len(key) - n + 1))] for key in keys
    ]
    assert [part.tolist() for part in np.split(hashes, starts[1:])] == expected


@settings(max_examples=25, deadline=None)
@given(KEYS, st.integers(1, 5), st.sampled_from([1, 16, 128]), st.integers(0, 3))
def test_signatures_are_datasketchs_own(keys: list[str], n: int, count: int, seed: int) -> None:
    rows = signatures(keys, n, count, seed)
    for key, row in zip(keys, rows, strict=True):
        theirs = MinHash(count, seed, hashfunc=shingle_hash, scheme="affine32")
        theirs.update_batch(shingles(key, n))
        assert row.dtype == theirs.hashvalues.dtype
        assert row.tolist() == theirs.hashvalues.tolist()


def test_signatures_do_not_depend_on_the_block() -> None:
    # Longer together than one slice of shingles, one key longer than it by itself.
    random.seed(1)
    keys = [
        "".join(random.choices("甲乙丙丁戊己庚辛", k=k)) for k in (40_000, 3, 20_000, 20_000, 7)
    ]
    together = signatures(keys, 5, 16)
    alone = np.concatenate([signatures([key], 5, 16) for key in keys])
    assert (together == alone).all()


def test_the_estimate_is_fair() -> None:
    random.seed(2)
    letters = [chr(0x4E00 + k) for k in range(3_000)]
    errors = []
    for _ in range(150):
        a = "".join(random.choices(letters, k=200))
        cut = random.randrange(20, 180)
        b = a[:cut] + "".join(random.choices(letters, k=200 - cut))
        rows = signatures([a, b], 5, 128)
        errors.append(float((rows[0] == rows[1]).mean()) - jaccard(shingles(a, 5), shingles(b, 5)))
    assert abs(np.mean(errors)) < 0.015  # unbiased
    assert np.sqrt(np.mean(np.square(errors))) < 0.045  # theory: at most 0.5 / sqrt(128) = 0.044


def test_similarity_of_sets() -> None:
    a, b = shingles("一二三四五六", 3), shingles("一二三四", 3)
    assert a == {"一二三", "二三四", "三四五", "四五六"}
    assert jaccard(a, b) == 0.5
    assert containment(b, a) == 1.0
    assert containment(a, b) == 0.5
    assert shingles("短", 3) == {"短"}


@pytest.mark.parametrize("threshold", [0.6, 0.7, 0.8])
def test_bands_find_what_is_over_the_threshold(threshold: float) -> None:
    count, size = bands(threshold, 128, 0.95)
    assert count * size <= 128
    similarity = threshold + 0.05
    assert 1 - (1 - similarity**size) ** count >= 0.98


@given(
    st.text("甲乙丙丁戊", min_size=40, max_size=40),
    st.text("甲乙丙丁戊", max_size=60),
    st.text("甲乙丙丁戊", max_size=60),
)
def test_a_long_run_in_common_leads_to_a_landmark_in_common(run: str, head: str, tail: str) -> None:
    ours = set(landmarks(run, 24, 40).tolist())
    assert ours
    assert ours <= set(landmarks(head + run + tail, 24, 40).tolist())
    assert landmarks(run[1:], 24, 40).tolist() == []


def test_landmarks_are_few() -> None:
    rng = random.Random(3)
    key = "".join(chr(rng.randrange(0x5000, 0x9000)) for _ in range(2_000))
    # Winnowing takes two of (span + 1) windows; the span is 40 - 24 + 1.
    assert 0.8 < len(landmarks(key, 24, 40)) / (2_000 * 2 / 18) < 1.2


def test_equal_bands_have_equal_hashes_and_no_others() -> None:
    rows = np.arange(24, dtype=np.uint32).reshape(2, 12)
    rows[1, 3:6] = rows[0, 3:6]
    hashes = band_hashes(rows, 4, 3)
    assert (hashes[0] == hashes[1]).tolist() == [False, True, False, False]
    same = np.zeros((1, 12), np.uint32)
    assert len(set(band_hashes(same, 4, 3)[0].tolist())) == 4  # the band's number counts


def test_a_digest_stands_for_its_key() -> None:
    # Pinned: it names paragraphs across runs and machines.
    assert digest("淘洗").hex() == "b10e653ec939e2f7c945709f0a371132"
    assert len({digest(key) for key in ("", "a", "b", "\ud800")}) == 4

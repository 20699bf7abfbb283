"""Build the character model of the repair stage.

    python tools/build_language_model.py --data FOLDER --words dict.txt \\
        --output transforms/text/data

FOLDER holds the training text as `text/*.jsonl.xz` (one `{"id", "text"}` a line);
only the parts named in `PARTS` are used. One document in twenty is held out (see
`held_out`), so that the benchmark can measure on text that the model never saw.

Method: counts of character trigrams; interpolated modified Kneser-Ney smoothing
(Chen and Goodman, 1999); trigrams and bigrams kept by their weighted gain in
log-probability over backing off (Stolcke, 1998), back-off weights computed anew;
values quantised to bytes. A dictionary (word, frequency, part of speech a line, as
jieba's `dict.txt`, MIT) adds what is inside its words, for the texts are of two
kinds only.
"""

from __future__ import annotations

import argparse
import html
import json
import lzma
import re
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from transforms.text.fold import simplified_table
from transforms.text.repair.model import (
    BOUNDARY,
    DIGIT,
    HANGUL,
    KANA,
    KINDS,
    LATIN,
    OTHER,
    RARE_HAN,
    STEP,
)

# MIT and Apache-2.0: what is built from them may be passed on.
PARTS = ("zh_hans_news", "zh_hans_tech")
HOLD_OUT = 20  # one document in so many
MIN_COUNT = 3  # characters seen less often share the symbol of rare ones

# Marks of one use that sites write in different ways.
SAME = {
    **dict.fromkeys('「〝＂"„‟', "“"),
    **dict.fromkeys("」〞", "”"),
    **dict.fromkeys("『‚‛'", "‘"),
    **dict.fromkeys("』", "’"),
    **dict.fromkeys("–―─━ー", "—"),
    **dict.fromkeys("•‧・∙", "·"),
    **dict.fromkeys("〜～∼", "~"),
    **dict.fromkeys("\t\u00a0\u3000", " "),
    "【": "[",
    "】": "]",
    "〔": "(",
    "〕": ")",
    "\n": "\n",
}

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


def held_out(identifier: str) -> bool:
    """Whether the document is kept for measuring."""
    return zlib.crc32(identifier.encode()) % HOLD_OUT == 0


def documents(data: Path, part: str) -> Iterator[tuple[str, str]]:
    """Identifier and plain text of every document of one part."""
    with lzma.open(data / "text" / f"{part}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], plain(record["text"])


_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\](?:\([^()\s]{0,500}\)|\[[^\[\]\n]{0,50}\])")
_URL = re.compile(r"https?://[!-~]+")
_MARKS = re.compile(r"^[ \t>#*+-]+|[*_`]{1,3}|^[=\-:]{3,}$", re.M)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def plain(text: str) -> str:
    """`text` without Markdown, HTML and code; lines without a Han character are left out."""
    text = _FENCE.sub("", text)
    text = _TAG.sub("\n", text)
    text = _LINK.sub(r"\1", text)
    text = _MARKS.sub("", _URL.sub("", html.unescape(text)))
    return "\n".join(line.strip() for line in text.split("\n") if _HAN.search(line))


def folded() -> dict[int, str]:
    """One spelling for each character: Simplified, half-width, one kind of quotation mark."""
    table: dict[int, str] = {}
    simplified = simplified_table()
    for point in range(0x10000):
        char = chr(point)
        if 0xD800 <= point < 0xE000:
            continue
        narrow = unicodedata.normalize("NFKC", char)
        if len(narrow) != 1 or char in SAME:
            narrow = char
        narrow = SAME.get(narrow, narrow)
        table[point] = simplified.get(ord(narrow), narrow)
    return table


def kind(char: str) -> int:
    """The symbol of a character that the vocabulary does not hold."""
    name = unicodedata.name(char, "")
    if "CJK UNIFIED" in name or "CJK COMPATIBILITY IDEOGRAPH" in name:
        return RARE_HAN
    if "HIRAGANA" in name or "KATAKANA" in name:
        return KANA
    if "HANGUL" in name:
        return HANGUL
    if char.isdecimal():
        return DIGIT
    if name.startswith("LATIN"):
        return LATIN
    return OTHER


def vocabulary(texts: list[str]) -> NDArray[np.uint16]:
    """The symbol of every character of the Basic Multilingual Plane, most frequent first."""
    spelling = folded()
    counts: Counter[str] = Counter()
    for text in texts:
        for char, count in Counter(text).items():
            counts[spelling.get(ord(char), char)] += count
    chars = [
        c
        for c, n in counts.most_common()
        if n >= MIN_COUNT and kind(c) in (RARE_HAN, OTHER) and c != "\n" and c.isprintable()
    ]
    ids = {c: i + KINDS for i, c in enumerate(chars)}
    codes = np.full(0x10000, OTHER, dtype=np.uint16)
    for point, char in spelling.items():
        codes[point] = ids.get(char, kind(char))
    codes[ord("\n")] = BOUNDARY
    return codes


def symbols(texts: list[str], codes: NDArray[np.uint16]) -> Ids:
    """All texts as one row of symbols; two boundaries before every line."""
    joined = "\n\n".join(line for text in texts for line in text.split("\n"))
    points = np.frombuffer(f"\n\n{joined}\n".encode("utf-32-le"), dtype="<u4")
    ids: Ids = codes[np.minimum(points, 0xFFFF)].astype(np.int64)
    return ids


def discounts(counts: Ids) -> Floats:
    """Discount by count (0, 1, 2, 3 and more), by Chen and Goodman's estimate."""
    n = [float((counts == i).sum()) for i in range(5)]
    y = n[1] / (n[1] + 2 * n[2])
    return np.array([0.0, *(i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3))])


def smoothed(
    contexts: Ids, counts: Ids, lower: Floats, context_count: int
) -> tuple[Floats, Floats]:
    """Interpolated probability of each n-gram, and the weight of `lower` by context."""
    discount = discounts(counts)[np.minimum(counts, 3)]
    total = np.bincount(contexts, counts, context_count)
    weight = np.bincount(contexts, discount, context_count) / np.maximum(total, 1)
    return (counts - discount) / total[contexts] + weight[contexts] * lower, weight


def kept(
    contexts: Ids, joint: Floats, high: Floats, backed: Floats, size: int
) -> NDArray[np.bool_]:
    """The `size` n-grams whose loss would cost most, weighted by how often they occur."""
    gain = joint * (np.log(high) - np.log(backed))
    order = np.argsort(-gain, kind="stable")[:size]
    keep = np.zeros(len(contexts), dtype=bool)
    keep[order[gain[order] > 0]] = True
    return keep


def backoff(contexts: Ids, high: Floats, lower: Floats, context_count: int) -> Floats:
    """Weights that make each context's probabilities add up to one again."""
    left = 1 - np.bincount(contexts, high, context_count)
    below = 1 - np.bincount(contexts, lower, context_count)
    return np.maximum(left, 1e-6) / np.maximum(below, 1e-6)


def steps(probability: Floats) -> NDArray[np.uint8]:
    """Natural logs in steps; a weight just above one counts as one."""
    return np.clip(np.rint(-np.log(probability) / STEP), 0, 255).astype(np.uint8)


def n_grams(row: Ids, size: int) -> Ids:
    """All trigrams of a row, as numbers."""
    return (row[:-2] * size + row[1:-1]) * size + row[2:]


def inside(words: Ids, size: int) -> Ids:
    """The trigrams of words that say how a word goes on, not that one begins or ends there."""
    grams = n_grams(words, size)
    within: Ids = grams[(words[1:-1] != BOUNDARY) & (words[2:] != BOUNDARY)]
    return within


def weighted_words(path: Path) -> Iterator[str]:
    """The words of a list, each as often as it counts: by the logarithm of its frequency."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, rest = line.rstrip("\n").rpartition(" ")[0].rpartition(" ")
            if len(word) > 1 and rest.isdecimal() and _HAN.search(word):
                yield from [word] * (2 + int(rest).bit_length() // 3)


def build(
    grams: Ids, codes: NDArray[np.uint16], trigrams: int, bigrams: int
) -> dict[str, NDArray[np.generic]]:
    """The tables of the model, as `transforms.text.repair.model` reads them."""
    size = int(codes.max()) + 1
    tri, tri_count = np.unique(grams, return_counts=True)
    tail = tri % (size * size)
    pair, pair_count = np.unique(tail, return_counts=True)  # continuation counts of (v, w)
    # Contexts at the edge of a line have no predecessor; every context must be a bigram.
    head = np.unique(tri // size)
    missing = np.setdiff1d(head, pair)
    pair = np.concatenate([pair, missing])
    pair_count = np.concatenate([pair_count, np.ones(len(missing), dtype=np.int64)])
    order = np.argsort(pair)
    pair, pair_count = pair[order], pair_count[order]
    first, second = pair // size, pair % size

    unigram = np.bincount(second, minlength=size) + 0.5
    p1 = unigram / unigram.sum()
    p2, _ = smoothed(first, pair_count, p1[second], size)
    context = np.searchsorted(pair, tri // size)
    below = p2[np.searchsorted(pair, tail)]
    p3, weight3 = smoothed(context, tri_count, below, len(pair))

    share = tri_count / tri_count.sum()
    keep3 = kept(context, share, p3, np.maximum(weight3[context] * below, 1e-12), trigrams)
    tri_context, tri_third, tri_p = context[keep3], tri[keep3] % size, p3[keep3]

    needed = np.zeros(len(pair), dtype=bool)
    needed[tri_context] = True
    weight2 = backoff(first, p2, p1[second], size)
    share2 = pair_count / pair_count.sum()
    keep2 = needed | kept(first, share2, p2, weight2[first] * p1[second], bigrams)
    bow1 = backoff(first[keep2], p2[keep2], p1[second[keep2]], size)
    final2 = np.where(keep2, p2, bow1[first] * p1[second])
    lower3 = final2[np.searchsorted(pair, second[tri_context] * size + tri_third)]
    bow2 = backoff(tri_context, tri_p, lower3, len(pair))[keep2]

    return {
        "codes": codes,
        "unigram": steps(p1),
        "unigram_backoff": steps(bow1),
        "bigram_count": np.bincount(first[keep2], minlength=size).astype(np.uint16),
        "bigram_second": second[keep2].astype(np.uint16),
        "bigram": steps(p2[keep2]),
        "bigram_backoff": steps(bow2),
        "trigram_count": np.bincount(tri_context, minlength=len(pair))[keep2].astype(np.uint16),
        "trigram_third": tri_third.astype(np.uint16),
        "trigram": steps(tri_p),
    }


def main() -> None:
    """Build and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--words", type=Path, help="jieba's dict.txt (MIT)")
    parser.add_argument("--trigrams", type=int, default=1_500_000)
    parser.add_argument("--bigrams", type=int, default=400_000)
    options = parser.parse_args()
    texts = [
        text
        for part in PARTS
        for identifier, text in documents(options.data, part)
        if not held_out(identifier)
    ]
    codes = vocabulary(texts)
    size = int(codes.max()) + 1
    grams = n_grams(symbols(texts, codes), size)
    if options.words:
        listed = symbols(["\n".join(weighted_words(options.words))], codes)
        grams = np.concatenate([grams, inside(listed, size)])
    tables = build(grams, codes, options.trigrams, options.bigrams)
    target = options.output / "zh_trigrams.npz"
    np.savez_compressed(target, allow_pickle=False, **tables)
    print(f"{len(grams):,} trigrams, {size:,} symbols; {target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

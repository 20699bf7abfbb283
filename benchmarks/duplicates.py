"""Near-duplicates: what the settings were chosen by, what is found, and how fast.

    python -m benchmarks.duplicates --data FOLDER

FOLDER holds `neardup/edited_paragraphs.jsonl` (paragraphs before and after an
editor's hand), `neardup/pawsx_zh_dev.tsv` (pairs of the same words, label 0: of
another meaning) and `text/zh_hans_news.jsonl.xz` (documents to plant edits in).
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import random
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from transforms.duplicates.link import Link
from transforms.duplicates.prepare import blocks
from transforms.duplicates.records import Block
from transforms.duplicates.settings import DuplicateSettings
from transforms.records import Document
from transforms.text.fold import fold
from transforms.text.repeats import Page
from transforms.text.shingles import SCHEME, jaccard, shingle_hash, shingles, signatures
from transforms.text.similar import Passage, compare, contrast

Texts = list[tuple[str, str]]
SETTINGS = DuplicateSettings(slices=1)
SIMILAR = SETTINGS.repeats.similar


def edited_pairs(data: Path) -> Texts:
    rows = (data / "neardup" / "edited_paragraphs.jsonl").read_text("utf-8").splitlines()
    return [(row["draft"], row["published"]) for row in map(json.loads, rows)]


def other_meaning_pairs(data: Path) -> Texts:
    with (data / "neardup" / "pawsx_zh_dev.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["sentence1"], row["sentence2"]) for row in rows if row["label"] == "0"]


def passages(pair: tuple[str, str], n: int = SIMILAR.n) -> tuple[Passage, Passage]:
    """Shorter one first."""
    short, long = sorted((Passage(text, n) for text in pair), key=lambda p: len(p.folded))
    return short, long


def print_curves(edited: Texts, other: Texts) -> None:
    print("Share of pairs at or over a Jaccard similarity (edited / other meaning), in %")
    thresholds = [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]
    print("  n  " + "".join(f"{t:>13}" for t in thresholds))
    for n in (2, 3, 4, 5, 6, 8):
        columns = []
        for pairs in (edited, other):
            values = [jaccard(*(shingles(fold(t), n) for t in pair)) for pair in pairs]
            columns.append([sum(v >= t for v in values) / len(values) * 100 for t in thresholds])
        both = zip(*columns, strict=True)
        print(f"  {n}  " + "".join(f"{a:7.1f} /{b:4.1f}" for a, b in both))


def print_guard(edited: Texts, other: Texts) -> None:
    print("\nKept apart by the guard, of near pairs of the minimum length")
    for name, pairs in (("edited", edited), ("other meaning", other)):
        near = [
            (a, b)
            for a, b in map(passages, pairs)
            if len(a.folded) >= SIMILAR.min_length
            and jaccard(a.shingles, b.shingles) >= SIMILAR.threshold
        ]
        reasons = [contrast(a, b) for a, b in near if a.key != b.key]
        counts = {reason: reasons.count(reason) for reason in sorted(set(reasons)) if reason}
        print(f"  {name}: {sum(counts.values())} of {len(near)} {counts}")


def document(number: int, text: str) -> Document:
    name = f"{number:07}"
    return Document(name, name, text, name, None, len(text), text.count("\n") + 1)


def found_pairs(texts: Sequence[str], settings: DuplicateSettings) -> set[tuple[int, int]]:
    """Candidates among `texts`, one a document, by the steps of the pipeline without Beam."""

    def all_blocks() -> Iterator[Block]:
        for number, text in enumerate(texts):
            one = document(number, text)
            page = Page(text, settings.repeats.similar)
            for _, block in blocks(one, page, set(), settings):
                yield block

    pairs = Link(settings).process((0, all_blocks()))
    return {(int(pair.low.key), int(pair.high.key)) for pair in pairs}


def print_recall(edited: Texts) -> None:
    print("\nEdited pairs by Jaccard: candidates found, and similar in the end (guard on), in %")
    texts = [text.replace("\n", " ") for pair in edited for text in pair]
    found = {frozenset(pair) for pair in found_pairs(texts, SETTINGS)}
    for low in (0.5, 0.6, 0.7, 0.75, 0.8, 0.9):
        high = {0.7: 0.75, 0.75: 0.8, 0.9: 1.01}.get(low, low + 0.1)
        rows = []
        for k, pair in enumerate(edited):
            a, b = passages(pair)
            if len(a.folded) < SIMILAR.min_length or not (a.is_prose and b.is_prose):
                continue
            if not (a.is_sentence and b.is_sentence):
                continue
            if low <= jaccard(a.shingles, b.shingles) < high:
                met = frozenset((2 * k, 2 * k + 1)) in found
                rows.append((met, compare(a, b, SIMILAR) is not None))
        met_share, merged = (sum(column) / len(rows) * 100 for column in zip(*rows, strict=True))
        print(f"  {low:.2f}-{min(high, 1):.2f}  {len(rows):4} pairs {met_share:6.1f} {merged:6.1f}")


def news(data: Path, count: int) -> list[str]:
    texts: dict[str, str] = {}
    with lzma.open(data / "text" / "zh_hans_news.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            for paragraph in json.loads(line)["text"].split("\n"):
                passage = Passage(paragraph, SIMILAR.n)
                long_enough = 80 <= len(passage.folded) <= 600
                if long_enough and passage.is_prose and passage.is_sentence:
                    texts.setdefault(passage.folded, paragraph)
            if len(texts) >= count:
                break
    return list(texts.values())[:count]


def planted(texts: Sequence[str], count: int) -> tuple[list[str], list[tuple[int, int]]]:
    """`count` texts, half of them edited copies; pairs of (original, copy)."""
    rng = random.Random(1)
    letters = "".join(texts[:50])
    corpus = list(texts[: count // 2])
    pairs = []
    for number in range(len(corpus)):
        copy = list(corpus[number])
        for _ in range(rng.randrange(0, max(2, len(copy) // 25))):
            at = rng.randrange(len(copy))
            copy[at : at + rng.randrange(0, 3)] = rng.choice(letters)
        pairs.append((number, len(corpus)))
        corpus.append("".join(copy))
    return corpus, pairs


def print_planted(data: Path, count: int) -> None:
    corpus, pairs = planted(news(data, count // 2), count)
    started = time.perf_counter()
    found = found_pairs(corpus, SETTINGS)
    seconds = time.perf_counter() - started
    rows = []
    for original, copy in pairs:
        a, b = passages((corpus[original], corpus[copy]))
        met = (original, copy) in found or (copy, original) in found
        rows.append((jaccard(a.shingles, b.shingles), met))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(corpus)} paragraphs with planted edits: {seconds:.1f} s, at most {memory:.0f} MB"
    )
    sure = [met for value, met in rows if value >= SIMILAR.threshold + 0.05]
    print(f"  planted pairs found from {SIMILAR.threshold + 0.05:.2f} up: {share(sure)}")
    edge = [m for v, m in rows if SIMILAR.threshold <= v < SIMILAR.threshold + 0.05]
    print(f"  from {SIMILAR.threshold:.2f} to {SIMILAR.threshold + 0.05:.2f}: {share(edge)}")
    print(f"  candidates compared: {len(found)}")


def share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)} of {len(flags)} ({sum(flags) / max(1, len(flags)):.2%})"


def print_speed(data: Path, count: int) -> None:
    keys = [fold(text) for text in news(data, count)]
    started = time.perf_counter()
    rows = signatures(keys, SIMILAR.n, SETTINGS.permutations)
    ours = time.perf_counter() - started
    some = keys[: count // 20]
    started = time.perf_counter()
    sets = [[s.encode() for s in shingles(key, SIMILAR.n)] for key in some]
    theirs = MinHash.bulk(sets, num_perm=SETTINGS.permutations, scheme=SCHEME)
    bulk = (time.perf_counter() - started) * len(keys) / len(some)
    length = sum(map(len, keys)) / len(keys)
    print(f"\nSignatures of {len(keys)} paragraphs of {length:.0f} characters, a second")
    print(f"  here {len(keys) / ours:,.0f}   datasketch bulk (SHA-1) {len(keys) / bulk:,.0f}")
    started = time.perf_counter()
    lsh = MinHashLSH(threshold=SIMILAR.threshold, num_perm=SETTINGS.permutations)
    for number, minhash in enumerate(theirs):
        lsh.query(minhash)
        lsh.insert(number, minhash)
    index = (time.perf_counter() - started) * len(keys) / len(some)
    print(f"  datasketch's LSH would take {bulk + index:.1f} s for them")
    check = MinHash(SETTINGS.permutations, hashfunc=shingle_hash, scheme=SCHEME)
    check.update_batch(shingles(keys[0], SIMILAR.n))
    print(
        f"  equal to datasketch's with the same hash: {bool((check.hashvalues == rows[0]).all())}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the data")
    parser.add_argument("--paragraphs", type=int, default=20_000, help="to plant edits in")
    arguments = parser.parse_args()
    edited, other = edited_pairs(arguments.data), other_meaning_pairs(arguments.data)
    print_curves(edited, other)
    print_guard(edited, other)
    print_recall(edited)
    print_planted(arguments.data, arguments.paragraphs)
    print_speed(arguments.data, arguments.paragraphs // 2)


if __name__ == "__main__":
    main()

"""How well the `lines` stage tells an article's lines from the rest; optionally on clean text.

    python -m benchmarks.lines [--misses] [--clean FOLDER]

Without a folder: precision and recall on the labelled pages and phrases under
`tests/cases/lines`, each part by itself. With a folder of plain text (`*.txt`, and `*.jsonl.xz`
with a `text` in every row): each line that would be removed from it, and how many of how many.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from transforms.text.lines import clean_lines

CASES = Path(__file__).parent.parent / "tests" / "cases" / "lines"
GOES = frozenset({"spam", "chrome", "byline"})
# What the phrases are put into: an article that has nothing to do with any of them.
CARRIER = {
    "hans": [
        "图书馆延长周末开放时间",
        "市图书馆昨日宣布，从下月起周末开放时间延长至晚上九点，方便上班族借阅图书和自习。",
        "馆长介绍说，延时开放是根据读者问卷的结果决定的，首批增加的座位有两百多个。",
        "读者进馆仍需提前预约，临时到馆的老人和儿童可以在服务台登记后直接入馆。",
    ],
    "hant": [
        "圖書館延長週末開放時間",
        "市立圖書館昨日宣布，從下個月起週末開放時間延長到晚上九點，方便上班族借閱圖書和自習。",
        "館長表示，延時開放是根據讀者問卷的結果決定的，第一批增加的座位有兩百多個。",
        "讀者進館仍須提前預約，臨時到館的長者與兒童可以在服務檯登記之後直接入館。",
    ],
}


def removed_lines(lines: list[str]) -> set[int]:
    """Numbers of the lines that the stage takes out."""
    text = "\n".join(lines)
    starts, at = {}, 0
    for number, line in enumerate(lines):
        starts[at] = number
        at += len(line) + 1
    edits = clean_lines(text).edits
    return {starts[e.start + e.before.startswith("\n")] for e in edits}


def judged_pages(path: Path) -> Iterator[tuple[str, str, bool, str]]:
    """(label, line, removed, page) for every line of a file of pages."""
    for page in json.loads(path.read_text("utf-8"))["pages"]:
        gone = removed_lines([line for _, line in page["lines"]])
        for number, (label, line) in enumerate(page["lines"]):
            yield label, line, number in gone, page["name"]


def judged_phrases(path: Path) -> Iterator[tuple[str, str, bool, str]]:
    """(label, phrase, removed, script) for every phrase before, behind and within both carriers."""
    phrases = json.loads(path.read_text("utf-8"))
    for label in ("spam", "clean"):
        for phrase in phrases[label]:
            for script, carrier in CARRIER.items():
                for place, at in (("head", 0), ("foot", 4), ("body", 2)):
                    gone = removed_lines([*carrier[:at], phrase, *carrier[at:]])
                    yield f"{label} {place}", phrase, at in gone, script


def report(name: str, judged: list[tuple[str, str, bool, str]], *, misses: bool) -> None:
    """Print one part's table."""
    counts: Counter[tuple[str, bool]] = Counter((label, gone) for label, _, gone, _ in judged)
    goes = {label for label, _ in counts if label.split()[0] in GOES}
    true = sum(counts[label, True] for label in goes)
    false = sum(number for (label, gone), number in counts.items() if gone and label not in goes)
    missed = sum(counts[label, False] for label in goes)
    print(
        f"{name}: {len(judged)} lines, precision {true / (true + false):.4f}, "
        f"recall {true / (true + missed):.4f}"
    )
    for label in sorted({label for label, _ in counts}):
        gone, stayed = counts[label, True], counts[label, False]
        print(f"  {label:12} removed {gone:4} of {gone + stayed:4}")
    if misses:
        for label, line, gone, where in judged:
            if gone != (label in goes):
                print(f"  {'-' if gone else '+'} {label:10} {where:28} {line}")


def clean_documents(folder: Path) -> Iterator[str]:
    """The documents under `folder`: a text file is one, a row of a JSONL file is one."""
    for path in sorted(folder.rglob("*.txt")):
        yield path.read_text("utf-8")
    for path in sorted(folder.rglob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as rows:
            for row in rows:
                yield json.loads(row)["text"]


def report_clean(folder: Path) -> None:
    """Print every line removed from clean text, and the rate and speed."""
    lines = removed = size = 0
    rules: Counter[str] = Counter()
    started = time.perf_counter()
    for text in clean_documents(folder):
        lines += sum(1 for line in text.split("\n") if line.strip())
        size += len(text)
        for edit in clean_lines(text).edits:
            removed += 1
            rules[edit.rule] += 1
            print(f"  {edit.rule:14} {edit.before.strip()[:100]}  {dict(edit.evidence)}")
    seconds = time.perf_counter() - started
    print(f"{folder}: {removed} of {lines} lines, {dict(rules)}")
    print(f"{size / seconds / 1e6:.2f} million characters/s")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print every line judged wrongly")
    parser.add_argument("--part", default="", help="only files whose name has this in it")
    parser.add_argument("--clean", type=Path, help="a folder of clean text")
    options = parser.parse_args()
    for path in sorted(p for p in CASES.glob("*.json") if options.part in p.stem):
        if path.name.startswith("pages"):
            report(path.stem, list(judged_pages(path)), misses=options.misses)
        elif path.name.startswith("phrases"):
            report(path.stem, list(judged_phrases(path)), misses=options.misses)
    if options.clean is not None:
        report_clean(options.clean)


if __name__ == "__main__":
    main()

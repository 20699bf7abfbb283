"""How much of each kind of damage the repair stage undoes, and what it does to clean text.

    python benchmarks/repair.py --data FOLDER [--lines 200] [--kinds byte-shift]

Damage is made by its own mechanism: the text is encoded, its bytes are changed as
the filter on the page changed them, and they are decoded as the page decoded them.
Text: encyclopedia paragraphs (which the language model has not seen) and held-out
documents of its own sources. Each line is a document by itself, the hardest case:
no other paragraph bears witness.

The columns: `exact`, lines restored to the last character; `right`, of the characters that
the damage took, those restored; `sure`, of the characters that the repair wrote, those that
stood there (what is missing to 100 % was invented); `left`, of the characters taken, those
left as they stood or asked for by `?`; `worse`, lines with fewer right characters than before.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.build_language_model import PARTS, documents, held_out
from transforms.text.fold import simplified_table
from transforms.text.repair import gbk, load, repair

PUNCTUATION = {c.encode("gbk") for c in "！，：；？。、“”（）"}

# From a line: the line damaged, and the line as far as the damage leaves it knowable
# (an ASCII character that a misread byte swallowed is gone; `?` is all there is to know).
Damage = Callable[[str, random.Random], tuple[str, str] | None]


@dataclass(frozen=True)
class Page:
    """How a page decoded bytes: what became of pairs without a character, and of width."""

    private: bool = False
    folded: bool = False


def swallowing(data: bytes, page: Page) -> tuple[str, list[int]]:
    """GBK bytes read leniently, and the places of second bytes that no character was made of.

    An impossible pair is one `?`, a pair without a character nothing (or private use).
    """
    known, real = gbk.characters(), gbk.readable()
    out = []
    swallowed = []
    i = 0
    while i < len(data):
        if data[i] < 0x80:
            out.append(chr(data[i]))
            i += 1
            continue
        pair = tuple(data[i : i + 2])
        if pair in real or (page.private and pair in known):
            out.append(known[pair])
        elif len(pair) == 2 and (pair[1] < 0x40 or pair[1] in (0x7F, 0x80, 0xFF)):
            out.append("?")
            swallowed.append(i + 1)
        i += 2
    text = "".join(out)
    return (unicodedata.normalize("NFKC", text) if page.folded else text), swallowed


def listed() -> dict[bytes, str]:
    """A filter's list: common Traditional characters with their first reading."""
    from transforms.text.repair.model import KINDS, language_model

    codes = language_model().codes
    return {
        bytes(pair): gbk.readings(char)[0]
        for pair, char in gbk.readable().items()
        if ord(char) in simplified_table()
        and KINDS <= codes[ord(char)] < KINDS + 1500
        and gbk.readings(char)
    }


def bytewise(page: Page) -> Damage:
    names = listed()

    def damage(line: str, _: random.Random) -> tuple[str, str] | None:
        data = line.encode("gbk")
        out = bytearray()
        origin: list[int] = []
        for i in range(len(data)):
            out.append(data[i])
            origin.append(i)
            name = names.get(data[max(0, i - 1) : i + 1])
            if name:
                out += f"({name})".encode("gb18030")
                origin += [-1] * (len(out) - len(origin))
        damaged, swallowed = swallowing(bytes(out), page)
        if not re.search(r"\?[a-z]*[^\x00-\x7f][a-z]*\)", damaged):
            return None
        return damaged, without(data, [origin[byte] for byte in swallowed])

    return damage


def without(data: bytes, swallowed: list[int]) -> str:
    """The text of `data` with `?` for the ASCII characters that were swallowed."""
    known = bytearray(data)
    for byte in swallowed:
        if byte >= 0 and known[byte] < 0x80:
            known[byte] = 0x3F
    return known.decode("gbk")


def aligned(line: str, _: random.Random) -> tuple[str, str] | None:
    names = {gbk.readable()[key[0], key[1]]: name for key, name in listed().items()}
    damaged = "".join(f"{c}({names[c]})" if c in names else c for c in line)
    return (damaged, line) if damaged != line else None


def shift(natural: bool, page: Page) -> Damage:
    def damage(line: str, chance: random.Random) -> tuple[str, str] | None:
        data = line.encode("gbk")
        places, i = [], 0
        while i < len(data) - 3:
            if data[i] < 0x80:
                i += 1
                continue
            if not natural or data[i + 1 : i + 3] in PUNCTUATION:
                places.append(i)
            i += 2
        if not places:
            return None
        place = chance.choice(places)
        changed = data[:place] + b"?" + data[place + 1 :]
        damaged, swallowed = swallowing(changed, page)
        return damaged, without(data, swallowed)

    return damage


def misread(written: str, read: str, errors: str = "strict") -> Damage:
    def damage(line: str, _: random.Random) -> tuple[str, str] | None:
        # As much of the line as was read without loss.
        for end in range(len(line), 9, -1):
            try:
                return line[:end].encode(written).decode(read, errors), line[:end]
            except UnicodeError:
                continue
        return None

    return damage


def latin1(written: str, times: int) -> Damage:
    def damage(line: str, _: random.Random) -> tuple[str, str] | None:
        damaged = line
        for _time in range(times):
            damaged = "".join(
                bytes([b]).decode("cp1252", "ignore") or chr(b) for b in damaged.encode(written)
            )
        return damaged, line

    return damage


def kinds() -> dict[str, Damage]:
    table: dict[str, Damage] = {"annotation": aligned}
    for name, page in (
        ("", Page()),
        (", private use kept", Page(private=True)),
        (", width folded", Page(folded=True)),
    ):
        table[f"bytewise-annotation{name}"] = bytewise(page)
        table[f"byte-shift, natural{name}"] = shift(True, page)
        table[f"byte-shift, any byte{name}"] = shift(False, page)
    table |= {
        "utf8-as-latin1": latin1("utf-8", 1),
        "utf8-as-latin1, twice": latin1("utf-8", 2),
        "gbk-as-latin1": latin1("gbk", 1),
        "utf8-as-gbk": misread("utf-8", "gb18030"),
        "utf8-as-gbk, lossy": misread("utf-8", "gbk", "replace"),
    }
    return table


def paragraphs(data: Path, count: int) -> list[str]:
    """Lines of the kinds of text that the corpus is made of, in equal parts."""
    chance = random.Random(7)
    sources = [
        (data / f"text/{name}.txt").read_text(encoding="utf-8").split("\n")
        for name in ("zh_hant_wiki", "zh_hans_wiki")
    ]
    for part in PARTS:
        held = (text for name, text in documents(data, part) if held_out(name))
        sources.append([line for text in held for line in text.split("\n")])
    lines = []
    for source in sources:
        fit = [line for line in source if 30 <= len(line) <= 400 and _fits(line)]
        lines += chance.sample(fit, min(len(fit), count // len(sources)))
    return lines


def _fits(line: str) -> bool:
    try:
        line.encode("gbk")
    except UnicodeError:
        return False
    return not re.search(r"[?？]", line)


def matched(truth: str, other: str) -> set[int]:
    """Places of the characters of `truth` that `other` has, aligned."""
    blocks = difflib.SequenceMatcher(None, truth, other, autojunk=False).get_matching_blocks()
    return {b.a + i for b in blocks for i in range(b.size)}


def plain_fold(text: str) -> str:
    """Width apart, and without the `?` that may stand for a swallowed character."""
    return unicodedata.normalize("NFKC", text).replace("?", "")


def show_miss(name: str, damaged: str, fixed: str, truth: str) -> None:
    """Print the places where the result is not the truth."""
    codes = difflib.SequenceMatcher(None, truth, fixed, autojunk=False).get_opcodes()
    for tag, a, b, c, d in codes:
        if tag != "equal":
            print(f"  {name}: {truth[max(0, a - 8) : b + 4]!r} -> {fixed[max(0, c - 8) : d + 4]!r}")
    a = next((i for i, (x, y) in enumerate(zip(truth, damaged, strict=False)) if x != y), 0)
    print(f"     from {damaged[max(0, a - 8) : a + 30]!r}")


@dataclass
class Row:
    """What came of the damaged lines of one kind.

    Attributes:
      lines, exact, worse: damaged lines; those restored exactly; those with fewer
        characters right than before.
      lost, right: characters that the damage took; those that are back.
      written, wrong: characters that the repair wrote; those of them that never stood there.
      seconds: time spent.
    """

    lines: int = 0
    exact: int = 0
    worse: int = 0
    lost: int = 0
    right: int = 0
    written: int = 0
    wrong: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.lines:5} {self.exact / max(self.lines, 1):6.1%} "
            f"{self.right / max(self.lost, 1):6.1%} "
            f"{1 - self.wrong / max(self.written, 1):6.1%} "
            f"{1 - min(1, (self.right + self.wrong) / max(self.lost, 1)):6.1%} "
            f"{self.worse / max(self.lines, 1):6.2%} {self.lines / max(self.seconds, 1e-9):8.0f}"
        )


def measure(
    name: str, damage: Damage, lines: list[str], fix: Callable[[str], str], show: int
) -> Row:
    """What `fix` makes of the lines that `damage` damages."""
    chance = random.Random(11)
    row = Row()
    for line in lines:
        made = damage(line, chance)
        if made is None or made[0] == line:
            continue
        damaged, truth = made
        start = time.perf_counter()
        fixed = fix(damaged)
        row.seconds += time.perf_counter() - start
        truth, damaged, fixed = plain_fold(truth), plain_fold(damaged), plain_fold(fixed)
        intact = matched(truth, damaged)
        restored = matched(truth, fixed)
        lost = set(range(len(truth))) - intact
        written = set(range(len(fixed))) - matched(fixed, damaged)
        row.lines += 1
        row.exact += fixed == truth
        row.lost += len(lost)
        row.right += len(lost & restored)
        row.written += len(written)
        row.wrong += len(written - matched(fixed, truth))
        row.worse += len(restored) < len(intact) or (
            len(restored) == len(intact) and len(fixed) > len(damaged)
        )
        if fixed != truth and show > 0:
            show -= 1
            show_miss(name, damaged, fixed, truth)
    return row


def clean_text(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Name and documents of every clean source."""
    for path in sorted((data / "text").glob("*.txt")) + sorted((data / "controls").glob("*.txt")):
        yield path.stem, path.read_text(encoding="utf-8").split("\n")
    for part in PARTS:
        yield part, [text for _, text in documents(data, part)]
    negative = json.loads((data / "mojibake/ftfy_negative.json").read_text(encoding="utf-8"))
    yield "ftfy negative", [case["fixed"] for case in negative]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--kinds", default="", help="only the kinds whose name holds this")
    parser.add_argument("--show", type=int, default=0, help="misses to print a kind")
    parser.add_argument("--clean", type=int, default=0, help="documents of clean text a source")
    options = parser.parse_args()
    load()
    import ftfy

    lines = paragraphs(options.data, options.lines)
    print(f"{'kind':42} lines  exact  right   sure   left  worse  lines/s   ftfy exact")
    for name, damage in kinds().items():
        if options.kinds not in name:
            continue
        row = measure(name, damage, lines, lambda t: repair(t).text, options.show)
        peer = measure(name, damage, lines, ftfy.fix_encoding, 0)
        print(f"{name:42} {row}   {peer.exact / max(peer.lines, 1):6.1%}", flush=True)
    if options.clean:
        print(f"\n{'clean text':20} {'characters':>12} {'changed':>8} a million  MB/s")
        for name, texts in clean_text(options.data):
            chars = changed = size = 0
            spent = 0.0
            for text in texts[: options.clean]:
                start = time.perf_counter()
                cleaned = repair(text)
                spent += time.perf_counter() - start
                chars += len(text)
                size += len(text.encode("utf-8", "surrogatepass"))
                for edit in cleaned.edits:
                    # A line end of another system is no false alarm.
                    if not edit.is_mark and edit.rule != "line-end":
                        changed += max(len(edit.before), len(edit.after))
                        print("   ", edit)
            print(
                f"{name:20} {chars:12,} {changed:8} {changed / max(chars, 1) * 1e6:9.2f} "
                f"{size / max(spent, 1e-9) / 1e6:6.1f}"
            )


if __name__ == "__main__":
    main()

"""Preview: what a run would change in a sample of the input, by rule, with examples."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.options import matches
from transforms.clean import decode_record
from transforms.read import InputPattern, ReadSettings, read_file
from transforms.records import DeadLetter, RawRecord
from transforms.text.chain import TextSettings, run_stages, with_repeats
from transforms.text.charset import DecodeError
from transforms.text.edits import Edit
from transforms.write import shard_of

#: Examples a rule, and characters of each: what fits on a screen.
_EXAMPLES = 3
_WIDTH = 60

_LARGE = 1 << 62


def preview(
    inputs: Iterable[InputPattern],
    sample: int,
    reading: ReadSettings,
    settings: TextSettings,
    names: Collection[str],
) -> None:
    """Print what the stages `names` change in `sample` records of `inputs`.

    The records are chosen by a hash of their keys: the same ones every time.
    Duplicates are looked for within each document only.

    Raises:
      UsageError: a pattern matches nothing.
    """
    console = Console()
    records = _sampled(_records(inputs, reading), sample)
    stages = with_repeats(settings, names)
    counts: Counter[tuple[str, str]] = Counter()
    characters: Counter[tuple[str, str]] = Counter()
    examples: defaultdict[tuple[str, str], list[Text]] = defaultdict(list)
    removed: list[tuple[str, str]] = []
    failed: list[str] = []
    for record in records:
        if isinstance(record, DeadLetter):
            failed.append(record.error)
            continue
        try:
            text = decode_record(record, settings.charset).text
        except DecodeError as error:
            failed.append(f"{record.key}: {error}")
            continue
        for stage, cleaned in run_stages(text, stages):
            for edit in cleaned.edits:
                rule = stage.name, edit.rule
                counts[rule] += 1
                characters[rule] += len(edit.before) - len(edit.after)
                shown = _example(edit)
                if len(examples[rule]) < _EXAMPLES and shown not in examples[rule]:
                    examples[rule].append(shown)
            if cleaned.removed:
                removed.append((record.key, f"{stage.name}: {cleaned.removed}"))
    table = Table(title=f"What would change in {len(records)} records")
    table.add_column("stage")
    table.add_column("rule")
    table.add_column("edits", justify="right")
    table.add_column("characters less", justify="right")
    table.add_column("examples: before → after")
    for stage in stages:
        for rule in sorted(rule for rule in counts if rule[0] == stage.name):
            row = (*rule, str(counts[rule]), str(characters[rule]))
            table.add_row(*row, Text("\n").join(examples[rule]))
    console.print(table)
    for key, reason in removed:
        console.print(Text(f"would be left out: {key}: {reason}"))
    for reason in failed:
        console.print(Text(f"would fail: {reason}"))


def _records(
    inputs: Iterable[InputPattern], reading: ReadSettings
) -> Iterator[RawRecord | DeadLetter]:
    files = {file.path: file for pattern in inputs for file in matches(pattern)}
    for file in files.values():
        yield from read_file(file, reading)


def _sampled(
    records: Iterable[RawRecord | DeadLetter], sample: int
) -> list[RawRecord | DeadLetter]:
    ranked = ((shard_of(record.key, _LARGE), record.key, record) for record in records)
    chosen = heapq.nsmallest(sample, ranked, key=_rank)
    return [record for _, _, record in sorted(chosen, key=_key)]


def _rank(item: tuple[int, str, object]) -> tuple[int, str]:
    return item[0], item[1]


def _key(item: tuple[int, str, object]) -> str:
    return item[1]


def _example(edit: Edit) -> Text:
    after = "(marked)" if edit.is_mark else _short(edit.after) or "∅"
    return Text(f"{_short(edit.before)} → {after}")


def _short(text: str) -> str:
    shown = "".join(map(_visible, text))
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 1]}…"


def _visible(char: str) -> str:
    """A character as a terminal may show it: no control reaches it from a page."""
    if char == "\n":
        return "␤"
    if char.isspace():
        return " "
    return char if char.isprintable() else f"<U+{ord(char):04X}>"

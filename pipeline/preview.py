"""Preview: what a run would change in a sample of the input, by rule, with examples."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.arguments import UsageError
from transforms.clean import decode_record
from transforms.read import InputPattern, ReadSettings, match, read_file
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
    for heading in ("stage", "rule", "edits", "characters less", "examples: before → after"):
        table.add_column(heading, justify="right" if heading[0] in "ec" else "left")
    table.columns[-1].justify = "left"
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
    for pattern in inputs:
        files = match(pattern)
        if not files:
            raise UsageError(f"--input {pattern.given}: no such file")
        for file in files:
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
    shown = "".join(c if c.isprintable() else "␤" if c == "\n" else "�" for c in text)
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 1]}…"

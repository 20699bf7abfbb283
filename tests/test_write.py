"""Writing: the files' bytes depend on the records alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
import zstandard
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from transforms.records import DeadLetter, Document, LedgerEntry
from transforms.text.cleaned import Facts
from transforms.text.edits import Edit
from transforms.write import (
    FORMATS,
    Format,
    SortKey,
    WriteRecords,
    WriteSettings,
    WrittenFile,
    clean_row,
    document_key,
    failed_row,
    ledger_key,
    shard_of,
    sorted_lines,
)


def _documents(count: int) -> list[Document]:
    return [
        Document(f"in/{n:04}.txt", f"{n:04}.txt", f"第{n}篇", f"in/{n:04}.txt", None, 5, 1)
        for n in range(count)
    ]


def _write(documents: list[Document], settings: WriteSettings) -> None:
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        _ = (
            pipeline
            | beam.Create(documents, reshuffle=False)
            | WriteRecords("clean", settings, document_key, clean_row)
        )


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_of_arrival_does_not_show(tmp_path: Path, form: Format) -> None:
    documents = _documents(50)
    for name, seed in (("one", 1), ("two", 2)):
        shuffled = random.Random(seed).sample(documents, len(documents))
        _write(shuffled, WriteSettings(str(tmp_path / name), form, 3))
    one = _content(tmp_path / "one" / "clean")
    assert one == _content(tmp_path / "two" / "clean")
    assert list(one) == [f"part-0000{n}-of-00003.{form}" for n in range(3)]
    rows = [json.loads(line) for data in one.values() for line in _plain(data, form).splitlines()]
    assert sorted(row["id"] for row in rows) == [document.id for document in documents]


def _plain(data: bytes, form: Format) -> bytes:
    if form == "jsonl.gz":
        return gzip.decompress(data)
    if form == "jsonl.zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    return data


def test_the_files_are_listed_as_they_are(tmp_path: Path) -> None:
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        written = (
            pipeline
            | beam.Create(_documents(3))
            | WriteRecords("clean", WriteSettings(str(tmp_path)), document_key, clean_row)
        )

        def check(files: list[WrittenFile]) -> None:
            data = (tmp_path / "clean" / "part-00000-of-00001.jsonl").read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            path = "clean/part-00000-of-00001.jsonl"
            assert files == [WrittenFile(path, 3, len(data), digest)]

        assert_that(written, check)


def test_nothing_to_write_is_no_file(tmp_path: Path) -> None:
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        written = (
            pipeline
            | beam.Create(_documents(0)).with_output_types(Document)
            | WriteRecords("clean", WriteSettings(str(tmp_path)), document_key, clean_row)
        )
        assert_that(written, equal_to([]))
    assert list(tmp_path.iterdir()) == []


@given(
    st.lists(st.tuples(st.tuples(st.text(max_size=3), st.integers(), st.integers()), st.binary())),
    st.integers(0, 50),
)
def test_sorting_on_disk_is_sorting(items: list[tuple[SortKey, bytes]], budget: int) -> None:
    items = [((key, first % 99, second % 99), line) for (key, first, second), line in items]
    assert list(sorted_lines(items, budget)) == [line for _, line in sorted(items)]


def test_the_ledger_lies_in_the_order_of_the_stages() -> None:
    edit = Edit("r", 0, 0, "", "x")
    entries = [
        LedgerEntry("a", "a", stage, number, edit)
        for stage in ("script", "extract", "duplicates", "repair")
        for number in (1, 0)
    ]
    ordered = [(e.stage, e.number) for e in sorted(entries, key=ledger_key)]
    assert ordered == [
        (stage, n) for stage in ("extract", "repair", "script", "duplicates") for n in (0, 1)
    ]


def test_a_shard_follows_from_the_key() -> None:
    assert [shard_of(f"in/{n}.txt", 4) for n in range(6)] == [
        shard_of(f"in/{n}.txt", 4) for n in range(6)
    ]
    assert {shard_of(f"in/{n}.txt", 4) for n in range(100)} == {0, 1, 2, 3}


def test_a_clean_record_is_shaped_as_dolma_has_it() -> None:
    facts = Facts(title="题", date="2025-02-28T20:50", encoding="gb18030", language="zh")
    extra = {"license": "CC0", "language": "cmn", "n": [1]}
    document = Document("f:3", "i", "文", "f", 3, 9, 2, b"", facts, "web", "2025", None, extra)
    row = clean_row(document)
    assert list(row) == ["id", "text", "source", "added", "created", "metadata"]
    assert (row["id"], row["text"], row["source"], row["added"]) == ("i", "文", "web", "2025")
    assert row["created"] == "2025-02-28T20:50"
    metadata = row["metadata"]
    assert (metadata["language"], metadata["title"], metadata["author"]) == ("zh", "题", None)
    assert (metadata["key"], metadata["file_path"], metadata["line"]) == ("f:3", "f", 3)
    assert (metadata["original_length"], metadata["original_nlines"]) == (9, 2)
    assert json.loads(metadata["extra"]) == {"license": "CC0", "n": [1]}


def test_a_record_that_has_been_through_a_run_keeps_what_is_said_of_its_origin() -> None:
    before = Document("f", "i", "文", "f", None, 9, 2, facts=Facts(encoding="gb18030"))
    first = clean_row(replace(before, extra={"likes": 3}))["metadata"]
    again = Document("out:1", "i", "文", "out", 1, 1, 1, facts=Facts(encoding="utf-8"), extra=first)
    second = clean_row(again)["metadata"]
    assert {**second, "key": "f", "file_path": "f", "line": None} == first


@pytest.mark.parametrize("wrong", [{"n": 1}, ["x"], 5, True])
def test_fields_of_the_wrong_type_are_not_taken_over(wrong: object) -> None:
    extra = {"title": wrong, "encoding": [wrong], "original_length": str(wrong)}
    document = Document("f", "i", "文", "f", None, 9, 2, facts=Facts(encoding="utf-8"), extra=extra)
    metadata = clean_row(document)["metadata"]
    assert (metadata["title"], metadata["encoding"]) == (None, "utf-8")
    assert (metadata["original_length"], metadata["extra"]) == (9, None)


def test_a_dead_letter_keeps_its_bytes() -> None:
    row = failed_row(DeadLetter("k", "i", "f", "decode", "k: binary", b"\x00\xff", 2))
    assert row["data_base64"] == "AP8="
    assert (row["stage"], row["error"], row["size"]) == ("decode", "k: binary", 2)

"""Reading: files to records, and dead letters that name the place for what cannot be read."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import random
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
import zstandard
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.read import InputPattern, ReadRecords, ReadSettings, match, read_file
from transforms.records import DeadLetter, RawRecord

_COMPRESSIONS = [
    (".gz", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    (".zst", zstandard.ZstdCompressor().compress),
]


def _read(pattern: Path | str, settings: ReadSettings = ReadSettings()) -> list[object]:
    files = match(InputPattern.of(str(pattern)))
    return [item for file in files for item in read_file(file, settings)]


def _one(pattern: Path) -> RawRecord:
    (record,) = _read(pattern)
    assert isinstance(record, RawRecord)
    return record


def _dead(pattern: Path, settings: ReadSettings = ReadSettings()) -> DeadLetter:
    (letter,) = [item for item in _read(pattern, settings) if isinstance(item, DeadLetter)]
    return letter


def test_a_file_is_a_record_named_by_its_path_below_the_fixed_part(tmp_path: Path) -> None:
    (tmp_path / "site" / "a").mkdir(parents=True)
    (tmp_path / "site" / "a" / "1.txt").write_text("文", "utf-8")
    (record,) = _read(tmp_path / "site" / "*" / "*.txt")
    assert record == RawRecord(
        key=f"{tmp_path}/site/a/1.txt",
        id="a/1.txt",
        file_path=f"{tmp_path}/site/a/1.txt",
        line=None,
        data="文".encode(),
        source="web",
    )


def test_a_relative_pattern_gives_relative_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    pattern = InputPattern.of("in/*")
    assert pattern.absolute == f"{tmp_path}/in/*"
    (file,) = match(pattern)
    assert (file.path, file.file_path, file.id) == (f"{tmp_path}/in/1.txt", "in/1.txt", "1.txt")


def test_a_folder_stands_for_everything_in_it(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "1.txt").write_text("x")
    (tmp_path / "deep" / "er" / "2.txt").write_text("y")
    ids = [file.id for file in match(InputPattern.of(str(tmp_path)))]
    assert ids == ["1.txt", "deep/er/2.txt"]


@pytest.mark.parametrize(("ending", "compress"), _COMPRESSIONS)
def test_compressed_files_are_read_through(
    tmp_path: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    (tmp_path / f"page.txt{ending}").write_bytes(compress("正文".encode()))
    assert _one(tmp_path / f"page.txt{ending}").data == "正文".encode()
    (tmp_path / f"all.jsonl{ending}").write_bytes(compress(b'{"text": "one"}\n{"text": "two"}\n'))
    both = _read(tmp_path / f"all.jsonl{ending}")
    assert [r.data for r in both if isinstance(r, RawRecord)] == [b"one", b"two"]
    # Archives are often made by appending: two members are read as one stream.
    (tmp_path / f"two.txt{ending}").write_bytes(compress(b"one ") + compress(b"two"))
    assert _one(tmp_path / f"two.txt{ending}").data == b"one two"


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "one", "title": "T", "url": "https://x.example/1", "likes": 3},
        {"content": "two", "metadata": {"author": "A", "tags": ["t"]}, "source": "s"},
        {"raw_content": "thr\ud83dee", "added": "2025-01-01", "created": "2024-12-31"},
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    first, second, third = (r for r in _read(path) if isinstance(r, RawRecord))
    assert (first.key, first.id, first.line) == (f"{path}:1", "a", 1)
    assert (first.facts.title, first.facts.url, first.source) == ("T", "https://x.example/1", "web")
    assert first.extra["likes"] == 3
    assert (second.id, second.source, second.facts.author) == ("x.jsonl:2", "s", "A")
    assert second.extra["tags"] == ["t"]
    assert third.data == "thr\ufffdee".encode()  # half a surrogate pair is no character
    assert (third.added, third.created, third.facts.date) == (
        "2025-01-01",
        "2024-12-31",
        "2024-12-31",
    )


def test_the_text_field_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "no", "body": "yes"}\n')
    (record,) = _read(tmp_path / "x.jsonl", ReadSettings(text_fields=("body",)))
    assert isinstance(record, RawRecord)
    assert (record.data, record.extra["text"]) == (b"yes", "no")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "malformed JSON"),
        ("[1]", "not a JSON object"),
        ('{"title": "t"}', "no text: none of the fields text, content, raw_content"),
        ('{"text": 5}', "no text"),
        ("[" * 100_000, "malformed JSON"),
        ('{"text": "' + "x" * 200 + '"}', "larger than max_record_bytes: 213 > 200"),
    ],
)
def test_a_bad_line_is_a_dead_letter_and_the_others_stand(
    tmp_path: Path, line: str, error: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n')
    size = 200 if "max_record_bytes" in error else ReadSettings().max_record_bytes
    items = _read(path, ReadSettings(max_record_bytes=size))
    assert [r.data for r in items if isinstance(r, RawRecord)] == [b"a", b"b"]
    (letter,) = (d for d in items if isinstance(d, DeadLetter))
    assert letter.error.startswith(f"{path}:2: {error}")
    assert letter.data == f"{line}\n".encode()[: DeadLetter.MAX_BYTES]
    assert letter.size == len(line) + 1


def test_a_file_too_large_is_a_dead_letter(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x" * 101)
    letter = _dead(tmp_path / "x.txt", ReadSettings(max_record_bytes=100))
    assert letter.error == f"{tmp_path}/x.txt: larger than max_record_bytes: 101 > 100"


def test_an_empty_file_of_lines_is_a_dead_letter(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n\n")
    assert _dead(tmp_path / "x.jsonl").error == f"{tmp_path}/x.jsonl: empty: no records in it"


@pytest.mark.parametrize(("ending", "compress"), _COMPRESSIONS)
def test_what_is_whole_in_a_truncated_archive_stands(
    tmp_path: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    numbers = random.Random(0)
    texts = [f"{numbers.random()}" for _ in range(60_000)]
    whole = compress(b"".join(b'{"text": "%s"}\n' % text.encode() for text in texts))
    path = tmp_path / f"x.jsonl{ending}"
    path.write_bytes(whole[: len(whole) // 2])
    items = _read(path)
    records = [r for r in items if isinstance(r, RawRecord)]
    assert 0 < len(records) < len(texts)
    assert [r.data.decode() for r in records] == texts[: len(records)]
    (letter,) = (d for d in items if isinstance(d, DeadLetter))
    place = f"{path}: cannot be read after line {len(records)}: EOFError"
    assert letter.error.startswith(place)
    assert letter.key == str(path)


def test_a_truncated_page_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress("正文。".encode() * 100)[:-4])
    assert "EOFError" in _dead(tmp_path / "x.txt.gz").error


def test_a_file_that_vanishes_is_a_dead_letter(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("x")
    (file,) = match(InputPattern.of(str(path)))
    path.unlink()
    (letter,) = read_file(file, ReadSettings())
    assert isinstance(letter, DeadLetter)
    assert letter.error.startswith(f"{path}: cannot be read: FileNotFoundError")


def test_a_link_that_leads_nowhere_is_a_dead_letter(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    for pattern in (tmp_path, tmp_path / "*", tmp_path / "gone.txt"):
        assert _dead(pattern).error.startswith(f"{tmp_path}/gone.txt: cannot be read")


def test_a_path_that_exists_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1]*?.txt").write_text("x")
    (tmp_path / "a1.txt").write_text("y")
    assert _one(tmp_path / "a[1]*?.txt").data == b"x"
    assert _one(tmp_path / "a[1].txt").data == b"y"


def test_hidden_files_are_matched_only_by_name(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".hidden", ".git/config", "seen.txt"):
        (tmp_path / name).write_text("x")
    assert _one(tmp_path).id == "seen.txt"
    assert _one(tmp_path / "*").id == "seen.txt"
    assert [r.id for r in _read(tmp_path / ".h*") if isinstance(r, RawRecord)] == [".hidden"]


def test_a_name_that_is_not_utf8_is_spelled_out(tmp_path: Path) -> None:
    name = "新闻.txt".encode("gbk")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    assert _one(tmp_path).id == "\\xd0\\xc2\\xce\\xc5.txt"
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        read = pipeline | ReadRecords([InputPattern.of(str(tmp_path))])
        assert_that(read["records"] | beam.Map(lambda r: r.data), equal_to([b"x"]))


def test_keys_are_unique_whatever_the_names(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n')
    (tmp_path / "a.jsonl:1").write_text("two")
    (tmp_path / "a.jsonl:1:0").write_text("three")
    keys = [r.key for r in _read(tmp_path) if isinstance(r, RawRecord)]
    assert len(set(keys)) == 3


def test_in_a_pipeline_a_file_matched_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("x")
    (tmp_path / "2.jsonl").write_text("{\n")
    patterns = [InputPattern.of(str(tmp_path / "*")), InputPattern.of(str(tmp_path / "1.*"))]
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        read = pipeline | ReadRecords(patterns)
        ids = read["records"] | beam.Map(lambda record: record.id)
        assert_that(ids, equal_to(["1.txt"]), label="records")
        keys = read["failed"] | beam.Map(lambda letter: letter.key)
        assert_that(keys, equal_to([f"{tmp_path}/2.jsonl:1"]), label="failed")

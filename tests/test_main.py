"""The program as a user meets it: exit status, messages, files; good input and bad."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parent.parent
_BODY = "委员会在春季公布了调查的结果，并且回答了记者提出的问题。会后还举行了座谈。"


def _taoxi(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path = _ROOT
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )


def _rows(output: Path, folder: str) -> list[dict[str, Any]]:
    parts = sorted((output / folder).glob("part-*")) if (output / folder).exists() else []
    return [json.loads(line) for part in parts for line in part.read_text("utf-8").splitlines()]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "page.txt"
    path.parent.mkdir()
    path.write_text(_BODY, "utf-8")
    return path


def test_bad_input_is_named_and_the_rest_is_unharmed(page: Path, tmp_path: Path) -> None:
    folder = page.parent
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.bin").write_bytes(b"\x7fELF\x02\x01\x01\x00\x00")
    (folder / "invalid.txt").write_bytes(_BODY.encode() + b"\xff\xfe")
    (folder / "nul.txt").write_bytes(_BODY.encode() + b"\x00" + _BODY.encode())
    (folder / "half.txt.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")
    lines = ["{", json.dumps({"text": _BODY.replace("春季", "秋季")}), '{"title": "x"}']
    (folder / "lines.jsonl").write_text("\n".join(lines), "utf-8")
    output = tmp_path / "out"
    done = _taoxi("run", "--input", f"{folder}/*", "--output", output)
    assert done.returncode == 3, done.stderr.decode()
    assert b"7 records failed (--max-failed 0)" in done.stderr
    assert b"9 read: 2 clean, 0 removed, 7 failed" in done.stdout
    errors = {row["key"].rpartition("/")[2]: row["error"] for row in _rows(output, "failed")}
    assert set(errors) == {
        "empty.txt",
        "binary.bin",
        "invalid.txt",
        "nul.txt",
        "half.txt.gz",
        "lines.jsonl:1",
        "lines.jsonl:3",
    }
    for name, error in errors.items():
        assert name in error
    assert "empty: 0 bytes" in errors["empty.txt"]
    assert "binary: byte 0x02 at offset 4" in errors["binary.bin"]
    assert "invalid UTF-8: invalid start byte at offset 111" in errors["invalid.txt"]
    assert "binary: byte 0x00 at offset 111" in errors["nul.txt"]
    assert "malformed JSON" in errors["lines.jsonl:1"]
    assert sorted(row["id"] for row in _rows(output, "clean")) == ["lines.jsonl:2", "page.txt"]
    assert (output / "manifest.json").exists()
    tolerant = ("--overwrite", "--max-failed", "7")
    assert _taoxi("run", "--input", f"{folder}/*", "--output", output, *tolerant).returncode == 0


def test_a_file_that_cannot_be_read_is_a_dead_letter(page: Path, tmp_path: Path) -> None:
    # A link that leads nowhere: what no right of access makes readable.
    (page.parent / "gone.txt").symlink_to(tmp_path / "nowhere")
    done = _taoxi("run", "--input", page.parent, "--output", tmp_path / "out")
    assert done.returncode == 3
    assert b"2 read: 1 clean, 0 removed, 1 failed" in done.stdout
    (row,) = _rows(tmp_path / "out", "failed")
    assert f"{page.parent}/gone.txt: cannot be read: FileNotFoundError" in row["error"]


def test_a_folder_that_holds_a_run_is_refused_without_overwrite(page: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = ("run", "--input", page, "--output", output)
    assert _taoxi(*command).returncode == 0
    before = (output / "manifest.json").read_bytes()
    refused = _taoxi(*command)
    assert refused.returncode == 2
    assert f"--output {output}: holds a finished run".encode() in refused.stderr
    assert (output / "manifest.json").read_bytes() == before
    assert _taoxi(*command, "--overwrite").returncode == 0


def test_what_an_interrupted_run_left_is_cleared_away(page: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = ("run", "--input", page, "--output", output)
    assert _taoxi(*command, "--shards", "1").returncode == 0
    (output / "manifest.json").unlink()
    (output / "clean" / "part-00007-of-00009.jsonl").write_text("{}\n")
    assert _taoxi(*command).returncode == 0
    assert [path.name for path in (output / "clean").iterdir()] == ["part-00000-of-00001.jsonl"]


def test_a_folder_of_another_origin_is_never_touched(page: Path, tmp_path: Path) -> None:
    for name in ("clean/thesis.txt", "manifest.json"):
        mine = tmp_path / name.partition("/")[0] / name
        mine.parent.mkdir(parents=True)
        mine.write_text("mine")
        output = tmp_path / name.partition("/")[0]
        done = _taoxi("run", "--input", page, "--output", output, "--overwrite")
        assert done.returncode == 2
        assert f"holds a {name.partition('/')[0]} that is no run's".encode() in done.stderr
        assert mine.read_text() == "mine"


def test_an_output_that_cannot_be_written_is_named(page: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _taoxi("run", "--input", page, "--output", tmp_path / "file" / "out")
    assert done.returncode == 2
    assert f"--output {tmp_path}/file/out".encode() in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "unknown command frobnicate"),
        (["run", "--input", "seeds/*"], "--output is missing"),
        (["run", "--input", "/nowhere/*", "--output", "x"], "--input /nowhere/*: no such file"),
        (["run", "--inptu", "x"], "unknown option --inptu (did you mean --input?)"),
        (["run", "--input", "seeds/*", "--output", "gs://bucket/x"], "--output gs://bucket/x: "),
        (["run", "--input", "gs://bucket/*", "--output", "x"], "--input gs://bucket/*: "),
        (["preview", "--input", "/nowhere"], "--input /nowhere: no such file"),
        (["preview", "--input", "seeds/*", "--sample", "0"], "--sample is a number from 1"),
        (["clean", "--stages", "magic"], "unknown stage magic"),
    ],
)
def test_wrong_usage_has_status_2_and_a_message(arguments: list[str], message: str) -> None:
    done = _taoxi(*arguments)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_clean_takes_one_text_through_the_stages() -> None:
    text = f"分享到：微信 微博\n{_BODY}\n"
    done = _taoxi("clean", "--script", "hant", stdin=text.encode("gb18030"))
    assert (done.returncode, done.stderr) == (0, b"")
    expected = "委員會在春季公佈了調查的結果，並且回答了記者提出的問題。會後還舉行了座談。\n"
    assert done.stdout.decode() == expected


def test_clean_says_what_is_wrong_with_its_input() -> None:
    done = _taoxi("clean", stdin=b"\x00\x01\x02")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"standard input: binary: byte 0x00 at offset 0" in done.stderr


def test_preview_shows_what_would_change_and_writes_nothing(page: Path) -> None:
    page.write_text(f"首页 > 新闻 > 社会\n{_BODY}\n開(kāi)始說明這裡的規(guī)則(zé)。", "utf-8")
    before = sorted(page.parent.rglob("*"))
    done = _taoxi("preview", "--input", page, "--sample", "5")
    assert done.returncode == 0, done.stderr.decode()
    shown = done.stdout.decode()
    assert "What would change in 1 records" in shown
    for word in ("lines", "script", "首页 > 新闻"):
        assert word in shown
    assert sorted(page.parent.rglob("*")) == before


def test_help() -> None:
    assert b"taoxi COMMAND" in _taoxi("--help").stdout
    shown = _taoxi("run", "--help").stdout.decode()
    for option in ("--input", "--script", "--skip", "--max-failed", "(default: hans)"):
        assert option in shown

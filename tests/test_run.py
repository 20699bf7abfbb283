"""Whole runs: conservation, the ledger both ways, and the same bytes however the work is spread."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pipeline.options import parse_run
from pipeline.report.metrics import imbalance
from pipeline.run import run
from tests.ledger import document_key, edits_by_document, replayed, rows, undone
from transforms.text.charset import decode

_FOLDERS = ("clean", "removed", "ledger", "failed")
_SUBJECTS = ("委员会", "研究所", "出版社", "博物馆", "气象台", "交响乐团", "农业大学", "铁路公司")
_TIMES = ("春季", "去年十月", "昨天下午", "节日期间", "会议之后", "第三季度")
_ACTS = (
    "公布了关于水资源的调查结果",
    "回答了居民提出的一系列问题",
    "把多年来收集的资料整理成册",
    "向社会开放了新建的阅览室",
    "同几所学校签订了长期合作协议",
)
_ENDS = (
    "许多人因此改变了看法。",
    "有关工作仍在进行之中。",
    "这在当地还是第一次。",
    "反响相当热烈。",
)


def _paragraph(numbers: random.Random) -> str:
    return "".join(
        f"{numbers.choice(_SUBJECTS)}在{numbers.choice(_TIMES)}{numbers.choice(_ACTS)}，"
        f"{numbers.choice(_SUBJECTS)}随后{numbers.choice(_ACTS)}，{numbers.choice(_ENDS)}"
        for _ in range(3)
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages, lines, damage, copies and poison of several kinds."""
    folder = tmp_path_factory.mktemp("corpus")
    numbers = random.Random(7)
    paragraphs = [_paragraph(numbers) for _ in range(60)]
    for n in range(24):
        body = "\n".join(numbers.sample(paragraphs, 4))
        page = f"首页 > 新闻 > 地方\n\n{body}\n责任编辑：李明\n版权所有 未经授权不得转载\n"
        encoding = ("utf-8", "gb18030", "utf-16-le")[n % 3]
        (folder / f"{n:02}.txt").write_bytes(page.encode(encoding))
    lines = [{"id": f"l{n}", "text": "\n".join(paragraphs[n : n + 3])} for n in range(12)]
    with (folder / "lines.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.write("{broken\n")
    (folder / "page.html").write_text(
        "<html><head><title>通知</title></head><body><p>"
        + "</p><p>".join(paragraphs[:3])
        + "</p></body></html>",
        "utf-8",
    )
    (folder / "copy.txt").write_text("\n".join(paragraphs[:3]), "utf-8")
    (folder / "empty.txt").write_text("")
    (folder / "chrome.txt").write_text(
        "分享到：微信 微博 QQ空间\n上一篇 下一篇\n返回顶部\n", "utf-8"
    )
    return folder


def _run(corpus: Path, output: Path, *flags: str) -> dict[str, bytes]:
    config, options = parse_run(["--input", f"{corpus}/*", "--output", str(output), *flags])
    metrics = run(config, options)
    assert imbalance(metrics) == ""
    return {
        f"{folder}/{part.name}": part.read_bytes()
        for folder in _FOLDERS
        for part in sorted((output / folder).glob("part-*"))
    }


@pytest.fixture(scope="module")
def reference(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("run")
    _run(corpus, output, "--shards", "2")
    return output


def test_every_record_is_in_one_place(reference: Path) -> None:
    manifest = json.loads((reference / "manifest.json").read_text("utf-8"))
    records = manifest["records"]
    assert records["read"] == 24 + 13 + 4
    assert records["failed"] == 2
    assert records["read"] == records["clean"] + records["removed"] + records["failed"]
    for folder in ("clean", "removed", "failed"):
        assert len(rows(reference, folder)) == records[folder]
    keys = [document_key(row) for row in rows(reference, "clean") + rows(reference, "removed")]
    assert len(set(keys)) == len(keys)


def test_the_ledger_runs_both_ways(corpus: Path, reference: Path) -> None:
    ledger = edits_by_document(rows(reference, "ledger"))
    texts = {
        f"{corpus}/lines.jsonl:{number}": json.loads(line)["text"]
        for number, line in enumerate(
            (corpus / "lines.jsonl").read_text("utf-8").splitlines()[:12], 1
        )
    }
    documents = rows(reference, "clean") + rows(reference, "removed")
    assert any(edits for edits in ledger.values())
    for row in documents:
        key = document_key(row)
        decoded = texts[key] if key in texts else decode(Path(key).read_bytes()).text
        assert replayed(decoded, ledger[key]) == row["text"]
        assert undone(row["text"], ledger[key]) == decoded
        assert row["metadata"]["original_length"] == len(decoded)


def test_the_copies_are_gone(reference: Path) -> None:
    kept = [p for row in rows(reference, "clean") for p in row["text"].split("\n") if len(p) > 40]
    assert len(kept) == len(set(kept))
    assert {row["id"] for row in rows(reference, "removed")} >= {"chrome.txt"}


@pytest.mark.parametrize(
    "flags",
    [
        ("--direct_running_mode", "multi_processing", "--direct_num_workers", "2"),
        ("--direct_running_mode", "multi_threading", "--direct_num_workers", "2"),
        ("--direct_runner_bundle_repeat", "2"),
    ],
    ids=["two processes", "two threads", "bundles tried again"],
)
def test_the_bytes_do_not_depend_on_the_workers(
    corpus: Path, reference: Path, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    expected = {
        f"{folder}/{part.name}": part.read_bytes()
        for folder in _FOLDERS
        for part in sorted((reference / folder).glob("part-*"))
    }
    assert _run(corpus, tmp_path, "--shards", "2", *flags) == expected


def test_the_records_do_not_depend_on_the_shards(
    corpus: Path, reference: Path, tmp_path: Path
) -> None:
    _run(corpus, tmp_path, "--shards", "5", "--format", "jsonl")
    for folder in _FOLDERS:
        found = sorted(map(json.dumps, rows(tmp_path, folder)))
        assert found == sorted(map(json.dumps, rows(reference, folder)))


def test_cleaning_the_clean_changes_nothing(reference: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    config, options = parse_run(["--input", f"{reference}/clean/*", "--output", str(again)])
    run(config, options)
    first = {row["id"]: row["text"] for row in rows(reference, "clean")}
    assert {row["id"]: row["text"] for row in rows(again, "clean")} == first
    assert [row for row in rows(again, "ledger") if row["before"] != row["after"]] == []

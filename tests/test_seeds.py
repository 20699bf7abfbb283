"""The five sample articles, end to end, against golden files that a person has read.

After a change that is meant to show, `python -m tests.test_seeds` writes the golden
files anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.options import parse_run
from pipeline.run import run
from tests.ledger import document_key, edits_by_document, replayed, rows, undone

_ROOT = Path(__file__).parent.parent
_GOLDEN = Path(__file__).parent / "golden"
_SCRIPTS = ("hans", "hant")
_SEEDS = sorted((_ROOT / "seeds").glob("*.txt"))


def _cleaned(script: str, output: Path) -> list[dict[str, Any]]:
    arguments = ["--input", f"{_ROOT}/seeds/*", "--output", str(output), "--script", script]
    config, options = parse_run(arguments)
    run(config, options)
    return rows(output, "clean")


def _metadata(row: dict[str, Any]) -> dict[str, Any]:
    """What is golden of the metadata: all but where the checkout lies."""
    places = ("file_path", "key")
    return {name: value for name, value in row["metadata"].items() if name not in places}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {script: tmp_path_factory.mktemp(script) for script in _SCRIPTS}
    for script, output in found.items():
        _cleaned(script, output)
    return found


@pytest.mark.parametrize("script", _SCRIPTS)
@pytest.mark.parametrize("seed", _SEEDS, ids=lambda path: path.stem)
def test_the_article_comes_out_as_read(outputs: dict[str, Path], script: str, seed: Path) -> None:
    (row,) = (row for row in rows(outputs[script], "clean") if row["id"] == seed.name)
    assert row["text"] + "\n" == (_GOLDEN / script / seed.name).read_text("utf-8")
    golden = json.loads((_GOLDEN / script / "metadata.json").read_text("utf-8"))
    assert _metadata(row) == golden[seed.name]


@pytest.mark.parametrize("script", _SCRIPTS)
def test_the_ledger_leads_back_to_the_files(outputs: dict[str, Path], script: str) -> None:
    ledger = edits_by_document(rows(outputs[script], "ledger"))
    for row in rows(outputs[script], "clean"):
        key = document_key(row)
        decoded = Path(key).read_bytes().decode("utf-8")
        assert replayed(decoded, ledger[key]) == row["text"]
        assert undone(row["text"], ledger[key]) == decoded


def test_what_the_damage_took_for_good_is_marked_and_left(outputs: dict[str, Path]) -> None:
    marks = [row for row in rows(outputs["hans"], "ledger") if row["rule"] == "unrepaired"]
    assert len(marks) == 1
    (mark,) = marks
    assert mark["id"].startswith("001")
    assert mark["before"] == mark["after"] == "練"
    (row,) = (row for row in rows(outputs["hans"], "clean") if row["id"] == mark["id"])
    assert "AI练需求" in row["text"]


def test_what_was_damaged_reads_as_it_was_written(outputs: dict[str, Path]) -> None:
    texts = {row["id"][:3]: row["text"] for row in rows(outputs["hans"], "clean")}
    for number, passage in (
        ("000", "核心优势在于开源生态与规模化基础设施。”Meta首席财务官"),
        ("000", "长期战略依赖于基础设施的“规模化护城河”"),
        ("001", "因为它类似于将训练任务拆分"),
        ("001", "因为它们在AI的“应用层”"),
        ("002", "巨额融资布局数据中心"),
        ("002", "因为这是个“千载难逢的商业机会”"),
        ("002", "“供应过剩”的局面。面对市场的质疑"),
    ):
        assert passage in texts[number]
    assert {number: text.count("\n") + 1 for number, text in texts.items()} == {
        "000": 22,
        "001": 32,
        "002": 20,
        "003": 11,
        "004": 23,
    }


def _write_golden() -> None:
    for script in _SCRIPTS:
        folder = _GOLDEN / script
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as output:
            cleaned = _cleaned(script, Path(output))
        for row in cleaned:
            (folder / row["id"]).write_text(row["text"] + "\n", "utf-8")
        metadata = {row["id"]: _metadata(row) for row in cleaned}
        content = json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"
        (folder / "metadata.json").write_text(content, "utf-8")


if __name__ == "__main__":
    _write_golden()

"""What the README shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.options import parse_run

_ROOT = Path(__file__).parent.parent
_README = (_ROOT / "README.md").read_text("utf-8")
_BLOCKS = re.findall(r"```python\n(.*?)```", _README, re.DOTALL)
_VALUE = re.compile(r"^(?P<expression>\S.*?)\s+# (?P<value>'.*')$")


def test_there_are_examples() -> None:
    assert len(_BLOCKS) == 2


@pytest.mark.parametrize("block", _BLOCKS, ids=range(len(_BLOCKS)))
def test_an_example_does_what_it_says(
    block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(_ROOT)
    names: dict[str, object] = {"__name__": "readme"}
    exec(compile(block, "README.md", "exec"), names)
    shown = [match for line in block.splitlines() if (match := _VALUE.match(line))]
    for match in shown:
        assert repr(eval(match["expression"], names)) == match["value"], match[0]
    printed = capsys.readouterr().out
    assert shown or "003_661e75d4d0545c6f.txt" in printed


def test_the_commands_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("crawl/a/b.html", "pages.jsonl.gz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^ +\.venv/bin/taoxi run (.*)$", _README, re.MULTILINE)
    assert commands
    for command in commands:
        parse_run([word.strip("'") for word in command.split()])

"""The house rules that can be read off the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_SOURCES = sorted(p for top in ("pipeline", "transforms") for p in (_ROOT / top).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", _SOURCES, ids=lambda p: str(p.relative_to(_ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    place = path.relative_to(_ROOT).parts
    tops = {name.split(".")[0] for name in _imports(path)}
    if place[0] == "transforms":
        assert "pipeline" not in tops
    if place[:2] == ("transforms", "text"):
        assert "apache_beam" not in tops
        assert all(
            name.startswith("transforms.text")
            for name in _imports(path)
            if name.split(".")[0] == "transforms"
        )


@pytest.mark.parametrize("path", _SOURCES, ids=lambda p: str(p.relative_to(_ROOT)))
def test_no_module_is_named_after_a_standard_one(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names


def test_every_package_is_in_the_distribution() -> None:
    setup = ast.parse((_ROOT / "setup.py").read_text("utf-8"))
    (listed,) = (
        [str(ast.literal_eval(item)) for item in keyword.value.elts]
        for node in ast.walk(setup)
        if isinstance(node, ast.keyword) and node.arg == "packages"
        for keyword in [node]
        if isinstance(keyword.value, ast.List)
    )
    folders = {
        ".".join(path.parent.relative_to(_ROOT).parts)
        for path in _SOURCES
        if path.name == "__init__.py"
    }
    assert folders <= set(listed)


def test_the_text_functions_work_without_beam() -> None:
    code = (
        "import sys\n"
        "sys.modules['apache_beam'] = None\n"
        "from transforms.text import decode, extract, repair, clean_lines, to_script, identify\n"
        "print(to_script(repair(extract('<p>開(kāi)源模型</p>').text).text).text)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("开源模型\n", "")

"""Options: one definition each, the command line over the file, and clear words on wrong usage."""

from __future__ import annotations

from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import DirectOptions, StandardOptions

from pipeline.arguments import UsageError
from pipeline.options import LOCAL_RUNNER, RunConfig, parse_run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "page.txt"
    path.parent.mkdir()
    path.write_text("文")
    return path


def _config(page: Path, *more: str) -> RunConfig:
    return parse_run(["--input", str(page), "--output", "out", *more])[0]


def test_defaults(page: Path) -> None:
    config = _config(page)
    assert config.stages == (
        "decode",
        "extract",
        "repair",
        "lines",
        "script",
        "language",
        "duplicates",
    )
    assert config.text.script.target == "hans"
    assert config.write.output == str(Path("out").absolute())
    assert (config.write.format, config.write.shards) == ("jsonl", 1)
    assert (config.max_failed, config.overwrite) == (0, False)


@pytest.mark.parametrize("given", [[], ["--runner", "DirectRunner"], ["--runner=direct"]])
def test_the_local_engine_is_pinned(page: Path, given: list[str]) -> None:
    _, options = parse_run(["--input", str(page), "--output", "out", *given])
    assert options.view_as(StandardOptions).runner == LOCAL_RUNNER


def test_any_other_runner_and_beams_options_are_taken(page: Path) -> None:
    flags = ["--runner", "FlinkRunner", "--direct_num_workers", "2"]
    _, options = parse_run(["--input", str(page), "--output", "out", *flags])
    assert options.view_as(StandardOptions).runner == "FlinkRunner"
    assert options.view_as(DirectOptions).direct_num_workers == 2


def test_inputs_by_commas_and_by_repeating(page: Path) -> None:
    other = page.with_name("other.txt")
    other.write_text("x")
    config = parse_run(
        ["--input", f"{page},{other}", "--input", str(page.parent), "--output", "out"]
    )[0]
    assert [pattern.given for pattern in config.inputs] == [
        str(page),
        str(other),
        f"{page.parent}/**",
    ]


def test_a_path_with_a_comma_is_one_path(page: Path) -> None:
    other = page.with_name("a,b.txt")
    other.write_text("x")
    config = parse_run(["--input", str(other), "--output", "out"])[0]
    assert [pattern.given for pattern in config.inputs] == [str(other)]


def test_an_output_that_is_read_is_refused(page: Path) -> None:
    with pytest.raises(UsageError, match=f"--output {page.parent}: the input lies in it"):
        parse_run(["--input", str(page), "--output", str(page.parent)])


@pytest.mark.parametrize(
    ("flags", "stages"),
    [
        (["--stages", "repair,script"], ("decode", "repair", "script")),
        (["--stages", ""], ("decode",)),
        (
            ["--skip", "duplicates,language"],
            ("decode", "extract", "repair", "lines", "script"),
        ),
        (["--stages", "script,lines", "--skip", "lines,decode"], ("decode", "script")),
    ],
)
def test_stages(page: Path, flags: list[str], stages: tuple[str, ...]) -> None:
    assert _config(page, *flags).stages == stages


def test_a_settings_file_holds_the_same_names_and_the_command_line_wins(
    page: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(
        "script: hant\nskip: [lines, repair]\noverwrite: true\nmax-failed: 3\n"
        f"input: [{page}, /nowhere/*]\ndirect_num_workers: 2\n"
    )
    config, options = parse_run(
        ["--config", str(settings), "--output=out", f"--input={page}", "--max-failed=1"]
    )
    assert config.text.script.target == "hant"
    assert "lines" not in config.stages and "repair" not in config.stages
    assert (config.overwrite, config.max_failed) == (True, 1)
    assert options.view_as(DirectOptions).direct_num_workers == 2


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--scirpt", "hans"], r"unknown option --scirpt \(did you mean --script\?\)"),
        (["--script", "klingon"], "invalid choice"),
        (["--stages", "repare"], r"unknown stage repare \(did you mean repair\?\)"),
        (["--skip", "spam"], "unknown stage spam"),
        (["--shards", "many"], "invalid int value"),
        (["--shards", "-1"], "numbers from 0"),
        (["--format", "docx"], "invalid choice"),
        (["--config", "/nowhere.yaml"], "--config /nowhere.yaml: .*No such file"),
        (["--input", "/nowhere/*.txt"], r"--input /nowhere/\*\.txt: no such file"),
        (["stray"], "unknown option stray"),
        (["--runner", "NoSuchRunner"], "--runner NoSuchRunner: "),
        (["--languages", "zh,klingon"], "--languages klingon: none of the codes af, ar"),
        (["--added", "yesterday"], "--added yesterday: no ISO 8601 date"),
    ],
)
def test_wrong_usage_is_named(page: Path, flags: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        _config(page, *flags)


def test_what_is_missing_is_named(page: Path) -> None:
    with pytest.raises(UsageError, match="--output is missing"):
        parse_run(["--input", str(page)])
    with pytest.raises(UsageError, match="--input is missing"):
        parse_run(["--output", "out"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("scrpt: hans", r"unknown option --scrpt \(did you mean --script\?\)"),
        ("config: other.yaml", "unknown option --config"),
        ("- script", "not a mapping"),
        ("languages:", "languages has no value"),
        ("a: [", "while parsing"),
    ],
)
def test_a_bad_settings_file_is_named(
    page: Path, tmp_path: Path, content: str, message: str
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(content)
    with pytest.raises(UsageError, match=f"--config {settings}: .*{message}"):
        _config(page, "--config", str(settings))

"""Options: the command line and a settings file to one frozen config and Beam's own options.

Every option has one definition, in `add_run_arguments`. A settings file holds
the same names; what the command line says wins. An option that neither Taoxi
nor Beam knows is an error.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.runner import create_runner

from pipeline.arguments import (
    UsageError,
    add_text_arguments,
    chosen_stages,
    did_you_mean,
    split_names,
    text_settings,
)
from transforms.duplicates.settings import DuplicateSettings
from transforms.read import InputFile, InputPattern, ReadSettings, match
from transforms.text.chain import TextSettings
from transforms.write import FORMATS, WriteSettings

#: Beam's local engine by its own name: `DirectRunner` first tries to download another one.
LOCAL_RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"

#: A part file of about this size suits both a reader that streams and one that loads.
SHARD_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that decides what a run does: with equal inputs, equal bytes come out.

    Attributes:
      inputs: what to read.
      stages: the stages that run, in order.
      text, duplicates, read, write: the settings of the stages.
      max_failed: more dead letters than this make exit status 3.
      overwrite: whether a finished run in the output folder may be replaced.
    """

    inputs: tuple[InputPattern, ...]
    stages: tuple[str, ...]
    text: TextSettings
    duplicates: DuplicateSettings
    read: ReadSettings
    write: WriteSettings
    max_failed: int
    overwrite: bool


def add_input_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say what to read."""
    group = parser.add_argument_group("input")
    group.add_argument(
        "--input",
        action="append",
        metavar="PATTERN",
        help="files to read: a path, folder or glob; several by commas or by repeating",
    )
    group.add_argument(
        "--text-field",
        metavar="NAME",
        help="the field of a JSON record that holds its text (default: text, content, raw_content)",
    )
    group.add_argument(
        "--source",
        metavar="NAME",
        default=ReadSettings().source,
        help="Dolma's source, for records that name none (default: %(default)s)",
    )
    group.add_argument("--added", metavar="DATE", help="Dolma's added, for records that have none")


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `taoxi run`, Beam's own apart."""
    add_input_arguments(parser)
    add_text_arguments(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--output", metavar="FOLDER", help="the folder to write to")
    group.add_argument(
        "--format", choices=FORMATS, default="jsonl", help="of the records (default: %(default)s)"
    )
    group.add_argument(
        "--shards",
        type=int,
        default=0,
        metavar="N",
        help="part files of each kind (default: one for every 128 MiB of input)",
    )
    group.add_argument("--overwrite", action="store_true", help="replace a finished run")
    group.add_argument(
        "--max-failed",
        type=int,
        default=0,
        metavar="N",
        help="exit with status 3 beyond this many dead letters (default: %(default)s)",
    )
    group.add_argument("--config", metavar="FILE", help="a YAML file of these options")


class RunOptions(PipelineOptions):
    """Taoxi's options as Beam sees them, so that they travel with the job."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        add_run_arguments(parser)


def parse_run(arguments: Sequence[str]) -> tuple[RunConfig, PipelineOptions]:
    """The config of a run, and the options for Beam.

    Raises:
      UsageError: an unknown option, a missing one, a value that cannot be, or
        an input that matches nothing; the message names it.
    """
    flags = [*_from_file(arguments), *arguments]
    known = _known_names()
    try:
        given, unknown = _beam_parser().parse_known_args(flags)
    except argparse.ArgumentError as error:
        raise UsageError(str(error)) from error
    if unknown:
        name = unknown[0].split("=")[0]
        raise UsageError(f"unknown option {name}{did_you_mean(name, known)}")
    options = PipelineOptions(flags)
    standard = options.view_as(StandardOptions)
    if (standard.runner or "DirectRunner").lower() in ("directrunner", "direct"):
        standard.runner = LOCAL_RUNNER
    try:
        create_runner(standard.runner)
    except (AttributeError, ImportError, ValueError) as error:
        raise UsageError(f"--runner {standard.runner}: {error}") from error
    return _config(given), options


def _beam_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="taoxi run", allow_abbrev=False, add_help=False, exit_on_error=False
    )
    for cls in _option_classes(PipelineOptions):
        cls._add_argparse_args(parser)
    return parser


def _option_classes(cls: Any) -> Iterable[Any]:
    for child in cls.__subclasses__():
        # Beam loads test doubles and old options of its own among them: only what it ships.
        if child is RunOptions or child.__module__.startswith("apache_beam.options"):
            yield child
        yield from _option_classes(child)


def _known_names() -> list[str]:
    return [name for action in _beam_parser()._actions for name in action.option_strings]


def _from_file(arguments: Sequence[str]) -> list[str]:
    """The options in the settings file that `arguments` name, as arguments."""
    finder = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    finder.add_argument("--config")
    path = finder.parse_known_args(list(arguments))[0].config
    if not path:
        return []
    import yaml

    try:
        content = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"--config {path}: {error}") from error
    if not isinstance(content, dict):
        raise UsageError(f"--config {path}: not a mapping of options")
    known = _known_names()
    given = {argument.split("=")[0] for argument in arguments}
    flags: list[str] = []
    for name, value in content.items():
        flag = f"--{name}"
        if flag not in known or flag == "--config":
            hint = did_you_mean(flag, known)
            raise UsageError(f"--config {path}: unknown option {flag}{hint}")
        if flag in given:
            continue
        if value is None:
            raise UsageError(f"--config {path}: {name} has no value")
        if isinstance(value, bool):
            flags += [flag] if value else []
        elif isinstance(value, list):
            flags.append(f"{flag}={','.join(map(str, value))}")
        else:
            flags.append(f"{flag}={value}")
    return flags


def _config(given: argparse.Namespace) -> RunConfig:
    if not given.output:
        raise UsageError("--output is missing: the folder to write to")
    inputs = input_patterns(given.input)
    files = [file for pattern in inputs for file in matches(pattern)]
    if given.shards < 0 or given.max_failed < 0:
        raise UsageError("--shards and --max-failed are numbers from 0")
    output = given.output if "://" in given.output else os.path.abspath(given.output)
    within = next((file for file in files if file.path.startswith(f"{output}/")), None)
    if within:
        raise UsageError(f"--output {given.output}: the input lies in it: {within.file_path}")
    size = sum(file.size for file in files)
    return RunConfig(
        inputs=inputs,
        stages=chosen_stages(given.stages, given.skip),
        text=text_settings(given),
        duplicates=DuplicateSettings(),
        read=read_settings(given),
        write=WriteSettings(output, given.format, given.shards or 1 + size // SHARD_BYTES),
        max_failed=given.max_failed,
        overwrite=given.overwrite,
    )


def matches(pattern: InputPattern) -> list[InputFile]:
    """The files that a pattern of `--input` matches.

    Raises:
      UsageError: there are none, or there is no such file system.
    """
    try:
        found = match(pattern)
    except (OSError, ValueError) as error:
        raise UsageError(f"--input {pattern.given}: {error}") from error
    if not found:
        raise UsageError(f"--input {pattern.given}: no such file")
    return found


def input_patterns(given: Sequence[str] | None) -> tuple[InputPattern, ...]:
    """The patterns of `--input`.

    Raises:
      UsageError: there are none.
    """
    names = [
        name
        for each in given or ()
        for name in ([each] if os.path.lexists(each) else split_names(each))
    ]
    if not names:
        raise UsageError("--input is missing: the files to read")
    return tuple(InputPattern.of(name) for name in names)


def read_settings(given: argparse.Namespace) -> ReadSettings:
    """The settings for reading that the options ask for.

    Raises:
      UsageError: `--added` is no date.
    """
    if given.added:
        try:
            datetime.fromisoformat(given.added)
        except ValueError as error:
            raise UsageError(f"--added {given.added}: no ISO 8601 date") from error
    settings = ReadSettings(source=given.source, added=given.added)
    return replace(settings, text_fields=(given.text_field,)) if given.text_field else settings

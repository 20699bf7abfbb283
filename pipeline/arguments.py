"""The options of the text stages, and what the program says to wrong usage. No Beam here."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable
from dataclasses import replace

from transforms.text.chain import TextSettings
from transforms.text.cleaned import STAGES
from transforms.text.language import LANGUAGES


class UsageError(ValueError):
    """Something the user asked for that cannot be: exit status 2."""


def add_text_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the text stages, common to all commands."""
    group = parser.add_argument_group("stages")
    group.add_argument(
        "--script",
        choices=("hans", "hant", "tw", "hk", "keep"),
        default="hans",
        help="the script to bring Chinese text to (default: %(default)s)",
    )
    group.add_argument(
        "--stages",
        metavar="NAMES",
        help=f"run only these, separated by commas: {', '.join(STAGES)} (decode always runs)",
    )
    group.add_argument("--skip", metavar="NAMES", help="run all stages but these")
    group.add_argument(
        "--lines",
        choices=("remove", "mark"),
        default="remove",
        help="remove spam and page furniture, or only mark it in the ledger (default: %(default)s)",
    )
    group.add_argument(
        "--languages",
        metavar="CODES",
        default="",
        help="keep only documents in these languages, as zh,en (default: keep all)",
    )


def chosen_stages(stages: str | None, skip: str | None) -> tuple[str, ...]:
    """The stages that `--stages` and `--skip` leave, in order.

    Raises:
      UsageError: one of them is no stage.
    """
    wanted = split_names(stages) if stages is not None else list(STAGES)
    unwanted = split_names(skip)
    for name in (*wanted, *unwanted):
        if name not in STAGES:
            hint = did_you_mean(name, STAGES)
            raise UsageError(f"unknown stage {name}{hint}; the stages are {', '.join(STAGES)}")
    return tuple(s for s in STAGES if s == "decode" or (s in wanted and s not in unwanted))


def text_settings(given: argparse.Namespace) -> TextSettings:
    """The settings of the text stages that the options ask for.

    Raises:
      UsageError: a language has no such code.
    """
    settings = TextSettings()
    languages = tuple(split_names(given.languages))
    for code in languages:
        if code not in LANGUAGES:
            known = ", ".join(sorted(LANGUAGES))
            raise UsageError(f"--languages {code}: none of the codes {known}")
    return replace(
        settings,
        script=replace(settings.script, target=given.script),
        lines=replace(settings.lines, mode=given.lines),
        language=replace(settings.language, languages=languages),
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint at the known name nearest to `name`; empty where none is near."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def split_names(names: str | None) -> list[str]:
    """The names in a list separated by commas."""
    return [name.strip() for name in (names or "").split(",") if name.strip()]

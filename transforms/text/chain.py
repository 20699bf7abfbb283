"""The text stages in their order, and running them over one text without Beam."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from transforms.text.charset import CharsetSettings
from transforms.text.cleaned import STAGES, Cleaned
from transforms.text.language import LanguageSettings, identify
from transforms.text.language import load as load_language
from transforms.text.lines import LinesSettings, clean_lines
from transforms.text.lines import load as load_lines
from transforms.text.markup import ExtractSettings, extract
from transforms.text.repair import RepairSettings, repair
from transforms.text.repair import load as load_repair
from transforms.text.repeats import RepeatSettings, remove_repeats
from transforms.text.script import ScriptSettings, to_script
from transforms.text.script import load as load_script


@dataclass(frozen=True, slots=True)
class TextSettings:
    """The settings of every stage that works on one text."""

    charset: CharsetSettings = CharsetSettings()
    extract: ExtractSettings = ExtractSettings()
    repair: RepairSettings = RepairSettings()
    lines: LinesSettings = LinesSettings()
    script: ScriptSettings = ScriptSettings()
    language: LanguageSettings = LanguageSettings()


def _nothing() -> None:
    """There is nothing to load."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A cleaner with its settings.

    Attributes:
      name: one of `STAGES`.
      clean: the cleaner, a function of the module's top level (so that it pickles).
      settings: its settings.
      load: loads its tables and models; a worker calls it once, in `setup()`.
    """

    name: str
    clean: Callable[[str, Any], Cleaned]
    settings: Any
    load: Callable[[], object] = _nothing

    def __call__(self, text: str) -> Cleaned:
        """What the stage makes of `text`; a text left empty is removed for that reason."""
        cleaned = self.clean(text, self.settings)
        if cleaned.removed or cleaned.text.strip():
            return cleaned
        return Cleaned(cleaned.text, cleaned.edits, cleaned.facts, "nothing is left of the text")


def text_stages(
    settings: TextSettings = TextSettings(), names: Collection[str] = STAGES
) -> tuple[Stage, ...]:
    """The stages between decoding and duplicates that are among `names`, in order."""
    stages = (
        Stage("extract", extract, settings.extract),
        Stage("repair", repair, settings.repair, load_repair),
        Stage("lines", clean_lines, settings.lines, load_lines),
        Stage("script", to_script, settings.script, load_script),
        Stage("language", identify, settings.language, load_language),
    )
    return tuple(stage for stage in stages if stage.name in names)


def with_repeats(
    settings: TextSettings = TextSettings(), names: Collection[str] = STAGES
) -> tuple[Stage, ...]:
    """As `text_stages`, then `duplicates` within the one document."""
    last = Stage("duplicates", remove_repeats, RepeatSettings())
    return (*text_stages(settings, names), *((last,) if last.name in names else ()))


def run_stages(text: str, stages: Collection[Stage]) -> Iterator[tuple[Stage, Cleaned]]:
    """Run `stages` over `text`, yielding what each made of it, until one removes the document."""
    for stage in stages:
        cleaned = stage(text)
        yield stage, cleaned
        if cleaned.removed:
            return
        text = cleaned.text

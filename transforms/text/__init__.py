"""The pure functions of Taoxi: text in, cleaned text and its edits out. No Beam.

>>> from transforms.text import repair, to_script
>>> to_script(repair("開(kāi)源，因?yàn)檫@是對(duì)的").text).text
'开源，因为这是对的'
"""

from transforms.text.charset import Decoded, DecodeError, decode
from transforms.text.cleaned import STAGES, Cleaned, Facts
from transforms.text.edits import Edit, EditError, apply, revert
from transforms.text.fold import fold
from transforms.text.language import LanguageSettings, identify
from transforms.text.lines import LinesSettings, clean_lines
from transforms.text.markup import ExtractSettings, extract
from transforms.text.repair import RepairSettings, repair
from transforms.text.repeats import RepeatSettings, remove_repeats
from transforms.text.script import ScriptSettings, to_script

__all__ = [
    "STAGES",
    "Cleaned",
    "DecodeError",
    "Decoded",
    "Edit",
    "EditError",
    "ExtractSettings",
    "Facts",
    "LanguageSettings",
    "LinesSettings",
    "RepairSettings",
    "RepeatSettings",
    "ScriptSettings",
    "apply",
    "clean_lines",
    "decode",
    "extract",
    "fold",
    "identify",
    "remove_repeats",
    "repair",
    "revert",
    "to_script",
]

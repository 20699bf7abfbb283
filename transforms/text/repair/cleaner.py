"""The repair stage: its mechanisms in their order."""

from __future__ import annotations

import re

from transforms.text.cleaned import Cleaned
from transforms.text.edits import Editor, apply
from transforms.text.fold import simplified_table
from transforms.text.repair import escapes, gbk, residue, singlebyte, unrepaired, utf8gbk
from transforms.text.repair.annotations import annotated, filtered, readings_removed
from transforms.text.repair.byteshift import repaired
from transforms.text.repair.model import language_model
from transforms.text.repair.settings import RepairSettings

# One scan decides whether there is anything to look at. Everything that a mechanism
# below can start from contains one of these.
_SUSPICIOUS = re.compile(
    "[?\ufffd\x00-\x08\x0b-\x1f\x7f-\xb6\xb8-\u05ff\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u221a-\u2265\u2500-\u259f\u2e80-\u2fd5\u3164"
    "\ue000-\ufaff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e01ef\U0002f800-\U0002fa1f]|锟斤拷|烫烫烫|屯屯屯"
)


DEFAULTS = RepairSettings()

# One repair may bring to light or bear witness for another; after so many rounds, enough.
_ROUNDS = 3


def load() -> None:
    """Load every table and model once, so that the first document pays for none of it."""
    language_model()
    simplified_table()
    gbk.width_folded()
    gbk.dropped()
    gbk.with_reading("")
    utf8gbk.repaired("", DEFAULTS.certainty)
    singlebyte.utf8("é")


def repair(text: str, settings: RepairSettings = DEFAULTS) -> Cleaned:
    """`text` with the damage of its bytes undone where that is certain enough.

    Args:
      text: a document without markup, paragraphs joined by newlines; the whole of
        it, for each part bears witness for the others.
      settings: what is believed.

    Returns:
      The text and an edit for every change. What is seen and cannot be repaired
      stays as it is, under a mark with the rule `unrepaired`.
    """
    if not (_SUSPICIOUS.search(text) or utf8gbk.suspected(text) or escapes.suspected(text)):
        return Cleaned(text)
    editor = Editor(text)
    # What the brackets are is judged once: some are gone after the first round.
    proven = filtered(text, settings.annotations)
    for _ in range(_ROUNDS):
        before = editor.text
        _round(editor, settings, proven)
        if editor.text == before:
            break
    editor.edit(unrepaired.junk(editor.text))
    if proven:
        editor.edit(unrepaired.lost_characters(editor.text, annotated(text)))
    edits = unrepaired.questioned(editor.edits)
    return Cleaned(apply(text, edits), edits)


def _round(editor: Editor, settings: RepairSettings, proven: bool) -> None:
    """Every mechanism once: whole encodings first, then single bytes, then characters."""
    editor.edit(escapes.decoded(editor.text))
    editor.edit(singlebyte.double_byte(editor.text))
    editor.edit(singlebyte.utf8(editor.text))
    editor.edit(utf8gbk.repaired(editor.text, settings.certainty))
    editor.edit(residue.line_ends(editor.text))
    editor.edit(residue.controls(editor.text))
    editor.edit(residue.invisible(editor.text))
    editor.edit(readings_removed(editor.text, settings.annotations, proven))
    editor.edit(repaired(editor.text, settings.costs, settings.certainty))
    editor.edit(residue.compatibility(editor.text))

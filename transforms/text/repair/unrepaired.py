"""Damage that is seen and cannot be undone: marked, and removed where nothing else is left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from transforms.text.edits import Edit
from transforms.text.fold import fold_script
from transforms.text.repair.model import language_model

# What broken decoding leaves: U+FFFD written as UTF-8 and read as GBK (锟斤拷), fresh
# memory read as GBK (烫 is CC CC, 屯 CD CD), U+FFFD itself, and private-use characters.
_JUNK = re.compile(r"(?:锟斤拷|锟斤|斤拷|锟|锝|�)*(?:锟斤拷|�)(?:锟斤拷|锟斤|�)*|烫{3,}|屯{3,}")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")

# Stands for a character that is not certain while the stage runs, so that no mechanism takes
# it for damage again; a noncharacter, which no text has. `?` is what is written.
UNCERTAIN = "\ufdd0"

# A paragraph with more junk than this, of its characters without white space, says nothing.
_MOSTLY = 0.5

# A character that stands so many times behind one and the same other, and once without
# it where the passage would be as likely with it, has lost its companion there. The
# passage with it is longer by a character, which the model must be given back (nats).
_COMPANION = 4
_LONGER = 5.0
_NEAR = 6


def questioned(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits with `?` for every character that is not certain."""
    return tuple(
        replace(edit, after=edit.after.replace(UNCERTAIN, "?")) if UNCERTAIN in edit.after else edit
        for edit in edits
    )


def junk(text: str) -> tuple[Edit, ...]:
    """Marks for junk; paragraphs that are mostly junk are removed."""
    if not (_JUNK.search(text) or _PRIVATE.search(text)):
        return ()
    edits: list[Edit] = []
    offset = 0
    for line in text.split("\n"):
        found = list(_JUNK.finditer(line))
        size = sum(m.end() - m.start() for m in found)
        if found and size > _MOSTLY * len("".join(line.split())):
            end = min(len(text), offset + len(line) + 1)
            start = offset if end > offset + len(line) or not offset else offset - 1
            if edits and edits[-1].end > start:
                start = edits[-1].end
            edits.append(Edit("unrepairable", start, end, text[start:end], "", {"junk": size}))
        else:
            if _HAN.search(line):
                found += _PRIVATE.finditer(line)
            edits += [
                Edit("unrepaired", offset + m.start(), offset + m.end(), m[0], m[0])
                for m in sorted(found, key=lambda m: m.start())
            ]
        offset += len(line) + 1
    return tuple(edits)


def lost_characters(text: str, listed: Collection[str]) -> tuple[Edit, ...]:
    """Marks where a filter seems to have taken a whole character away.

    The witness is the page itself: 練 otherwise always stands behind 訓, and 訓 is on
    the filter's list. Only marked: what the page says elsewhere is no proof of what it
    said here.

    Args:
      text: the document, repaired.
      listed: the characters that the filter is known to have touched.
    """
    folded = fold_script(text)
    touched = set(fold_script("".join(listed)))
    behind: dict[str, Counter[str]] = {}
    for first, second in pairwise(folded):
        if _HAN.match(second):
            behind.setdefault(second, Counter())[first] += 1
    usual = {}
    for char, companions in behind.items():
        ((companion, count),) = companions.most_common(1)
        if count >= _COMPANION and companions.total() == count + 1 and companion in touched:
            usual[char] = companion
    return tuple(_alone(text, folded, usual)) if usual else ()


def _alone(text: str, folded: str, usual: dict[str, str]) -> Iterator[Edit]:
    """Marks at the characters that miss their usual companion."""
    score = language_model().score
    for place in range(1, len(folded)):
        companion = usual.get(folded[place])
        before = folded[place - 1]
        if companion in (None, before) or before == "\n":
            continue
        near = text[max(0, place - _NEAR) : place]
        after = text[place : place + _NEAR]
        gain = float(score(f"{near}{companion}{after}").sum() - score(near + after).sum())
        if gain > -_LONGER:
            evidence: dict[str, str | int | float | bool] = {
                "witness": f"{companion}{folded[place]}",
                "gain": round(gain, 1),
            }
            yield Edit("unrepaired", place, place + 1, text[place], text[place], evidence)

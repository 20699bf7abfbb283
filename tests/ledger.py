"""Reading a run's folders, and its ledger forwards and backwards."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transforms.text.cleaned import STAGES
from transforms.text.edits import Edit, apply, revert

Row = dict[str, Any]


def rows(output: Path, folder: str) -> list[Row]:
    """The records of one of a run's folders."""
    parts = sorted((output / folder).glob("part-*")) if (output / folder).exists() else []
    return [json.loads(line) for part in parts for line in part.read_text("utf-8").splitlines()]


def edits_by_document(ledger: Sequence[Row]) -> dict[str, dict[str, list[Edit]]]:
    """Key of the document to stage to its edits, as the ledger has them."""
    found: dict[str, dict[str, list[Edit]]] = defaultdict(lambda: defaultdict(list))
    for row in ledger:
        edit = Edit(
            row["rule"], row["start"], row["end"], row["before"], row["after"], row["evidence"]
        )
        stage = found[row["key"]][row["stage"]]
        assert row["number"] == len(stage), "the edits of a stage are not in order"
        stage.append(edit)
    return found


def replayed(decoded: str, edits: dict[str, list[Edit]]) -> str:
    """The text that the edits make of the decoded one."""
    for stage in STAGES:
        decoded = apply(decoded, edits.get(stage, []))
    return decoded


def undone(clean: str, edits: dict[str, list[Edit]]) -> str:
    """The decoded text of which the edits made the clean one."""
    for stage in reversed(STAGES):
        clean = revert(clean, edits.get(stage, []))
    return clean


def document_key(row: Row) -> str:
    """The key under which the ledger has a clean or removed record."""
    return str(row["metadata"]["key"])

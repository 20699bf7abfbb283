"""Taoxi's library: Beam transforms that clean and deduplicate text.

The transforms are loaded when they are asked for, so that `transforms.text`
can be used where Beam is not wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transforms.clean import CleanDocuments, Decode, RunStage
    from transforms.duplicates import RemoveDuplicates
    from transforms.read import ReadRecords
    from transforms.write import WriteRecords

__all__ = [
    "CleanDocuments",
    "Decode",
    "ReadRecords",
    "RemoveDuplicates",
    "RunStage",
    "WriteRecords",
]

_HOMES = {
    "CleanDocuments": "transforms.clean",
    "Decode": "transforms.clean",
    "ReadRecords": "transforms.read",
    "RemoveDuplicates": "transforms.duplicates",
    "RunStage": "transforms.clean",
    "WriteRecords": "transforms.write",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

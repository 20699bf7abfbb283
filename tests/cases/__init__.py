"""Tables of cases, as JSON, and reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


def passing(path: str) -> list[Any]:
    """The cases of `tests/cases/<path>.json` that are no known failures."""
    return [case for case in cases(path) if not case.marks]


def cases(path: str) -> list[Any]:
    """The cases of `tests/cases/<path>.json` as pytest parameters, named by their `label`.

    A case with `"expect": "fail"` is a known failure: it must fail, so that it is
    noticed when it no longer does.
    """
    table = json.loads((FOLDER / f"{path}.json").read_text("utf-8"))
    return [
        pytest.param(
            case,
            id=case["label"],
            marks=[pytest.mark.xfail(strict=True)] if case.get("expect") == "fail" else [],
        )
        for case in table
    ]

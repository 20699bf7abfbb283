"""Records: coded and decoded again they are equal, and equal records have equal bytes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from apache_beam.coders import typecoders
from hypothesis import given
from hypothesis import strategies as st

from transforms.read import InputFile, InputPattern
from transforms.records import (
    DeadLetter,
    Document,
    LedgerEntry,
    RawRecord,
    RecordCoder,
    RemovedDocument,
)
from transforms.write import WrittenFile

_RECORDS = (
    DeadLetter,
    Document,
    InputFile,
    InputPattern,
    LedgerEntry,
    RawRecord,
    RemovedDocument,
    WrittenFile,
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
st.register_type_strategy(type(None), st.none())


def _any(cls: type) -> st.SearchStrategy[Any]:
    """Any record of the type, text with lone surrogates included."""
    text = st.text(st.characters(), max_size=8)
    by_hint = {
        "str": text,
        "str | None": st.none() | text,
        "int": st.integers(0, 2**40),
        "int | None": st.none() | st.integers(0, 2**40),
        "float | None": st.none() | st.floats(allow_nan=False),
        "bool": st.booleans(),
        "bytes": st.binary(max_size=8),
        "Mapping[str, Json]": st.dictionaries(text, _JSON, max_size=3),
        "Evidence": st.dictionaries(text, st.booleans() | st.integers(0, 9) | text, max_size=3),
    }
    nested = {f.name for f in dataclasses.fields(cls) if f.type in ("Facts", "Edit", "Document")}
    strategies = {}
    for field in dataclasses.fields(cls):
        if field.name in nested:
            strategies[field.name] = _any(_nested(str(field.type)))
        else:
            strategies[field.name] = by_hint[str(field.type)]
    return st.builds(cls, **strategies)


def _nested(name: str) -> type:
    from transforms.text.cleaned import Facts
    from transforms.text.edits import Edit

    return {"Facts": Facts, "Edit": Edit, "Document": Document}[name]


@pytest.mark.parametrize("cls", _RECORDS)
@given(data=st.data())
def test_coding_loses_nothing(cls: type, data: st.DataObject) -> None:
    value = data.draw(_any(cls))
    coder = typecoders.registry.get_coder(cls)
    assert isinstance(coder, RecordCoder)
    assert coder.decode(coder.encode(value)) == value
    assert coder.encode(coder.decode(coder.encode(value))) == coder.encode(value)


@pytest.mark.parametrize("cls", _RECORDS)
def test_the_coder_is_deterministic_and_of_its_type(cls: type) -> None:
    coder = typecoders.registry.get_coder(cls)
    assert coder.is_deterministic()
    assert coder.to_type_hint() is cls

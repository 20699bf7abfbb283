"""The stages in Beam: any cleaner runs by one transform, and a failure harms only its document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.clean import CleanDocuments, Decode, RunStage
from transforms.records import DeadLetter, Document, LedgerEntry, RawRecord, RemovedDocument
from transforms.text.chain import Stage
from transforms.text.cleaned import Cleaned, Facts
from transforms.text.edits import Edit


def _document(name: str, text: str) -> Document:
    return Document(name, f"id-{name}", text, name, None, len(text), 1, text.encode())


def _shout(text: str, mark: str) -> Cleaned:
    """A cleaner for the tests: adds a mark, fails on `fail`, empties `empty`, removes `leave`."""
    if text == "fail":
        raise RuntimeError("no idea")
    if text == "empty":
        return Cleaned("", (Edit("all", 0, 5, text, ""),))
    if text == "leave":
        return Cleaned(text, removed="because")
    if text.endswith(mark):
        return Cleaned(text)
    end = len(text)
    return Cleaned(text + mark, (Edit("mark", end, end, "", mark),), Facts(title=text))


def _run(
    transform: beam.PTransform, inputs: list[Any], check: Callable[[str, list[Any]], None]
) -> None:
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        outputs = pipeline | beam.Create(inputs) | transform
        for name in ("documents", "ledger", "removed", "failed"):
            assert_that(outputs[name], _Check(name, check), label=name)


class _Check:
    def __init__(self, name: str, check: Callable[[str, list[Any]], None]) -> None:
        self._name = name
        self._check = check

    def __call__(self, actual: list[Any]) -> None:
        self._check(self._name, actual)


def test_every_document_ends_in_one_output_with_its_ledger() -> None:
    def check(name: str, actual: list[Any]) -> None:
        if name == "documents":
            texts = {document.key: (document.text, document.facts.title) for document in actual}
            assert texts == {"a": ("a!", "a"), "b": ("b!", None)}
        elif name == "ledger":
            entries = {entry.key: entry for entry in actual}
            assert entries["a"] == LedgerEntry("a", "id-a", "lines", 0, Edit("mark", 1, 1, "", "!"))
            assert entries["empty"].edit.rule == "all"
            assert set(entries) == {"a", "empty"}
        elif name == "removed":
            reasons = {removed.document.key: (removed.stage, removed.reason) for removed in actual}
            assert reasons == {
                "empty": ("lines", "nothing is left of the text"),
                "leave": ("lines", "because"),
            }
            assert all(removed.document.data == b"" for removed in actual)
        else:
            assert actual == [
                DeadLetter(
                    "fail", "id-fail", "fail", "lines", "fail: RuntimeError: no idea", b"fail", 4
                )
            ]

    inputs = [_document(text.rstrip("!"), text) for text in ("a", "b!", "fail", "empty", "leave")]
    _run(RunStage(Stage("lines", _shout, "!")), inputs, check)


def test_bytes_that_are_no_text_are_dead_letters() -> None:
    records = [
        RawRecord("a", "a", "a", None, "正文".encode("gb18030")),
        RawRecord("b", "b", "b", None, b"\x89PNG\x00"),
        RawRecord("c", "c", "c", None, b""),
    ]
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        outputs = pipeline | beam.Create(records) | Decode()
        texts = outputs["documents"] | beam.Map(lambda d: (d.text, d.facts.encoding))
        assert_that(texts, equal_to([("正文", "gb18030")]), label="documents")
        errors = outputs["failed"] | beam.Map(lambda d: (d.error, d.data))
        expected = [
            ("b: binary: byte 0x00 at offset 4", b"\x89PNG\x00"),
            ("c: empty: 0 bytes", b""),
        ]
        assert_that(errors, equal_to(expected), label="failed")


def test_the_facts_are_spelled_as_the_text_is() -> None:
    record = RawRecord(
        "a", "a", "a", None, "這裡說明，這一切。".encode(), facts=Facts(title="開(kāi)發說明")
    )

    def check(name: str, actual: list[Any]) -> None:
        if name == "documents":
            (document,) = actual
            assert (document.text, document.facts.title) == ("这里说明，这一切。", "开发说明")
            assert document.data == b""

    _run(CleanDocuments(), [record], check)


def test_a_stage_that_is_off_leaves_the_text_as_it_is() -> None:
    text = "這裡  說明\n\n\n分享到：微信\u200b"

    def check(name: str, actual: list[Any]) -> None:
        if name == "documents":
            assert [document.text for document in actual] == [text]
        else:
            assert actual == []

    record = RawRecord("a", "a", "a", None, text.encode())
    _run(CleanDocuments(stages=("decode",)), [record], check)


def test_removed_documents_are_kept_whole() -> None:
    def check(name: str, actual: list[Any]) -> None:
        if name == "removed":
            (removed,) = actual
            assert isinstance(removed, RemovedDocument)
            assert removed.document.text == "leave"

    _run(RunStage(Stage("language", _shout, "!")), [_document("x", "leave")], check)

"""Clean: raw records through the text stages, one labelled step a stage.

Any cleaner runs by `RunStage`; it wires and counts, the cleaner itself is a
pure function in `transforms.text`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.records import DeadLetter, Document, LedgerEntry, RawRecord, RemovedDocument
from transforms.text.chain import Stage, TextSettings, text_stages
from transforms.text.charset import CharsetSettings, Decoded, DecodeError, decode
from transforms.text.cleaned import STAGES, Facts
from transforms.text.fold import fold

_TAGS = ("ledger", "removed", "failed")

# The stages that change how a text is spelled, not what it says: facts go through them too.
_SPELLING = ("repair", "script")

# Lines among which the title stands, if it stands in the text.
_HEAD_LINES = 5


class Decode(beam.PTransform):
    """`RawRecord`s to `Document`s: outputs `documents`, `failed`."""

    def __init__(self, settings: CharsetSettings = CharsetSettings()) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, records: beam.PCollection[RawRecord]) -> dict[str, beam.PCollection[Any]]:
        """The graph."""
        outputs = records | "Decode" >> beam.ParDo(_Decode(self._settings)).with_outputs(
            "failed", main="documents"
        )
        return {"documents": outputs.documents, "failed": outputs.failed}


@beam.typehints.with_input_types(RawRecord)
@beam.typehints.with_output_types(Document, failed=DeadLetter)
class _Decode(beam.DoFn):
    def __init__(self, settings: CharsetSettings) -> None:
        self._settings = settings

    def process(self, raw: RawRecord) -> Iterator[Any]:
        try:
            yield decode_record(raw, self._settings)
        except DecodeError as error:
            yield beam.pvalue.TaggedOutput("failed", dead_letter(raw, "decode", str(error)))


def decode_record(raw: RawRecord, settings: CharsetSettings) -> Document:
    """The document of a raw record.

    Raises:
      DecodeError: its bytes are not text.
    """
    if raw.decoded:
        decoded = Decoded(raw.data.decode("utf-8"), "utf-8", {"why": "format"})
        if not decoded.text.strip():
            raise DecodeError("empty: no text in it")
    else:
        decoded = decode(raw.data, settings=settings)
    return Document(
        key=raw.key,
        id=raw.id,
        text=decoded.text,
        file_path=raw.file_path,
        line=raw.line,
        original_length=len(decoded.text),
        original_nlines=decoded.text.count("\n") + 1,
        data=raw.data,
        facts=raw.facts.filled(Facts(encoding=decoded.encoding)),
        source=raw.source,
        added=raw.added,
        created=raw.created,
        extra=raw.extra,
    )


def dead_letter(failed: RawRecord | Document, stage: str, error: str) -> DeadLetter:
    """The dead letter of a record that failed in `stage`; the message names the record."""
    return DeadLetter(
        key=failed.key,
        id=failed.id,
        file_path=failed.file_path,
        stage=stage,
        error=f"{failed.key}: {error}",
        data=failed.data[: DeadLetter.MAX_BYTES],
        size=len(failed.data),
    )


class RunStage(beam.PTransform):
    """`Document`s through one cleaner: outputs `documents`, `ledger`, `removed`, `failed`."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage

    def expand(self, documents: beam.PCollection[Document]) -> beam.pvalue.DoOutputsTuple:
        """The graph."""
        return documents | "Run" >> beam.ParDo(_RunStage(self._stage)).with_outputs(
            *_TAGS, main="documents"
        )


@beam.typehints.with_input_types(Document)
@beam.typehints.with_output_types(
    Document, ledger=LedgerEntry, removed=RemovedDocument, failed=DeadLetter
)
class _RunStage(beam.DoFn):
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._documents = Metrics.counter(stage.name, "documents")
        self._changed = Metrics.counter(stage.name, "documents_changed")
        self._edits = Metrics.counter(stage.name, "edits")

    def setup(self) -> None:
        self._stage.load()

    def process(self, document: Document) -> Iterator[Any]:
        name = self._stage.name
        self._documents.inc()
        try:
            cleaned = self._stage(document.text)
        except Exception as error:  # noqa: BLE001 - one bad document must not end the run
            message = f"{type(error).__name__}: {error}"
            yield beam.pvalue.TaggedOutput("failed", dead_letter(document, name, message))
            return
        self._edits.inc(len(cleaned.edits))
        self._changed.inc(int(cleaned.text != document.text))
        for entry in LedgerEntry.entries(document, name, cleaned.edits):
            yield beam.pvalue.TaggedOutput("ledger", entry)
        document = replace(document, text=cleaned.text, facts=document.facts.filled(cleaned.facts))
        if cleaned.removed:
            removed = RemovedDocument(replace(document, data=b""), name, cleaned.removed)
            yield beam.pvalue.TaggedOutput("removed", removed)
        else:
            yield document


class CleanDocuments(beam.PTransform):
    """`RawRecord`s through the text stages: outputs `documents`, `ledger`, `removed`, `failed`.

    Args:
      settings: of every stage.
      stages: the names of the stages to run, of `STAGES`; decoding always does.
    """

    def __init__(
        self, settings: TextSettings = TextSettings(), stages: Collection[str] = STAGES
    ) -> None:
        super().__init__()
        self._settings = settings
        self._stages = text_stages(settings, stages)

    def expand(self, records: beam.PCollection[RawRecord]) -> dict[str, beam.PCollection[Any]]:
        """The graph."""
        decoded = records | "decode" >> Decode(self._settings.charset)
        documents, failed = decoded["documents"], [decoded["failed"]]
        ledger, removed = [], []
        spelling = tuple(stage for stage in self._stages if stage.name in _SPELLING)
        for stage in self._stages:
            outputs = documents | stage.name >> RunStage(stage)
            documents = outputs.documents
            ledger.append(outputs.ledger)
            removed.append(outputs.removed)
            failed.append(outputs.failed)
        return {
            "documents": documents | "finish" >> beam.ParDo(_Finish(spelling)),
            "ledger": ledger | "FlattenLedger" >> beam.Flatten(pipeline=records.pipeline),
            "removed": removed | "FlattenRemoved" >> beam.Flatten(pipeline=records.pipeline),
            "failed": failed | "FlattenFailed" >> beam.Flatten(),
        }


@beam.typehints.with_input_types(Document)
@beam.typehints.with_output_types(Document)
class _Finish(beam.DoFn):
    """Brings title, author and source to the spelling of the text; drops the raw bytes."""

    def __init__(self, spelling: tuple[Stage, ...]) -> None:
        self._spelling = spelling

    def setup(self) -> None:
        for stage in self._spelling:
            stage.load()

    def process(self, document: Document) -> Iterator[Document]:
        facts = document.facts
        facts = replace(
            facts,
            title=_as_in(document.text, facts.title) or self._spelled(facts.title),
            author=self._spelled(facts.author),
            source=self._spelled(facts.source),
        )
        yield replace(document, facts=facts, data=b"")

    def _spelled(self, value: str | None) -> str | None:
        if value:
            for stage in self._spelling:
                value = stage.clean(value, stage.settings).text
        return value


def _as_in(text: str, title: str | None) -> str | None:
    """`title` as the text itself has it, where the whole text bore witness to its spelling."""
    if title is None:
        return None
    key = fold(title)
    return next((line for line in text.split("\n")[:_HEAD_LINES] if fold(line) == key), None)

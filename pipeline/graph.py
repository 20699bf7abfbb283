"""The whole flow: read, clean, deduplicate, write, and count what came of it."""

from __future__ import annotations

import apache_beam as beam

from pipeline.options import RunConfig
from pipeline.report.metrics import WriteMetrics
from transforms import tally
from transforms.clean import CleanDocuments
from transforms.duplicates import RemoveDuplicates
from transforms.read import ReadRecords
from transforms.write import (
    WriteRecords,
    clean_row,
    document_key,
    failed_key,
    failed_row,
    ledger_key,
    ledger_row,
    removed_key,
    removed_row,
)


def build(pipeline: beam.Pipeline, config: RunConfig) -> None:
    """Add to `pipeline` everything from the input patterns to the metrics of the run."""
    read = pipeline | "read" >> ReadRecords(config.inputs, config.read)
    cleaned = read["records"] | "clean" >> CleanDocuments(config.text, config.stages)
    documents = cleaned["documents"]
    ledger, removed = [cleaned["ledger"]], [cleaned["removed"]]
    if "duplicates" in config.stages:
        deduplicated = documents | "duplicates" >> RemoveDuplicates(config.duplicates)
        documents = deduplicated["documents"]
        ledger.append(deduplicated["ledger"])
        removed.append(deduplicated["removed"])
    edits = ledger | "AllEdits" >> beam.Flatten()
    left_out = removed | "AllRemoved" >> beam.Flatten()
    failed = (read["failed"], cleaned["failed"]) | "AllFailed" >> beam.Flatten()

    write = config.write
    files = (
        documents | "write clean" >> WriteRecords("clean", write, document_key, clean_row),
        left_out | "write removed" >> WriteRecords("removed", write, removed_key, removed_row),
        edits | "write ledger" >> WriteRecords("ledger", write, ledger_key, ledger_row),
        failed | "write failed" >> WriteRecords("failed", write, failed_key, failed_row),
    )
    counts = (
        read["records"] | "count read" >> tally.CountRecords(tally.read),
        read["failed"] | "count unreadable" >> tally.CountRecords(tally.unreadable),
        documents | "count clean" >> tally.CountRecords(tally.clean),
        left_out | "count removed" >> tally.CountRecords(tally.removed),
        edits | "count edits" >> tally.CountRecords(tally.edit),
        failed | "count failed" >> tally.CountRecords(tally.failed),
    )
    _ = (files, counts) | "metrics" >> WriteMetrics(write.output)

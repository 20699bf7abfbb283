"""Metrics: the counts of a run, written by the run itself to `report/metrics.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import orjson
from apache_beam.io.filesystems import FileSystems

from transforms.tally import Tally
from transforms.write import WrittenFile, write_whole

PATH = "report/metrics.json"

#: The kinds of record, whose counts must add up: read = clean + removed + failed.
KINDS = ("clean", "removed", "failed")


class WriteMetrics(beam.PTransform):
    """`(files, counts)` of a run to `report/metrics.json`, once all of them are there."""

    def __init__(self, output: str) -> None:
        super().__init__()
        self._output = output

    def expand(
        self,
        inputs: tuple[Sequence[beam.PCollection[WrittenFile]], Sequence[beam.PCollection[Tally]]],
    ) -> beam.PCollection[None]:
        """The graph."""
        files, counts = inputs
        keyed_files = (
            files
            | "AllFiles" >> beam.Flatten()
            | "KeyFiles" >> beam.Map(_keyed).with_output_types(tuple[None, WrittenFile])
        )
        keyed_counts = (
            counts
            | "AllCounts" >> beam.Flatten()
            | "AddUp" >> beam.CombinePerKey(sum)
            | "KeyCounts" >> beam.Map(_keyed).with_output_types(tuple[None, Tally])
        )
        return (
            {"files": keyed_files, "counts": keyed_counts}
            | "Together" >> beam.CoGroupByKey()
            | "Write" >> beam.ParDo(_WriteMetrics(self._output))
        )

    def _extract_input_pvalues(self, inputs: Any) -> Any:
        return inputs, [part for parts in inputs for part in parts]


def _keyed(element: Any) -> tuple[None, Any]:
    return None, element


class _WriteMetrics(beam.DoFn):
    def __init__(self, output: str) -> None:
        self._output = output

    def process(self, group: tuple[None, dict[str, Iterable[Any]]]) -> Iterator[None]:
        # Bounded by the shards and by the rules, languages, ...; not by the documents.
        _, parts = group
        content = orjson.dumps(
            as_metrics(parts["counts"], parts["files"]), option=orjson.OPT_INDENT_2
        )
        write_whole(FileSystems.join(self._output, *PATH.split("/")), content)
        yield None


def as_metrics(counts: Iterable[Tally], files: Iterable[WrittenFile]) -> dict[str, Any]:
    """The counts by what they count, in order of their names, and the files in order of paths."""
    metrics: dict[str, Any] = {"records": dict.fromkeys(("read", *KINDS), 0), "edits": {}}
    for (what, value, measure), number in sorted(counts):
        group = metrics.setdefault(what, {})
        if what == "edits":
            group.setdefault(value, {})[measure] = number
        else:
            group[value] = number
    metrics["files"] = [
        {"path": f.path, "records": f.records, "size": f.size, "sha256": f.sha256}
        for f in sorted(files, key=_path)
    ]
    return metrics


def _path(file: WrittenFile) -> str:
    return file.path


def imbalance(metrics: dict[str, Any]) -> str:
    """What does not add up; empty where every record read is in exactly one of the folders."""
    records = metrics["records"]
    counted = {kind: records[kind] for kind in KINDS}
    written = dict.fromkeys(KINDS, 0)
    for file in metrics["files"]:
        kind = file["path"].partition("/")[0]
        if kind in written:
            written[kind] += file["records"]
    if sum(counted.values()) != records["read"]:
        return f"{records['read']} records were read, but {counted} came of them"
    if written != counted:
        return f"{counted} records were to be written, but {written} were"
    return ""

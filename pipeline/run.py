"""Run: prepare the output folder, execute the graph, check the books, write report and manifest."""

from __future__ import annotations

import logging
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import apache_beam as beam
import orjson
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import graph
from pipeline.arguments import UsageError
from pipeline.options import RunConfig
from pipeline.report import metrics as run_metrics
from pipeline.report import page
from transforms.write import write_whole

_LOGGER = logging.getLogger(__name__)

MANIFEST = "manifest.json"

#: Tells a folder that a run has begun to write from any other folder.
_MARK = ".taoxi"
_FOLDERS = ("clean", "removed", "ledger", "failed", "report")
_PACKAGES = ("taoxi", "apache-beam", "beautifulsoup4", "datasketch", "ftfy", "langdetect", "opencc")


class RunError(RuntimeError):
    """A run that failed or whose books do not balance: exit status 1."""


def run(config: RunConfig, options: PipelineOptions) -> dict[str, Any]:
    """Execute a run to its end.

    Returns:
      Its metrics, as in `report/metrics.json`.

    Raises:
      UsageError: the output folder must not be written to.
      RunError: the runner failed, or records are unaccounted for. There is no
        manifest then.
    """
    started = time.time()
    prepare(config.write.output, config.overwrite)
    try:
        pipeline = beam.Pipeline(options=options)
        graph.build(pipeline, config)
        state = pipeline.run().wait_until_finish()
    except Exception as error:
        raise RunError(f"the run failed: {error}") from error
    if state is not None and state != beam.runners.runner.PipelineState.DONE:
        raise RunError(f"the run ended in state {state}")
    metrics: dict[str, Any] = read_json(config.write.output, run_metrics.PATH)
    unaccounted = run_metrics.imbalance(metrics)
    if unaccounted:
        raise RunError(f"records are unaccounted for: {unaccounted}")
    page.write(config.write.output, metrics)
    write_whole(
        FileSystems.join(config.write.output, MANIFEST),
        orjson.dumps(_manifest(config, metrics, started), option=orjson.OPT_INDENT_2),
    )
    return metrics


def prepare(output: str, overwrite: bool) -> None:
    """Make sure that `output` holds nothing of another run.

    The leftovers of an interrupted run are cleared away, those of a finished
    run only with `overwrite`, and what no run has written is never touched.

    Raises:
      UsageError: the folder holds a finished run, or files of another origin
        where the run wants to write, or cannot be written.
    """
    try:
        ours = FileSystems.exists(FileSystems.join(output, _MARK))
        for name in (MANIFEST, *_FOLDERS):
            path = FileSystems.join(output, name)
            if not FileSystems.exists(path):
                continue
            if not ours:
                raise UsageError(f"--output {output}: holds a {name} that is no run's")
            if name == MANIFEST and not overwrite:
                raise UsageError(
                    f"--output {output}: holds a finished run; --overwrite replaces it"
                )
            FileSystems.delete([path])
        write_whole(FileSystems.join(output, _MARK), b"")
    except (OSError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"--output {output}: {error}") from error


def read_json(output: str, name: str) -> Any:
    """A JSON file of a run."""
    with FileSystems.open(FileSystems.join(output, *name.split("/"))) as stream:
        return orjson.loads(stream.read())


def _manifest(config: RunConfig, metrics: dict[str, Any], started: float) -> dict[str, Any]:
    return {
        "taoxi": version("taoxi"),
        "started": _timestamp(started),
        "finished": _timestamp(time.time()),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "settings": asdict(config),
        "records": metrics["records"],
        "files": metrics["files"],
    }


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")

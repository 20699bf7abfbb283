"""Page: `report/index.html`, what a run did, to be read by a person.

One file that needs no network: counts of the whole run, and beside them a
sample of its documents and edits. Every text is escaped; the page's own style
and script are the only ones that its content security policy lets a browser
use, by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from string import Template
from typing import Any

from apache_beam.io.filesystems import FileSystems

from pipeline.report import sections
from pipeline.report.sample import Sample, SampleSettings, sample
from transforms.write import write_whole

PATH = "report/index.html"


def write(
    output: str, metrics: Mapping[str, Any], settings: SampleSettings = SampleSettings()
) -> None:
    """Write the report of a finished run.

    Args:
      output: the run's output folder, on any file system that Beam knows.
      metrics: the run's metrics, as in `report/metrics.json`.
      settings: how much of the run to show.
    """
    content = render(metrics, sample(output, metrics, settings))
    write_whole(FileSystems.join(output, *PATH.split("/")), content.encode())


def render(metrics: Mapping[str, Any], taken: Sample) -> str:
    """The report as HTML. The same arguments give the same page."""
    style, script = _resource("page.css"), _resource("page.js")
    return Template(_resource("page.html")).substitute(
        policy=(
            f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        style=style,
        script=script,
        summary=sections.summary(metrics),
        stages=sections.stages(metrics),
        rules=sections.rules(metrics, taken),
        composition=sections.composition(metrics),
        documents=sections.documents(metrics, taken),
        removed=sections.removed(metrics, taken),
        failed=sections.failed(metrics, taken),
    )


def _resource(name: str) -> str:
    return resources.files("pipeline.report").joinpath(name).read_text("utf-8")


def _digest(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest())
    return f"sha256-{digest.decode('ascii')}"

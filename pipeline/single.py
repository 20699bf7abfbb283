"""One text through the text stages, without Beam: `taoxi clean`."""

from __future__ import annotations

from collections.abc import Collection
from typing import IO

from transforms.text.chain import TextSettings, run_stages, with_repeats
from transforms.text.charset import decode


def clean_stream(
    source: IO[bytes], target: IO[bytes], settings: TextSettings, stages: Collection[str]
) -> None:
    """Clean what `source` holds into `target`, as UTF-8 with a line feed at the end.

    Raises:
      ValueError: the bytes are not text, or nothing is left of the text.
    """
    text = decode(source.read(), settings=settings.charset).text
    for stage, cleaned in run_stages(text, with_repeats(settings, stages)):
        if cleaned.removed:
            raise ValueError(f"{stage.name}: {cleaned.removed}")
        text = cleaned.text
    target.write(text.encode("utf-8") + b"\n")

"""Script conversion against aligned sentences and controls; language identification on sentences.

    python -m benchmarks.script --data FOLDER

FOLDER holds `script/gsd_dev.{hans,hant}.txt` (aligned sentences), `controls/*.txt` (Japanese
and Korean, which must not change), `text/zh_hant_wiki.txt` (which must not change for `hant`)
and `langid/sentences.{zh,ja}.txt`. OpenCC alone (`tw2s`, `s2tw`) stands beside.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from opencc import OpenCC

from transforms.text import identify, to_script
from transforms.text.script import ScriptSettings, Target

# The aligned sentences differ in the style of quotation marks, too, which is no script.
_QUOTES = str.maketrans("「」『』", "“”‘’")

Convert = Callable[[str], str]


def ours(target: Target) -> Convert:
    settings = ScriptSettings(target)
    return lambda text: to_script(text, settings).text


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line]


def equal(convert: Convert, before: Sequence[str], after: Sequence[str]) -> str:
    right = sum(
        convert(one).translate(_QUOTES) == other.translate(_QUOTES)
        for one, other in zip(before, after, strict=True)
    )
    return f"{right} of {len(before)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    hans = lines(data / "script" / "gsd_dev.hans.txt")
    hant = lines(data / "script" / "gsd_dev.hant.txt")
    controls = [(path.stem, lines(path)) for path in sorted((data / "controls").glob("*.txt"))] + [
        ("zh_hant_wiki", lines(data / "text" / "zh_hant_wiki.txt"))
    ]
    print(f"{'sentences as they should be':<42}{'ours':>14}{'OpenCC':>14}")
    for name, before, after, target, config in (
        ("Traditional to Simplified", hant, hans, "hans", "tw2s"),
        ("Simplified stays Simplified", hans, hans, "hans", "tw2s"),
        ("Simplified to Traditional", hans, hant, "hant", "s2tw"),
        ("Traditional stays Traditional", hant, hant, "hant", "s2tw"),
        *((f"{name}, to hans", kept, kept, "hans", "tw2s") for name, kept in controls[:2]),
        *((f"{name}, to hant", kept, kept, "hant", "s2tw") for name, kept in controls),
    ):
        peer = OpenCC(config).convert
        scores = equal(ours(target), before, after), equal(peer, before, after)
        print(f"{name:<42}{scores[0]:>14}{scores[1]:>14}")
    for language in ("zh", "ja"):
        sentences = lines(data / "langid" / f"sentences.{language}.txt")
        found = [identify(sentence).facts.language for sentence in sentences]
        print(f"language {language}: {found.count(language)} of {len(sentences)}")


if __name__ == "__main__":
    main()

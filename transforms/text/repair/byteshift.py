"""Lost bytes: finds them in a text and has the lattice read what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from transforms.text.edits import Edit
from transforms.text.repair import gbk
from transforms.text.repair.lattice import Decoder, Found, Lost
from transforms.text.repair.model import language_model
from transforms.text.repair.settings import Certainty, Costs
from transforms.text.repair.unrepaired import UNCERTAIN
from transforms.text.repair.witness import Witness, priors, script

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# A syllable with its tone: what an annotation holds.
TONED = r"[a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,4}"

# `?yàn)`: the lost byte took the opening bracket with it, or (U+FFFD) did not.
ANNOTATED = re.compile(rf"[?\ufffd]\(?({TONED})\)")
# A lone `?` with Chinese close by and no space behind it.
_CJK = r"[\u3000-\u303f\u3041-\u9fff\uff01-\uff5e“”‘’…—]"
_CODE = re.compile(r"`[^`\n]{1,80}`")
_LONE = re.compile(rf"[?\ufffd](?=[^\s]{{0,6}}?{_CJK})|(?<={_CJK})[?\ufffd](?=[^\s?])")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")

# Pages that were width-folded (all `，` written `,`) get their restored text so, too.
_NARROW = re.compile(r"[\u3400-\u9fff][,;:!?()]")
_WIDE = re.compile(r"[\uff01-\uff5e]")
_NARROWED = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}

# Stretches of one document that are decoded with the others as witnesses.
MAX_WITNESSES = 16

# Steps of search that a document may cost, some seconds; hostile text must end.
MAX_WORK = 1000

# Places of one document that are looked into; more question marks are a quiz, not damage.
MAX_PLACES = 200
# Characters behind a place that tell whether to look there first.
_GLANCE = 4


def repaired(text: str, costs: Costs, certainty: Certainty) -> tuple[Edit, ...]:
    """Edits that restore every stretch read out of step in `text`, as far as it is certain.

    Args:
      text: the document, paragraphs joined by newlines, plain annotations gone.
      costs: what each damage assumed must be worth.
      certainty: how certain a character must be to be written.

    Returns:
      For each stretch an edit with the rule `bytewise-annotation` or `byte-shift`, in which
      `?` stands for each character that is not certain, or a mark `unrepaired` where too
      many are not.
    """
    lines = _damaged_lines(text)
    if not lines:
        return ()
    sound = "\n".join(_sound(text))
    folded = bool(_NARROW.search(sound)) and not _WIDE.search(sound)
    decoder = _decoder(text, sound, costs, MAX_WORK)
    found = [
        (offset, line, stretch)
        for offset, line, damage in lines
        for stretch in _stretches(line, damage, decoder)
    ]
    if len(found) > 1:
        found = _again(text, sound, costs, certainty, found)
    edits = (_edit(stretch, line, offset, folded, certainty) for offset, line, stretch in found)
    return tuple(sorted((e for e in edits if e), key=lambda e: e.start))


def _damaged_lines(text: str) -> list[tuple[int, str, dict[int, Lost]]]:
    """Offset, text and possible damage of every line that has any."""
    if not (ANNOTATED.search(text) or _LONE.search(text)):
        return []
    found = []
    offset = 0
    for line in text.split("\n"):
        if damage := _damage(line):
            found.append((offset, line, damage))
        offset += len(line) + 1
    if sum(len(damage) for _, _, damage in found) > MAX_PLACES:
        return _least_likely(found)
    return found


def _least_likely(
    lines: list[tuple[int, str, dict[int, Lost]]],
) -> list[tuple[int, str, dict[int, Lost]]]:
    """The `MAX_PLACES` places behind which the text is least likely as it stands."""
    ranked: list[tuple[float, int, int]] = []
    model = language_model()
    for number, (_, line, damage) in enumerate(lines):
        scores = model.score(line)
        for place, lost in damage.items():
            likely = (
                float(scores[place + 1 : place + 1 + _GLANCE].mean())
                if place + 1 < len(line)
                else 0.0
            )
            ranked.append((-99.0 if lost.reading else likely, number, place))
    chosen: dict[int, dict[int, Lost]] = {}
    for _, number, place in sorted(ranked)[:MAX_PLACES]:
        chosen.setdefault(number, {})[place] = lines[number][2][place]
    return [(lines[n][0], lines[n][1], damage) for n, damage in sorted(chosen.items())]


def _again(
    text: str,
    sound: str,
    costs: Costs,
    certainty: Certainty,
    found: list[tuple[int, str, Found]],
) -> list[tuple[int, str, Found]]:
    """The stretches decoded once more, the surest first, each a witness for those after it."""
    second = []
    for offset, line, stretch in sorted(found, key=lambda f: -f[2].gain)[:MAX_WITNESSES]:
        decoder = _decoder(text, sound, costs, MAX_WORK // MAX_WITNESSES)
        better = decoder.decode(line, stretch.start, _damage(line))
        if better.lost and better.end == stretch.end:
            stretch = better
        second.append((offset, line, stretch))
        context = line[max(0, stretch.start - 2) : stretch.start]
        sound += "\n" + context + _certain(stretch, certainty, "\n")
    return second + sorted(found, key=lambda f: -f[2].gain)[MAX_WITNESSES:]


def _damage(line: str) -> dict[int, Lost]:
    """Every place in `line` where a byte may be lost."""
    # What stands between backticks is quoted to the letter: `?;` there is what was written.
    code = [m.span() for m in _CODE.finditer(line)] if "`" in line else []
    found = {
        m.start(): Lost(m.start(), m.end())
        for m in _LONE.finditer(line)
        if not any(start < m.start() < end for start, end in code)
    }
    found.update({m.start(): Lost(m.start(), m.end(), m[1]) for m in ANNOTATED.finditer(line)})
    return found


def _decoder(text: str, sound: str, costs: Costs, work: int) -> Decoder:
    import numpy as np

    model = language_model()
    witness = Witness(model, sound)
    prior = priors(script(sound), costs.other_script, costs.odd_form)

    def cost(chars: str) -> Floats:
        points = np.frombuffer(chars.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        costs: Floats = prior[np.minimum(points, 0xFFFF)]
        return costs

    return Decoder(
        witness.log_probability,
        model.ids,
        costs,
        cost,
        sound,
        bool(_PRIVATE.search(text)),
        work,
    )


def _sound(text: str) -> Iterator[str]:
    """The parts of the text that no lost byte can have touched: each line up to the first."""
    for line in text.split("\n"):
        yield line[: min(_damage(line), default=len(line))]


def _stretches(line: str, damage: dict[int, Lost], decoder: Decoder) -> Iterator[Found]:
    """The stretches of `line` that read better otherwise."""
    done = 0
    for place in sorted(damage):
        if place < done:
            continue
        found = decoder.decode(line, place, damage)
        if found.lost and found.gain > 0:
            yield found
            done = found.end


def _doubtful(found: Found, certainty: Certainty) -> list[bool]:
    """Of each character of the stretch, whether it is not certain enough to be written."""
    dropped = "dropped" in found.lost
    least = certainty.dropped if dropped else certainty.character
    doubtful = [sure < least for sure in found.certainty]
    if dropped:
        # Where the characters on both sides are wrong, one between them has the wrong bytes.
        between = zip(doubtful, doubtful[1:], doubtful[2:], strict=False)
        doubtful[1:-1] = [here or (left and right) for left, here, right in between]
    return doubtful


def _certain(found: Found, certainty: Certainty, blank: str) -> str:
    """What the stretch reads, with `blank` for every character that is not certain."""
    return "".join(
        blank + written[1:] if doubt else written
        for written, doubt in zip(found.text, _doubtful(found, certainty), strict=True)
    )


def _edit(found: Found, line: str, offset: int, folded: bool, certainty: Certainty) -> Edit | None:
    """The stretch as an edit, without what stays the same at its ends; None if all does."""
    before = line[found.start : found.end]
    start = offset + found.start
    readings = [name for name in found.lost if name not in ("lost", "dropped", "swallowed")]
    evidence: dict[str, str | int | float | bool] = {
        "gain": round(found.gain, 1),
        "lost": found.lost.count("lost") + len(readings),
    }
    if dropped := found.lost.count("dropped"):
        evidence["dropped"] = dropped
    if "swallowed" in found.lost:
        evidence["digits_lost"] = found.lost.count("swallowed")
    if readings:
        evidence["readings"] = " ".join(readings)
    if uncertain := sum(_doubtful(found, certainty)):
        evidence["uncertain"] = uncertain
        evidence["likeliest"] = "".join(found.text)
    if uncertain > certainty.share * len(found.text):
        return Edit("unrepaired", start, start + len(before), before, before, evidence)
    after = _certain(found, certainty, UNCERTAIN)
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    evidence["bytes"] = gbk.encode(after).hex(" ")
    if folded:
        after = after.translate(_NARROWED)
    if before == after:
        return None
    rule = "bytewise-annotation" if readings else "byte-shift"
    if uncertain:
        rule += "+unrepaired"
    return Edit(rule, start, start + len(before), before, after, evidence)

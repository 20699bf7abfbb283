"""Edits: replay, undo and composition hold for any text and any edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.edits import Edit, EditError, Editor, apply, compose, invert, revert


@st.composite
def edits_for(draw: st.DrawFn, text: str) -> tuple[Edit, ...]:
    """Ordered, non-overlapping edits of `text`: replacements, removals, insertions, marks."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if edits and start == end == edits[-1].start == edits[-1].end:
            continue  # two insertions at one point are one insertion
        edits.append(
            Edit(
                draw(st.sampled_from("pqr")),
                start,
                end,
                text[start:end],
                draw(st.text("xyz", max_size=4)),
            )
        )
    return tuple(edits)


@st.composite
def text_and_steps(draw: st.DrawFn) -> tuple[str, list[tuple[Edit, ...]]]:
    text = draw(st.text("abcdef", max_size=20))
    steps, now = [], text
    for _ in range(draw(st.integers(1, 4))):
        steps.append(draw(edits_for(now)))
        now = apply(now, steps[-1])
    return text, steps


@given(text_and_steps())
def test_composed_edits_do_what_the_steps_do(case: tuple[str, list[tuple[Edit, ...]]]) -> None:
    text, steps = case
    editor = Editor(text)
    for step in steps:
        editor.edit(step)
    assert apply(text, editor.edits) == editor.text
    assert revert(editor.text, editor.edits) == text


@given(text_and_steps())
def test_inverting_twice_gives_the_edits_back(case: tuple[str, list[tuple[Edit, ...]]]) -> None:
    _, steps = case
    assert invert(invert(steps[0])) == steps[0]


@given(text_and_steps())
def test_no_edit_is_lost_in_composition(case: tuple[str, list[tuple[Edit, ...]]]) -> None:
    _, steps = case
    composed: tuple[Edit, ...] = ()
    for step in steps:
        composed = compose(composed, step)
    rules = {rule for edit in composed for rule in edit.rule.split("+")}
    assert rules == {edit.rule for step in steps for edit in step}


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("r", 0, 2, "ab", ""), Edit("r", 1, 3, "bc", "")],
        [Edit("r", 0, 1, "b", "")],
        [Edit("r", 2, 9, "c", "")],
        [Edit("r", 2, 1, "", "x")],
    ],
    ids=["overlap", "other text", "outside", "backwards"],
)
def test_edits_that_do_not_fit_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(EditError):
        apply("abc", edits)


def test_touching_edits_merge_and_keep_their_evidence() -> None:
    first = (Edit("one", 0, 1, "a", "AB", {"k": 1}),)
    second = (Edit("two", 1, 3, "Bb", "", {"l": 2}),)
    assert compose(first, second) == (Edit("one+two", 0, 2, "ab", "A", {"k": 1, "l": 2}),)

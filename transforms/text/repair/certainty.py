"""How certain each character of a likeliest reading is.

The soft-output Viterbi algorithm (Hagenauer and Hoeher, 1989): wherever two ways through a
lattice meet and only the likelier goes on, the characters in which they differ are in doubt
by the distance between the two. The doubts of several rivals add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, inf, log
from typing import NamedTuple


class Node(NamedTuple):
    """A step on the way through a lattice.

    Attributes:
      parent: the step before.
      written: the character written, if any.
      damage: the name of the damage assumed, if any.
      rivals: the other ways to where the step began.
    """

    parent: Node | None
    written: str
    damage: str
    rivals: tuple[Rival, ...]


# How far a way is behind the likeliest to the same state, in nats, and its last step.
Rival = tuple[float, Node | None]


def path_to(node: Node | None) -> list[Node]:
    """The steps on the way to `node`."""
    path: list[Node] = []
    while node:
        path.append(node)
        node = node.parent
    return path[::-1]


def certainty_of(path: Sequence[Node], rivals: Sequence[Rival]) -> list[float]:
    """How much likelier what each step of `path` wrote is than anything else there, in nats.

    Args:
      path: the likeliest way through the lattice.
      rivals: the other ways to its end.

    Returns:
      For each step the natural log of the odds against all rivals together; infinite where
      every one of them wrote the same.
    """
    place = {id(node): i for i, node in enumerate(path, 1)}
    doubt = [0.0] * len(path)
    for end, beaten in enumerate([*(node.rivals for node in path), rivals]):
        for gap, rival in beaten:
            for index in _differing(path[:end], rival, place):
                doubt[index] += exp(-gap)
    return [-log(d) if d else inf for d in doubt]


def _differing(path: Sequence[Node], rival: Node | None, place: dict[int, int]) -> Iterable[int]:
    """The steps of `path` at which `rival` wrote something else."""
    other: list[Node] = []
    while rival and id(rival) not in place:
        other.append(rival)
        rival = rival.parent
    start = place[id(rival)] if rival else 0
    if not start and not any(node.damage for node in other):
        return ()  # the text as it stands: the gain decides about that
    ours = [i for i in range(start, len(path)) if path[i].written]
    theirs = [node.written for node in reversed(other) if node.written]
    if len(ours) == len(theirs):
        return [i for i, char in zip(ours, theirs, strict=True) if path[i].written != char]
    while ours and theirs and path[ours[0]].written == theirs[0]:
        del ours[0], theirs[0]
    while ours and theirs and path[ours[-1]].written == theirs[-1]:
        del ours[-1], theirs[-1]
    return ours

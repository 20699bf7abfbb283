"""What a rule thinks of one line."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.text.edits import Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's finding.

    Attributes:
      rule: what the line is: `spam`, `navigation`, `share`, `copyright`, ….
      points: how sure the rule is; what is enough depends on the place of the line.
      evidence: the features and the entries of the lexicon that decided.
    """

    rule: str
    points: float
    evidence: Evidence = field(default_factory=dict)

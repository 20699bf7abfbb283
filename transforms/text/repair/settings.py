"""What the repair stage assumes: every threshold that a user may want to move, and its reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AnnotationSettings:
    """When bracketed readings are residue.

    Attributes:
      listed: share of the annotated characters' occurrences that carry a
        bracket, from which it is a list at work: a filter reaches every
        occurrence (1.0 on real pages; some are misread), an author one.
      few: as many brackets or fewer prove no list by themselves.
      least_density: brackets for each Han character on a page of a filter
        (real pages: 1/7 to 1/10; lists differ).
      most_density: from here on nearly every character is annotated: a text
        for learners.
      common: a character among so many of the most frequent ones needs no
        reading from any author.
      ambiguous: share of the words with a character in which it is read
        otherwise, from which an author may well annotate it.
    """

    listed: float = 0.8
    few: int = 3
    least_density: float = 0.01
    most_density: float = 0.6
    common: int = 2000
    ambiguous: float = 0.04


@dataclass(frozen=True)
class Costs:
    """What an assumed damage costs, in nats.

    The measure: a damage must explain the text better than the text stands by
    more than its cost. Chosen on simulated damage against clean text; they
    hang together (a lower `lost` wants a higher `end`).

    Attributes:
      lost: a `?` that is no question mark but a lost byte. One page in some
        hundred thousand has such damage, and it must be that much likelier.
      annotated: a lost byte that an annotation follows (`?yàn)`): no text has that by itself.
      left: half an annotation that is taken for text; so is one in the text as it stands.
      folded: an ASCII character that was full-width before.
      end: a byte lost silently where the text falls back into step.
      dropped: two bytes that no character stood for. They are always left out, so that is no
        surprise; the bonus is for the character more that the model has to pay for.
      other_script: a character of the script that the document is not in.
      odd_form: a character that is only another form of one (`﹐`, `㈠`), in a place where
        bytes were lost; the model does not tell it from the usual form.
    """

    lost: float = 12.0
    annotated: float = 1.0
    left: float = 12.0
    folded: float = 0.5
    end: float = 4.0
    dropped: float = -1.0
    other_script: float = 2.5
    odd_form: float = 6.0


@dataclass(frozen=True)
class Certainty:
    """What is written of a stretch that was read out of step.

    Attributes:
      character: nats by which a character must be likelier than all others that might stand
        in its place; below, `?` is written. ln 10: it is ten times likelier. On simulated
        damage nine in ten of such characters are right from here on, half of them below.
      dropped: the same in a stretch in which pairs were left out. How many were is a guess as
        well, and the reading that is true may be none of those compared: nine in ten are
        right from here on, seven in ten between `character` and here.
      share: share of a stretch's characters that may be uncertain. Where more are, the reading
        as a whole is in doubt (of its certain characters, one in twelve is wrong; elsewhere
        one in fifty), so the stretch is left as it stands, and marked.
    """

    character: float = 2.3
    dropped: float = 3.5
    share: float = 0.34


@dataclass(frozen=True)
class RepairSettings:
    """What the repair stage assumes.

    Attributes:
      annotations: when bracketed readings are residue.
      costs: what each damage must be worth before it is believed.
      certainty: how certain a character must be before it is written.
    """

    annotations: AnnotationSettings = field(default_factory=AnnotationSettings)
    costs: Costs = field(default_factory=Costs)
    certainty: Certainty = field(default_factory=Certainty)

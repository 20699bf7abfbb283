"""Duplicates across documents: one copy stays, chosen by a stated order, whatever comes first."""

from __future__ import annotations

import json
import pickle
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.duplicates import DuplicateSettings, RemoveDuplicates
from transforms.duplicates.records import Pair, Paragraph
from transforms.duplicates.verify import edges
from transforms.records import Document, LedgerEntry, RemovedDocument
from transforms.text.cleaned import Facts
from transforms.text.edits import apply, revert
from transforms.text.repeats import RepeatSettings
from transforms.text.similar import Passage, SimilarSettings, compare

PARAGRAPHS: dict[str, str] = json.loads(
    (Path(__file__).parent / "cases" / "duplicates" / "repeats.json").read_text("utf-8")
)["paragraphs"]
A, B, C, D, E = (PARAGRAPHS[name] for name in "ABCDE")
SIMILAR = SimilarSettings()
UNGUARDED = DuplicateSettings(repeats=RepeatSettings(similar=SimilarSettings(guard=False)))


@dataclass
class Outcome:
    documents: dict[str, Document] = field(default_factory=dict)
    removed: dict[str, RemovedDocument] = field(default_factory=dict)
    ledger: dict[str, list[LedgerEntry]] = field(default_factory=lambda: defaultdict(list))
    metrics: dict[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """All of it in an order of its own."""
        return {
            "documents": sorted(self.documents.items()),
            "removed": sorted(self.removed.items()),
            "ledger": sorted(self.ledger.items()),
        }


class Collect(beam.DoFn):
    """Keeps what passes in the test's own process, in which the runner works too."""

    seen: ClassVar[dict[str, list[Any]]] = defaultdict(list)

    def __init__(self, name: str) -> None:
        self._name = name

    def process(self, element: Any) -> None:
        Collect.seen[self._name].append(element)


def document(key: str, *paragraphs: str, date: str | None = None) -> Document:
    text = "\n".join(paragraphs)
    return Document(
        key=f"in/{key}",
        id=key,
        text=text,
        file_path=f"in/{key}",
        line=None,
        original_length=len(text),
        original_nlines=len(paragraphs),
        facts=Facts(date=date),
    )


def run(
    documents: Sequence[Document],
    settings: DuplicateSettings = DuplicateSettings(),
    flags: Sequence[str] = (),
) -> Outcome:
    Collect.seen.clear()
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(list(flags)))
    outputs = pipeline | beam.Create(list(documents)) | RemoveDuplicates(settings)
    for name, output in outputs.items():
        _ = output | f"Collect{name}" >> beam.ParDo(Collect(name))
    result = pipeline.run()
    result.wait_until_finish()
    outcome = Outcome()
    outcome.documents = {d.id: d for d in Collect.seen["documents"]}
    outcome.removed = {r.document.id: r for r in Collect.seen["removed"]}
    for entry in sorted(Collect.seen["ledger"], key=lambda entry: (entry.id, entry.number)):
        outcome.ledger[entry.id].append(entry)
    for counter in result.metrics().query()["counters"]:
        outcome.metrics[counter.key.metric.name] = counter.committed
    check(documents, outcome)
    return outcome


def check(documents: Sequence[Document], outcome: Outcome) -> None:
    """What holds for every run: conservation, replay, and that what was kept is there."""
    assert sorted([*outcome.documents, *outcome.removed]) == sorted(d.id for d in documents)
    by_id = {d.id: d for d in documents}
    for id_, cleaned in outcome.documents.items():
        edits = [entry.edit for entry in outcome.ledger.get(id_, [])]
        assert apply(by_id[id_].text, edits) == cleaned.text
        assert revert(cleaned.text, edits) == by_id[id_].text
        assert cleaned == replace(by_id[id_], text=cleaned.text)
    for removed in outcome.removed.values():
        assert removed.document == by_id[removed.document.id]
        assert removed.stage == "duplicates"
    for entries in outcome.ledger.values():
        for number, entry in enumerate(entries):
            assert (entry.number, entry.stage) == (number, "duplicates")
            evidence = entry.edit.evidence
            kept = by_id[str(evidence["kept_id"])]
            assert evidence["kept_key"] == kept.key
            line = kept.text.split("\n")[int(evidence["kept_paragraph"]) - 1]
            assert line in outcome.documents[kept.id].text.split("\n")


def texts(outcome: Outcome) -> dict[str, list[str]]:
    return {id_: d.text.split("\n") for id_, d in sorted(outcome.documents.items())}


def random_text(length: int, seed: int) -> str:
    """A paragraph that is like no other."""
    letters = random.Random(seed)
    return "".join(chr(letters.randrange(0x5000, 0x9000)) for _ in range(length)) + "。"


T = [random_text(60 + k, k) for k in range(60)]
LONG = random_text(300, 99)
FIRST, SECOND, THIRD = (LONG[start : start + 200] + "。" for start in (0, 20, 40))
FULLER = PARAGRAPHS["A-edited"]
EIGHT = B.replace("六成", "七成")

# Every scenario in documents of its own, all in one run.
SCENARIOS = {
    "dates": [
        document("dates-a", "晚的一篇", T[0], T[1], date="2025-03-02"),
        document("dates-b", "早的一篇", T[2], T[0], date="2025-03-01T08:00"),
        document("dates-c", "没有日期", T[0], T[3]),
    ],
    "spelling": [
        document("spelling-a", FULLER, T[4]),
        document("spelling-b", PARAGRAPHS["A-hant"], T[5]),
        document("spelling-c", PARAGRAPHS["A-narrow"], T[6], date="2020"),
        document("spelling-d", PARAGRAPHS["A-readings"], T[7]),
    ],
    "contained": [
        document("contained-a", T[8], T[9], date="2020"),
        document("contained-b", LONG[:150] + T[8] + LONG[200:], T[10]),
    ],
    "block": [
        document("block-a", "题目", T[36], "小标题", T[37], "make all", T[38], "图一。", T[39]),
        document("block-b", "转载", T[36], "小标题", T[37], "make all", T[38], "图一。", T[40]),
        document("block-c", "小标题", T[37], "make all", T[41], "图一。"),
        document("block-d", T[36], "另一个小标题", T[37], T[42]),
    ],
    "block of a document that gives way": [
        document("way-a", T[43], "小标题", T[44], T[45], date="2020"),
        document("way-b", "别的", T[43], "小标题", T[46][:40], T[47], date="2021"),
        document("way-c", T[47], "小标题", T[46], date="2022"),
    ],
    "repeats of what goes": [
        document("repeats-a", T[32], T[33], T[32], T[34], T[32][:30] + T[32][32:]),
        document("repeats-b", T[32], T[35], date="2020"),
        document("repeats-c", T[50], T[50][:30] + T[50][32:]),
        document("repeats-d", T[50] + "又记。", T[51]),
    ],
    "guard": [document("guard-a", B, T[11]), document("guard-b", EIGHT, T[12])],
    "short": [document(f"short-{k}", "概述", T[13 + k], "“是的。”") for k in range(3)],
    "one ledger": [
        document("ledger-a", T[16], T[17]),
        document("ledger-b", T[18], T[16], T[19], T[18], "尾声", T[17]),
    ],
    "nothing left": [
        document("left-a", "题目", T[20], T[21], T[22], T[23]),
        document("left-b", "另一个题目", T[20], T[21], T[23]),
        document("left-c", T[21]),
        document("left-d", T[20], T[21], T[22], "编者按：" + T[24]),
        document("left-e", ""),
        document("left-f", "只有一行短的"),
    ],
    "chain": [
        document("chain-c", THIRD, T[25], date="2003"),
        document("chain-a", FIRST, T[26], date="2001"),
        document("chain-b", SECOND, T[27], date="2002"),
    ],
    "copies of what goes": [
        document("copies-a", T[28], T[29]),
        document("copies-b", T[28], T[30]),
        document("copies-c", T[28][:30] + "又" + T[28][30:], T[31]),
    ],
}


@pytest.fixture(scope="module")
def library() -> Outcome:
    return run([document for documents in SCENARIOS.values() for document in documents])


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (
            "dates",
            {
                "dates-a": ["晚的一篇", T[1]],
                "dates-b": ["早的一篇", T[2], T[0]],
                "dates-c": ["没有日期", T[3]],
            },
        ),
        (
            "spelling",
            {
                "spelling-a": [FULLER, T[4]],
                "spelling-b": [T[5]],
                "spelling-c": [T[6]],
                "spelling-d": [T[7]],
            },
        ),
        (
            "contained",
            {"contained-a": [T[9]], "contained-b": [LONG[:150] + T[8] + LONG[200:], T[10]]},
        ),
        (
            "block",
            {
                "block-a": ["题目", T[36], "小标题", T[37], "make all", T[38], "图一。", T[39]],
                # A line that is no prose goes only inside of the block.
                "block-b": ["转载", T[40]],
                "block-c": ["make all", T[41], "图一。"],
                "block-d": ["另一个小标题", T[42]],
            },
        ),
        (
            "block of a document that gives way",
            {
                "way-a": [T[43], "小标题", T[44], T[45]],
                "way-b": ["别的", T[46][:40], T[47]],
                "way-c": ["小标题", T[46]],
            },
        ),
        (
            "repeats of what goes",
            # In `c` the near repeat has not been compared with what stays in `d`.
            {
                "repeats-a": [T[33], T[34]],
                "repeats-b": [T[32], T[35]],
                "repeats-c": [T[50][:30] + T[50][32:]],
                "repeats-d": [T[50] + "又记。", T[51]],
            },
        ),
        ("guard", {"guard-a": [B, T[11]], "guard-b": [EIGHT, T[12]]}),
        ("short", {f"short-{k}": ["概述", T[13 + k], "“是的。”"] for k in range(3)}),
        ("one ledger", {"ledger-a": [T[16], T[17]], "ledger-b": [T[18], T[19], "尾声"]}),
        (
            "nothing left",
            {
                "left-a": ["题目", T[20], T[21], T[22], T[23]],
                "left-d": ["编者按：" + T[24]],
                "left-e": [""],
                "left-f": ["只有一行短的"],
            },
        ),
        # SECOND is like both others, which are not like each other.
        ("chain", {"chain-a": [FIRST, T[26]], "chain-b": [T[27]], "chain-c": [THIRD, T[25]]}),
        (
            "copies of what goes",
            {
                "copies-a": [T[29]],
                "copies-b": [T[30]],
                "copies-c": [T[28][:30] + "又" + T[28][30:], T[31]],
            },
        ),
    ],
)
def test_what_stays(library: Outcome, scenario: str, expected: dict[str, list[str]]) -> None:
    found = {
        document.id: library.documents[document.id].text.split("\n")
        for document in SCENARIOS[scenario]
        if document.id in library.documents
    }
    assert found == expected


def evidence(outcome: Outcome, id_: str) -> list[dict[str, Any]]:
    return [
        {"rule": entry.edit.rule, **entry.edit.evidence} for entry in outcome.ledger.get(id_, [])
    ]


def test_the_ledger_names_what_stays(library: Outcome) -> None:
    (exact,) = evidence(library, "dates-a")
    assert exact == {
        "rule": "exact",
        "kept_id": "dates-b",
        "kept_key": "in/dates-b",
        "kept_paragraph": 3,
        "kind": "exact",
        "jaccard": 1.0,
        "containment": 1.0,
    }
    for copy in "bcd":
        (near,) = evidence(library, f"spelling-{copy}")
        assert (near["rule"], near["kept_id"]) == ("near", "spelling-a")
        assert 0.7 <= near["jaccard"] < 1
    (contained,) = evidence(library, "contained-a")
    assert (contained["rule"], contained["kept_paragraph"]) == ("contained", 1)
    assert contained["jaccard"] < 0.7
    assert contained["containment"] >= 0.9
    assert [(row["rule"], row["kept_paragraph"]) for row in evidence(library, "block-b")] == [
        ("exact", 2),
        ("block", 3),
        ("exact", 4),
        ("block", 5),
        ("exact", 6),
        ("block", 7),
    ]
    assert [(row["rule"], row["kept_id"]) for row in evidence(library, "ledger-b")] == [
        ("exact", "ledger-a"),
        ("repeat-exact", "ledger-b"),
        ("exact", "ledger-a"),
    ]
    # A copy of what gives way gives way to the same.
    assert [row["kept_id"] for id_ in "ab" for row in evidence(library, f"copies-{id_}")] == [
        "copies-c",
        "copies-c",
    ]


def test_a_document_of_which_nothing_is_left_is_removed(library: Outcome) -> None:
    reasons = {id_: removed.reason for id_, removed in library.removed.items()}
    assert reasons == {
        "left-b": "exact duplicate: of left-a",
        "left-c": "exact duplicate: of left-a",
    }
    assert library.metrics["documents_removed"] == 2


def test_similarity_in_the_chain_is_as_told() -> None:
    first, second, third = (Passage(text, SIMILAR.n) for text in (FIRST, SECOND, THIRD))
    assert compare(second, first, SIMILAR)
    assert compare(third, second, SIMILAR)
    assert compare(third, first, SIMILAR) is None


@pytest.mark.parametrize(("keep", "stays"), [("earliest", "c"), ("first", "a")])
def test_the_order_is_chosen(keep: Any, stays: str) -> None:
    documents = [
        document("a", A, C, date="2025"),
        document("b", FULLER, D, date="2025"),
        document("c", A, E, date="2024"),
        # A contained paragraph goes under any order.
        document("d", LONG[:100] + "。", T[0], date="2020"),
        document("e", LONG, T[1], date="2021"),
    ]
    outcome = run(documents, DuplicateSettings(keep=keep))
    assert [id_ for id_ in "abc" if len(texts(outcome)[id_]) == 2] == [stays]
    assert texts(outcome)["d"] == [T[0]]
    assert texts(outcome)["e"] == [LONG, T[1]]


def test_the_guard_can_be_put_off() -> None:
    low, high = (Paragraph(key, 0, key, "", len(B)) for key in "ab")
    pair = Pair(low, high, exact=False)
    assert list(edges(pair, B, EIGHT, DuplicateSettings())) == []
    assert [edge.kind for edge in edges(pair, B, EIGHT, UNGUARDED)] == ["near"]


def test_the_scope_may_be_the_document() -> None:
    documents = [document("a", A, B), document("b", A, D, A)]
    outcome = run(documents, DuplicateSettings(scope="document"))
    assert texts(outcome) == {"a": [A, B], "b": [A, D]}


def test_a_template_on_many_pages_stays_linear() -> None:
    count = 150
    pages = [
        document(f"{k:03}", A, random_text(60, 100 + k), T[0][: 50 + k % 3] + "。")
        for k in range(count)
    ]
    outcome = run(pages, replace(UNGUARDED, max_bucket=2))
    assert sum(A in lines for lines in texts(outcome).values()) == 1
    assert outcome.metrics["compared"] < 4 * count
    assert outcome.metrics["capped"] > 0


def corpus(seed: int) -> list[Document]:
    """Sixty documents of paragraphs that are exact, near, contained or no copies of others."""
    rng = random.Random(seed)
    pool = [random_text(rng.randrange(60, 200), k) for k in range(80)]
    documents = []
    for k in range(60):
        paragraphs = []
        for text in rng.sample(pool, rng.randrange(1, 6)):
            change = rng.randrange(4)
            if change == 0:
                at = rng.randrange(len(text))
                text = text[:at] + random_text(3, rng.randrange(999)) + text[at + 3 :]
            elif change == 1:
                text = text + random_text(rng.randrange(4, 60), rng.randrange(999))
            paragraphs.append(text)
        date = rng.choice([None, "2021-01-01", "2022-02-02"])
        documents.append(document(f"{k:02}", *paragraphs, "短句。", date=date))
    return documents


@pytest.mark.parametrize(
    "flags",
    [(), ("--direct_num_workers=2", "--direct_running_mode=multi_threading")],
    ids=["one worker", "two workers"],
)
def test_the_result_does_not_depend_on_the_order(flags: Sequence[str]) -> None:
    documents = corpus(5)
    expected = run(documents, UNGUARDED).plain()
    assert any(expected["ledger"])
    random.Random(7).shuffle(documents)
    assert run(documents, replace(UNGUARDED, slices=7), flags).plain() == expected


def test_what_is_truly_similar_is_found_and_nothing_else() -> None:
    documents = corpus(11)
    similar = UNGUARDED.repeats.similar
    outcome = run(documents, UNGUARDED)
    passages = {
        (d.id, number): Passage(line, similar.n)
        for d in documents
        for number, line in enumerate(d.text.split("\n"))
        if len(line) > similar.min_length
    }
    kept = [
        p
        for (id_, _), p in passages.items()
        if id_ in outcome.documents and p.text in outcome.documents[id_].text.split("\n")
    ]
    gone = [p for p in passages.values() if p not in kept]
    assert len(gone) > 30

    def alike(a: Passage, b: Passage, threshold: float) -> bool:
        short, long = sorted((a, b), key=lambda passage: len(passage.folded))
        match = compare(short, long, replace(similar, threshold=threshold))
        return match is not None and match.kind != "contained"

    for passage in gone:
        assert any(compare(*sorted((passage, other), key=lambda p: len(p.folded)), similar)
                   for other in kept)  # fmt: skip
    missed = [1 for k, a in enumerate(kept) for b in kept[k + 1 :] if alike(a, b, 0.75)]
    assert len(missed) <= 0.02 * len(gone)


def test_the_transform_can_be_shipped() -> None:
    assert isinstance(pickle.loads(pickle.dumps(RemoveDuplicates())), RemoveDuplicates)

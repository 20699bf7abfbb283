"""Notices: legal sentences in which a page speaks of itself (copyright, liability, risk).

An article about copyright has the same words. A notice has them densely, speaks of *this*
article, site or platform, and stands outside the body.
"""

from __future__ import annotations

import re

from transforms.text.lines.features import Line
from transforms.text.lines.lexicon import vocabulary
from transforms.text.lines.verdict import Verdict

# Platforms' notices run to a paragraph, not to more.
MAX_NOTICE = 400
# Share of the letters that the phrases have to cover: an article's sentences stay below it.
_DENSITY = 0.16
# Every notice has one of these, most other lines have none: a quick look before the long one.
_HINT = re.compile(
    "[声聲]明|免[责責]|[转轉][载載]|版[权權]|[侵授][权權]|[著着]作[权權]|[许許]可|立[场場]|[观觀][点點]|看法"
    "|投[资資]|[参參]考|[风風][险險]|[责責]任|[权權]益|网络|網[络絡路]|上[传傳]|存[储儲]|[儲储]存|原[创創]|[转轉]自|保[证證]"
    "|[无無][关關]|摘[编編]|disclaim|copyright|notice|rights|licen[sc]e|reserved|permission|liab|advice|views|upload"
)
_BARE_DENSITY = 0.6
_BRACKETED_DENSITY = 0.3
_FEW_LEGAL = 2
_MANY_LEGAL = 4  # legal phrases; a sentence that strings so many together is a formula
_MANY_DENSITY = 0.35
_BRACKETED = re.compile(r"[(（【\[〔].*[)）】\]〕。]$")
_OPENING = re.compile(r"^[\W_]*")
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|\d{3,4}-\d{7,8}|https?://")
# A label opens a notice only as a label: `声明:`, `【免责声明】`.
_AFTER_LABEL = re.compile(r"\s*[:：\]】|)）]|\s+|$")
# What readers are told not to do with an article, or to do with care.
_OF_READING = re.compile(
    "转载|转帖|摘编|镜像|翻印|引用|原创|首发|网络|互联网|删除|上传|入市|reserved|repr|republish|redistribut"
)
_MAX_SUBJECT = 8  # characters of a reference that opens a line
_LICENSED = re.compile(r"\bcc[ -]by|creative commons|知识共享")


def notice_verdict(line: Line) -> Verdict | None:
    """Points: one for each legal phrase, two more for an opening label."""
    if len(line.text) > MAX_NOTICE or not _HINT.search(line.text.lower()):
        return None
    seen = line.plain
    found: dict[str, list[str]] = {}
    covered = 0
    labelled = False
    opening = _OPENING.match(seen)
    at = opening.end() if opening is not None else 0
    for hit in vocabulary("notice_terms").find(seen):
        labels = {term.label for term in hit.terms}
        text = hit.terms[0].text
        if "label" in labels and hit.start == at and _AFTER_LABEL.match(seen, hit.end):
            labelled = True
            covered += hit.end - hit.start
            continue
        label = next(
            (name for name in ("reference", "copyright", "disclaimer") if name in labels), ""
        )
        if label:
            covered += hit.end - hit.start
            if hit.best.weight and text not in found.setdefault(label, []):
                found[label].append(text)
    legal = found.get("copyright", []) + found.get("disclaimer", [])
    if not legal or covered < _DENSITY * len(seen):
        return None
    contact = _CONTACT.search(seen) is not None or _LICENSED.search(seen) is not None
    # Without a word about itself (转载请注明出处,侵权必究) it has to be nothing but formulas.
    least = _BARE_DENSITY if len(legal) < _MANY_LEGAL else _MANY_DENSITY
    dense = covered >= (_BRACKETED_DENSITY if _BRACKETED.match(seen) else least) * len(seen)
    if "reference" not in found:
        # A company or a contract declares things, too: it has to be about reading or reprinting.
        waived = len(found.get("disclaimer", ())) >= _FEW_LEGAL
        if not (waived or contact or _OF_READING.search(seen)) or names_other_work(seen):
            return None
    bare = not (labelled or contact or "reference" in found)
    if bare and not (dense and len(legal) >= 2):
        return None
    points = len(legal) + 2 * labelled + contact
    kinds = sorted(found, key=lambda name: -len(found[name]))
    rule = next((kind for kind in kinds if kind != "reference"), "disclaimer")
    terms = " ".join([*found.get("reference", []), *legal])
    return Verdict(rule, points, {"terms": terms, "labelled": labelled, "bare": bare})


def names_other_work(seen: str) -> bool:
    """Whether a line (see `features.plain`) opens with `本…` that is no page: 本合同, 本协议."""
    opening = _OPENING.match(seen)
    at = opening.end() if opening is not None else 0
    if not seen.startswith("本", at):
        return False
    hits = vocabulary("notice_terms").find(seen[at : at + _MAX_SUBJECT])
    return not any(
        hit.start == 0 and any(term.label == "reference" for term in hit.terms) for hit in hits
    )


def speaks_of_rights(line: Line) -> bool:
    """Whether a sentence speaks of reprints and rights without speaking of its own page."""
    if not line.full_stops or not _HINT.search(line.text.lower()):
        return False
    found = [hit.terms[0] for hit in vocabulary("notice_terms").find(line.plain)]
    legal = {term.text for term in found if term.label == "copyright" and term.weight}
    return len(legal) >= _FEW_LEGAL and all(term.label != "reference" for term in found)

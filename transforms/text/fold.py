"""The folded key: one spelling for all the spellings that damage leaves behind.

Spam, chrome and duplicates are looked up by this key; the text itself is never
folded. Two texts that differ only in script (Traditional or Simplified), width,
case, white space, bracketed readings or punctuation have the same key.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

# A reading in brackets: Latin letters with at least one tone mark, as in 開(kāi).
# The detector in `annotations` decides what is residue; here it is only ignored.
READING = re.compile(r"[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]*[)）]")

# Later characters of a pair are folded to the first: OpenCC keeps them apart
# because the choice depends on the word, and a key must not depend on words.
_AMBIGUOUS = {"著": "着", "藉": "借", "乾": "干", "瞭": "了", "麽": "么", "餘": "余", "於": "于"}


@lru_cache(maxsize=1)
def simplified_table() -> dict[int, str]:
    """Each Traditional or variant character that has one Simplified form: `str.translate` table.

    Read off OpenCC, a character at a time, for mainland, Taiwan and Hong Kong forms.
    """
    from opencc import OpenCC

    han = [
        c
        for c in map(chr, range(0x3400, 0x30000))
        if unicodedata.name(c, "").startswith("CJK UNIFIED")
    ]
    line = "\n".join(han)
    table: dict[int, str] = {}
    for config in ("hk2s", "tw2s", "t2s"):  # the last one wins
        for char, simple in zip(han, OpenCC(config).convert(line).split("\n"), strict=True):
            if len(simple) == 1 and simple != char:
                table[ord(char)] = simple
    table.update({ord(c): s for c, s in _AMBIGUOUS.items()})
    # OpenCC has 么 both as a form of 麼 and as one to simplify to 幺: a form once reached stays.
    reached = set(table.values())
    return {point: simple for point, simple in table.items() if chr(point) not in reached}


@lru_cache(maxsize=1)
def _ignored() -> dict[int, None]:
    """White space, punctuation, symbols' modifiers and invisible characters: not part of a key."""
    return {
        point: None
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point))[0] in "PZC"
    }


def fold_script(text: str) -> str:
    """`text` with every character in its Simplified form, one for one (the length stays)."""
    return text.translate(simplified_table())


def fold(text: str) -> str:
    """The key of `text`: readings dropped, NFKC, lower case, Simplified, no space or punctuation.

    >>> fold("開(kāi)源 模型，Ｌlama！") == fold("开源模型,llama")
    True
    """
    plain = unicodedata.normalize("NFKC", READING.sub("", text)).lower()
    # Dropping what stands between may bring marks together that compose in another order.
    return unicodedata.normalize("NFKC", plain.translate(simplified_table()).translate(_ignored()))

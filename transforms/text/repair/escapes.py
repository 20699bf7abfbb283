r"""Chinese text left in the escapes of a carrier: `\u4e2d`, `%E4%B8%AD`, `=E4=B8=AD`.

A template, a script or a mail reader that failed leaves whole sentences so. Code, addresses
and texts about encodings hold escapes that must stay, and they show it: ASCII characters
touch the escapes (quotation marks, slashes, brackets), the run is a word or two long, or
the paragraph speaks of encodings.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from transforms.text.edits import Edit
from transforms.text.fold import fold_script
from transforms.text.repair.model import language_model

# Examples in texts about encodings are a word long, two characters or three.
_LEAST_HAN = 4
# Natural log of the probability that a character must reach on average: real sentences
# stand at -3 to -6, arbitrary characters below -10.
_LIKELY = -8.0

# What may stand between escapes: numbers and names are not escaped.
_PLAIN = r"[A-Za-z0-9 ,.\-]{0,20}"
_RUN = re.compile(
    rf"\\u[0-9a-fA-F]{{4}}(?:{_PLAIN}\\u[0-9a-fA-F]{{4}}){{3,}}"
    rf"|%[0-9a-fA-F]{{2}}(?:{_PLAIN}%[0-9a-fA-F]{{2}}){{11,}}"
    rf"|=[0-9A-F]{{2}}(?:{_PLAIN}=(?:[0-9A-F]{{2}}|\n)){{11,}}"
)
_UTF16 = re.compile(r"\\u([0-9a-fA-F]{4})")
_HAN = re.compile(r"[\u3400-\u9fff]")
_METALANGUAGE = re.compile(
    r"编码|解码|转义|字符集|unicode|utf-?8|url|ascii|escape|encod", re.IGNORECASE
)

_MARKS = ("\\u", "%E", "%e", "=E")


def suspected(text: str) -> bool:
    """Whether `text` holds a run of escapes."""
    return any(mark in text for mark in _MARKS) and bool(_RUN.search(text))


def decoded(text: str) -> tuple[Edit, ...]:
    """Edits, with the rule `escaped`, that write runs of escapes as the Chinese text they are."""
    if not suspected(text):
        return ()
    edits = []
    for match in _RUN.finditer(text):
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() :][:1]
        if any(c.isascii() and not c.isspace() for c in around):
            continue
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if _METALANGUAGE.search(fold_script(line)):
            continue
        after = _plain(match[0])
        if after and _is_chinese(after):
            edits.append(Edit("escaped", match.start(), match.end(), match[0], after))
    return tuple(edits)


def _plain(run: str) -> str:
    """What the escapes of `run` stand for; empty if that is no text."""
    if run[0] == "\\":
        return _UTF16.sub(lambda m: chr(int(m[1], 16)), run)
    if run[0] == "=":
        run = run.replace("=\n", "").replace("=", "%")
    try:
        return unquote(run, errors="strict")
    except UnicodeDecodeError:
        return ""


def _is_chinese(text: str) -> bool:
    """Whether `text` is a likely piece of Chinese, without controls or escapes."""
    return (
        text.isprintable()
        and len(_HAN.findall(text)) >= max(_LEAST_HAN, len(text) // 2)
        and not any(mark in text for mark in "\\%=")
        and float(language_model().score(text).mean()) >= _LIKELY
    )

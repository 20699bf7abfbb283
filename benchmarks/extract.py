"""Main-content extraction: F1 and speed, ours beside the peers, on the same pages in one run.

    python -m benchmarks.extract --data FOLDER

FOLDER holds `html/readability`, `html/article_extraction` and `text` (see NOTICE for
their sources). The third set is assembled here: clean Chinese paragraphs of `text`
set into the page layouts in use on Chinese sites, so that the truth is known.

`F1` is of the 4-grams of characters, white space left out, averaged over pages;
`words` is the score of article-extraction-benchmark (4-grams of words), which its
published table shows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.text.markup import ExtractSettings, extract

N = 4  # the length of a shingle


@dataclass(frozen=True)
class Page:
    name: str
    html: str
    truth: str


def article_extraction(folder: Path) -> Iterator[Page]:
    base = folder / "html" / "article_extraction"
    truths = json.loads((base / "ground-truth.json").read_text(encoding="utf-8"))
    for path in sorted((base / "html").iterdir()):
        name = path.name.split(".")[0]
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        yield Page(name, html, truths[name]["articleBody"])


def readability(folder: Path) -> Iterator[Page]:
    from bs4 import BeautifulSoup

    for path in sorted((folder / "html" / "readability").iterdir()):
        source = (path / "source.html").read_text(encoding="utf-8", errors="replace")
        expected = BeautifulSoup((path / "expected.html").read_text(encoding="utf-8"), "lxml")
        yield Page(path.name, source, expected.get_text())


# What stands around an article, set into the layouts in the folder `layouts`.
_NAV = "".join(
    f'<li><a href="/{i}/">{t}</a></li>'
    for i, t in enumerate(
        re.findall("..", "首页新闻国内国际财经科技体育娱乐汽车房产教育健康视频论坛")
    )
)
_MORE = "".join(
    f'<li><a href="/a/{i}.html">{t}</a><span>03-{i + 10}</span></li>'
    for i, t in enumerate(
        [
            "专家解读新规：三类人群明年起可申请补贴，标准公布",
            "这座城市地铁线路再延长，预计后年通车，沿线居民有福了",
            "多地气温将跌破冰点，注意防寒保暖",
            "春运火车票今起开售，哪些线路最热门？",
            "科学家发现新物种，距今约一亿年",
            "电影票房创新高，观众这样评价",
        ]
    )
)
_FOOT = (
    "<p>关于我们 | 联系我们 | 广告服务 | 招聘信息 | 网站地图</p><p>Copyright © 2008-2025 "
    "某某网 版权所有 未经授权禁止转载</p><p>京ICP备12345678号-1 京公网安备11010502030000号</p>"
)
_HEAD = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_某某网</title>'
    "<style>.nav{{color:#333}}</style>"
    '<script>var _hmt=_hmt||[];window.x={{"a":"b"}};</script></head>'
)


def _p(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>　　{p}</p>\n" for p in paragraphs)


def _br(paragraphs: Sequence[str]) -> str:
    return "<br><br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{p}" for p in paragraphs)


def _div(paragraphs: Sequence[str]) -> str:
    return "".join(f'<div class="txt">{p}</div>' for p in paragraphs)


def _span(paragraphs: Sequence[str]) -> str:
    return "".join(
        f'<section><p><span style="font-size:16px">{p}</span></p></section><p><br></p>'
        for p in paragraphs
    )


LAYOUTS: dict[str, Callable[[Sequence[str]], str]] = {
    "portal": _p,
    "tables": _br,
    "divs": _div,
    "app": _span,
    "blog": _p,
    "forum": _br,
    "office": _p,
    "bare": _p,
}


def assembled(folder: Path, count: int = 6) -> Iterator[Page]:
    """`count` pages of each layout, of two to twelve paragraphs each."""
    chance = random.Random(7)
    pool = [
        line
        for name in ("zh_hans_wiki.txt", "zh_hant_wiki.txt")
        for line in (folder / "text" / name).read_text(encoding="utf-8").split("\n")
        if len(line) > 20
    ]
    for layout, set_body in LAYOUTS.items():
        template = (Path(__file__).parent / "layouts" / f"{layout}.html").read_text("utf-8")
        for number in range(count):
            start = chance.randrange(len(pool) - 12)
            paragraphs = pool[start : start + chance.choice((2, 3, 5, 8, 12))]
            if chance.random() < 0.5:  # short paragraphs, as in dialogue and on phones
                paragraphs = [
                    s for p in paragraphs for s in re.findall("[^。]+。?", p) if len(s) > 3
                ][:40]
            clean = [p.replace("<", "").replace("&", "") for p in paragraphs]
            page = (_HEAD + template).format(
                title="北方多地迎来今冬首场降雪 交通部门启动应急预案",
                date="2025-02-28 20:50",
                body=set_body(clean),
                nav=_NAV,
                navtd=_NAV.replace("li>", "td>"),
                more=_MORE,
                moretr=_MORE.replace("<li>", "<tr><td>").replace("</li>", "</td></tr>"),
                foot=_FOOT,
            )
            yield Page(f"{layout}-{number}", page, "\n".join(clean))


def ours(html: str) -> str:
    # The truth of the sets is the article without its title.
    return extract(html, ExtractSettings(title=False)).text


def trafilatura(html: str) -> str:
    import trafilatura

    return trafilatura.extract(html, include_comments=False) or ""


def readability_lxml(html: str) -> str:
    from bs4 import BeautifulSoup
    from readability import Document
    from readability.readability import Unparseable

    try:
        return BeautifulSoup(Document(html).summary(), "lxml").get_text()
    except Unparseable:
        return ""


def everything(html: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "lxml").get_text("\n")


METHODS = (ours, trafilatura, readability_lxml, everything)


def shingles(items: Sequence[object]) -> Counter[tuple[object, ...]]:
    return Counter(tuple(items[i : i + N]) for i in range(max(1, len(items) - N + 1)))


def scores(truth: Sequence[object], found: Sequence[object]) -> tuple[float | None, float | None]:
    """Precision and recall of `found`; None where there is nothing to divide by."""
    a, b = shingles(truth), shingles(found)
    hit = sum((a & b).values())
    return (hit / b.total() if found else None, hit / a.total() if truth else None)


def f1(precision: float | None, recall: float | None) -> float:
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def measure(
    method: Callable[[str], str], pages: Iterable[Page]
) -> tuple[float, float, float, dict[str, float]]:
    """Mean F1 of characters, the benchmark's score of words, megabytes a second, F1 by page."""
    by_page: dict[str, float] = {}
    words = []
    size = spent = 0.0
    for page in pages:
        begun = time.perf_counter()
        found = method(page.html)
        spent += time.perf_counter() - begun
        size += len(page.html.encode("utf-8", "replace"))
        by_page[page.name] = f1(*scores("".join(page.truth.split()), "".join(found.split())))
        words.append(scores(re.findall(r"\w+", page.truth), re.findall(r"\w+", found)))
    mean = [
        statistics.fmean(v for v in column if v is not None) for column in zip(*words, strict=True)
    ]
    return statistics.fmean(by_page.values()), f1(*mean), size / 1e6 / spent, by_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--worst", type=int, default=0, help="list this many of our worst pages")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    print(f"{'pages':<22}{'method':<18}{'F1':>7}{'words':>8}{'MB/s':>7}")
    for name, pages in (
        ("readability", list(readability(options.data))),
        ("article_extraction", list(article_extraction(options.data))),
        ("assembled", list(assembled(options.data))),
    ):
        for method in METHODS:
            characters, words, speed, by_page = measure(method, pages)
            label = f"{name} ({len(pages)})"
            print(f"{label:<22}{method.__name__:<18}{characters:>7.4f}{words:>8.4f}{speed:>7.1f}")
            if method is ours and options.worst:
                for page in sorted(by_page, key=by_page.__getitem__)[: options.worst]:
                    print(f"    {page[:40]:<42}{by_page[page]:.3f}")


if __name__ == "__main__":
    main()

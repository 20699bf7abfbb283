"""`extract` on whole pages: main content, fallback, metadata."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.cleaned import Facts
from transforms.text.edits import apply, revert
from transforms.text.markup import ExtractSettings, extract
from transforms.text.markup.metadata import iso_date

CASES = Path(__file__).parent.parent / "cases" / "extract"
DATES = json.loads((CASES / "dates.json").read_text(encoding="utf-8"))["in the wild"]

BODY = [
    "本报讯（记者 王小明）昨日上午，市图书馆新馆正式开馆，首日接待读者逾八千人次。",
    "新馆共六层，藏书一百二十万册，设有少儿阅览区、古籍修复室和二十四小时自助书房。",
    "服务更便捷",
    "读者刷脸即可入馆，借书还书全程自助。“以前要排队，现在一分钟就办好了。”一位老人说。",
    "图为读者在新馆内阅读。",
    "馆长表示，下一步将把服务延伸到社区，年内再建十个分馆，让更多市民在家门口读到好书。",
]
MENU = ["首页", "新闻", "财经", "体育", "娱乐", "汽车", "房产", "教育", "健康", "论坛"]
RELATED = ["多地迎来今冬首场降雪", "地铁新线路年底通车", "春运火车票今起开售", "科学家发现新物种"]
FOOT = "关于我们 | 联系我们 | 网站地图"


def links(names: list[str]) -> str:
    return (
        "<ul>" + "".join(f'<li><a href="/{i}">{n}</a></li>' for i, n in enumerate(names)) + "</ul>"
    )


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'>{head}</head>\n<body>"
        f'<div class="nav">{links(MENU)}</div>\n{body}\n'
        f'<div class="side">{links(RELATED)}</div>\n<div class="foot"><p>{FOOT}</p></div>'
        "</body></html>"
    )


LAYOUTS = {
    "paragraphs": '<div class="article">' + "".join(f"<p>　　{p}</p>\n" for p in BODY) + "</div>",
    "breaks": '<div id="content">' + "<br><br>\n".join(f"&nbsp;&nbsp;{p}" for p in BODY) + "</div>",
    "blocks": "<div class='con'>" + "".join(f"<div>{p}</div>" for p in BODY) + "</div>",
    "table": "<table><tr><td>" + "<br>".join(BODY) + "</td></tr></table>",
    "shown by a script": '<div id="js_content" style="visibility: hidden; opacity: 0">'
    + "".join(f"<section><p><span>{p}</span></p></section>" for p in BODY)
    + "</div>",
    "article": "<main><article>" + "".join(f"<p>{p}</p>" for p in BODY) + "</article></main>",
}


@pytest.mark.parametrize("body", LAYOUTS.values(), ids=LAYOUTS)
def test_the_article_is_kept_and_the_site_is_not(body: str) -> None:
    source = page(body)
    cleaned = extract(source)
    assert cleaned.text.split("\n") == BODY
    assert apply(source, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == source
    assert extract(cleaned.text).edits == ()
    assert "boilerplate" in {edit.rule for edit in cleaned.edits}


def test_all_visible_text_is_kept_by_option() -> None:
    settings = ExtractSettings(main_content=False)
    lines = extract(page(LAYOUTS["paragraphs"]), settings).text.split("\n")
    assert lines == [*MENU, *BODY, *RELATED, FOOT]


def test_the_title_stays_in_the_text_unless_it_is_to_be_a_fact_alone() -> None:
    source = page(
        "<h1>新馆开馆</h1><p>记者</p>" + LAYOUTS["article"], "<title>新馆开馆_晚报</title>"
    )
    titled = extract(source)
    assert titled.text.split("\n") == ["新馆开馆", *BODY]
    assert titled.facts.title == "新馆开馆"
    untitled = extract(source, ExtractSettings(title=False))
    assert untitled.text.split("\n") == BODY
    assert untitled.facts.title == "新馆开馆"


def test_the_byline_before_the_article_is_read_off() -> None:
    byline = "<div>2013-10-12 08:30　来源：晚报　作者：王小明　点击：1024</div>"
    facts = extract(page(f"<h1>新馆开馆</h1>{byline}" + LAYOUTS["article"])).facts
    assert (facts.source, facts.author, facts.date) == ("晚报", "王小明", "2013-10-12T08:30")


def test_a_page_without_an_article_falls_back_to_all_its_text_and_is_marked() -> None:
    cleaned = extract(f"<html><body>{links(MENU)}{links(RELATED)}</body></html>")
    assert cleaned.text.split("\n") == MENU + RELATED
    assert [e.evidence["reason"] for e in cleaned.edits if e.rule == "fallback"] == ["all"]


def test_an_extraction_that_finds_next_to_nothing_gives_way_to_the_prose() -> None:
    # The extractors take a form's text for chrome; its prose stands all the same.
    body = "".join(f"<div>{p}</div>" for p in BODY)
    cleaned = extract(page(f"<footer class='comment hidden'>{body}</footer>"))
    assert all(line in cleaned.text for line in BODY if len(line) > 20)


def test_hidden_spam_is_left_out() -> None:
    spam = '<div style="position:absolute;left:-9999px">彩票网站注册送现金，点击进入。</div>'
    assert extract(page(spam + LAYOUTS["paragraphs"])).text.split("\n") == BODY


def test_tables_lists_code_and_readings() -> None:
    extra = (
        "<h2>附表</h2><table><tr><th>年份</th><th>册数</th></tr><tr><td>2023</td><td>八十万</td></tr>"
        "<tr><td>2024</td><td>九十万</td></tr></table><ul><li>周一闭馆，节假日照常开放。</li></ul>"
        "<p>程序如下，读者可以自行运行：</p><pre>for x in y:\n    print(x &lt; 1)</pre>"
        "<p>馆名题字为<ruby>顏<rt>yán</rt></ruby>体。</p>"
    )
    text = extract(page(LAYOUTS["paragraphs"].replace("</div>", extra + "</div>"))).text
    assert text.endswith(
        "附表\n年份\t册数\n2023\t八十万\n2024\t九十万\n周一闭馆，节假日照常开放。\n"
        "程序如下，读者可以自行运行：\nfor x in y:\n    print(x < 1)\n馆名题字为顏体。"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<html></html>", ""),
        ("<html><frameset><frame src='a'><frame src='b'></frameset></html>", ""),
        ("<html>没有正文元素，也没有结束。", "没有正文元素，也没有结束。"),
        ("<title>标题</title><p>没有头部元素的网页，第一段。", "没有头部元素的网页，第一段。"),
        ("\ufeff<!doctype html><p>带有标记的网页，第一段。", "带有标记的网页，第一段。"),
        (
            "<html><body><p>含有\x00空字符的网页\ud800，第一段。",
            "含有\x00空字符的网页\ud800，第一段。",
        ),
        ("<?xml version='1.0'?><html><body><p>段落，很短。</p></body></html>", "段落，很短。"),
    ],
)
def test_damaged_pages(source: str, text: str) -> None:
    cleaned = extract(source)
    assert cleaned.text == text
    assert apply(source, cleaned.edits) == cleaned.text


def test_metadata_of_meta_elements() -> None:
    head = (
        '<title>市图书馆新馆开馆_本地_晚报网</title><meta name="author" content="王小明">'
        '<meta property="og:site_name" content="晚报网">'
        '<meta property="article:published_time" content="2025-02-28T20:50:11+08:00">'
        '<link rel="canonical" href="https://www.example.cn/a/1.html">'
    )
    assert extract(page(LAYOUTS["paragraphs"], head)).facts == Facts(
        title="市图书馆新馆开馆",
        author="王小明",
        source="晚报网",
        date="2025-02-28T20:50:11+08:00",
        url="https://www.example.cn/a/1.html",
        source_domain="www.example.cn",
    )


def test_metadata_of_linked_data() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "BreadcrumbList"},
            {
                "@type": "NewsArticle",
                "headline": "市图书馆新馆开馆",
                "author": [{"name": "王小明"}, {"name": "李四"}],
                "publisher": {"name": "晚报"},
                "datePublished": "2025-02-28",
            },
        ],
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    facts = extract(page(LAYOUTS["paragraphs"], head)).facts
    assert (facts.title, facts.author, facts.source, facts.date) == (
        "市图书馆新馆开馆",
        "王小明, 李四",
        "晚报",
        "2025-02-28",
    )


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("新馆开馆 - 晚报网", "", "新馆开馆"),
        ("A-share 市场观察：三大指数收涨_财经_门户", "", "A-share 市场观察：三大指数收涨"),
        ("山行_组图_第一篇_博客", "山行_组图_第一篇", "山行_组图_第一篇"),
        ("没有分隔的标题", "", "没有分隔的标题"),
    ],
)
def test_title_without_the_site(title: str, heading: str, expected: str) -> None:
    source = page(f"<h1>{heading}</h1>" + LAYOUTS["article"], f"<title>{title}</title>")
    assert extract(source).facts.title == expected


def test_broken_linked_data_is_ignored() -> None:
    head = '<script type="application/ld+json">{"headline": [}</script><title>标题</title>'
    assert extract(page(LAYOUTS["article"], head)).facts.title == "标题"


def test_plain_text_states_nothing() -> None:
    assert extract("\n".join(BODY)).facts == Facts()


@pytest.mark.parametrize(
    ("text", "date"), [(d["input"], d["output"]) for d in DATES], ids=[d["label"] for d in DATES]
)
def test_dates(text: str, date: str | None) -> None:
    assert iso_date(text) == date


BLOCKS = st.recursive(
    st.sampled_from(
        ["正文，一段。", "x", " ", "\n", "&lt;", "&nbsp;", "<br>", "<a href=x>链接</a>"]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            ["div", "p", "b", "table", "tr", "td", "ul", "li", "pre", "h1", "ruby", "rt"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(st.lists(BLOCKS, max_size=6).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_page_replays_both_ways_and_is_stable(body: str) -> None:
    source = f"<html><body>{body}</body></html>"
    cleaned = extract(source)
    assert apply(source, cleaned.edits) == cleaned.text
    assert revert(cleaned.text, cleaned.edits) == source
    assert extract(cleaned.text).text == cleaned.text


def test_extractors_write_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        extract("<html><body></body></html>")
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []

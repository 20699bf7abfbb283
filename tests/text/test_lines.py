"""The lines stage: the labelled pages and phrases, and what holds for any text."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lines import judged_pages, judged_phrases, removed_lines
from transforms.text import edits
from transforms.text.lines import LinesSettings, clean_lines

CASES = Path(__file__).parent.parent / "cases" / "lines"
GOES = {"spam", "chrome", "byline"}


def load_pages(name: str) -> list[Any]:
    pages = json.loads((CASES / name).read_text("utf-8"))["pages"]
    return [pytest.param(page, id=page["name"]) for page in pages]


TUNED = load_pages("pages_tuned.json")
HELD_OUT = load_pages("pages_held_out.json") + load_pages("pages_fresh.json")


KNOWN_MISSES: dict[str, list[str]] = json.loads((CASES / "known_failures.json").read_text("utf-8"))[
    "missed"
]


@pytest.mark.parametrize("page", [*TUNED, *HELD_OUT])
def test_nothing_of_an_article_is_lost(page: dict[str, Any]) -> None:
    lines = page["lines"]
    gone = removed_lines([line for _, line in lines])
    lost = [lines[number][1] for number in gone if lines[number][0] not in GOES]
    assert not lost


@pytest.mark.parametrize("page", TUNED)
def test_tuned_pages_keep_the_article_only(page: dict[str, Any]) -> None:
    missed = KNOWN_MISSES.get(page["name"], [])
    expected = [line for label, line in page["lines"] if label not in GOES or line in missed]
    found = clean_lines("\n".join(line for _, line in page["lines"]))
    assert found.text.split("\n") == expected


@pytest.mark.parametrize("page", [*TUNED, *HELD_OUT])
def test_facts_are_read_off(page: dict[str, Any]) -> None:
    facts = clean_lines("\n".join(line for _, line in page["lines"])).facts
    assert {name: getattr(facts, name) for name in page["facts"]} == page["facts"]


@pytest.mark.parametrize(
    ("name", "recall"), [("pages_held_out.json", 0.95), ("pages_fresh.json", 0.85)]
)
def test_recall_on_pages_never_tuned_on(name: str, recall: float) -> None:
    judged = judged_pages(CASES / name)
    goes = [gone for label, _, gone, _ in judged if label in GOES]
    assert sum(goes) >= recall * len(goes)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("phrases_tuned.json", 0.99, 0.9),
        ("phrases_held_out.json", 0.98, 0.9),
    ],
)
def test_spam_phrases(name: str, precision: float, recall: float) -> None:
    judged = list(judged_phrases(CASES / name))
    spam = [gone for label, _, gone, _ in judged if label.startswith("spam")]
    false = sum(gone for label, _, gone, _ in judged if label.startswith("clean"))
    assert sum(spam) >= recall * len(spam)
    assert sum(spam) >= precision * (sum(spam) + false)


def test_the_labelled_set_is_large_and_varied() -> None:
    lines = [row for path in CASES.glob("pages_*.json") for row in judged_pages(path)]
    phrases = [json.loads(path.read_text("utf-8")) for path in CASES.glob("phrases_*.json")]
    single = sum(len(part["spam"]) + len(part["clean"]) for part in phrases)
    assert len(lines) + single >= 600
    labels = {label for label, *_ in lines}
    assert labels >= {"spam", "chrome", "byline", "title", "heading", "caption", "list", "short"}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case["why"], marks=pytest.mark.xfail(strict=True))
        for case in json.loads((CASES / "known_failures.json").read_text("utf-8"))["cases"]
    ],
)
def test_known_failures(case: dict[str, Any]) -> None:
    assert clean_lines("\n".join(case["lines"])).text.split("\n") == case["expected"]


BODY = (
    "市图书馆昨日宣布，从下月起周末开放时间延长至晚上九点。",
    "馆长介绍说，延时开放是根据读者问卷的结果决定的。",
)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        (
            "来源:江城晚报网作者:周小川2025-02-28 20:50",
            {"source": "江城晚报网", "author": "周小川", "date": "2025-02-28T20:50"},
        ),
        (
            "江城财经 2025-02-11 21:42:41 听新闻",
            {"source": "江城财经", "date": "2025-02-11T21:42:41"},
        ),
        ("作者:周小川    责编:林青", {"author": "周小川"}),
        ("2024年1月7日 8:05 来源：江城晚报", {"source": "江城晚报", "date": "2024-01-07T08:05"}),
        ("By Mary Lee | March 5, 2024 9:41 pm", {"author": "Mary Lee", "date": "2024-03-05T21:41"}),
        ("Published: 2024-03-05T09:41:00+08:00", {"date": "2024-03-05T09:41:00+08:00"}),
        ("記者王小明／高雄報導", {"author": "王小明"}),
        ("江城中文站2016年10月14日07:17", {"source": "江城中文站", "date": "2016-10-14T07:17"}),
        ("2024 07/15 10:20:33 来源：江城网", {"source": "江城网", "date": "2024-07-15T10:20:33"}),
        ("《 江城日报 》（ 2024年07月15日 02 版）", {"source": "江城日报", "date": "2024-07-15"}),
        ("本报记者 王小明", {"author": "王小明"}),
        ("撰文：陳一心", {"author": "陳一心"}),
        ("文｜陳一心", {"author": "陳一心"}),
        ("图片来源:江城图库", None),
        ("數據來源：江城統計局", None),
        ("时间：6月15日 地点：市图书馆", None),
        ("13时45分，列车进站", None),
    ],
)
def test_bylines(line: str, facts: dict[str, str] | None) -> None:
    cleaned = clean_lines("\n".join(["图书馆延长周末开放时间", line, *BODY]))
    found = {
        name: value
        for name in ("source", "author", "date")
        if (value := getattr(cleaned.facts, name)) is not None
    }
    if facts is None:
        assert cleaned.text.split("\n")[1] == line
        assert not found
    else:
        assert cleaned.text.split("\n") == ["图书馆延长周末开放时间", *BODY]
        assert found == facts
    assert cleaned.facts.title == "图书馆延长周末开放时间"


@pytest.mark.parametrize(
    ("paragraph", "author"),
    [
        ("江城新闻1月28日讯(记者 朱小川)最近几天，图书馆里座无虚席。", "朱小川"),
        ("【江城日報記者李小冰／台北報導】最近幾天，圖書館裡座無虛席。", "李小冰"),
        ("最近几天，图书馆里座无虚席。（本报记者 李小冰 王大山）", "李小冰, 王大山"),
        ("最近几天，记者在图书馆看到，馆内座无虚席。", None),
    ],
)
def test_a_dateline_stays_and_names_its_author(paragraph: str, author: str | None) -> None:
    cleaned = clean_lines("\n".join(["图书馆座无虚席", paragraph, *BODY]))
    assert paragraph in cleaned.text
    assert cleaned.facts.author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者：张三（江城大学教授）", "张三"),
        ("作者：张三 李四", "张三, 李四"),
        ("作者：张三、李四、王五", "张三, 李四, 王五"),
        ("记者 张三 实习生 李四", "张三, 李四"),
        ("本报记者 张三 通讯员 李四", "张三, 李四"),
        ("本报记者 张三 李四 摄影报道", "张三, 李四"),
        ("责任编辑：李四 作者：张三 记者", "张三"),
        ("文/张三 图/李四", "张三"),
        ("作　者：张 三", "张三"),
        ("作者：[美]约翰·史密斯 译者：李四", "约翰·史密斯"),
        ("By John Smith and Mary Lee | March 5, 2024", "John Smith, Mary Lee"),
        ("时间：2024-05-06 来源：江城网 作者：admin", None),
    ],
)
def test_an_author_is_names_only(line: str, author: str | None) -> None:
    cleaned = clean_lines("\n".join(["图书馆延长周末开放时间", line, *BODY]))
    assert line not in cleaned.text
    assert cleaned.facts.author == author


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("發布日期：112-03-28", "2023-03-28"),
        ("來　源：江城日報　日　期：2024-05-06", "2024-05-06"),
        ("Oct 27 Sun 2019 23:41", "2019-10-27T23:41"),
    ],
)
def test_dates_are_read_as_they_are_written_there(line: str, date: str) -> None:
    cleaned = clean_lines("\n".join(["图书馆延长周末开放时间", line, *BODY]))
    assert line not in cleaned.text
    assert cleaned.facts.date == date


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["# 使用 Vue 编写组件", '<div id="app">', *BODY], "使用 Vue 编写组件"),
        (['<div id="app">', *BODY], None),
        (["秋思", "枯藤老树昏鸦", "小桥流水人家", "断肠人在天涯"], "秋思"),
        (["首页 > 新闻", "登录", "江城图书馆延长开放", *BODY], "江城图书馆延长开放"),
    ],
)
def test_a_title_is_words(lines: list[str], title: str | None) -> None:
    assert clean_lines("\n".join(lines)).facts.title == title


NEGATIVE = json.loads((CASES / "negative.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["why"]) for case in NEGATIVE])
def test_text_about_interfaces_trades_and_rights_stays_whole(case: dict[str, Any]) -> None:
    gone = removed_lines(case["lines"])
    assert [case["lines"][number] for number in sorted(gone)] == case.get("gone", [])


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("26 个回答", "count"),
        ("小雨 發表在 痞客邦 留言(3) 人氣(1,205)", "count"),
        ("喜欢孤舟听雨录请大家收藏", "app-promotion"),
        ("[编辑]", "navigation"),
        ("广告（请继续阅读本文）", "site-info"),
        ("2020-03-02 19:44 #12", "comments"),
    ],
)
def test_shapes_that_only_pages_have(line: str, rule: str) -> None:
    edits_of = clean_lines("\n".join(["图书馆", *BODY, line])).edits
    assert [(edit.rule, edit.before.strip()) for edit in edits_of] == [(rule, line)]


def test_the_floor_bar_of_a_thread_goes_from_between_its_posts() -> None:
    lines = ["请教", "江边客 #1"]
    for number, post in enumerate(BODY * 2, 2):
        lines += [f"发表于 2021-5-12 20:0{number} | 只看该作者", post]
    assert clean_lines("\n".join(lines)).text.split("\n") == ["请教", "江边客 #1", *BODY * 2]


def test_a_heading_that_recurs_stays() -> None:
    lines = ["三款应用", *(line for post in BODY * 2 for line in (post, "推荐阅读：")), BODY[0]]
    assert removed_lines(lines) == set()


def test_a_path_that_ends_with_the_title_is_a_breadcrumb() -> None:
    lines = ["锦灰堆 > 上卷 > 雪夜归人", "雪夜归人", *BODY]
    assert removed_lines(lines) == {0}
    assert removed_lines(["文件 > 导出 > 选项", "雪夜归人", *BODY]) == set()


def test_what_stands_above_the_navigation_is_the_masthead() -> None:
    lines = ["江城日报数字报", "首页 > 要闻", "秋粮收购过半", "来源：江城日报", *BODY]
    cleaned = clean_lines("\n".join(lines))
    assert cleaned.text.split("\n") == ["秋粮收购过半", *BODY]
    assert cleaned.facts.title == "秋粮收购过半"


def test_the_same_words_are_furniture_outside_and_content_inside() -> None:
    lines = ["分享到朋友圈", BODY[0], "分享到朋友圈", BODY[1], "分享到朋友圈"]
    assert removed_lines(lines) == {0, 4}


def test_a_trade_that_the_body_is_about_is_no_intruder() -> None:
    heading = "百家乐、时时彩、六合彩"
    about = "警方通报，有人参与百家乐、时时彩和六合彩赌博，涉案金额巨大。"
    assert removed_lines(["图书馆", *BODY, heading]) == {3}
    assert removed_lines(["网络赌博案", about, BODY[0], heading]) == set()


def test_a_series_of_credits_is_a_collection_and_no_byline() -> None:
    poems = [
        line
        for name in ("甲", "乙", "丙", "丁")
        for line in ("无题", f"作者：{name}某", "春去秋来花满楼。")
    ]
    assert clean_lines("\n".join(poems)).text.split("\n") == poems


def test_a_timetable_is_no_byline() -> None:
    lines = ["大会日程", *(f"2024-05-0{day} 09:00 主会场" for day in range(1, 8))]
    assert removed_lines(lines) == set()


def test_the_signature_of_a_notice_stays() -> None:
    lines = ["关于停水的通知", *BODY, "江城市自来水公司", "2023年6月15日"]
    assert removed_lines(lines) == set()


def test_an_isolated_sentence_in_the_foot_does_not_hide_it() -> None:
    foot = [
        "上一篇：春天来了",
        "下一篇：秋天来了",
        "网友评论",
        "登录后发表评论",
        "请文明发言。欢迎来电。",
        "返回顶部",
    ]
    cleaned = clean_lines("\n".join(["图书馆", *BODY * 3, *foot]))
    assert "上一篇" not in cleaned.text
    assert "返回顶部" not in cleaned.text


def test_a_blog_without_full_stops_keeps_its_body() -> None:
    verse = [
        "一大早我们就开着车往山里去了",
        "路上的雾很浓 看不清前面的弯道",
        "到了营地天才放晴 大家都很高兴",
        "晚餐是他特地准备的汤圆和热茶",
        "孩子们在草地上追着狗跑来跑去",
        "隔天睡到很晚才起来收拾帐篷",
        "回家的路上大家都累得睡着了",
    ]
    lines = ["首页 > 游记", "相关文章", "春游记", *verse, "上一篇：冬天的海", "下一篇：夏夜"]
    assert set(verse) <= set(clean_lines("\n".join(lines)).text.split("\n"))


def test_marks_change_nothing_and_name_the_same_lines() -> None:
    text = "\n".join(["首页 > 新闻 > 本地", "图书馆", *BODY, "返回顶部"])
    marked = clean_lines(text, LinesSettings(mode="mark"))
    removed = clean_lines(text)
    assert marked.text == text
    assert all(edit.is_mark for edit in marked.edits)
    assert [(e.rule, e.before) for e in marked.edits] == [
        (e.rule, e.before.strip("\n")) for e in removed.edits
    ]


def test_every_removal_says_why() -> None:
    page = json.loads((CASES / "pages_tuned.json").read_text("utf-8"))["pages"][1]
    cleaned = clean_lines("\n".join(line for _, line in page["lines"]))
    assert len(cleaned.edits) > 5
    assert all(edit.evidence for edit in cleaned.edits)
    assert {"spam", "byline", "navigation"} <= {edit.rule for edit in cleaned.edits}


def test_bracketed_readings_and_invisible_characters_hide_nothing() -> None:
    lines = ["首頁(yè) > 新聞 > 金融", "分享到微\u200b信", *BODY, "舉報(bào)", "返回頂部"]
    assert removed_lines(lines) == {0, 1, 4, 5}


def test_blank_lines_and_empty_documents() -> None:
    assert clean_lines("").text == ""
    assert clean_lines("\n\n").text == "\n\n"
    text = f"首页 > 新闻\n\n图书馆\n\n{BODY[0]}\n\n返回顶部\n"
    assert clean_lines(text).text.split() == ["图书馆", BODY[0]]


@pytest.mark.parametrize("mode", ["head", "foot", "all"])
def test_newlines_go_with_their_lines(mode: str) -> None:
    kept = [] if mode == "all" else list(BODY)
    head = [] if mode == "foot" else ["首页 > 新闻 > 本地", "加入收藏 设为首页"]
    foot = [] if mode == "head" else ["上一篇：春天", "返回顶部"]
    assert clean_lines("\n".join([*head, *kept, *foot])).text == "\n".join(kept)


PIECES = [
    line
    for path in sorted(CASES.glob("pages_*.json"))
    for page in json.loads(path.read_text("utf-8"))["pages"]
    for _, line in page["lines"]
] + ["", "1", "作者：甲", "2024-01-01", "x"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("\n".join))
def test_edits_replay_and_cleaning_is_idempotent(text: str) -> None:
    cleaned = clean_lines(text)
    assert edits.apply(text, cleaned.edits) == cleaned.text
    assert edits.revert(cleaned.text, cleaned.edits) == text
    assert clean_lines(cleaned.text).text == cleaned.text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="作者:来源 2024-01/年月日|>[]（）。,\nabX首页登录", max_size=80))
def test_any_text_is_survived(text: str) -> None:
    cleaned = clean_lines(text)
    assert edits.apply(text, cleaned.edits) == cleaned.text
    assert clean_lines(cleaned.text).text == cleaned.text


@pytest.mark.parametrize(
    "text",
    [
        "作者:" * 60_000,
        "\n".join(["作者：甲", "正文。"] * 15_000),
        "\n".join(["2024-01-01"] * 30_000),
        "(" * 200_000,
        "(aā" * 60_000,
        "一 " * 100_000,
        "首页 > " * 50_000,
        "\n".join(["登录", "正文一句，不是别的。"] * 15_000),
        "\n".join(["《》" * 30] * 5_000),
        "2024-01-01 " * 20_000,
        " " * 300_000 + "x",
        "\n".join(["无码,有码,百家乐,发票"] * 10_000),
        "\n".join(["阅读 1 赞 2 " * 4] * 6_000),
        "\n".join(["记者 " + "张三、" * 12] * 6_000),
        "\n".join(["喜欢" + "请" * 28] * 6_000),
    ],
    ids=range(15),
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    clean_lines("")
    started = time.process_time()
    clean_lines(text)
    assert time.process_time() - started < 6

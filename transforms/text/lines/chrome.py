"""Chrome: the furniture of a page, recognised by what it is made of.

An interface line is made of interface words and little else. Its shape helps: a breadcrumb or
a menu is a row of short items, a footer line names a registration, an app prompt tells the
reader to do something with a thing. Points only say how much of that a line shows; whether it
goes depends on its place and its neighbours (`page`).
"""

from __future__ import annotations

import re
from collections import Counter

from transforms.text.lines.features import Line
from transforms.text.lines.lexicon import Hit, vocabulary
from transforms.text.lines.verdict import Verdict

# An interface line is a phrase or a row of them, hardly a paragraph.
MAX_INTERFACE = 120
# Share of the letters that interface words have to cover. A seventh is left for the site's name.
_COVERAGE = 0.85
_MANY_POINTS = 3
_COVERAGE_MANY = 0.75  # of a line of so many points: 返回某网站,查看更多
_COVERAGE_CLOSED = 0.95  # of a line that ends as sentences end
_MAX_ITEM = 8  # letters of an item of a menu
_MAX_CRUMB = 24  # letters of an item of a breadcrumb: the last one may be the article's title
_MENU_ITEMS = 4
_MENU_KNOWN = 0.4  # share of a menu's items that are interface words
_MENU_KNOWN_FEW = 0.6  # of one item fewer
_MAX_LABELLED = 90  # characters of a labelled line: label and another article's title

_ITEM_GAP = re.compile(r"\s*[|>›»→≫/·]+\s*|\s+- |(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_CRUMB_GAP = re.compile(
    r"\s*(?:>{1,2}|›|»|→|≫|\s[/-]\s|(?<=[\u3400-\u9fff])/(?=[\u3400-\u9fff])|::)\s*"
)
_OPEN_END = re.compile(r"[;；:：]\s*$")
_LABEL_MARKS = (":", "：")
_LABEL_END = re.compile(r"\s*[\]】]?\s*(?:[:：|»«<>←→]|\s|\[|$)")
_LATIN_LABEL_END = re.compile(r"\s*(?:[:：|»«←→]|$)")
_BRACKETS = re.compile(r"^[\[【(（<《\s]+")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright|版权所有|著作权所有)")
_RESERVED = re.compile(r"rights reserved|[版著着]作?权所有")
_READER = re.compile("[您你]")
_COUNT = re.compile(r"[(（]\d{1,5}[)）]")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REGISTERED = re.compile(r"[\u3400-\u9fff]?icp[备证]|公网安备|网安备|网站标识码")

_ACT = (
    "下载|打开|关注|扫码|扫描|扫一扫|长按|识别|点击|点选|加入|订阅"
    "|搜索|安装|追踪|按赞|赞好|点我|点此|按此"
)
_THING = (
    "app|客户端|公众号|二维码|官方微信|官方微博|微信|微博|扫一扫|粉丝团|粉丝专页|专页|会员|好友|应用程式|instagram|line|电子报|小程序|蓝字|"
    "视频号|频道|telegram|youtube|facebook|newsletter"
)
_PROMPT = re.compile(rf"(?:{_ACT})[^。！？!?]{{0,24}}?(?<![a-z])(?:{_THING})(?![a-z])")
# An appeal to react: 喜欢本书请大家收藏, 觉得不错就点个赞.
_ASK = re.compile(
    r"^[\W_]*(?:如果)?(?:喜欢|觉得|记得|别忘|欢迎|求)[^。!！?？]{0,30}"
    "(?:收藏|点赞|点个赞|点个?[^。]?在看|转发|分享|订阅|关注|推荐票|月票|五星|好评)"
)
_MAX_ASK = 40
_PROMPT_START = re.compile(
    rf"^[\W_]*(?:[^。]{{0,24}}[,!！，\s])?(?:请|欢迎|立即|快来|马上|即刻|敬请|想[^。]{{0,16}}[,?？])?[\s]*(?:用|使用|{_ACT})"
)


# Numbers that only a page counts, with what they count: 阅读 1.2万, 留言(3), 26个回答.
_AMOUNT = r"\d[\d,.]{0,11} ?[万千亿kw]?\+?"
_COUNTED = (
    "阅读|浏览|被浏览|点击|访问|人气|热度|评论|留言|回复|回帖|回应|跟帖|查看|围观|关注者?|粉丝|收藏|点赞|赞同"
    "|喜欢|在看|转发|分享|编辑|下载|播放|回答|好问题|人按赞|赞|有用|没用"
)
_COUNTER = re.compile(
    rf"(?:{_COUNTED})(?:次数|总?数|量)?\s*[:(]?\s*{_AMOUNT}\s?(?:次|人|个|条|则|篇)?\s?\)?"
    rf"|(?:等 ?)?{_AMOUNT}\s?(?:次|位|人|个|条|则|篇|名)?\s?(?:用户|网友)?(?:{_COUNTED})"
    r"(?:了?[该此这本]?(?:回答|文章|问题|帖子|内容))?(?![\u3400-\u9fff])"
)
_MAX_COUNTER = 60
_BRACKETED_COUNT = re.compile(rf"(?:{_COUNTED})\s?[(]{_AMOUNT}[)]")
_MAX_NAMES = 16  # letters of names before counters
# What a list of other pages is called, put together from what selects and what is selected.
_SELECTED = (
    "阅读|文章|新闻|资讯|报道|报导|稿件|内容|信息|链接|推荐|视频|影音|图片|图集|帖子|主题|话题|问题|问答|词条"
    "|条目|小说|图书|菜谱|食谱|游记|攻略|景点|目的地|酒店|商品|产品|房源|车型|职位|课程|专题|专栏|标签"
    "|搜索|博文|日志|软件|游戏|教程|影片|歌曲|诗词|直播"
)
_RELATED = re.compile(
    "(?:更多)?(?:相关|类似|同类|同系列|热门|热点|人气|最新|最热|精彩|推荐|精选|延伸|拓展|往期|更多|其他|附近的?)的?"
    rf"(?:{_SELECTED})(?:推荐|排行榜?|榜|列表|更多)?"
    "|猜[你您]?(?:也|还|可能)?(?:会|在)?(?:喜欢|想看|想搜|想买|感兴趣)(?:的.{0,4})?"
    "|(?:大家|他们|别人|其他人|网友|书友)(?:们|最近)?(?:都|还|也)?(?:在|爱|喜欢)(?:看|做|搜|买|问|玩|读|逛)什?么?"
    "|看[过了].{0,6}的人?(?:还|也|都)?(?:看|喜欢|买)?了?|最(?:hit|热|新|夯)"
)
_NOT_LETTER = re.compile(r"[\W_]+")
# A sentence in which a page speaks to its visitor about itself.
_OF_PAGE = re.compile("[您你]|本[站网书章页]|网址|书签|手机用户")
_TALK_COVERAGE = 0.45
_TALK_TERMS = 2
MAX_TALK = 120
# A row that bars or arrows divide: 区长信箱 | 政民互动 | 网站支持.
_ROW_ITEMS = 3
_ROW_GAP = re.compile(r"\s*[|｜]\s*")


def interface_verdict(line: Line) -> Verdict | None:
    """How much of `line` is interface, and which part of the page it would be."""
    if len(line.text) > MAX_INTERFACE or not line.letters:
        return None
    seen = line.dense
    hits = vocabulary("interface_terms").find(seen)
    certain = _labelled(seen, hits) or _footer(line, seen, hits) or _breadcrumb(seen)
    if certain is not None:
        return certain
    views = (
        _covered(line, seen, hits),
        _menu(seen),
        _prompt(line, seen),
        _counters(seen),
        _row(line, seen),
    )
    return max(filter(None, views), key=lambda verdict: verdict.points, default=None)


def _labelled(seen: str, hits: list[Hit]) -> Verdict | None:
    """`上一篇:…`, `标签:…`: a label and what belongs to it."""
    start = _BRACKETS.match(seen)
    at = start.end() if start is not None else 0
    if len(seen) > _MAX_LABELLED:
        return None
    for hit in hits[:1]:
        label = next((term for term in hit.terms if term.weight == 3), None)
        if label is None or hit.start != at:
            continue
        ends = _LATIN_LABEL_END if label.text.isascii() else _LABEL_END
        if ends.match(seen, hit.end):
            return Verdict(label.label, 2, {"label": label.text})
    return None


def _footer(line: Line, seen: str, hits: list[Hit]) -> Verdict | None:
    """Registration numbers, owners and services: the names and numbers among them are free."""
    found = {hit.best.text: hit.best.weight for hit in hits if hit.best.label == "site-info"}
    if _REGISTERED.search(seen):
        return Verdict("site-info", 3, {"terms": "registration"})
    if _COPYRIGHT.search(seen) and (_YEAR.search(seen) or _RESERVED.search(seen)):
        return Verdict("copyright", 3, {"terms": "copyright"})
    heads = any(
        hit.best.weight == 2 and _heads(seen, hit) for hit in hits if hit.best.text in found
    )
    if heads and not _OPEN_END.search(seen) and not line.full_stops:
        return Verdict("site-info", sum(found.values()), {"terms": " ".join(found)})
    return None


def _heads(seen: str, hit: Hit) -> bool:
    """Whether a term is a label or an item of its own: 技术支持:…, not 技术支持机构."""
    after = seen[hit.end : hit.end + 1]
    return after in _LABEL_MARKS or not (after.isalpha() or seen[: hit.start][-1:].isalpha())


def _breadcrumb(seen: str) -> Verdict | None:
    """`首页 > 新闻 > 金融`, also with the place named first: `当前位置: 首页 >> …`."""
    start = _BRACKETS.sub("", seen)
    crumbs = [crumb for crumb in _CRUMB_GAP.split(start) if crumb]
    if len(crumbs) < 2 or any(len(crumb) > _MAX_CRUMB * 2 for crumb in crumbs):
        return None
    hits = vocabulary("interface_terms").find(crumbs[0])
    covered = sum(hit.end - hit.start for hit in hits)
    if (
        any(term.label == "root" for hit in hits for term in hit.terms)
        and covered >= len(crumbs[0]) - 2
    ):
        return Verdict("navigation", 3, {"shape": "breadcrumb", "items": len(crumbs)})
    # A site's name may stand for its first page, if what follows are names of sections.
    is_path = any(mark in seen for mark in ">›»→≫")
    if is_path and len(crumbs[0]) <= _MAX_ITEM and all(map(is_interface_word, crumbs[1:])):
        return Verdict("navigation", 2, {"shape": "breadcrumb", "items": len(crumbs)})
    return None


def _covered(line: Line, seen: str, hits: list[Hit]) -> Verdict | None:
    """A line of interface words and little else."""
    points: Counter[str] = Counter()
    counted: dict[str, int] = {}
    letters = sum(1 for char in seen if char.isalpha())
    covered = 0
    for hit in hits:
        term = hit.best
        covered += sum(1 for char in seen[hit.start : hit.end] if char.isalpha())
        if term.weight and term.text not in counted:
            counted[term.text] = 1 if term.weight == 3 else term.weight
            points[term.label] += counted[term.text]
    if line.is_closed:
        least = _COVERAGE_CLOSED
    else:
        many = sum(counted.values()) >= _MANY_POINTS and "、" not in seen
        least = _COVERAGE_MANY if many else _COVERAGE
    if not counted or not letters or covered < least * letters:
        return None
    if line.full_stops > 1 or (len(seen) > 60 and line.function_share > 0.2):
        return None
    if line.full_stops and max(counted.values()) < 2:
        return None  # a sentence has to have a word that only interfaces use
    rule = points.most_common(1)[0][0]
    speaks_to_reader = _READER.search(seen) is not None
    return Verdict(
        rule,
        sum(counted.values()) + speaks_to_reader,
        {"terms": " ".join(counted), "coverage": round(covered / letters, 2)},
    )


def _menu(seen: str) -> Verdict | None:
    """A row of short items many of which are interface words or names of sections."""
    bare = _COUNT.sub("", seen).strip(" |/·[]【】<>")
    items = [item for item in _ITEM_GAP.split(bare) if item]
    few = len(items) == _MENU_ITEMS - 1
    if len(items) < _MENU_ITEMS - few or sum(len(item) > _MAX_ITEM + 4 for item in items) > 1:
        return None
    if any(char.isdigit() for char in bare) or "," in bare:
        return None
    known = sum(map(is_interface_word, items))
    if known < (_MENU_KNOWN_FEW if few else _MENU_KNOWN) * len(items):
        return None
    return Verdict("navigation", 2, {"shape": "menu", "items": len(items), "known": known})


def is_interface_word(item: str) -> bool:
    """Whether an item (see `features.plain`) is interface words, at most one character more."""
    hits = vocabulary("interface_terms").find(item)
    return bool(hits) and sum(hit.end - hit.start for hit in hits) >= len(item) - 1


def _prompt(line: Line, seen: str) -> Verdict | None:
    """An appeal to use the site's app or follow it elsewhere; one point for each appeal."""
    if len(seen) <= _MAX_ASK and not line.full_stops and _ASK.search(seen):
        return Verdict("app-promotion", 2, {"shape": "appeal to react"})
    appeals = len(_PROMPT.findall(seen))
    if not appeals or not _PROMPT_START.match(seen):
        return None
    points = appeals + (0 if line.full_stops else 1)
    return Verdict("app-promotion", points, {"shape": "appeal", "appeals": appeals})


def _counters(seen: str) -> Verdict | None:
    """A line of what the page counts: `阅读 1.2万 赞 356`, `26 个回答`."""
    if len(seen) > _MAX_COUNTER or not _DIGIT.search(seen):
        return None
    rest, counters = _COUNTER.subn(" ", seen)
    bracketed = len(_BRACKETED_COUNT.findall(seen))
    others = [piece for piece in _NOT_LETTER.split(rest) if not is_interface_word(piece)]
    # Counts in brackets are an interface's for certain; before them may stand who wrote where.
    allowed = _MAX_NAMES if bracketed > 1 else 0
    if not counters or sum(map(len, others)) > allowed or _DIGIT.search(rest):
        return None
    return Verdict("count", 2, {"shape": "counters", "counters": counters})


def _row(line: Line, seen: str) -> Verdict | None:
    """Short items that bars divide. A weak sign: columns and tables look the same."""
    items = [item for item in _ROW_GAP.split(seen) if item]
    if len(items) < _ROW_ITEMS or seen.startswith("|") or _DIGIT.search(seen) or not line.han:
        return None
    if any(not 0 < len(_NOT_LETTER.sub("", item)) <= _MAX_ITEM for item in items):
        return None
    return Verdict("navigation", 1, {"shape": "row", "items": len(items)})


def heads_list(line: Line) -> bool:
    """Whether a line can be what stands over a list of other pages: `相关稿件`, `大家都在看`."""
    return (
        len(line.text) <= _MAX_CRUMB
        and _RELATED.fullmatch(_NOT_LETTER.sub("", line.plain)) is not None
    )


def talk_verdict(line: Line) -> Verdict | None:
    """A sentence about the page itself: made of interface and legal words, if not of them alone."""
    seen = line.dense
    if len(seen) > MAX_TALK or line.full_stops > 2 or not _OF_PAGE.search(seen):
        return None
    terms: set[str] = set()
    covered = [False] * len(seen)
    for table in ("interface_terms", "notice_terms"):
        for hit in vocabulary(table).find(seen):
            covered[hit.start : hit.end] = [True] * (hit.end - hit.start)
            if hit.best.weight and hit.end - hit.start > 1:
                terms.add(hit.best.text)
    if len(terms) < _TALK_TERMS or sum(covered) < _TALK_COVERAGE * line.letters:
        return None
    return Verdict("site-info", 1, {"shape": "about the page", "terms": " ".join(sorted(terms))})

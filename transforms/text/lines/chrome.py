"""Chrome: the furniture of a page, recognised by what it is made of.

An interface line is made of interface words and little else. Its shape helps: a breadcrumb or
a menu is a row of short items, a footer line names a registration, an app prompt tells the
reader to do something with a thing. Points only say how much of that a line shows; whether it
goes depends on its place and its neighbours (`page`).
"""

from __future__ import annotations

import re
from collections import Counter

from transforms.text.lines.features import FUNCTION, Line
from transforms.text.lines.lexicon import Hit, vocabulary
from transforms.text.lines.notices import names_other_work
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
_MAX_SECTION = 4  # letters of a section's name
_MENU_KNOWN = 0.4  # share of a menu's items that are interface words
_MENU_KNOWN_FEW = 0.6  # of one item fewer
# Function characters of a clause: so many, and more than this share of it.
_CLAUSE_TIES = 2
_CLAUSE_SHARE = 0.12
_MAX_LABELLED = 90  # characters of a labelled line: label and another article's title

_ITEM_GAP = re.compile(r"\s*[|>›»→≫/·]+\s*|\s+- |(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_CRUMB_GAP = re.compile(
    r"\s*(?:>{1,2}|›|»|→|≫|\s[/-]\s|(?<=[\u3400-\u9fff])/(?=[\u3400-\u9fff])|::)\s*"
)
_ARROW = re.compile(r"\s*(?:>{1,2}|›|»|→|≫)\s*")
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
    r"^[\W_]*(?:如果)?(?:喜欢|觉得|记得|别忘|欢迎|求|(?=点个))[^。!！?？]{0,30}"
    "(?:收藏|点赞|点个赞|点个?[^。]?(?:赞|在看)|转发|分享|订阅|关注|推荐票|月票|五星|好评)"
)
_MAX_ASK = 40
# What ties a reader to the site; to open or scan a thing is told in directions, too.
_BINDS = re.compile("关注|订阅|下载|安装|加入|追踪|按赞|赞好")
_PROMPT_START = re.compile(
    rf"^[\W_]*(?:[^。]{{0,24}}[,!！，\s])?(?:请|欢迎|立即|快来|马上|即刻|敬请|想[^。]{{0,16}}[,?？])?[\s]*(?:用|使用|{_ACT})"
)


# Numbers that only a page counts, with what they count: 阅读 1.2万, 留言(3), 26个回答.
_AMOUNT = r"\d[\d,.]{0,11} ?[万千亿kw]?\+?"
_COUNTED = (
    "阅读|浏览|被浏览|点击|访问|人气|热度|评论|留言|回复|回覆|回帖|回应|跟帖|查看|围观|关注者?|粉丝|收藏|点赞|赞同"
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
    "|热[帖文闻点榜]|条目|小说|图书|菜谱|食谱|游记|攻略|景点|目的地|酒店|商品|产品|房源|车型|职位|课程|专题|专栏|标签"
    "|搜索|博文|日志|软件|游戏|教程|影片|歌曲|诗词|直播"
)
_RELATED = re.compile(
    "(?:更多)?(?:24小时|[今每]日|近期|[本一]周|本月|相关|类似|同类|同系列|热门|热点|人气|最新|最热|精彩|推荐|精选|延伸|拓展|往期|更多|其他|附近的?)的?"
    rf"(?:{_SELECTED})(?:推荐|排行榜?|榜|列表|更多)?"
    "|猜[你您]?(?:也|还|可能)?(?:会|在)?(?:喜欢|想看|想搜|想买|感兴趣)(?:的.{0,4})?"
    "|(?:大家|他们|别人|其他人|网友|书友)(?:们|最近)?(?:都|还|也)?(?:在|爱|喜欢)(?:看|做|搜|买|问|玩|读|逛|聊|说)什?么?"
    "|看[过了].{0,6}的人?(?:还|也|都)?(?:看|喜欢|买)?了?|最(?:hit|热|新|夯)"
)
# How a site that is a newspaper, a station, a portal is called at its end.
_HOUSE = re.compile("(?:网|报|社|台|站|在线|频道|新闻)$")
_NOT_LETTER = re.compile(r"[\W_]+")
# A sentence in which a page speaks to its visitor about itself.
_OPENS_WITH_PAGE = re.compile(r"[\W_]*本(?:页|网页|网站|站|词条|条目|文档|帖)")
# Where an account's readers answer: the place only exists on its page.
_TO_READERS = re.compile(
    "(?:评论|留言)[区板][^。]{0,8}(?:聊|说|留|告诉|见|讨论|分享|互动)|后台回复"
)
_MAX_OPENING = 60
_OF_PAGE = re.compile("[您你]|本[站网书章页]|网址|书签|手机用户")
_TALK_COVERAGE = 0.45
_TALK_TERMS = 2
MAX_TALK = 120
# What of a site's own no article ends with: its service, its app.
_OF_SITE = frozenset({"site-info", "app-promotion"})
# What no author writes wherever it stands: a wiki's edit link, a thread's floor, an
# advertisement's warning, the list of an article's pages, an account's end mark. With points.
_STAMP = r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d? \d\d?:\d\d(?::\d\d)?"
_MARKS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("navigation", 5, re.compile(r"\[(?:编辑|编辑本段|编辑源代码|隐藏|显示|收起|展开|播报)\]")),
    (
        "comments",
        3,
        re.compile(
            r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d? \d\d?:\d\d(?::\d\d)?\s+(?:#\d{1,5}|\d{1,5} ?楼)"
        ),
    ),
    ("comments", 3, re.compile(rf"(?:#\d{{1,5}}|\d{{1,5}} ?楼)\s+{_STAMP}")),
    ("count", 2, re.compile(r"[顶赞] ?\d{1,6}\s+踩 ?\d{1,6}")),
    ("site-info", 5, re.compile(r"\W*广告\W*(?:请|按)(?:继续|往下|向下|下滑|滑动)[^。]{0,12}")),
    ("pagination", 2, re.compile(r"第 ?\d{1,2} ?页\s?[:：][^。]{1,40}")),
    ("foot", 2, re.compile(r"[^\w\s]+ ?(?:the )?end ?[^\w\s]+")),
)
# Whom to call or write to, and where.
_CONTACT = re.compile(
    r"(?:联系|联络|咨询|办公)?(?:电话|传真|邮编|邮政编码|地址|人|方式|邮箱|信箱|手机)\s?[:：]"
    r"|(?:通信|通讯|办公|单位|电子)(?:地址|邮箱|邮件|信箱)\s?[:：]|e-?mail\s?[:：]"
)
# A row that bars or arrows divide: 区长信箱 | 政民互动 | 网站支持.
_ROW_ITEMS = 3
_ROW_GAP = re.compile(r"\s*[|｜]\s*")


def interface_verdict(line: Line) -> Verdict | None:
    """How much of `line` is interface, and which part of the page it would be."""
    if len(line.text) > MAX_INTERFACE:
        return None
    seen = line.dense
    hits = vocabulary("interface_terms").find(seen)
    for rule, points, pattern in _MARKS:
        if pattern.fullmatch(seen):
            return Verdict(rule, points, {"shape": "mark"})
    if not line.letters:
        return None
    if _CONTACT.match(seen):
        return Verdict("site-info", 1, {"shape": "contact"})
    certain = _labelled(line, seen, hits) or _footer(line, seen, hits) or _breadcrumb(seen)
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


def _labelled(line: Line, seen: str, hits: list[Hit]) -> Verdict | None:
    """`上一篇:…`, `标签:…`: a label and what belongs to it; a sentence about it is none."""
    if line.full_stops:
        return None
    start = _BRACKETS.match(seen)
    at = start.end() if start is not None else 0
    if len(seen) > _MAX_LABELLED:
        return None
    for hit in hits[:1]:
        label = next((term for term in hit.terms if term.weight == 3), None)
        if label is None or hit.start != at:
            continue
        ends = _LATIN_LABEL_END if label.text.isascii() else _LABEL_END
        end = ends.match(seen, hit.end)
        if end is None:
            continue
        # Titles of other articles may be clauses; tags, and what no mark divides, are none.
        may_be_clause = label.label != "tags" and end[0].strip()
        if may_be_clause or not _is_clause(line, seen[end.end() :]):
            return Verdict(label.label, 2, {"label": label.text})
    return None


def _is_clause(line: Line, seen: str) -> bool:
    """Whether what follows a label reads as the rest of a sentence."""
    tied = len(FUNCTION.findall(seen))
    return line.is_closed or (tied >= _CLAUSE_TIES and tied > _CLAUSE_SHARE * len(seen))


def _footer(line: Line, seen: str, hits: list[Hit]) -> Verdict | None:
    """Registration numbers, owners and services: the names and numbers among them are free."""
    found = {hit.best.text: hit.best.weight for hit in hits if hit.best.label == "site-info"}
    if _REGISTERED.search(seen):
        return Verdict("site-info", 3, {"terms": "registration"})
    owned = _COPYRIGHT.search(seen) and (_YEAR.search(seen) or _RESERVED.search(seen))
    # A sentence about rights is no notice of them; `All rights reserved.` is one.
    stated = line.full_stops and (line.han or not _RESERVED.search(seen))
    if owned and not stated and not names_other_work(seen):
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
    known = sum(map(is_interface_word, crumbs[1:]))
    least = 1 if len(crumbs) > 2 and _HOUSE.search(crumbs[0]) else len(crumbs) - 1
    if is_path and len(crumbs[0]) <= _MAX_ITEM and known >= least:
        return Verdict("navigation", 2, {"shape": "breadcrumb", "items": len(crumbs)})
    return None


def path_of(line: Line) -> list[str]:
    """The parts of a line that arrows divide, as `features.plain` has them; of others, none."""
    parts = _ARROW.split(line.plain)
    return parts if len(parts) > 1 and len(line.text) <= MAX_INTERFACE else []


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
    if len(set(items)) < len(items):
        return None  # a menu names each page once; the cells of a table repeat
    known = sum(map(is_interface_word, items))
    if known and not few and _is_root(items[0]) and max(map(len, items)) <= _MAX_SECTION:
        return Verdict("navigation", 2, {"shape": "menu", "items": len(items), "known": known})
    if known < (_MENU_KNOWN_FEW if few else _MENU_KNOWN) * len(items):
        return None
    return Verdict("navigation", 2, {"shape": "menu", "items": len(items), "known": known})


def _is_root(item: str) -> bool:
    """Whether an item of a menu is the page that a breadcrumb begins with."""
    return any(term.label == "root" for term in vocabulary("interface_terms")[item])


def is_interface_word(item: str) -> bool:
    """Whether an item (see `features.plain`) is interface words, at most one character more."""
    hits = vocabulary("interface_terms").find(item)
    return bool(hits) and sum(hit.end - hit.start for hit in hits) >= len(item) - 1


def _prompt(line: Line, seen: str) -> Verdict | None:
    """An appeal to use the site's app or follow it elsewhere; one point for each appeal."""
    if len(seen) <= _MAX_ASK and not line.full_stops and _ASK.search(seen):
        return Verdict("app-promotion", 2, {"shape": "appeal to react"})
    appeals = len(_PROMPT.findall(seen))
    if line.full_stops and not _BINDS.search(seen):
        return None
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


def hints_at_page(line: Line) -> bool:
    """Whether a line names a site's service or strings phrases of reprint, if not only that."""
    seen = line.dense
    if line.full_stops or len(seen) > MAX_TALK or names_other_work(seen):
        return False
    hits = vocabulary("interface_terms").find(seen)
    if any(hit.best.weight == 2 and hit.best.label in _OF_SITE for hit in hits):
        return True
    legal = {hit.terms[0].text for hit in vocabulary("notice_terms").find(seen) if _is_legal(hit)}
    return len(legal) >= _TALK_TERMS


def names_service(line: Line) -> bool:
    """Whether a row `label:value` has a label of a site's: 主办:…, 客服电话:…, 地址:…."""
    hits = vocabulary("interface_terms").find(line.dense)
    return _CONTACT.match(line.dense) is not None or any(
        hit.best.weight and hit.best.label == "site-info" and _heads(line.dense, hit)
        for hit in hits
    )


def _is_legal(hit: Hit) -> bool:
    return any(term.weight and term.label == "copyright" for term in hit.terms)


def talk_verdict(line: Line) -> Verdict | None:
    """A sentence about the page itself: made of interface and legal words, if not of them alone."""
    seen = line.dense
    if len(seen) > MAX_TALK or line.full_stops > 2:
        return None
    if len(seen) <= _MAX_OPENING and (_OPENS_WITH_PAGE.match(seen) or _TO_READERS.search(seen)):
        return Verdict("site-info", 1, {"shape": "about the page"})
    if not _OF_PAGE.search(seen):
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

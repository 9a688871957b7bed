"""Invented outlets: what each publishes, and how its pages look in health."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_WORDS = (
    "cầu phà bến sông chợ phường tổ dân phố đường đèn học sinh thầy cô mùa gạo lúa nước mưa nắng "
    "thợ máy xưởng vé tàu ga cảng hàng quán cà phê sách báo loa trạm cân đo giá phí hộ nhà vườn "
    "cây trồng cá tôm lưới thuyền đò biển đảo núi rừng suối họp bàn nói viết đọc hỏi trả lời mở "
    "đóng sửa xây dời thêm bớt mới cũ sớm muộn đông vắng nhanh chậm"
)
_ENGLISH = (
    "harbour bridge ferry market street school rice river rain workshop ticket train station port "
    "book paper village garden fish boat sea island hill forest meeting said asked answered opened "
    "closed repaired built moved added cheap early late quick slow new old the a of and to in for"
)
WORDS = {"vi": _WORDS.split(), "en": _ENGLISH.split()}
NAMES = ("Lê Bến Đò", "Trần Cầu Mới", "Phạm Sông Xanh", "Vũ Chợ Phiên", "Hà Mưa Rào")


@dataclass(frozen=True, slots=True)
class Story:
    """An article: its number in the outlet's life, its path, and when it is published."""

    number: int
    path: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    byline: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: how much it publishes on which weekday, how long its texts are, how it looks.

    `videos` is the share of pages without a text, `moves` that of pages which lead to another one
    after a day; one that `leads_on` announces addresses that lead to those of its pages.
    """

    id: str
    a_day: float
    look: Callable[[Story], str]
    family: str = ""
    paragraphs: tuple[int, int] = (5, 14)
    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 0.5, 0.4)
    kind: str = "independent"
    language: str = "vi"
    keeps_holidays: bool = False
    titles: tuple[str, ...] = ()
    videos: float = 0.0
    leads_on: bool = False
    moves: float = 0.0


def sentence(chance: random.Random, words: int, language: str) -> str:
    """A sentence of invented words."""
    text = " ".join(chance.choices(WORDS[language], k=words))
    return text[0].upper() + text[1:] + "."


def story(outlet: Outlet, number: int, at: datetime) -> Story:
    """The outlet's article with this number, the same every time."""
    chance = random.Random(f"{outlet.id}:{number}")
    long = chance.randint(*outlet.paragraphs)
    title = chance.choice(outlet.titles) if outlet.titles else ""
    return Story(
        number,
        f"/{outlet.id}/bai-{number}.html",
        title or sentence(chance, 9, outlet.language)[:-1],
        sentence(chance, 18, outlet.language),
        tuple(
            " ".join(sentence(chance, chance.randint(8, 22), outlet.language) for _ in range(3))
            for _ in range(long)
        ),
        chance.choice(NAMES),
        at,
    )


def ims(one: Story) -> str:
    """A page in the structure of the IMS family."""
    return page(
        one.title,
        f'<h1 class="detail-title" data-role="title">{escape(one.title)}</h1>'
        f'<div class="detail-time" data-role="publishdate">{_shown(one)}</div>'
        f'<h2 class="detail-sapo" data-role="sapo">{escape(one.summary)}</h2>'
        f'<div class="detail-author" data-role="author">{one.byline}</div>'
        f'<div class="detail-content afcbc-body" data-role="content">{paragraphs_of(one)}</div>',
    )


def zce(one: Story) -> str:
    """A page in the structure of the ZCE family."""
    return page(
        one.title,
        f'<h1 class="article__title cms-title">{escape(one.title)}</h1>'
        f'<div class="article__meta">{_time(one)}</div>'
        f'<div class="article__sapo cms-desc">{escape(one.summary)}</div>'
        f'<div class="article__author cms-author">{one.byline}</div>'
        f'<div class="article__body zce-content-body">{paragraphs_of(one)}</div>',
    )


def plain(one: Story) -> str:
    """A page of no known system, which only trafilatura reads."""
    return page(
        one.title,
        f"<article><h1>{escape(one.title)}</h1>{_time(one)}{paragraphs_of(one)}</article>",
    )


def undated(one: Story) -> str:
    """A page without any date."""
    return page(one.title, f"<article><h1>{escape(one.title)}</h1>{paragraphs_of(one)}</article>")


def by_day(one: Story) -> str:
    """A page that names only the day; one in three has no byline."""
    day = replace(one, at=one.at.replace(hour=0, minute=0, second=0))
    return zce(replace(day, byline="" if one.number % 3 else one.byline))


def mixed(one: Story) -> str:
    """Two systems of one outlet, changing by the day: the newer pages have no author."""
    return ims(one) if one.at.day % 2 else zce(replace(one, byline=""))


def special(one: Story) -> str:
    """Some pages are specials of no known design; in others the title stands elsewhere."""
    drawn = random.Random(one.path).random()
    return plain(one) if drawn < 0.15 else title_elsewhere(one) if drawn < 0.4 else ims(one)


def title_elsewhere(one: Story) -> str:
    """A page of the IMS family but for its title."""
    title = f'<h1 class="detail-title" data-role="title">{escape(one.title)}</h1>'
    return ims(one).replace(title, f'<div class="x1">{escape(one.title)}</div>')


OUTLETS = (
    Outlet("ban-ron", 40, ims, "ims", kind="state"),
    Outlet("hang-tuan", 0.6, zce, "zce", weekdays=(0, 0, 0, 0, 3.5, 3.5, 0)),
    Outlet("khong-ngay", 8, undated, paragraphs=(3, 8)),
    Outlet("tin-van", 20, ims, "ims", paragraphs=(1, 2)),
    Outlet("nghi-le", 12, zce, "zce", weekdays=(1, 1, 1, 1, 1, 0, 0), keeps_holidays=True),
    Outlet("du-phong", 10, plain, moves=0.03),
    Outlet("diem-tin", 6, by_day, "zce", titles=("Điểm tin sáng", "Điểm tin chiều")),
    Outlet("hai-kieu", 15, mixed, "ims", paragraphs=(1, 30)),
    Outlet("truyen-hinh", 18, zce, "zce", kind="state", videos=0.3, moves=0.1),
    Outlet("loi-tat", 9, ims, "ims", leads_on=True),
    Outlet("harbour-post", 7, plain, kind="international", language="en"),
    Outlet("dac-biet", 12, special, "ims"),
    Outlet("thua-thot", 2, special, "ims"),
    Outlet("bua-co", 2.5, special, "ims"),
)


def times(outlet: Outlet, day: datetime, number: int, is_holiday: bool) -> list[Story]:
    """What an outlet publishes on a day that begins at `day`, its zone's midnight, in order."""
    chance = random.Random(f"{outlet.id}:{day.date()}")
    if is_holiday and outlet.keeps_holidays:
        return []
    wanted = outlet.a_day * outlet.weekdays[day.weekday()] * chance.uniform(0.75, 1.25)
    count = int(wanted) + (chance.random() < wanted % 1)
    moments = sorted(
        day + timedelta(seconds=chance.randint(6 * 3600, 22 * 3600)) for _ in range(count)
    )
    return [story(outlet, number + place, at) for place, at in enumerate(moments)]


def page(title: str, body: str) -> str:
    """A page with this title and body."""
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'>"
        f'<title>{escape(title)}</title><meta property="og:title" content="{escape(title)}">'
        f"</head><body>{body}</body></html>"
    )


def paragraphs_of(one: Story) -> str:
    """The text of an article."""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in one.paragraphs)


def _time(one: Story) -> str:
    return f'<time datetime="{one.at.isoformat()}">{_shown(one)}</time>'


def _shown(one: Story) -> str:
    return f"{one.at.astimezone(ZONE):%d/%m/%Y %H:%M}"

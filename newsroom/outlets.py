"""The five invented outlets: their names, languages, addresses and ways of being discovered."""

from dataclasses import dataclass

from newsroom.calendar import ZONE
from newsroom.press import Article


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of the invented press.

    `discovery` is the path a crawler starts from and `how` its form; `closed` is a path that
    robots.txt forbids although pages link to it.
    """

    id: str
    name: str
    language: str
    kind: str
    how: str
    discovery: str
    closed: str
    motto: str

    @property
    def home(self) -> str:
        """The path of the front page."""
        return f"/{self.id}/"


OUTLETS: tuple[Outlet, ...] = (
    Outlet(
        id="tinsang",
        name="Tin Sáng",
        language="vi",
        kind="state",
        how="RSS 2.0",
        discovery="/tinsang/rss/home.rss",
        closed="/tinsang/noi-bo/ban-thao.htm",
        motto="Nhật báo buổi sớm của một thành phố tưởng tượng",
    ),
    Outlet(
        id="nhipdo",
        name="Nhịp Đô",
        language="vi",
        kind="state",
        how="RSS 2.0 with dates that ordinary parsers cannot read",
        discovery="/nhipdo/rss/home.rss",
        closed="/nhipdo/thanh-vien/ho-so.html",
        motto="Tiếng nói đô thị, hoàn toàn hư cấu",
    ),
    Outlet(
        id="mekongherald",
        name="Mekong Herald",
        language="en",
        kind="state",
        how="news sitemap behind a sitemap index",
        discovery="/mekongherald/sitemap.xml",
        closed="/mekongherald/subscribers/archive.html",
        motto="The invented national English daily",
    ),
    Outlet(
        id="farwire",
        name="Farwire",
        language="en",
        kind="foreign",
        how="Atom",
        discovery="/farwire/feed/atom/",
        closed="/farwire/clients/raw-copy/",
        motto="An invented international wire agency",
    ),
    Outlet(
        id="songviet",
        name="Sóng Việt",
        language="vi",
        kind="independent",
        how="listing page only",
        discovery="/songviet/tin-moi.html",
        closed="/songviet/quan-tri/nhap.html",
        motto="Trang tin nhỏ không có thật",
    ),
)

BY_ID = {outlet.id: outlet for outlet in OUTLETS}


def path_of(article: Article) -> str:
    """The path of an article's page, in the manner of its outlet."""
    local = article.published.astimezone(ZONE)
    match article.outlet:
        case "tinsang":
            stamp = f"{local:%Y%m%d%H%M}{article.number % 60:02d}{article.number % 1000:03d}"
            return f"/tinsang/{article.slug}-{stamp}.htm"
        case "nhipdo":
            return f"/nhipdo/{article.slug}-post{article.number}.html"
        case "mekongherald":
            return f"/mekongherald/{_slug(article.section)}/{article.number}/{article.slug}.html"
        case "farwire":
            return f"/farwire/{local:%Y/%m/%d}/{article.slug}/"
        case _:
            return f"/songviet/doc/{article.slug}-{article.number}.html"


def _slug(section: str) -> str:
    return section.lower().replace(" ", "-")

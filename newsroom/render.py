"""Pages, feeds and sitemaps of the invented outlets and the portal, as text."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newsroom import dates, instruments, portal
from newsroom.calendar import date_of, days
from newsroom.outlets import BY_ID, OUTLETS, Outlet, path_of
from newsroom.press import Article, related_to, served
from newsroom.script import FEED_BROKEN_ON, happenings

LATEST = 20
TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        iso=dates.iso,
        iso_compact=dates.iso_compact,
        rfc822=dates.rfc822,
        unreadable=dates.unreadable,
        slashes=dates.slashes,
        vietnamese=dates.vietnamese,
        short=dates.short,
        english=dates.english,
        path=path_of,
    )
    return environment


def _fill(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def _script_safe(value: object) -> Markup:
    """JSON that can stand inside a script element: no "<" that could end it."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))


def article_page(article: Article, day: int, base: str) -> str:
    """The HTML page of an article as served on `day`; `base` is the site's address."""
    outlet = BY_ID[article.outlet]
    url = base + path_of(article)
    linked_data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.sapo,
        "datePublished": dates.iso(article.published),
        "author": [{"@type": "Person", "name": name} for name in article.byline],
        "publisher": {"@type": "Organization", "name": outlet.name},
        "mainEntityOfPage": url,
        "inLanguage": outlet.language,
    }
    return _fill(
        f"{article.outlet}.html",
        article=article,
        outlet=outlet,
        base=base,
        url=url,
        related=related_to(article, day),
        linked_data=_script_safe(linked_data),
    )


def front_page(outlet: Outlet, day: int, base: str) -> str:
    """An outlet's front page: the latest articles of the day, and where its feed is."""
    latest = served(day, outlet.id)[:LATEST]
    template = "songviet_list.html" if outlet.id == "songviet" else "front.html"
    return _fill(template, outlet=outlet, latest=latest, base=base)


def discovery(outlet: Outlet, day: int, base: str) -> str:
    """The feed, sitemap or listing from which an outlet's articles are discovered on `day`."""
    if outlet.id == "songviet":
        return front_page(outlet, day, base)
    latest = served(day, outlet.id)[:LATEST]
    template = {"mekongherald": "sitemap_index.xml.j2", "farwire": "atom.xml.j2"}.get(
        outlet.id, "rss.xml.j2"
    )
    text = _fill(
        template,
        outlet=outlet,
        latest=latest,
        base=base,
        readable_dates=outlet.id != "nhipdo",
    )
    if outlet.id == "nhipdo" and day == FEED_BROKEN_ON:
        return text[: text.index("<item>") + 60]
    return text


def news_sitemap(outlet: Outlet, day: int, base: str) -> str:
    """The news sitemap to which the sitemap index leads."""
    latest = served(day, outlet.id)[:LATEST]
    return _fill("news_sitemap.xml.j2", outlet=outlet, latest=latest, base=base)


def document_page(document: portal.Document, base: str) -> str:
    """The portal's page of one document: fields, relations, full text, attachments."""
    return _fill(
        "document.html",
        document=document,
        base=base,
        closed=portal.CLOSED,
        text=instruments.legal_text(document.text) if document.text else None,
        is_centred=instruments.is_centred,
        is_article=instruments.is_article,
    )


def portal_list(documents: tuple[portal.Document, ...], kind: str, page: int, base: str) -> str:
    """One page of the portal's list of `kind`, "van-ban" (enacted) or "du-thao" (drafts)."""
    start = (page - 1) * portal.PER_PAGE
    return _fill(
        "portal_list.html",
        documents=documents[start : start + portal.PER_PAGE],
        kind=kind,
        page=page,
        pages=page_count(documents),
        base=base,
        closed=portal.CLOSED,
    )


def page_count(documents: tuple[portal.Document, ...]) -> int:
    """How many pages a list of these documents takes; an empty list takes one."""
    return max(1, -(-len(documents) // portal.PER_PAGE))


def index_page(day: int, base: str) -> str:
    """The page at the root, for a person: outlets, days, and what happens on each."""
    calendar = [(n, date_of(n), happenings(n)) for n in days()]
    return _fill("index.html", outlets=OUTLETS, calendar=calendar, today=day, base=base)


def closed_page(name: str, base: str) -> str:
    """A page that robots.txt forbids; whoever reads it did not ask robots.txt."""
    return _fill("closed.html", name=name, base=base)


def robots(base: str) -> str:
    """The robots.txt of the whole server."""
    return _fill("robots.txt.j2", outlets=OUTLETS, closed=portal.CLOSED, base=base)

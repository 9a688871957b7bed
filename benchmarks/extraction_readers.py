"""The ways a page can be read as an article: ours, and four libraries with the same task."""

import logging
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from unittest.mock import patch

from spiders.dates import HCM


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader gave for a page; `day` where it gives no time of day, or beside it."""

    title: str = ""
    text: str = ""
    moment: datetime | None = None
    day: date | None = None
    byline: tuple[str, ...] = ()

    def is_of(self, moment: datetime) -> bool:
        """Say whether it gave the day of `moment`, in Việt Nam's zone or in UTC."""
        days = {moment.astimezone(HCM).date(), moment.astimezone(UTC).date()}
        return self.day in days


Reader = Callable[[bytes, str], Read]


def ours(body: bytes, url: str) -> Read:
    """Read a page as the crawl does; a typed refusal reads nothing."""
    from spiders.extract import extract
    from storage.problems import Problem

    try:
        article = extract(body, url)
    except Problem:
        return Read()
    moment = article.published_at
    return Read(article.title, article.text, moment, _day(moment), article.byline)


def no_family_declared() -> AbstractContextManager[object]:
    """Let `ours` read every page as one of an outlet that nobody has declared."""
    return patch("spiders.extract.candidates", lambda *_: [])


def readers() -> dict[str, Reader | str]:
    """Return the readers by name; why not, for one whose library is not installed."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    found: dict[str, Reader | str] = {"Decree Watch": ours}
    for name, make in (
        ("trafilatura", _trafilatura),
        ("newspaper4k", _newspaper),
        ("readability-lxml", _readability),
        ("news-please", _news_please),
    ):
        try:
            found[name] = make()
        except ImportError as error:
            found[name] = f"not installed ({error.name}): pip install 'decreewatch[bench]'"
    return found


def _trafilatura() -> Reader:
    import trafilatura
    from trafilatura.settings import Document

    def read(body: bytes, url: str) -> Read:
        found = trafilatura.bare_extraction(
            body,
            url=url,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={
                "original_date": True,
                "extensive_search": True,
                "max_date": "2100-12-31",
            },
        )
        if not isinstance(found, Document):
            return Read()
        day = date.fromisoformat(found.date) if found.date else None
        names = tuple(name for name in (found.author or "").split("; ") if name)
        return Read(found.title or "", found.text or "", None, day, names)

    return read


def _newspaper() -> Reader:
    import newspaper

    def read(body: bytes, url: str) -> Read:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        moment = _aware(article.publish_date)
        return Read(article.title, article.text, moment, _day(moment), tuple(article.authors))

    return read


def _readability() -> Reader:
    from lxml import html
    from readability import Document

    def read(body: bytes, url: str) -> Read:
        document = Document(body.decode("utf-8", "replace"), url=url)
        tree = html.fromstring(document.summary())
        return Read(document.short_title(), "\n".join(tree.itertext()))

    return read


def _news_please() -> Reader:
    from newsplease import NewsPlease

    def read(body: bytes, url: str) -> Read:
        found = NewsPlease.from_html(body.decode("utf-8", "replace"), url=url, fetch_images=False)
        moment = _aware(found.date_publish)
        authors = tuple(found.authors or ())
        return Read(found.title or "", found.maintext or "", moment, _day(moment), authors)

    return read


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None

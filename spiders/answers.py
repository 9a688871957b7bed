"""Ask one address through Scrapy's downloader, and hand over what the server sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from spiders.diagnosis import problem_of
from spiders.failures import BadAddress, HttpError, RedirectedAway
from spiders.middlewares import exchange_of
from spiders.turns import fresh_for
from spiders.validators import validator
from spiders.visit import Visit
from storage.addresses import canonical_url
from storage.captures import Exchange

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

MAX_URL = 2000
NOT_MODIFIED = 304
GONE = (404, 410)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered, after redirects.

    `body` has its content encoding undone; `exchange` holds what was sent, byte for byte.
    `fresh_for` is for how many seconds a cache may take it as current.
    """

    asked: str
    url: str
    status: int
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    fresh_for: float
    exchange: Exchange

    @property
    def not_modified(self) -> bool:
        """Whether the server says that we have the current version."""
        return self.status == NOT_MODIFIED

    @property
    def gone(self) -> bool:
        """Whether the server says that there is no such page."""
        return self.status in GONE

    def refuse(self) -> NoReturn:
        """Raise HttpError: there must be a page here."""
        raise HttpError(f"{self.asked}: the server answered {self.status}")

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.content_type.partition(";")[0].strip().lower()


def checked_url(url: str) -> str:
    """The canonical form of an address that may be asked.

    Raises BadAddress when it is longer than 2,000 characters or no http(s) address.
    """
    if len(url) > MAX_URL:
        raise BadAddress(f"{url[:80]}…: {len(url)} characters long; at most {MAX_URL} are asked")
    if not url.startswith(("http://", "https://")):
        raise BadAddress(f"{url[:200]}: only http and https are asked")
    try:
        return canonical_url(url)
    except ValueError as error:
        raise BadAddress(f"{url[:200]}: not an address ({error})") from error


async def ask(
    crawler: "Crawler",
    visit: Visit,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    belongs_to: str = "",
    post: bytes | None = None,
    form: bool = False,
) -> Answer:
    """Ask for `url` with the conditional `headers`.

    `belongs_to` is the page that a file is read for: what becomes of the file befalls it.
    `post` is JSON to be posted to it, or the fields of a `form`.
    Gives an answer with status 200, 304, 404 or 410; raises a Problem for all else.
    """
    from scrapy import Request
    from scrapy.http.request import NO_CALLBACK

    visit.say(belongs_to or url)
    request = Request(
        url,
        method="GET" if post is None else "POST",
        headers=dict(headers or {}) if post is None else FORM if form else JSON,
        body=post,
        callback=NO_CALLBACK,
        dont_filter=True,
    )
    try:
        response = await crawler.engine.download_async(request)
    except Exception as error:
        problem = problem_of(error, url)
        if url not in str(problem):
            problem = type(problem)(f"{url}: {problem}")
        raise problem from error
    answer = _answer(visit, url, response)
    _refuse(answer)
    return answer


def _answer(visit: Visit, asked: str, response: "Response") -> Answer:
    def said(name: str) -> str:
        return (response.headers.get(name) or b"").decode("latin-1")

    now = visit.clock()
    return Answer(
        asked=asked,
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=said("Content-Type"),
        etag=validator(said("ETag")),
        last_modified=validator(said("Last-Modified")),
        fresh_for=fresh_for(said("Cache-Control"), said("Expires"), said("Age"), now),
        exchange=exchange_of(response, now),
    )


def _refuse(answer: Answer) -> None:
    if answer.status in (200, NOT_MODIFIED, *GONE):
        return
    if 300 <= answer.status < 400:
        raise RedirectedAway(f"{answer.asked}: answers {answer.status} and leads nowhere")
    answer.refuse()

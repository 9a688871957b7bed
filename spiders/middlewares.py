"""Between Scrapy's engine and the network: bodies as they were sent, limits, early typed ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response

from spiders.diagnosis import problem_of, tls_reason
from spiders.failures import BadAddress, BadEncoding
from spiders.private_addresses import GuardedResolver, PrivateAddress
from spiders.problems import TooLarge
from storage.captures import Exchange

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

AS_SENT = "as_sent"
"""Key in a request's meta under which its answer lies as it came over the wire."""


@dataclass(frozen=True, slots=True)
class AsSent:
    """An answer before its content encoding was undone, and the request that asked for it."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    request_headers: tuple[tuple[str, str], ...]
    reason: str


def exchange_of(response: Response, at: datetime) -> Exchange:
    """What was asked and answered at `at`, as it went over the wire, for the archive.

    `response` is the downloader's; its request is the one that led to it after redirects.
    """
    if response.request is None:
        raise ValueError(f"{response.url}: an answer that nobody asked for")
    sent: AsSent = response.request.meta[AS_SENT]
    return Exchange(
        url=response.url,
        fetched_at=at,
        status=response.status,
        headers=sent.headers,
        payload=sent.body,
        request_headers=sent.request_headers,
        reason=sent.reason,
        method=response.request.method,
    )


class KeepAsSent:
    """Keeps every final answer as it was sent; stands nearer the network than unpacking."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Put the answer into the request's meta."""
        from http import HTTPStatus

        known = response.status in HTTPStatus._value2member_map_
        request.meta[AS_SENT] = AsSent(
            headers=_pairs(response),
            body=response.body,
            request_headers=_pairs(request),
            reason=HTTPStatus(response.status).phrase if known else "",
        )
        return response


class Unpacking(HttpCompressionMiddleware):
    """Undoes the content encoding up to the size limit, with typed errors."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Unpack; raises TooLarge or BadEncoding."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(
                f"{request.url}: unpacks to more than the {self._max_size} bytes of "
                "politeness.max_bytes"
            ) from error
        except Exception as error:
            raise BadEncoding(f"{request.url}: cannot be unpacked ({error})") from error


class EarlyEnds:
    """Ends what no retry would mend: private addresses, wrong certificates, odd addresses."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "EarlyEnds":
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse an address that names a user or is no web address."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadAddress(f"{request.url}: only http and https are asked")
        if parts.username is not None:
            raise BadAddress(f"{parts.hostname}: an address that names a user is not asked")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise what must not be tried again."""
        from twisted.internet import reactor

        host = urlsplit(request.url).hostname or ""
        resolver = getattr(reactor, "nameResolver", None)
        if isinstance(exception, CannotResolveHostError) and isinstance(resolver, GuardedResolver):
            address = resolver.refused.get(host)
            if address is not None:
                raise PrivateAddress(
                    f"{request.url}: {host} is the private address {address}; not asked. Name "
                    "it in politeness.allow_private if it is meant to be."
                )
        if tls_reason(exception):
            raise problem_of(exception, request.url) from exception


def _pairs(message: Request | Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    )

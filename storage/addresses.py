"""Addresses: one form for each page, however it was linked to."""

from typing import ClassVar
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from storage.problems import Problem

TRACKING = (
    "fbclid", "gclid", "mc_cid", "mc_eid", "utm_campaign", "utm_content", "utm_id",
    "utm_medium", "utm_source", "utm_term", "zarsrc",
)  # fmt: skip
"""Parameters that say where a reader came from, never what the page is."""

MAX_URL = 2000
"""Longer addresses are refused: PostgreSQL cannot index them, and no real page has one."""


class AddressRefused(Problem, ValueError):
    """An address under which nothing can be stored."""

    kind: ClassVar[str] = "bad-address"


def canonical_url(url: str) -> str:
    """The address under which an item is known.

    Scheme and host in lower case, no default port, no fragment, no tracking parameters,
    the others sorted: a portal that writes them in another order names the same document.

    Raises AddressRefused when it is no address, or longer than MAX_URL in this form.
    """
    try:
        url = canonicalize_url(url.strip())
        if "?" in url:
            url = canonicalize_url(url_query_cleaner(url, TRACKING, remove=True, unique=False))
        parts = urlsplit(url)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        if parts.port is not None and parts.port == default:
            url = parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
    except ValueError as error:
        raise AddressRefused(f"{url[:200]}: not an address ({error})") from error
    if len(url) > MAX_URL:
        raise AddressRefused(f"{url[:80]}…: {len(url)} characters long; at most {MAX_URL} are kept")
    return url


def host_of(url: str) -> str:
    """The host of an address, with its port where one is named."""
    return urlsplit(url).netloc.lower()

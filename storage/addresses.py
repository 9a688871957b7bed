"""Addresses: one form for each page, however it was linked to."""

from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

TRACKING = (
    "fbclid", "gclid", "mc_cid", "mc_eid", "utm_campaign", "utm_content", "utm_id",
    "utm_medium", "utm_source", "utm_term", "zarsrc",
)  # fmt: skip
"""Parameters that say where a reader came from, never what the page is."""


def canonical_url(url: str) -> str:
    """The address under which an item is known.

    Scheme and host in lower case, no default port, no fragment, no tracking parameters,
    the others sorted: a portal that writes them in another order names the same document.
    """
    if "?" in url:
        url = url_query_cleaner(url, TRACKING, remove=True, keep_fragments=False)
    url = canonicalize_url(url.strip())
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    if parts.port is not None and parts.port == default:
        url = parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
    return url


def host_of(url: str) -> str:
    """The host of an address, with its port where one is named."""
    return urlsplit(url).netloc.lower()

"""Conditional requests: what a server said of a page's version, sent back to it (RFC 9110)."""

from storage.models import Page

LONGEST = 1000
"""A validator longer than this is not remembered: no honest server sends one."""


def conditional_headers(page: Page | None) -> dict[str, str]:
    """The headers that let a server answer 304 for a page we know."""
    headers = {}
    if page is not None and page.etag:
        headers["If-None-Match"] = page.etag
    if page is not None and page.last_modified:
        headers["If-Modified-Since"] = page.last_modified
    return headers


def validator(value: str) -> str:
    """A header's value fit to be remembered and sent again; "" when it is not."""
    value = value.strip()
    fit = value.isascii() and value.isprintable() and len(value) <= LONGEST
    return value if fit else ""

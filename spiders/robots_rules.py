"""What a robots.txt says of an address, in words (RFC 9309)."""

from typing import Protocol

PRODUCT = "DecreeWatch"
"""The name under which robots.txt may speak to us."""
MAX_BYTES = 512_000
"""RFC 9309 asks to read at least 500 KiB; what lies beyond is not read."""


class Rules(Protocol):
    """What a robots.txt says, as protego reads it."""

    def can_fetch(self, url: str, user_agent: str) -> bool:
        """Whether an address may be asked."""
        ...

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between requests, if it names any."""
        ...


def rules_in(body: bytes) -> Rules:
    """Read a robots.txt."""
    from protego import Protego

    rules: Rules = Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", errors="ignore"))
    return rules


def said_about(rules: Rules, url: str) -> str:
    """Say in words whether an address may be asked, and how often."""
    said = "robots.txt allows it" if rules.can_fetch(url, PRODUCT) else "robots.txt forbids it"
    delay = rules.crawl_delay(PRODUCT)
    return f"{said}, {delay:g} s between requests" if delay else said

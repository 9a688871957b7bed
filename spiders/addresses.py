"""Addresses as pages and feeds write them, broken ones included."""

from urllib.parse import SplitResult, urljoin, urlsplit

NOWHERE = SplitResult("", "", "", "", "")


def absolute(base: str, link: str) -> str:
    """Give an absolute http(s) address, or "" where `link` is none."""
    try:
        made = urljoin(base, " ".join(link.split()).replace(" ", "%20"))
    except ValueError:
        return ""
    return made if made.startswith(("http://", "https://")) and host_of(made) else ""


def split(url: str) -> SplitResult:
    """Split an address into its parts; a broken one has none."""
    try:
        return urlsplit(url)
    except ValueError:
        return NOWHERE


def host_of(url: str) -> str:
    """Give an address's host in lower case without `www.`, "" where it has none."""
    return (split(url).hostname or "").removeprefix("www.")

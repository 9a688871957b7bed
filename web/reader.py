"""Who reads a page, and how: language and theme as the address, a cookie or the browser says."""

from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from web.wording import LANGUAGES, Language

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
YEAR_S = 366 * 86400
_MOST_ACCEPTED = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """The language of the interface and the theme; "auto" follows the system."""

    language: Language
    theme: Theme


def reader_of(request: Request) -> Reader:
    """How this request wants to be answered: `?lang` and `?theme`, then cookies, then the
    browser's languages."""
    asked, kept = request.query_params, request.cookies
    theme = _theme(asked.get("theme", "")) or _theme(kept.get("theme", "")) or "auto"
    language = (
        _language(asked.get("lang", ""))
        or _language(kept.get("lang", ""))
        or _accepted(request.headers.get("accept-language", ""))
    )
    return Reader(language, theme)


def remember(request: Request, response: Response, reader: Reader) -> None:
    """Keep in cookies what the address chose, so that later pages follow it."""
    for name, value in (("lang", reader.language), ("theme", reader.theme)):
        if request.query_params.get(name) == value:
            set_cookie(request, response, name, value)


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set a cookie of ours for a year, sent to us alone."""
    response.set_cookie(
        name,
        value,
        max_age=YEAR_S,
        path="/",
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def address(request: Request, **changed: str) -> str:
    """The path and query of this page with some parameters changed; an empty one is left out.

    Every other parameter stays, in its order, however often it is given.
    """
    kept = [(name, value) for name, value in request.query_params.multi_items()]
    pairs = [pair for pair in kept if pair[0] not in changed]
    pairs += [(name, value) for name, value in changed.items() if value]
    query = urlencode(pairs)
    return f"{request.url.path}?{query}" if query else request.url.path


def _language(said: str) -> Language | None:
    return next((one for one in LANGUAGES if one == said), None)


def _theme(said: str) -> Theme | None:
    return next((one for one in THEMES if one == said), None)


def _accepted(header: str) -> Language:
    """The best of our languages by an Accept-Language header (RFC 9110, 12.5.4); English when
    it names none."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(header.split(",")[:_MOST_ACCEPTED]):
        tag, _, weight = part.partition(";")
        language = _language(tag.strip().lower().partition("-")[0])
        if language is not None:
            ranked.append((-_quality(weight), place, language))
    ranked.sort()
    return ranked[0][2] if ranked and ranked[0][0] < 0 else "en"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    try:
        return min(1.0, float(value)) if name == "q" else 1.0
    except ValueError:
        return 0.0

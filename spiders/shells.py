"""Pages whose text comes only after their scripts run: cookie challenges and empty shells."""

import re

from lxml.html import HtmlElement

from spiders.problems import NeedsJavascript

SHELL_TEXT = 400
WAY_OUT = "; with browser = true in its source it is rendered (docs/add-a-source.md)"
CHALLENGE_SIZE = 100_000
_RELOADS = re.compile(r"location\s*(?:\.\s*(?:reload|href|replace|assign))?\s*[=(]")
_CHALLENGES = (
    "__cf_chl_",
    "cf-browser-verification",
    "challenge-platform",
    "_Incapsula_Resource",
    "captcha-delivery.com",
)
_ASKS = re.compile(
    r"enable javascript|javascript is (?:required|disabled)|turn on javascript|bật javascript"
    r"|kích hoạt javascript|just a moment|checking your browser|verify you are (?:a )?human",
    re.I,
)
_MOUNTS = (
    '//*[@id="root" or @id="app" or @id="__next" or @id="__nuxt" or @id="application" '
    'or local-name()="app-root"]'
)


def refuse_shell(tree: HtmlElement, source: str, url: str) -> None:
    """Raise NeedsJavascript when the page is a challenge or an empty mount point."""
    where = url or "the page"
    visible = visible_text(tree)
    if len(visible) > SHELL_TEXT:
        return
    if _is_challenge(source[:CHALLENGE_SIZE]):
        raise NeedsJavascript(
            f"{where}: a cookie challenge instead of the page; plain requests are not served here"
            f"{WAY_OUT}"
        )
    asks = _ASKS.search(visible) or _ASKS.search(source[:200_000])
    scripts = tree.xpath("count(//script)")
    if scripts and (asks or any(not plain_text(one) for one in tree.xpath(_MOUNTS))):
        raise NeedsJavascript(f"{where}: an empty shell whose text is loaded by scripts{WAY_OUT}")


def _is_challenge(source: str) -> bool:
    if any(mark in source for mark in _CHALLENGES):
        return True
    return "document.cookie" in source and _RELOADS.search(source) is not None


def visible_text(tree: HtmlElement) -> str:
    """Give the text outside scripts and styles, single-spaced."""
    pieces = tree.xpath("//body//text()[not(parent::script or parent::style or parent::noscript)]")
    return " ".join(" ".join(pieces).split())


def plain_text(element: HtmlElement) -> str:
    """Give an element's text, stripped."""
    text: str = element.text_content()
    return text.strip()

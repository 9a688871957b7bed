"""A comparison of two legal texts as one page that needs nothing else: to read and to print."""

import base64
import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from monitor.legal.model import Comparison
from web.comparison_view import page_of
from web.templating import STATIC, TEMPLATES, environment
from web.wording import Language, number, wording


def render(comparison: Comparison, language: Language = "en") -> str:
    """The whole page as HTML: summary, contents, changes side by side, correspondence.

    It asks for nothing over the network; its policy (CSP) lets only its own style and script
    run. Everything can be read without the script, which adds the filters.
    """
    style = _file(TEMPLATES / "comparison_page.css") + _file(STATIC / "comparison.css")
    script = _file(STATIC / "comparison.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    return (
        environment()
        .get_template("comparison.html")
        .render(
            page=page_of(comparison),
            **spoken(language),
            policy=policy,
            style=Markup(style),
            script=Markup(script),
        )
    )


def spoken(language: Language) -> dict[str, Any]:
    """What a template says texts with, in one language."""
    texts = wording()
    return {
        "language": language,
        "t": partial(texts.say, language),
        "tn": partial(texts.count, language),
        "word": partial(texts.word, language),
        "num": partial(number, language=language),
    }


@cache
def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"

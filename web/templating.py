"""The templates of the pages: everything foreign escaped, and nothing undefined."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alerts.phrases import web_address
from alerts.wording import cut, one_line, visible

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"


@cache
def environment() -> Environment:
    """The templates below web/templates, with the filters line, web, cut and moment."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["line"] = one_line
    environment.filters["web"] = web_address
    environment.filters["cut"] = cut
    environment.filters["moment"] = datetime.fromisoformat
    return environment


def _shown(value: object) -> object:
    """Every text without characters that would change how others are read."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value

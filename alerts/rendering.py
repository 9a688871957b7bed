"""Messages as plain text, through a Jinja template."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from alerts.message import ChangeNote, Message
from alerts.pieces import fitted, shortened
from alerts.wording import one_line

TEMPLATES = Path(__file__).parent / "templates"
WORD_MARKS = {"=": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}
"""Removed and added words where there are no colours, as `git diff --word-diff` marks them."""
_LONGEST_CHANGE = 1200


def text_of(message: Message) -> str:
    """The whole message as plain text, without control or direction characters."""
    return _template("message.txt.j2").render(message=message).strip() + "\n"


@cache
def _template(name: str) -> Template:
    # Plain text needs no escaping; each channel escapes the whole for its own medium.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["line"] = lambda value: one_line(str(value))
    environment.filters["marked"] = _marked
    return environment.get_template(name)


def _marked(change: ChangeNote) -> str:
    pieces = fitted(shortened(change.inline), _LONGEST_CHANGE)
    marked = (f"{WORD_MARKS[mark][0]}{text}{WORD_MARKS[mark][1]}" for mark, text in pieces)
    return one_line("".join(marked))

"""Messages as text and HTML, through templates that a team may override."""

import re
from dataclasses import replace
from pathlib import Path

from markupsafe import escape

from alerts.gist import gist
from alerts.message import Message
from alerts.phrases import is_digest, label, marked, shown_pieces, standing, web_address
from alerts.templating import Rendered, Templates
from alerts.wording import cut, one_line, visible

LONGEST_SUBJECT = 200
_GAP = "\n\n"
_GAPS = re.compile(r"\n{3,}")


def templates_in(folder: Path | None) -> Templates:
    """The templates of messages, with those in `folder` before the built-in ones."""
    return Templates(
        folder,
        {
            "gist": gist,
            "label": label,
            "marked": marked,
            "pieces": shown_pieces,
            "standing": standing,
            "web": web_address,
        },
    )


BUILT_IN = templates_in(None)


def text_of(message: Message, templates: Templates = BUILT_IN) -> str:
    """The whole message as plain text, without control or direction characters."""
    return rendered_text(message, templates).text


def rendered_text(
    message: Message, templates: Templates = BUILT_IN, name: str = "message.txt.j2"
) -> Rendered:
    """`text_of`, with what is wrong with the team's template; the text's last line says it too."""
    said = message.body.get("text")
    if is_digest(message) and said:
        return Rendered(visible(str(said)).strip() + "\n")
    return _noted(templates.render(name, message=message))


def rendered_html(message: Message, templates: Templates = BUILT_IN) -> Rendered:
    """The message as an HTML fragment, everything foreign escaped."""
    said = templates.render("message.html.j2", message=message)
    if not said.problem:
        return said
    return replace(said, text=f"{said.text}\n<p>{escape(said.problem)}</p>")


def rendered_subject(message: Message, templates: Templates = BUILT_IN) -> Rendered:
    """One line that names the message, of at most `LONGEST_SUBJECT` characters."""
    said = templates.render("subject.txt.j2", message=message)
    return replace(said, text=cut(one_line(said.text), LONGEST_SUBJECT))


def _noted(said: Rendered) -> Rendered:
    note = f"\n\n{said.problem}" if said.problem else ""
    return replace(said, text=f"{_GAPS.sub(_GAP, said.text)}{note}\n")

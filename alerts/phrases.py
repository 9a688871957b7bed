"""What is said of a message in the same words everywhere, and its changes with marks."""

from collections.abc import Mapping
from typing import Any

from alerts.message import ChangeNote, Message
from alerts.pieces import Piece, fitted, shortened
from alerts.wording import one_line, visible

WORD_MARKS: Mapping[str, tuple[str, str]] = {"=": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}
"""Removed and added words where there are no colours, as `git diff --word-diff` marks them."""
_LONGEST_CHANGE = 1200


def is_digest(message: Message) -> bool:
    """Whether the message is a digest, which carries its own text, Markdown and HTML."""
    return message.body.get("about") == "digest"


def label(message: Message) -> str:
    """What stands before the title: "TEST · MAJOR", "REMINDER · CRITICAL"."""
    before = ["TEST"] if message.test else []
    before += ["REMINDER"] if message.kind == "reminder" else []
    return " · ".join([*before, one_line(message.severity).upper()])


def standing(message: Message) -> str:
    """How an alert stands that is no longer open: "acknowledged by desk"; else empty."""
    if message.state == "open":
        return ""
    by = f" by {one_line(message.acknowledged_by)}" if message.acknowledged_by else ""
    return f"{one_line(message.state)}{by}"


def marked(change: ChangeNote, longest: int = _LONGEST_CHANGE) -> str:
    """The differing words of a change marked with [- -] and {+ +}, on one line."""
    parts = (f"{WORD_MARKS[m][0]}{text}{WORD_MARKS[m][1]}" for m, text in _pieces(change, longest))
    return one_line("".join(parts))


def marked_whole(message: Message) -> str:
    """Every change in full, as an attachment holds what is too long for messages."""
    parts = []
    for change in message.changes:
        head = " · ".join(filter(None, (change.severity, change.where, change.kind)))
        pieces = (f"{WORD_MARKS[m][0]}{text}{WORD_MARKS[m][1]}" for m, text in change.inline)
        parts.append("\n".join(filter(None, (one_line(head), change.summary, "".join(pieces)))))
    return visible("\n\n".join(parts))


def shown_pieces(change: ChangeNote, longest: int = _LONGEST_CHANGE) -> tuple[Piece, ...]:
    """The pieces of a change as they are shown: long equal stretches shortened, the whole cut."""
    return tuple((mark, visible(text)) for mark, text in _pieces(change, longest))


def web_address(url: Any) -> str:
    """`url` on one line where it is a web address; empty for any other, such as javascript:."""
    said = one_line(str(url))
    return said if said.startswith(("http://", "https://")) and " " not in said else ""


def _pieces(change: ChangeNote, longest: int) -> tuple[Piece, ...]:
    return fitted(shortened(change.inline), longest)

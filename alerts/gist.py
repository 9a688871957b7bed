"""What changed, in one line: the first thing a reader is told after the title."""

from alerts.message import ChangeNote, Message
from alerts.wording import cut, one_line

LONGEST = 240
_LONGEST_WORDS = 80


def gist(message: Message) -> str:
    """At most `LONGEST` characters on one line; empty where the title says it all.

    A body that carries a `gist` of its own is believed.
    """
    own = one_line(str(message.body.get("gist", "")))
    if own or not message.changes:
        return cut(own, LONGEST)
    first = message.changes[0]
    others = len(message.changes) - 1 + message.more_changes
    more = f" (and {others} more)" if others else ""
    said = ": ".join(filter(None, (one_line(first.where), _said(first))))
    return cut(said, LONGEST - len(more)) + more


def _said(change: ChangeNote) -> str:
    if change.summary:
        return one_line(change.summary)
    old, new = (_words(change, mark) for mark in "-+")
    if old and new:
        return f"“{old}” → “{new}”"
    if new:
        return f"added “{new}”"
    return f"removed “{old}”" if old else one_line(change.kind)


def _words(change: ChangeNote, kind: str) -> str:
    words = " … ".join(one_line(text) for mark, text in change.inline if mark == kind)
    return cut(words.strip(), _LONGEST_WORDS)

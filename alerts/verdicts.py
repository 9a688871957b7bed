"""What a rule makes of an event: an alert, or silence with its reason; and what a condition is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alerts.evidence import Evidence
from alerts.names import Names
from alerts.wording import cut, one_line
from config import Rule

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert to store: `key` names it for ever, `subject` orders and groups its messages.

    `thread` names the story or instrument that it belongs to. By `topics` (the foremost first),
    `source` and `instruments` (ids and numbers) it can be silenced.
    """

    key: str
    severity: str
    subject: str
    title: str
    body: dict[str, Any] = field(default_factory=dict)
    thread: str = ""
    topics: tuple[str, ...] = ()
    source: str = ""
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a rule raised nothing."""

    reason: str


Verdict = RaisedAlert | Silence
Matcher = Callable[[Rule, Evidence, Names], Verdict]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that rules can name in `on`: the kinds of events it reads, and its matcher.

    It is asked of no re-extraction, re-classification or text from an old collection, unless
    `of_old_texts`: a date that comes near does so whenever its text was learned of.
    """

    kinds: tuple[str, ...]
    matcher: Matcher
    of_old_texts: bool = False


def raised(key: str, severity: str, subject: str, title: str, body: dict[str, Any]) -> RaisedAlert:
    """An alert whose title is fit to be shown; `alerts.rules.judge` adds what it belongs to."""
    return RaisedAlert(key, severity, subject, cut(one_line(title), LONGEST_TITLE), body)

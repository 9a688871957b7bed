"""From an alert to its messages: small steps, each with a reason, all of them kept.

A step lets an alert pass, holds it until a moment, or stops it. What is stopped is stored all the
same, with the decisions: nothing is lost, and `decreewatch alerts explain` tells why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from alerts.past import Past
from alerts.verdicts import RaisedAlert
from config import Rule

Stopped = Literal["duplicate", "inhibited", "silenced"]


@dataclass(frozen=True, slots=True)
class Pass:
    """The step has nothing against telling the alert now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The alert is told at `until`, as one message with the others of `group_key`."""

    until: datetime
    reason: str
    group_key: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody is told; the alert is kept in `state`."""

    state: Stopped
    reason: str


Decision = Pass | Hold | Stop


class Step(Protocol):
    """One reason for which an alert may be told later, or not at all."""

    @property
    def name(self) -> str:
        """The step's name in an explanation."""
        ...

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """What is to become of an alert that `rule` raises at `now`."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """What the steps made of an alert: its state, until when and with whom it is held (None: it
    is told at once), and why."""

    state: str
    held_until: datetime | None
    group_key: str
    decisions: tuple[dict[str, Any], ...]


def route(
    steps: Sequence[Step], raised: RaisedAlert, rule: Rule, now: datetime, past: Past
) -> Route:
    """Lead an alert through the steps, in order; the first that stops it is the last asked.

    Of several that hold it, the one that holds longest says with which others it is told.
    """
    decisions = []
    longest: Hold | None = None
    for step in steps:
        decision = step.decide(raised, rule, now, past)
        decisions.append(kept(step.name, decision))
        if isinstance(decision, Stop):
            return Route(decision.state, None, "", tuple(decisions))
        if isinstance(decision, Hold) and (longest is None or decision.until > longest.until):
            longest = decision
    if longest is None:
        return Route("open", None, "", tuple(decisions))
    return Route("open", max(now, longest.until), longest.group_key, tuple(decisions))


def kept(name: str, decision: Decision) -> dict[str, Any]:
    """A step's decision as it is stored with the alert."""
    said = {"step": name, "verdict": type(decision).__name__.lower(), "reason": decision.reason}
    if isinstance(decision, Hold):
        said["until"] = decision.until.isoformat()
    return said

"""`decreewatch rules try`: what a rule would have raised, told in numbers."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from alerts.rehearsal import Rehearsed, Tally

SHOWN = 20
REASONS = 5


def reported(rehearsed: Iterable[Rehearsed], tally: Tally, zone: tzinfo) -> dict[str, Any]:
    """Sum up rehearsed alerts while they come, as the command prints them in JSON.

    Gives `{"events", "raised", "told", "messages", "held", "stopped", "weeks", "alerts",
    "silent"}`: events judged; alerts raised, told of them, in how many messages a channel, and
    held for a group or quiet hours on the way; those stopped by state; raised and told by ISO
    week in the reader's `zone`; the first `SHOWN` alerts; the most frequent reasons for silence.
    """
    raised: Counter[str] = Counter()
    told: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    messages = held = 0
    first: list[dict[str, Any]] = []
    for one in rehearsed:
        week = _week(one.at, zone)
        raised[week] += 1
        told[week] += one.route.state == "open"
        messages += one.begins_message
        held += one.route.held_until is not None
        if one.route.state != "open":
            stopped[one.route.state] += 1
        if len(first) < SHOWN:
            first.append(_alert(one))
    return {
        "events": tally.events,
        "raised": raised.total(),
        "told": told.total(),
        "messages": messages,
        "held": held,
        "stopped": dict(stopped),
        "weeks": [
            {"week": week, "raised": raised[week], "told": told[week]} for week in sorted(raised)
        ],
        "alerts": first,
        "silent": [
            {"reason": reason, "events": count}
            for reason, count in tally.silent.most_common(REASONS)
        ],
    }


def _week(at: datetime, zone: tzinfo) -> str:
    year, week, _ = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def _alert(one: Rehearsed) -> dict[str, Any]:
    passing = [said for said in one.route.decisions if said["verdict"] != "pass"]
    return {
        "at": one.at.isoformat(),
        "event": one.event,
        "severity": one.raised.severity,
        "title": one.raised.title,
        "state": one.route.state,
        "held_until": one.route.held_until.isoformat() if one.route.held_until else None,
        "reason": passing[-1]["reason"] if passing else "",
    }

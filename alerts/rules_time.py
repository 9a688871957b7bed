"""Rules on time: states of instruments, dates that come near, surges, silent sources."""

from typing import Any

from alerts.bodies_time import (
    day_in_words,
    kind_in_words,
    moved_body,
    near_body,
    silence_body,
    status_body,
    surge_body,
)
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Silence, Verdict, raised
from config import Rule
from storage.deadlines import step_of

_DUE = {
    "effective": ("{name} takes effect", "{name} takes effect"),
    "effective-part": ("a part of {name} takes effect", "{count} parts of {name} take effect"),
    "expiry": ("{name} expires", "{name} expires"),
    "consultation": ("consultation on {name} ends", "consultation on {name} ends"),
    "compliance": (
        "a period to comply with {name} ends",
        "{count} periods to comply with {name} end",
    ),
    "transition": ("a transition under {name} ends", "{count} transitions under {name} end"),
}
"""What happens on a day, said of one provision and of several."""
_STATUS = {
    "in-force": ("is in force", "comes into force"),
    "amended": ("is amended", "will be amended"),
    "partly-repealed": ("is repealed in part", "will be repealed in part"),
    "postponed": ("is put off", "is put off"),
    "suspended": ("is suspended", "will be suspended"),
    "repealed": ("is repealed", "will be repealed"),
    "replaced": ("is replaced", "will be replaced"),
    "expired": ("is no longer in force", "will expire"),
}
_WHY = {
    "blocked": "refuses us",
    "broken": "cannot be read",
    "unreachable": "cannot be reached",
    "nothing-new": "has fallen silent",
}


def _deadline(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    if seen.kind == "deadline.moved":
        return _moved(rule, seen, names)
    data = seen.data
    left, step = int(data["left"]), int(data["step"])
    if step_of(rule.days, left) != step:
        return Silence(f"told {step} days before, which the rule does not ask for")
    instrument, kind, on = str(data["instrument"]), str(data["kind"]), str(data["on"])
    due = _due(kind, called(data, names), len(data["deadlines"]))
    title = f"{_in(left)}: {due} ({day_in_words(on)})"
    return raised(
        f"{rule.id}:deadline:{instrument}:{kind}:{on}:{step}",
        rule.severity,
        f"instrument:{instrument}",
        title,
        near_body(seen, names, kind_in_words(kind)),
    )


def _moved(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    data = seen.data
    if data.get("backfill"):
        return Silence("came from an old collection")
    moves = [one for one in data["moves"] if one["confidence"] == "certain"]
    if not moves:
        return Silence("only probable days moved, listed for review")
    first, instrument = moves[0], str(data["instrument"])
    others = f" (and {len(moves) - 1} more)" if len(moves) > 1 else ""
    title = (
        f"Moved: {called(data, names)}: {kind_in_words(first['kind']).lower()} on "
        f"{day_in_words(first['to'])} instead of {day_in_words(first['from'])}{others}"
    )
    return raised(
        f"{rule.id}:moved:{instrument}:{data['evidence']['revision']}",
        rule.severity,
        f"instrument:{instrument}",
        title,
        moved_body(seen, names),
    )


def _status(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    data = seen.data
    status = str(data["status"])
    if status not in _STATUS:
        return Silence(f"{status}: rules on drafts and enactments tell of that")
    if data.get("backfill"):
        return Silence("came from an old collection")
    if data.get("reread"):
        return Silence("a re-extraction: the page did not change, our reading of it did")
    if data.get("late"):
        return Silence("it began long before it was learned of")
    if data.get("first") and not data.get("by"):
        return Silence("the first that is known of it, and no change")
    instrument = str(data["instrument"])
    is_to_come = bool(data.get("since")) and str(data["since"]) > _day_of(seen, names)
    title = f"{called(data, names)} {_STATUS[status][is_to_come]}"
    if data.get("by"):
        title += f" by {data.get('by_name') or data['by']}"
    if data.get("until"):
        title += f", until {day_in_words(data['until'])}"
    if data.get("since"):
        title += f", {'from' if is_to_come else 'since'} {day_in_words(data['since'])}"
    key, subject = f"{rule.id}:status:{data['row']}", f"instrument:{instrument}"
    return raised(key, rule.severity, subject, title, status_body(seen, names))


def _surge(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    data = seen.data
    topic = str(data["topic"])
    title = (
        f"Surge: {names.topic(topic)}, {data['count']} stories on {day_in_words(data['day'])} "
        f"where {data['expected']:g} are usual"
    )
    key = f"{rule.id}:surge:{topic}:{data['day']}"
    return raised(key, rule.severity, f"topic:{topic}", title, surge_body(seen, names))


def _source_silent(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    source = seen.subject.removeprefix("source:")
    silent = seen.kind == "source.silent"
    said = _WHY.get(str(seen.data.get("why")), "has fallen silent") if silent else "speaks again"
    return raised(
        f"{rule.id}:{seen.kind}:{source}:{seen.seq}",
        rule.severity if silent else "minor",
        f"source:{source}",
        f"{names.source(source)} {said}",
        silence_body(seen, names),
    )


def called(data: dict[str, Any], names: Names) -> str:
    """An instrument by its name, and its number where the name does not hold it."""
    name = str(data.get("name") or names.instrument(str(data["instrument"])))
    number = str(data.get("number") or "")
    return name if not number or number in name else f"{name} ({number})"


def _due(kind: str, name: str, count: int) -> str:
    one, several = _DUE.get(kind, ("{name}: something falls due", "{name}: something falls due"))
    return (one if count == 1 else several).format(name=name, count=count)


def _in(left: int) -> str:
    return {0: "Today", 1: "In 1 day"}.get(left, f"In {left} days")


def _day_of(seen: Evidence, names: Names) -> str:
    return seen.at.astimezone(names.zone).date().isoformat()


TIME: dict[str, Condition] = {
    "deadline": Condition(("deadline.near", "deadline.moved"), _deadline, of_old_texts=True),
    "status": Condition(("instrument.status",), _status, of_old_texts=True),
    "surge": Condition(("topic.surged",), _surge, of_old_texts=True),
    "source-silent": Condition(("source.silent", "source.spoke"), _source_silent),
}

"""The bodies of alerts that time brings about: days, states, surges, silent sources.

They have the keys of `alerts.bodies`; `about` is deadline, status, surge or source.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from alerts.evidence import Evidence
from alerts.names import Names
from alerts.places import place
from alerts.wording import cut, one_line

_LONGEST_QUOTE = 400
_MOST_QUOTES = 6
_FIELDS = {
    "field:effective_on": "the portal's field on effect",
    "field:consultation_until": "the portal's field on consultation",
    "notice": "the notice",
    "title": "the title",
}
_BASES = {
    "text": "the words of the law",
    "relation": "the portal's list of relations",
    "field": "the portal's field",
    "clock": "the calendar: its day has come",
}


def near_body(seen: Evidence, names: Names, what: str) -> dict[str, Any]:
    """A day that comes near: what falls due, and the words that say so, with their places."""
    data = seen.data
    days = data["deadlines"]
    quotes = [[_where(one["place"]), _words(one)] for one in days[:_MOST_QUOTES]]
    facts = [*_instrument(data, names), ["Falls due", f"{what}, {day_in_words(data['on'])}"]]
    if data.get("by"):
        facts.append(["Set by", str(data["by"])])
    facts += [*quotes, *_source(data, names)]
    if len(days) > _MOST_QUOTES:
        facts.append(["Also", f"{len(days) - _MOST_QUOTES} more provisions"])
    ids = {f"deadline{number}": one["id"] for number, one in enumerate(days[:_MOST_QUOTES], 1)}
    body = _body("deadline", data, names, facts, {"on": data["on"]}, ids)
    says = [quoted(one["text"]) for one in days if not one["place"].startswith("field:")]
    return body | {"gist": says[0] if says else "", "left": data["left"]}


def moved_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """Days that moved: from when to when, by which words."""
    data = seen.data
    facts = _instrument(data, names)
    for one in data["moves"][:_MOST_QUOTES]:
        moved = f"{day_in_words(one['from'])} → {day_in_words(one['to'])}"
        facts += [[kind_in_words(one["kind"]), moved], [_where(one["place"]), _words(one)]]
    facts += _source(data, names)
    first = data["moves"][0]
    dates = {"from": first["from"], "to": first["to"]}
    gist = "" if first["place"].startswith("field:") else quoted(first["text"])
    return _body("deadline", data, names, facts, dates, {}) | {"gist": gist}


def status_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """What became of an instrument: since when, by whom, and who says so."""
    data = seen.data
    facts = [*_instrument(data, names), ["Status", str(data["status"])]]
    if data.get("before"):
        facts.append(["Before", str(data["before"])])
    if data.get("since"):
        facts.append(["Since", day_in_words(data["since"])])
    if data.get("by"):
        facts.append(["By", one_line(str(data.get("by_name") or data["by"]))])
    facts += [["Said by", _BASES.get(data["basis"], data["basis"])], *_source(data, names)]
    facts.append(["Words", quoted(data["reason"])])
    for other in data.get("others", [])[:_MOST_QUOTES]:
        facts.append(["With it", f"{one_line(other['name'])} is {other['status']}"])
    dates = {"since": data["since"]} if data.get("since") else {}
    body = _body("status", data, names, facts, dates, {"status": data["row"]})
    return body | {"gist": quoted(data["reason"]), "status": data["status"]}


def surge_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """A surge: how much was told, beside how much is usual, and some of the articles."""
    data = seen.data
    facts = [
        ["Topic", names.topic(data["topic"])],
        ["Day", day_in_words(data["day"])],
        ["Told", f"{data['count']} stories by {data['outlets']} outlets"],
        ["Usual", f"{data['expected']:g} on such a day, by the last {data['weeks']} weeks"],
    ]
    if data.get("left_out"):
        left = ", ".join(names.source(one) for one in data["left_out"])
        facts.append(["Not counted", f"too new to be compared: {left}"])
    articles = data.get("articles", [])
    facts += [[names.source(one["source"]), one_line(one["title"])] for one in articles]
    body = _body("surge", data, names, facts, {"day": data["day"]}, {})
    body["links"] = [
        [f"{names.source(one['source'])}: {cut(one_line(one['title']), 60)}", one["url"]]
        for one in articles
        if one["url"]
    ]
    topic = {"topic": data["topic"], "name": names.topic(data["topic"]), "score": 1.0}
    return body | {"topics": [topic | {"passage": ""}]}


def silence_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """A source that fell silent, or speaks again: since when, and why we think so."""
    data = seen.data
    source = seen.subject.removeprefix("source:")
    reasons = [one_line(str(reason)) for reason in data.get("reasons", [])]
    facts = [["Source", names.source(source)]]
    if data.get("since"):
        facts.append(["Since", names.moment(datetime.fromisoformat(data["since"]))])
    facts += [["Reason", cut(reason, _LONGEST_QUOTE)] for reason in reasons[:_MOST_QUOTES]]
    dates = {"since": data["since"]} if data.get("since") else {}
    body = _body("source", data | {"source": source}, names, facts, dates, {})
    return body | {"reasons": reasons, "gist": cut(reasons[0], _LONGEST_QUOTE) if reasons else ""}


def day_in_words(iso: str) -> str:
    """`2031-03-12` → "12 March 2031"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def kind_in_words(kind: str) -> str:
    """What falls due, as a label."""
    return {
        "effective": "Takes effect",
        "effective-part": "A part takes effect",
        "expiry": "Expires",
        "consultation": "Consultation ends",
        "compliance": "Compliance period ends",
        "transition": "Transition ends",
    }.get(kind, kind)


def quoted(text: str) -> str:
    """The words of a law, in quotation marks, cut where they are long."""
    said = cut(one_line(text), _LONGEST_QUOTE)
    return f"“{said}”" if said else ""


def _words(one: dict[str, Any]) -> str:
    """What stands at a place: a law's words, or the day in a portal's field."""
    return str(one["text"]) if one["place"].startswith("field:") else quoted(one["text"])


def _where(at: str) -> str:
    return _FIELDS.get(at) or place(at, "vi") or "Words"


def _instrument(data: dict[str, Any], names: Names) -> list[list[str]]:
    facts = [
        ["Instrument", one_line(str(data.get("name") or names.instrument(data["instrument"])))]
    ]
    if data.get("number") and data["number"] not in facts[0][1]:
        facts.append(["Number", str(data["number"])])
    return facts


def _source(data: dict[str, Any], names: Names) -> list[list[str]]:
    return [["Source", names.source(data["source"])]] if data.get("source") else []


def _body(
    about: str,
    data: dict[str, Any],
    names: Names,
    facts: Sequence[Sequence[str]],
    dates: dict[str, str],
    ids: dict[str, int],
) -> dict[str, Any]:
    url, source = str(data.get("url") or ""), str(data.get("source") or "")
    return {
        "about": about,
        "facts": [list(fact) for fact in facts],
        "links": [["Page", url]] if url else [],
        "url": url,
        "source": {"id": source, "name": names.source(source)},
        "language": "",
        "topics": [],
        "dates": dates,
        "changes": [],
        "more_changes": 0,
        "ids": ids | data.get("evidence", {}),
    }

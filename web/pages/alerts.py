"""`/alerts`: what was told, why, and to whom."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from alerts.delivery_events import standing_rules
from alerts.explanation import explained_alert, explained_event
from alerts.gist import gist
from alerts.listing import described
from alerts.message import message_of
from alerts.phrases import shown_pieces
from monitor.instruments import canonical
from storage.models_telling import Alert, Delivery
from storage.page_reading import alert_counts
from web.access import may, visitor
from web.days import began
from web.ids import Row
from web.rendering import page
from web.room import Room, room_of

router = APIRouter(default_response_class=HTMLResponse)
Several = Annotated[list[str] | None, Query()]
STATES = ("open", "acknowledged", "resolved", "silenced", "inhibited", "duplicate")
SEVERITIES = ("critical", "major", "minor")
SPANS = {"4h": 4, "1d": 24, "3d": 72, "7d": 168, "30d": 720}
"""For how long a silence may be made here, in hours."""
PER_PAGE = 50
_LONGEST_CHANGE = 4000


@router.get("/alerts")
def listed(
    request: Request,
    state: Several = None,
    severity: Several = None,
    rule: str = "",
    since: str = "",
    until: str = "",
    delivery: str = "",
    before: Row | None = None,
) -> HTMLResponse:
    """Alerts, newest first, as the filters say."""
    room, who = room_of(request), visitor(request)
    first, last, zone = _day(since), _day(until), room.config.zone
    states, severities = _among(state, STATES), _among(severity, SEVERITIES)
    with room.archive.reading() as tx:
        counts = alert_counts(tx)
        known = rule in {name for _, _, name in counts}
        if delivery == "failed":
            rows = tx.outbox.with_failed_messages()[::-1][:PER_PAGE]
        else:
            rows = tx.outbox.alerts(
                states=states,
                severities=severities,
                rules=(rule,) if known else (),
                since=began(first, zone) if first else None,
                until=began(last + timedelta(days=1), zone) if last else None,
                below=before,
                limit=PER_PAGE + 1,
            )
        found = described(tx, [] if rule and not known else rows[:PER_PAGE])
        silences = tx.silences.at(room.now())
    return page(
        request,
        "alerts.html",
        alerts=found,
        older=found[-1]["id"] if found and len(rows) > PER_PAGE else None,
        counts=[Counter[str]() + _part(counts, n) for n in range(3)],
        total=sum(counts.values()),
        chosen={"state": states, "severity": severities, "rule": rule, "delivery": delivery},
        since_day=first,
        until_day=last,
        silences=silences,
        states=STATES,
        severities=SEVERITIES,
        may_act=may(who, "analyst", "alerts"),
    )


@router.get("/alerts/{alert_id}")
def shown(request: Request, alert_id: Row, rules: bool = False) -> HTMLResponse:
    """One alert: what it says, why it was raised, what became of it, and what may be done."""
    room, who = room_of(request), visitor(request)
    why = explained_alert(room.archive, alert_id)
    if why is None:
        raise HTTPException(404)
    with room.archive.reading() as tx:
        alert = tx.outbox.alert(alert_id)
        if alert is None:
            raise HTTPException(404)
        thread = [one for one in tx.outbox.in_thread(alert.thread) if one.id != alert.id][::-1]
    message = message_of(alert, Delivery(key=""))
    others = explained_event(room.archive, room.config, alert.seq) if rules and alert.seq else None
    return page(
        request,
        "alert.html",
        alert=alert,
        why=why,
        gist=gist(message),
        message=message,
        changes=[(one, shown_pieces(one, _LONGEST_CHANGE)) for one in message.changes],
        rule=next((one for one in room.config.rules if one.id == alert.rule), None),
        others=others,
        thread=thread[:20],
        places=_places(alert),
        story=_after(alert.thread, "story:"),
        instrument=_after(alert.subject, "instrument:") or _after(alert.thread, "instrument:"),
        silencable=_silencable(room, alert),
        spans=SPANS,
        may_act=may(who, "analyst", "alerts"),
    )


def _among(asked: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one in (asked or ()))


def _part(counts: Mapping[tuple[str, str, str], int], place: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in counts.items():
        found[key[place]] += number
    return found


def _day(said: str) -> date | None:
    """A day of a form; what is none is as if nothing was said."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _after(said: str, start: str) -> str:
    return said.removeprefix(start) if said.startswith(start) else ""


def _places(alert: Alert) -> Mapping[str, str]:
    """Where the evidence stands among our pages; empty where there is none of a kind."""
    ids: Mapping[str, Any] = alert.body.get("ids") or {}
    found = {"item": "", "comparison": ""}
    item = ids.get("item")
    if item:
        found["item"] = f"/items/{item}"
    comparison, instrument = ids.get("comparison"), _after(alert.subject, "instrument:")
    if comparison and instrument:
        found["comparison"] = f"/instruments/{instrument}/compare?comparison={comparison}"
    return found


def _silencable(room: Room, alert: Alert) -> list[tuple[str, str, str]]:
    """What may be silenced of an alert: the matcher, its value, and the value's name."""
    body = alert.body
    spoken_of = body.get("speaks_of") or ()
    found = [("rule", alert.rule, alert.rule)]
    found += [("topic", str(one), room.names.topic(str(one))) for one in body.get("topics") or ()]
    if body.get("source"):
        source = str(body["source"])
        found.append(("source", source, room.names.source(source)))
    found += [("instrument", str(one), room.names.instrument(str(one))) for one in spoken_of]
    return [one for one in found if may_be_silenced(room, one[0], one[1])]


def may_be_silenced(room: Room, matcher: str, value: str) -> bool:
    """Whether there is such a rule, topic, source or instrument to be silent about."""
    match matcher:
        case "rule":
            return value in {one.id for one in standing_rules(room.config)}
        case "topic":
            return value in room.names.topics
        case "source":
            return value in room.names.sources
        case "instrument":
            return value in room.names.instruments or canonical(value) == value
    return False

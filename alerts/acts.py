"""What people do about alerts: each act is kept together with its entry in the log of changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from storage.archive import Transaction
from storage.models_telling import Alert, SilencedUntil

Act = Literal["acknowledge", "resolve"]
MATCHERS = ("rule", "topic", "source", "instrument")
"""What a silence may be about; an alert must match all that are given."""
_DONE: Mapping[Act, str] = {"acknowledge": "alert.acknowledged", "resolve": "alert.resolved"}


def act_on(tx: Transaction, alert_id: int, act: Act, *, by: str, at: datetime) -> Alert | None:
    """Acknowledge or resolve an alert and put it on record; None when there is no such alert.

    One that the act does not change stays as it is, and nothing is put on record.
    """
    alert = tx.outbox.alert(alert_id)
    if alert is None:
        return None
    stood = alert.state
    if act == "acknowledge":
        tx.outbox.acknowledge(alert_id, by, at)
    else:
        tx.outbox.resolve(alert_id, at)
    if alert.state != stood:
        tx.audit.record(by, _DONE[act], f"alert:{alert_id}", at, {"was": stood})
    return alert


def begin_silence(
    tx: Transaction,
    about: Mapping[str, str],
    *,
    until: datetime,
    by: str,
    at: datetime,
    note: str = "",
) -> SilencedUntil:
    """Be silent `about` what matches (values by `MATCHERS`; none is everything) and put it on
    record."""
    given = {name: about[name] for name in MATCHERS if about.get(name)}
    wanted = {name: given.get(name, "") for name in MATCHERS}
    row = tx.silences.add(until=until, by=by, at=at, note=note, **wanted)
    detail = given | {"until": until.isoformat(), "note": note}
    tx.audit.record(by, "silence.begun", f"silence:{row.id}", at, detail)
    return row


def end_silence(tx: Transaction, silence_id: int, *, by: str, at: datetime) -> SilencedUntil | None:
    """End a silence before its time and put it on record; None when none with this number holds."""
    held = {row.id for row in tx.silences.at(at)}
    row = tx.silences.end(silence_id, at) if silence_id in held else None
    if row is not None:
        tx.audit.record(by, "silence.ended", f"silence:{silence_id}", at)
    return row

"""Alerts and their deliveries: written together, marked sent only when acknowledged.

A delivery is `waiting` for a quiet hour's end or its group, `pending` until a worker claims it
(`sending`, with the end of the worker's lease in `due_at`), then `sent`, or `pending` again, or
`held` when the other side asked its whole channel to wait, or `failed` when no further try can
help. An alert that nobody is told of (`silenced`, `inhibited`, `duplicate`) is kept all the same.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import outbox_claims
from storage.models import Alert, Delivery
from storage.outbox_claims import LONGEST_QUIET as LONGEST_QUIET
from storage.outbox_claims import LONGEST_WAIT as LONGEST_WAIT
from storage.outbox_claims import UNFINISHED
from storage.outbox_claims import Claimed as Claimed


class Outbox:
    """Alerts and deliveries within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def raise_alert(
        self,
        key: str,
        *,
        rule: str,
        severity: str,
        subject: str,
        title: str,
        body: dict[str, Any],
        channels: Sequence[str],
        at: datetime,
        seq: int | None = None,
        thread: str = "",
        state: str = "open",
        decisions: Sequence[dict[str, Any]] = (),
        due_at: datetime | None = None,
        group_key: str = "",
    ) -> Alert | None:
        """Store an alert and one delivery for each channel; None when `key` was raised before.

        `thread` names what it belongs to (the subject when empty). In a `state` other than open
        nobody is told; `decisions` say why. Its messages wait until `due_at`, with those of the
        same `group_key`.
        """
        if self.by_key(key) is not None:
            return None
        alert = Alert(
            key=key,
            rule=rule,
            severity=severity,
            subject=subject,
            title=title,
            body=body,
            seq=seq,
            raised_at=at,
            state=state,
            acknowledged_by="",
            thread=thread or subject,
            decisions=list(decisions),
        )
        self._session.add(alert)
        self._session.flush()
        waits = due_at is not None and due_at > at
        if state == "open":
            self._session.add_all(
                _delivery(
                    alert,
                    channel,
                    state="waiting" if waits or group_key else "pending",
                    due_at=due_at or at,
                    group_key=group_key,
                )
                for channel in dict.fromkeys(channels)
            )
        return alert

    def alert(self, alert_id: int) -> Alert | None:
        """The alert with this number."""
        return self._session.get(Alert, alert_id)

    def by_key(self, key: str) -> Alert | None:
        """The alert with this key."""
        return self._session.scalar(select(Alert).where(Alert.key == key))

    def alerts(self) -> list[Alert]:
        """All alerts, newest first."""
        return list(self._session.scalars(select(Alert).order_by(Alert.id.desc())))

    def since(self, at: datetime, *, state: str = "") -> list[Alert]:
        """The alerts raised at or after `at`, oldest first; only those in `state` when given."""
        query = select(Alert).where(Alert.raised_at >= at).order_by(Alert.id)
        return list(self._session.scalars(query.where(Alert.state == state) if state else query))

    def in_thread(self, thread: str, *, since: datetime | None = None) -> list[Alert]:
        """The alerts of a thread, oldest first."""
        query = select(Alert).where(Alert.thread == thread).order_by(Alert.id)
        if since is not None:
            query = query.where(Alert.raised_at >= since)
        return list(self._session.scalars(query))

    def of_event(self, seq: int) -> list[Alert]:
        """The alerts that an event raised."""
        return list(self._session.scalars(select(Alert).where(Alert.seq == seq)))

    def acknowledge(self, alert_id: int, by: str, at: datetime) -> Alert | None:
        """Mark an alert as seen by a person, and let its messages say so; None when there is
        no such alert."""
        alert = self._session.get(Alert, alert_id)
        if alert is not None and alert.state == "open":
            alert.state, alert.acknowledged_by, alert.acknowledged_at = "acknowledged", by, at
            self._update_messages(alert, at)
        return alert

    def resolve(self, alert_id: int, at: datetime) -> Alert | None:
        """Mark what an alert tells of as over, and let its messages say so; None when there is
        no such alert."""
        alert = self._session.get(Alert, alert_id)
        if alert is not None and alert.state in ("open", "acknowledged"):
            alert.state, alert.resolved_at = "resolved", at
            self._update_messages(alert, at)
        return alert

    def remind(self, alert_id: int, at: datetime) -> int:
        """Tell an alert again on every channel that took it; gives on how many."""
        return self._again(alert_id, "reminder", at)

    def resend(self, alert_id: int, at: datetime) -> int:
        """Try the messages of an alert again that were given up; gives how many."""
        failed = [one for one in self.deliveries(alert_id) if one.state == "failed"]
        for row in failed:
            row.state, row.due_at, row.attempts = "pending", at, 0
        return len(failed)

    def deliveries(self, alert_id: int) -> list[Delivery]:
        """What became of an alert's messages."""
        query = select(Delivery).where(Delivery.alert_id == alert_id).order_by(Delivery.id)
        return list(self._session.scalars(query))

    def answer_of(self, alert_id: int, channel: str) -> Delivery | None:
        """The message by which a channel took an alert first; None when it has not."""
        query = select(Delivery).where(
            Delivery.alert_id == alert_id, Delivery.channel == channel, Delivery.kind == "alert"
        )
        return self._session.scalar(query.where(Delivery.state == "sent"))

    def group_waits_until(self, group_key: str) -> datetime | None:
        """When the messages of a group that are being gathered will go; None when there are
        none."""
        query = select(func.min(Delivery.due_at)).where(
            Delivery.group_key == group_key, Delivery.state == "waiting"
        )
        return self._session.scalar(query)

    def group_told_at(self, group_key: str) -> datetime | None:
        """When a message of a group was sent last; None when never."""
        query = select(func.max(Delivery.sent_at)).where(Delivery.group_key == group_key)
        return self._session.scalar(query)

    def due(
        self, now: datetime, limit: int = 100, *, without: Collection[str] = ()
    ) -> list[tuple[Delivery, Alert]]:
        """Messages to send now, in the order in which their alerts were raised.

        A message waits for the earlier ones of the same channel and subject: it is listed
        after those that are due too, and not at all while one is not. It waits for the end of
        its channel's hold. Claims that ran out are due again. `without` names channels to
        leave out. Each is to be claimed before it is sent.
        """
        return outbox_claims.due(self._session, now, limit, without)

    def claim(self, delivery_id: int, now: datetime, lease: timedelta) -> Claimed | None:
        """Take a due message, and those of its group, for sending, until `now` + `lease`; None
        when it is not due or an earlier one of its channel and subject is still on its way.

        Commit before sending. Since writers take turns, of two workers one gets None. When the
        worker dies, the same messages are due again at the lease's end, under the same key.
        """
        return outbox_claims.claim(self._session, delivery_id, now, lease)

    def sent(self, claimed: Claimed, at: datetime, answer: dict[str, Any]) -> None:
        """Mark messages as taken by the other side, with what it answered."""
        for delivery, _ in claimed.messages:
            row = self._session.get_one(Delivery, delivery.id)
            if row.state != "sent":
                row.state, row.sent_at, row.answer, row.error = "sent", at, answer, ""

    def failed(
        self,
        claimed: Claimed,
        error: str,
        again_at: datetime | None,
        *,
        hold: bool = False,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Keep why claimed messages did not go; they are tried `again_at`, or given up when None.

        `hold` lets all of the channel wait until then; `facts` say which parts went. Does
        nothing where the claim, known by its end, was lost to another worker meanwhile: that
        one knows better.
        """
        for delivery, _ in claimed.messages:
            row = self._session.get_one(Delivery, delivery.id)
            if row.state != "sending" or row.due_at != claimed.until:
                continue
            row.error = error[:2000]
            row.answer = facts or row.answer
            if again_at is None:
                row.state = "failed"
            else:
                row.state, row.due_at = "held" if hold else "pending", again_at

    def unfinished(self) -> list[Delivery]:
        """Messages that are yet to be taken by their channels, the earliest first."""
        query = select(Delivery).where(Delivery.state.in_(UNFINISHED)).order_by(Delivery.id)
        return list(self._session.scalars(query))

    def counts(self) -> dict[str, int]:
        """How many alerts there are, and how many messages in each state."""
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        found = {f"deliveries_{state}": number for state, number in self._session.execute(query)}
        return {"alerts": self._session.scalar(select(func.count(Alert.id))) or 0} | found

    def _update_messages(self, alert: Alert, at: datetime) -> None:
        """Unsent messages tell the new state by themselves; sent ones are edited."""
        self._again(alert.id, "update", at)

    def _again(self, alert_id: int, kind: str, at: datetime) -> int:
        rows = self.deliveries(alert_id)
        told = [row for row in rows if row.kind == "alert" and row.state == "sent"]
        alert = self._session.get_one(Alert, alert_id)
        for row in told:
            before = [o.ordinal for o in rows if (o.channel, o.kind) == (row.channel, kind)]
            ordinal = max(before, default=0) + 1
            again = _delivery(alert, row.channel, due_at=at, kind=kind, ordinal=ordinal)
            self._session.add(again)
        return len(told)


def _delivery(
    alert: Alert,
    channel: str,
    *,
    due_at: datetime,
    state: str = "pending",
    group_key: str = "",
    kind: str = "alert",
    ordinal: int = 0,
) -> Delivery:
    named = f"{alert.key}\n{channel}" + (f"\n{kind} {ordinal}" if kind != "alert" else "")
    return Delivery(
        alert_id=alert.id,
        channel=channel,
        kind=kind,
        ordinal=ordinal,
        group_key=group_key,
        key=hashlib.sha256(named.encode()).hexdigest(),
        state=state,
        attempts=0,
        due_at=due_at,
        answer={},
        error="",
    )

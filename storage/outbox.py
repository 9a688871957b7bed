"""Alerts and their deliveries: written together, marked sent only when acknowledged.

A delivery is `waiting` for a quiet hour's end or its group, `pending` until a worker claims it
(`sending`, with the end of the worker's lease in `due_at`), then `sent`, or `pending` again, or
`held` when the other side asked its whole channel to wait, or `failed` when no further try can
help; `withdrawn` when it was overtaken before anybody tried. An alert that nobody is told of
(`silenced`, `inhibited`, `duplicate`) is kept all the same.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage import outbox_claims
from storage.models_telling import Alert, Delivery
from storage.outbox_claims import LONGEST_QUIET as LONGEST_QUIET
from storage.outbox_claims import LONGEST_WAIT as LONGEST_WAIT
from storage.outbox_claims import Claimed as Claimed
from storage.outbox_reading import OutboxReading


class Outbox(OutboxReading):
    """Alerts and deliveries within one transaction."""

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
        held_until: datetime | None = None,
        group_key: str = "",
    ) -> Alert | None:
        """Store an alert and one delivery for each channel; None when `key` was raised before.

        `thread` names what it belongs to (the subject when empty). In a `state` other than open
        nobody is told; `decisions` say why. With `held_until` its messages wait until then, and
        go as one with those of the same `group_key`.
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
        if state == "open":
            self._session.add_all(
                _delivery(
                    alert,
                    channel,
                    state="waiting" if held_until else "pending",
                    due_at=held_until or at,
                    group_key=group_key,
                )
                for channel in dict.fromkeys(channels)
            )
            self._session.flush()
        return alert

    def acknowledge(self, alert_id: int, by: str, at: datetime) -> Alert | None:
        """Mark an alert as seen by a person, and let its messages say so; None when there is
        no such alert."""
        alert = self._session.get(Alert, alert_id)
        if alert is not None and alert.state == "open":
            alert.state, alert.acknowledged_by, alert.acknowledged_at = "acknowledged", by, at
            self._say_how_it_stands(alert, at)
        return alert

    def lead_to(self, alert: Alert, links: Sequence[Sequence[str]]) -> None:
        """Add links (pairs of label and address) to an alert that was just raised."""
        if links:
            alert.body = alert.body | {"links": [*alert.body.get("links", []), *map(list, links)]}

    def resolve(self, alert_id: int, at: datetime) -> Alert | None:
        """Mark what an alert tells of as over, and let its messages say so; None when there is
        no such alert."""
        alert = self._session.get(Alert, alert_id)
        if alert is not None and alert.state in ("open", "acknowledged"):
            alert.state, alert.resolved_at = "resolved", at
            self._say_how_it_stands(alert, at)
        return alert

    def withdraw(self, alert_id: int, state: str, decision: dict[str, Any]) -> bool:
        """Put an open alert of which all messages still wait in `state`, and drop them.

        Gives whether it did; where a message went already, or is tried, it does nothing.
        """
        alert = self._session.get(Alert, alert_id)
        rows = self.deliveries(alert_id)
        if alert is None or alert.state != "open" or any(row.state != "waiting" for row in rows):
            return False
        alert.state, alert.decisions = state, [*alert.decisions, decision]
        for row in rows:
            row.state = "withdrawn"
        return True

    def remind(self, alert_id: int, at: datetime, *, group_key: str = "") -> int:
        """Tell an alert again on every channel that took it; gives on how many.

        Reminders of one `group_key` that are written together go as one message.
        """
        state = "waiting" if group_key else "pending"
        return self._again(alert_id, "reminder", at, state=state, group_key=group_key)

    def resend(self, alert_id: int, at: datetime) -> int:
        """Try the messages of an alert again that were given up, each with those it was told
        with; gives how many messages of alerts that are."""
        failed = [one for one in self.deliveries(alert_id) if one.state == "failed"]
        batches = [one.batch for one in failed if one.batch is not None]
        together = select(Delivery).where(Delivery.batch.in_(batches), Delivery.state == "failed")
        rows = {row.id: row for row in [*failed, *self._session.scalars(together)]}
        for row in rows.values():
            row.state, row.due_at, row.attempts = "pending", at, 0
        return len(rows)

    def due(
        self, now: datetime, limit: int = 100, *, without: Collection[str] = ()
    ) -> list[tuple[Delivery, Alert]]:
        """Messages to send now, in the order in which their alerts were raised.

        A message waits for the earlier ones of the same channel and thread: it is listed
        after those that are due too, and not at all while one is not. It waits for the end of
        its channel's hold. Claims that ran out are due again. `without` names channels to
        leave out. Each is to be claimed before it is sent.
        """
        return outbox_claims.due(self._session, now, limit, without)

    def claim(self, delivery_id: int, now: datetime, lease: timedelta) -> Claimed | None:
        """Take a due message, and those of its group, for sending, until `now` + `lease`; None
        when it is not due or an earlier one of its channel and thread is still on its way.

        Commit before sending. Since writers take turns, of two workers one gets None. When the
        worker dies, the same messages are due again at the lease's end, under the same key.
        """
        return outbox_claims.claim(self._session, delivery_id, now, lease)

    def sent(self, claimed: Claimed, at: datetime, answer: dict[str, Any]) -> None:
        """Mark messages as taken by the other side, with what it answered.

        An alert that was acknowledged or resolved after the message was written is told so.
        """
        for delivery, alert in claimed.messages:
            row = self._session.get_one(Delivery, delivery.id)
            if row.state == "sent":
                continue
            row.state, row.sent_at, row.answer, row.error = "sent", at, answer, ""
            present = self._session.get_one(Alert, alert.id)
            if row.kind == "alert" and present.state != alert.state:
                self._add_again(present, row.channel, "update", at)

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

    def _say_how_it_stands(self, alert: Alert, at: datetime) -> None:
        """Unsent messages tell the new state by themselves, and unsent reminders are needless;
        sent ones are edited."""
        for row in self.deliveries(alert.id):
            if row.kind == "reminder" and row.state in ("waiting", "pending"):
                row.state = "withdrawn"
        self._again(alert.id, "update", at)

    def _again(self, alert_id: int, kind: str, at: datetime, **how: str) -> int:
        alert = self._session.get_one(Alert, alert_id)
        rows = self.deliveries(alert_id)
        told = [row for row in rows if row.kind == "alert" and row.state == "sent"]
        for row in told:
            self._add_again(alert, row.channel, kind, at, **how)
        return len(told)

    def _add_again(self, alert: Alert, channel: str, kind: str, at: datetime, **how: str) -> None:
        rows = self.deliveries(alert.id)
        before = [one.ordinal for one in rows if (one.channel, one.kind) == (channel, kind)]
        ordinal = max(before, default=0) + 1
        self._session.add(_delivery(alert, channel, due_at=at, kind=kind, ordinal=ordinal, **how))
        self._session.flush()


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

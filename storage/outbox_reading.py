"""What the outbox holds: alerts and their messages, read and counted."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models_telling import Alert, Delivery
from storage.outbox_claims import UNFINISHED


class OutboxReading:
    """The reading half of `storage.outbox.Outbox`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def alert(self, alert_id: int) -> Alert | None:
        """The alert with this number."""
        return self._session.get(Alert, alert_id)

    def by_key(self, key: str) -> Alert | None:
        """The alert with this key."""
        return self._session.scalar(select(Alert).where(Alert.key == key))

    def alerts(
        self,
        *,
        states: Collection[str] = (),
        severities: Collection[str] = (),
        rules: Collection[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        below: int | None = None,
        limit: int | None = None,
    ) -> list[Alert]:
        """Alerts, newest first: only those in one of `states`, of one of `severities` and
        `rules`, raised at or after `since` and before `until`, numbered `below`, and no more
        than `limit`, where these are given."""
        query = select(Alert).order_by(Alert.id.desc()).limit(limit)
        for column, wanted in (
            (Alert.state, states),
            (Alert.severity, severities),
            (Alert.rule, rules),
        ):
            if wanted:
                query = query.where(column.in_(wanted))
        if since is not None:
            query = query.where(Alert.raised_at >= since)
        if until is not None:
            query = query.where(Alert.raised_at < until)
        if below is not None:
            query = query.where(Alert.id < below)
        return list(self._session.scalars(query))

    def since(self, at: datetime, *, state: str = "") -> list[Alert]:
        """The alerts raised at or after `at`, oldest first; only those in `state` when given."""
        query = select(Alert).where(Alert.raised_at >= at).order_by(Alert.id)
        return list(self._session.scalars(query.where(Alert.state == state) if state else query))

    def on_instruments(self, since: datetime) -> list[Alert]:
        """The alerts whose subject is an instrument, raised at or after `since`, oldest first."""
        query = select(Alert).where(
            Alert.raised_at >= since, Alert.subject.startswith("instrument:", autoescape=True)
        )
        return list(self._session.scalars(query.order_by(Alert.id)))

    def in_thread(
        self, thread: str, *, since: datetime | None = None, states: Collection[str] = ()
    ) -> list[Alert]:
        """The alerts of a thread, oldest first; since a moment and in these states, if given."""
        query = select(Alert).where(Alert.thread == thread).order_by(Alert.id)
        if states:
            query = query.where(Alert.state.in_(states))
        if since is not None:
            query = query.where(Alert.raised_at >= since)
        return list(self._session.scalars(query))

    def keys_of(self, rule: str) -> list[str]:
        """The keys of the alerts that a rule raised, oldest first."""
        query = select(Alert.key).where(Alert.rule == rule).order_by(Alert.id)
        return list(self._session.scalars(query))

    def of_event(self, seq: int) -> list[Alert]:
        """The alerts that an event raised."""
        return list(self._session.scalars(select(Alert).where(Alert.seq == seq)))

    def unanswered(
        self,
        rule: str,
        told_before: datetime,
        *,
        severity: str = "",
        after: int = 0,
        limit: int = 100,
    ) -> list[Alert]:
        """Open alerts of a rule, of this `severity` if given, whose last message went before
        `told_before`: those numbered above `after`, in order, no more than `limit`.

        None of their messages is on its way; those of which no channel took any are left out.
        """
        messages = select(Delivery.id).where(Delivery.alert_id == Alert.id)
        told = messages.where(Delivery.state == "sent", Delivery.kind != "update")
        query = select(Alert).where(
            Alert.rule == rule,
            Alert.state == "open",
            Alert.id > after,
            Alert.raised_at < told_before,
            told.exists(),
            ~told.where(Delivery.sent_at >= told_before).exists(),
            ~messages.where(Delivery.state.in_(UNFINISHED)).exists(),
        )
        if severity:
            query = query.where(Alert.severity == severity)
        return list(self._session.scalars(query.order_by(Alert.id).limit(limit)))

    def with_failed_messages(self) -> list[Alert]:
        """The alerts of which a message was given up, oldest first."""
        failed = select(Delivery.alert_id).where(Delivery.state == "failed")
        query = select(Alert).where(Alert.id.in_(failed)).order_by(Alert.id)
        return list(self._session.scalars(query))

    def deliveries(self, alert_id: int) -> list[Delivery]:
        """What became of an alert's messages."""
        query = select(Delivery).where(Delivery.alert_id == alert_id).order_by(Delivery.id)
        return list(self._session.scalars(query))

    def deliveries_of(self, alert_ids: Iterable[int]) -> dict[int, list[Delivery]]:
        """What became of the messages of several alerts, by alert."""
        wanted = list(alert_ids)
        found: dict[int, list[Delivery]] = {one: [] for one in wanted}
        for start in range(0, len(wanted), 500):
            query = select(Delivery).where(Delivery.alert_id.in_(wanted[start : start + 500]))
            for row in self._session.scalars(query.order_by(Delivery.id)):
                found[row.alert_id].append(row)
        return found

    def answer_of(self, alert_id: int, channel: str) -> Delivery | None:
        """The message by which a channel took an alert first; None when it has not."""
        query = select(Delivery).where(
            Delivery.alert_id == alert_id, Delivery.channel == channel, Delivery.kind == "alert"
        )
        return self._session.scalar(query.where(Delivery.state == "sent"))

    def group_waits_until(self, group_key: str, now: datetime) -> datetime | None:
        """When the messages of a group that are still being gathered at `now` will go; None
        when there are none."""
        query = select(func.max(Delivery.due_at)).where(
            Delivery.group_key == group_key, Delivery.state == "waiting", Delivery.due_at > now
        )
        return self._session.scalar(query)

    def group_told_at(self, group_key: str) -> datetime | None:
        """When a message of a group was sent last; None when never."""
        query = select(func.max(Delivery.sent_at)).where(Delivery.group_key == group_key)
        return self._session.scalar(query)

    def unfinished(self) -> list[Delivery]:
        """Messages that are yet to be taken by their channels, the earliest first."""
        query = select(Delivery).where(Delivery.state.in_(UNFINISHED)).order_by(Delivery.id)
        return list(self._session.scalars(query))

    def counts(self) -> dict[str, int]:
        """How many alerts there are, and how many messages in each state."""
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        found = {f"deliveries_{state}": number for state, number in self._session.execute(query)}
        return {"alerts": self._session.scalar(select(func.count(Alert.id))) or 0} | found

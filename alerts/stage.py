"""The stage that turns events into alerts and outbox rows, in the cursor's own transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from alerts.delivery_events import FAILING, WORKS, standing_rules, told_through
from alerts.evidence import Evidence, gather
from alerts.links import alert_link
from alerts.names import Names
from alerts.past import ArchivePast
from alerts.pipeline import route
from alerts.rules import CONDITIONS, RaisedAlert, Verdict, judge
from alerts.steps import INHIBIT, steps_of
from config import Config, Rule
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event
from storage.problems import Problem

ENDINGS = {
    "source.recovered": "source.failing",
    "source.spoke": "source.silent",
    "source.mended": "source.drifted",
    WORKS: FAILING,
}
"""Events that end what alerts on an earlier event of the other kind and their subject told of."""


def current_time() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule made of one event."""

    rule: Rule
    verdict: Verdict


class RulesStage:
    """A reader of the log (`storage.log.Reader`) that raises the alerts of the rules."""

    def __init__(
        self,
        config: Config,
        now: Callable[[], datetime] = current_time,
        *,
        every_rule: bool = False,
    ) -> None:
        """`now` is the clock by which alerts are held for quiet hours and groups; `every_rule`
        judges by rules that are not enabled too."""
        self.name = "alerts"
        self.batch = 50
        rules = standing_rules(config)
        self._rules = tuple(rule for rule in rules if rule.enabled or every_rule)
        conditions = {str(rule.on) for rule in self._rules} or set(CONDITIONS)
        kinds = {kind for one in conditions for kind in CONDITIONS[one].kinds}
        self.kinds = tuple(sorted(kinds | set(ENDINGS)))
        self._config = config
        self._names = Names.of(config)
        self._steps = steps_of(config)
        self._now = now

    def at(self, now: datetime) -> "RulesStage":
        """The same stage with a clock that stands at `now`."""
        return RulesStage(self._config, lambda: now)

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """One finding for each event that raises alerts; None where all rules are silent."""
        return [self._outcome(event, archive) for event in events]

    def verdicts(self, event: Event, archive: Archive) -> list[Judged]:
        """What each rule makes of `event`, with the reason where it stays silent."""
        with archive.reading() as tx:
            seen = gather(tx, event)
        return self._judged(seen)

    def _judged(self, seen: Evidence) -> list[Judged]:
        return [Judged(rule, judge(rule, seen, self._names)) for rule in self._rules]

    def _outcome(self, event: Event, archive: Archive) -> Outcome:
        try:
            judged = self.verdicts(event, archive)
        except Problem:
            raise
        except Exception as error:
            return error
        raised = [(j.rule, j.verdict) for j in judged if isinstance(j.verdict, RaisedAlert)]
        ends = event.kind in ENDINGS
        return partial(self._write, event, raised) if raised or ends else None

    def _write(
        self, event: Event, raised: Sequence[tuple[Rule, RaisedAlert]], tx: Transaction
    ) -> None:
        for rule, alert in raised:
            if tx.outbox.by_key(alert.key) is None:
                self._raise(tx, event, rule, alert)
        if event.kind in ENDINGS:
            self._resolve(tx, event)

    def _raise(self, tx: Transaction, event: Event, rule: Rule, alert: RaisedAlert) -> None:
        now = self._now()
        way = route(self._steps, alert, rule, now, ArchivePast(tx))
        stored = tx.outbox.raise_alert(
            alert.key,
            rule=rule.id,
            severity=alert.severity,
            subject=alert.subject,
            title=alert.title,
            body=alert.body,
            channels=self._channels(tx, rule, alert, now),
            at=event.at,
            seq=event.seq,
            thread=alert.thread,
            state=way.state,
            decisions=way.decisions,
            held_until=way.held_until,
            group_key=way.group_key,
        )
        if stored is None:
            return
        tx.outbox.lead_to(stored, alert_link(self._names.address, stored.id))
        if stored.state == "open":
            INHIBIT.withdraw(stored, now, tx)

    def _channels(
        self, tx: Transaction, rule: Rule, alert: RaisedAlert, now: datetime
    ) -> tuple[str, ...]:
        if rule.on != "delivery":
            return rule.channels
        failing = alert.subject.removeprefix("channel:")
        declared = (channel.id for channel in self._config.channels)
        wanted = told_through(tx, failing, rule.channels, now)
        return wanted or told_through(tx, failing, declared, now)

    def _resolve(self, tx: Transaction, event: Event) -> None:
        """End what lasted until this event: a source that can be read again."""
        thread = str(event.data.get("thread") or event.subject)
        for alert in tx.outbox.in_thread(thread, states=("open", "acknowledged")):
            told_of = alert.body.get("event", {}).get("kind")
            is_same = alert.body.get("trouble") == event.data.get("trouble")
            if told_of == ENDINGS[event.kind] and is_same and (alert.seq or 0) < event.seq:
                tx.outbox.resolve(alert.id, event.at)

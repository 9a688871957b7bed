"""The stage that turns events into alerts and outbox rows, in the cursor's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.evidence import Evidence, gather
from alerts.names import Names
from alerts.rules import KINDS, RaisedAlert, Silence, Verdict, judge
from config import Config, Rule
from storage.archive import Archive, Transaction
from storage.log import Finding, Outcome
from storage.models import Event
from storage.problems import Problem


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule made of one event."""

    rule: Rule
    verdict: Verdict


class RulesStage:
    """A reader of the log (`storage.log.Reader`) that raises the alerts of the rules."""

    def __init__(self, config: Config) -> None:
        self.name = "alerts"
        self.batch = 50
        conditions = {str(rule.on) for rule in config.rules} or set(KINDS)
        self.kinds = tuple(sorted({kind for one in conditions for kind in KINDS[one]}))
        self._rules = config.rules
        self._names = Names.of(config)

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
        raised = [one for one in judged if not isinstance(one.verdict, Silence)]
        return _writing(event, raised) if raised else None


def _writing(event: Event, raised: Sequence[Judged]) -> Finding:
    def write(tx: Transaction) -> None:
        for one in raised:
            if isinstance(one.verdict, RaisedAlert):
                _raise(tx, event, one.rule, one.verdict)

    return write


def _raise(tx: Transaction, event: Event, rule: Rule, alert: RaisedAlert) -> None:
    tx.outbox.raise_alert(
        alert.key,
        rule=rule.id,
        severity=alert.severity,
        subject=alert.subject,
        title=alert.title,
        body=alert.body,
        channels=rule.channels,
        at=event.at,
        seq=event.seq,
    )

"""What a rule would have raised on past events, and what the steps would have made of it.

Nothing is written: the rule is judged on the stored events as it would be live, and the steps see
a past that is only rehearsed, with the archive's own silences and the alerts of other rules.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.evidence import gather
from alerts.names import Names
from alerts.past import ArchivePast, Told
from alerts.pipeline import Route, route
from alerts.rules import RaisedAlert, judge, kinds_of
from alerts.steps import steps_of
from config import Config, Rule
from storage.archive import Archive, Transaction
from storage.models import Event
from storage.models_telling import SilencedUntil

BATCH = 100
MOST_REASONS = 1000
"""Further reasons for silence are counted as `other`."""

Expand = Callable[[Sequence[Event], Archive], Sequence[Event]]
"""Makes of stored events those that the rule reads, where no stage has written them."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An alert that would have been raised, and what would have become of it."""

    raised: RaisedAlert
    event: int
    at: datetime
    route: Route
    begins_message: bool


@dataclass(slots=True)
class Tally:
    """How many events were judged, and why the rule was silent at how many."""

    events: int = 0
    silent: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a rule reads what it is judged on: the kinds of stored events, and what is made of
    them (None: they are read as they are)."""

    kinds: Sequence[str]
    expand: Expand | None = None


def rehearse(
    archive: Archive,
    config: Config,
    rule: Rule,
    since: datetime,
    until: datetime,
    *,
    reading: Reading | None = None,
    imported: bool = False,
    tally: Tally | None = None,
) -> Iterator[Rehearsed]:
    """Give the alerts that `rule` would have raised on events observed from `since` to `until`,
    in order.

    `reading` says where else than from its own events it reads; with `imported` texts out of an
    old collection count as if they had been seen live. `tally` is kept up to date. Reads batch
    by batch: memory does not grow with the events.
    """
    names, steps = Names.of(config), steps_of(config)
    counts = tally or Tally()
    read = reading or Reading(kinds_of(rule))
    past = RehearsedPast(rule.id)
    known: set[str] = set()
    with archive.reading() as tx:
        seq = tx.events.before(since)
    while True:
        with archive.reading() as tx:
            events = tx.events.after(seq, read.kinds, BATCH)
        if not events:
            return
        seq = events[-1].seq
        events = [event for event in events if since <= event.at <= until]
        wanted = read.expand(events, archive) if read.expand else events
        counts.events += len(wanted)
        with archive.reading() as tx:
            found = []
            for event in wanted:
                raised = _judged(tx, event, rule, names, counts, imported=imported)
                if raised is None or raised.key in known:
                    continue
                known.add(raised.key)
                past.moment(tx, event.at)
                way = route(steps, raised, rule, event.at, past)
                begins = past.keep(raised, way, event)
                found.append(Rehearsed(raised, event.seq, event.at, way, begins))
        yield from found


class RehearsedPast:
    """The past (`alerts.past.Past`) of a rule whose alerts are only rehearsed."""

    def __init__(self, rule: str) -> None:
        self._rule = rule
        self._real: ArchivePast | None = None
        self._now: datetime | None = None
        self._told: dict[str, Told] = {}
        self._groups: dict[str, datetime] = {}
        self._count = 0

    def moment(self, tx: Transaction, now: datetime) -> None:
        """Let time come to `now`; the rest of the past is what `tx` knows."""
        self._real, self._now = ArchivePast(tx), now

    def keep(self, raised: RaisedAlert, way: Route, event: Event) -> bool:
        """Remember an alert; gives whether it begins a message, alone or of a group."""
        self._count += 1
        if way.state != "open":
            return False
        self._told[raised.thread] = Told(self._count, self._rule, way.state, event.at)
        if way.held_until is None:
            return True
        begins = self._groups.get(way.group_key) != way.held_until
        self._groups[way.group_key] = way.held_until
        return begins

    def in_thread(self, thread: str, since: datetime) -> Sequence[Told]:
        """The last alert of a thread that was told, if that was at or after `since`."""
        told = self._told.get(thread)
        return [told] if told is not None and told.raised_at >= since else []

    def on_instruments(self, since: datetime) -> Sequence[Told]:
        """The archive's alerts of other rules, as far as they were raised by now."""
        found = self._real.on_instruments(since) if self._real else ()
        by_now = self._now
        return [
            one
            for one in found
            if one.rule != self._rule and (by_now is None or one.raised_at <= by_now)
        ]

    def group_waits_until(self, group_key: str, now: datetime) -> datetime | None:
        """When the messages of a group that are still being gathered at `now` would go."""
        until = self._groups.get(group_key)
        return until if until is not None and until > now else None

    def group_told_at(self, group_key: str) -> datetime | None:
        """When the last message of a group would have been sent."""
        return self._groups.get(group_key)

    def silences(self, now: datetime) -> Sequence[SilencedUntil]:
        """The silences that held at `now`."""
        return self._real.silences(now) if self._real else ()


def _judged(
    tx: Transaction, event: Event, rule: Rule, names: Names, counts: Tally, *, imported: bool
) -> RaisedAlert | None:
    seen = gather(tx, event)
    if imported:
        seen = replace(seen, backfilled=False, old_item=False)
    verdict = judge(rule, seen, names)
    if isinstance(verdict, RaisedAlert):
        return verdict
    known = verdict.reason in counts.silent or len(counts.silent) < MOST_REASONS
    counts.silent[verdict.reason if known else "other"] += 1
    return None

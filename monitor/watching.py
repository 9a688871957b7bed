"""What the clock brings about: days that come near or begin, surges, sources that fall silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from threading import Event as Signal
from typing import Any

from config import Config
from monitor.identities import Identities
from monitor.source_checks import SourceVerdict, check_sources
from monitor.source_drift_checks import check_drifts
from monitor.source_troubles import DriftVerdict
from monitor.status import LATE, LONGEST_REASON, told
from monitor.surging import TopicJudged, judge_topics
from storage.archive import Archive, Transaction
from storage.deadlines import step_of
from storage.models_telling import Deadline
from storage.statuses import FoundStatus

DAYS = (30, 7, 1)
"""How many days before something falls due it is told of, where no rule says otherwise."""

SURGE_DAYS = 3
"""How many days back coverage is judged: those on which the machine was off, or behind."""


@dataclass(frozen=True, slots=True)
class WatchReport:
    """How much was told that had not been: days near, changes of status, surges, sources.

    `drifted` and `mended` count the respects in which sources changed from their normal.

    `notes` say what could not be judged, and why.
    """

    near: int = 0
    statuses: int = 0
    surges: int = 0
    silent: int = 0
    spoke: int = 0
    drifted: int = 0
    mended: int = 0
    notes: tuple[str, ...] = ()


def watch(
    archive: Archive, config: Config, now: datetime, *, stop: Signal | None = None
) -> WatchReport:
    """Tell of everything that time alone has brought about by `now`, each thing once.

    What was missed while the machine was off is caught up in so far as it still matters: a day
    to come is told by the nearest of its steps alone, one that has passed not at all; what has
    taken effect meanwhile is told whenever it is noticed, a surge within `SURGE_DAYS`.
    `stop` ends it after the step at hand.

    Raises the archive's own errors; what was told before stays told.
    """
    today = now.astimezone(config.zone).date()
    identities = Identities(config.instruments)
    near = _tell_near(archive, config, identities, today, now)
    statuses = _tell_begun(archive, identities, today, now)
    if stop is not None and stop.is_set():
        return WatchReport(near, statuses)
    drifted, mended = _tell_drifts(archive, config, now)
    silent, spoke = _tell_sources(archive, config, now)
    told = WatchReport(near, statuses, silent=silent, spoke=spoke, drifted=drifted, mended=mended)
    if stop is not None and stop.is_set():
        return told
    surges = 0
    for back in range(SURGE_DAYS, 0, -1):
        more, notes = _tell_surges(archive, config, today - timedelta(days=back), now)
        surges += more
    return replace(told, surges=surges, notes=notes)


def _tell_near(
    archive: Archive, config: Config, identities: Identities, today: date, now: datetime
) -> int:
    """Tell of certain days that come near, those of one instrument, kind and day together."""
    wanted = {rule.days for rule in config.rules if rule.on == "deadline" and rule.enabled}
    wanted = {days for days in wanted if days} or {DAYS}
    last = today + timedelta(days=max(max(days) for days in wanted))
    with archive.reading() as tx:
        rows = [row for row in tx.deadlines.between(today, last) if row.confidence == "certain"]
        said = []
        for group in _together(rows):
            left = (group[0].on_date - today).days
            for step in _steps(wanted, left):
                key = _near_key(group[0], step)
                if not _is_told(tx, group[0].instrument, key):
                    said.append((key, _near(tx, identities, group, left, step)))
    return _append(archive, "deadline.near", said, now)


def _steps(wanted: Iterable[Sequence[int]], left: int) -> list[int]:
    return sorted({step for days in wanted for step in [step_of(days, left)] if step is not None})


def _near_key(row: Deadline, step: int) -> str:
    return f"deadline:{row.instrument}:{row.kind}:{step}:{row.on_date.isoformat()}"


def _is_told(tx: Transaction, instrument: str, key: str) -> bool:
    past = tx.events.about(f"instrument:{instrument}", ("deadline.near",))
    return any(event.key == key for event in past)


def _together(rows: Sequence[Deadline]) -> list[list[Deadline]]:
    def of(row: Deadline) -> tuple[str, str, date]:
        return row.instrument, row.kind, row.on_date

    return [list(group) for _, group in groupby(sorted(rows, key=of), key=of)]


def _near(
    tx: Transaction, identities: Identities, rows: Sequence[Deadline], left: int, step: int
) -> dict[str, Any]:
    first = rows[0]
    places = {row.place: row for row in reversed(rows)}
    return {
        "instrument": first.instrument,
        "number": identities.number(first.instrument),
        "name": identities.name(first.instrument),
        "kind": first.kind,
        "on": first.on_date.isoformat(),
        "left": left,
        "step": step,
        "by": first.by_instrument,
        "deadlines": [
            {"id": row.id, "place": row.place, "text": row.text}
            for row in sorted(places.values(), key=lambda row: row.id)
        ],
    } | _evidence(tx, first.item_id, first.revision_id)


def _evidence(tx: Transaction, item_id: int, revision_id: int) -> dict[str, Any]:
    item, revision = tx.items.get(item_id), tx.items.revision(revision_id)
    return {
        "source": item.source_id if item else "",
        "url": item.url if item else "",
        "title": revision.title if revision else "",
        "evidence": {"item": item_id, "revision": revision_id},
    }


def _tell_begun(archive: Archive, identities: Identities, today: date, now: datetime) -> int:
    """Write that instruments are in force, or have expired, since their day has come."""
    with archive.reading() as tx:
        if not tx.statuses.taking_effect(today) and not tx.statuses.expiring(today):
            return 0
    with archive.transaction() as tx:
        begun = [(row, "in-force", row.on_date) for row in tx.statuses.taking_effect(today)]
        ended = [
            (row, "expired", row.on_date + timedelta(days=1)) for row in tx.statuses.expiring(today)
        ]
        first = {(row.instrument, status): (row, since) for row, status, since in begun + ended}
        for (_, status), (row, since) in first.items():
            _tell_status(tx, identities, row, status, since, today, now)
    return len(first)


def _tell_status(
    tx: Transaction,
    identities: Identities,
    row: Deadline,
    status: str,
    since: date,
    today: date,
    now: datetime,
) -> None:
    before = tx.statuses.standing(row.instrument, today)
    kept = tx.statuses.add(
        FoundStatus(
            instrument=row.instrument,
            status=status,
            since=since,
            by_instrument="",
            basis="clock",
            item_id=row.item_id,
            revision_id=row.revision_id,
            reason=row.text[:LONGEST_REASON],
        ),
        now,
    )
    said = told(identities, kept, before) | _evidence(tx, row.item_id, row.revision_id)
    said |= {"first": False, "late": since < today - LATE}
    said["others"] = [
        {"name": identities.called(other.instrument), "status": other.status}
        for other in tx.statuses.by(row.instrument)
    ]
    subject = f"instrument:{row.instrument}"
    tx.events.append("instrument.status", subject, now, said, key=f"status:{kept.id}")


def _tell_surges(
    archive: Archive, config: Config, day: date, now: datetime
) -> tuple[int, tuple[str, ...]]:
    topics = [topic.id for topic in config.topics]
    if not topics:
        return 0, ()
    with archive.reading() as tx:
        judged = judge_topics(tx, topics, day, config.zone)
        said = [
            (f"surge:{one.topic}:{day.isoformat()}", _surge(tx, one, day))
            for one in judged
            if one.judged.surges
        ]
    little = [one.topic for one in judged if one.judged.reason.startswith("too little history")]
    notes = (f"too little history to judge surges of {', '.join(little)}",) if little else ()
    return _append(archive, "topic.surged", said, now), notes


def _surge(tx: Transaction, one: TopicJudged, day: date) -> dict[str, Any]:
    return {
        "topic": one.topic,
        "topics": [{"topic": one.topic, "score": 1.0}],
        "day": day.isoformat(),
        "count": one.judged.count,
        "expected": round(one.judged.expected, 1),
        "probability": one.judged.probability,
        "weeks": one.weeks,
        "outlets": one.outlets,
        "left_out": list(one.left_out),
        "articles": [_article(tx, item) for item in one.items],
    }


def _article(tx: Transaction, item_id: int) -> dict[str, Any]:
    item = tx.items.get(item_id)
    latest = tx.items.latest(item) if item is not None else None
    return {
        "item": item_id,
        "url": item.url if item else "",
        "title": latest.title if latest else "",
        "source": item.source_id if item else "",
    }


def _tell_sources(archive: Archive, config: Config, now: datetime) -> tuple[int, int]:
    with archive.reading() as tx:
        verdicts = check_sources(tx, config, now)
    fresh = _append_verdicts(archive, verdicts, now)
    return fresh.count("source.silent"), fresh.count("source.spoke")


def _tell_drifts(archive: Archive, config: Config, now: datetime) -> tuple[int, int]:
    with archive.reading() as tx:
        verdicts = check_drifts(tx, config, now)
    fresh = _append_verdicts(archive, verdicts, now)
    return fresh.count("source.drifted"), fresh.count("source.mended")


def _append_verdicts(
    archive: Archive, verdicts: Sequence[SourceVerdict | DriftVerdict], now: datetime
) -> list[str]:
    """Append what was found of sources, and give the kinds of what had not been said before."""
    if not verdicts:
        return []
    with archive.transaction() as tx:
        told = [
            tx.events.append(one.kind, f"source:{one.source}", now, one.said, key=one.key)
            for one in verdicts
        ]
        return [event.kind for event in told if event is not None]


def _append(
    archive: Archive, kind: str, said: Sequence[tuple[str, dict[str, Any]]], now: datetime
) -> int:
    """Append events under their keys, and give how many had not been said before."""
    if not said:
        return 0
    with archive.transaction() as tx:
        return sum(
            tx.events.append(kind, _subject(data), now, data, key=key) is not None
            for key, data in said
        )


def _subject(data: dict[str, Any]) -> str:
    return f"instrument:{data['instrument']}" if "instrument" in data else f"topic:{data['topic']}"

"""A digest's findings: changes, watched instruments, days that come near, edits and removals."""

from datetime import date, datetime, timedelta
from typing import Any

from alerts.bodies_time import kind_in_words
from alerts.changes import SEVERITIES, certain, comparison_changes, counted, in_words
from alerts.digest_parts import ChangesFound, DueDay, InstrumentPart, Touched
from alerts.names import Names
from alerts.wording import cut, one_line
from config import Config
from storage.archive import Transaction
from storage.day_reading import events_between
from storage.models import Event
from storage.models_law import StoredComparison

GRAVEST = 3
_LONGEST = 240
_SIDES = ("old_text", "new_text")


def changes_found(
    tx: Transaction, names: Names, since: datetime, until: datetime
) -> tuple[ChangesFound, ...]:
    """The comparisons that were made in the days, the most severe first; empty ones left out."""
    found: dict[int, ChangesFound] = {}
    for event in events_between(tx, since, until, ["instrument.compared"]):
        row = tx.findings.comparison(int(event.data.get("comparison", 0)))
        if row is not None and row.result.get("changes") and not event.data.get("backfill"):
            found[row.id] = _changes(tx, names, event, row)
    return tuple(sorted(found.values(), key=_most_severe))


def _changes(tx: Transaction, names: Names, event: Event, row: StoredComparison) -> ChangesFound:
    revision = tx.items.revision(row.new_revision_id)
    item = tx.items.get(revision.item_id) if revision else None
    stated = certain(row.result)
    counts = counted(stated)
    shown = comparison_changes({"changes": stated[:GRAVEST]}, revision.language if revision else "")
    gravest = tuple(
        (str(one.get("severity", "")), one_line(str(one.get("where", ""))), _said(one))
        for one in shown
    )
    return ChangesFound(
        comparison=row.id,
        instrument=row.instrument,
        name=one_line(names.instrument(row.instrument)),
        stage=one_line(str(event.data.get("stage", ""))),
        title=one_line(revision.title) if revision else "",
        counts=counts,
        in_words=in_words(counts),
        probable=len(row.result["changes"]) - len(stated),
        gravest=gravest,
        said_vi=tuple(cut(one_line(str(one.get("summary_vi", ""))), _LONGEST) for one in shown),
        url=item.url if item else "",
        at=event.at,
    )


def _said(change: dict[str, Any]) -> str:
    """One change on one line."""
    if change.get("summary"):
        return cut(one_line(str(change["summary"])), _LONGEST)
    old, new = (cut(one_line(str(change.get(side, ""))), _LONGEST // 2) for side in _SIDES)
    if old and new:
        return f"“{old}” → “{new}”"
    return f"added “{new}”" if new else f"removed “{old}”"


def _most_severe(one: ChangesFound) -> tuple[int, ...]:
    return (*(-one.counts.get(name, 0) for name in SEVERITIES), one.comparison)


def instruments(
    tx: Transaction, config: Config, last: date, since: datetime, until: datetime
) -> tuple[InstrumentPart, ...]:
    """How each watched instrument stands, those with news first."""
    parts = [_instrument(tx, one.id, one.name, last, since, until) for one in config.instruments]
    return tuple(sorted(parts, key=lambda one: not one.news))


def _instrument(
    tx: Transaction, instrument: str, name: str, last: date, since: datetime, until: datetime
) -> InstrumentPart:
    standing = tx.statuses.standing(instrument, last)
    versions = tx.findings.versions(instrument)
    texts = [one for one in versions if one.at < until]
    news = [f"new text: {one.stage}" for one in texts if one.at >= since]
    for row in tx.statuses.of(instrument):
        if since <= row.at < until:
            from_day = f" from {row.since.isoformat()}" if row.since else ""
            news.append(f"{row.status}{from_day}: “{cut(one_line(row.reason), _LONGEST)}”")
    stage = texts[-1].stage if texts else ""
    return InstrumentPart(
        id=instrument,
        name=one_line(name),
        status=standing.status if standing else stage or "no text seen so far",
        since=standing.since if standing else None,
        texts=len(texts),
        news=tuple(news),
    )


def days_due(tx: Transaction, names: Names, last: date, ahead: int) -> tuple[DueDay, ...]:
    """What falls due in the `ahead` days after `last`, the nearest first.

    Several provisions of one instrument that fall due alike are one.
    """
    found: dict[tuple[str, str, date], DueDay] = {}
    for row in tx.deadlines.between(last + timedelta(days=1), last + timedelta(days=ahead)):
        item = tx.items.get(row.item_id)
        found.setdefault(
            (row.instrument, row.kind, row.on_date),
            DueDay(
                on=row.on_date,
                left=(row.on_date - last).days,
                kind=row.kind,
                what=kind_in_words(row.kind),
                instrument=row.instrument,
                name=one_line(names.instrument(row.instrument)),
                confidence=row.confidence,
                text=cut(one_line(row.text), _LONGEST),
                url=item.url if item else "",
            ),
        )
    return tuple(found.values())


def touched(tx: Transaction, names: Names, since: datetime, until: datetime) -> tuple[Touched, ...]:
    """The pages on a topic that were edited or taken away, one line a page and kind."""
    found: dict[tuple[str, int], Touched] = {}
    events = [
        one
        for one in events_between(tx, since, until, ["item.revised", "item.removed"])
        if not one.data.get("backfill")
        and (one.kind == "item.removed" or one.data.get("cause") == "edit")
    ]
    topics = tx.findings.topics_of(sorted({n for one in events for n in _revisions(one)}))
    for event in events:
        data = event.data
        about = sorted({topic for n in _revisions(event) for topic in topics.get(n, ())})
        if not about:
            continue
        how = "edited" if event.kind == "item.revised" else "removed"
        found[how, int(data["item"])] = Touched(
            how=how,
            title=one_line(str(data.get("title", ""))) or one_line(str(data.get("url", ""))),
            url=str(data.get("url", "")),
            source=str(data.get("source", "")),
            name=one_line(names.source(str(data.get("source", "")))),
            topics=tuple(names.topic(topic) for topic in about),
            at=event.at,
        )
    return tuple(sorted(found.values(), key=lambda one: (one.how != "removed", one.at)))


def _revisions(event: Event) -> list[int]:
    """The texts before and after, as far as there are."""
    return [int(one) for one in (event.data.get("revision"), event.data.get("previous")) if one]

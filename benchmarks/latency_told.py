"""What became of each change of a page: the moments on its way to Slack, and the table of them."""

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.table import Table

from benchmarks.latency_site import Change, Site, version_of
from benchmarks.latency_watch import Watch
from benchmarks.slack import Slack
from storage.archive import Archive, Transaction
from storage.models import Event, Revision
from storage.models_telling import Alert

RULES = ("silent-edit", "new-draft")


@dataclass(frozen=True, slots=True)
class Told:
    """The moments of one change on its way, in seconds of the steady clock.

    `stages` holds when each stage had dealt with it; `due` is when its message might go, which
    is later than `judged` where a group was waited for.
    """

    change: Change
    listed: float
    answered: float
    stored: float
    stages: tuple[float, ...]
    judged: float
    due: float
    posted: float
    confirmed: float


def told_changes(
    made: Sequence[Change],
    site: Site,
    watch: Watch,
    slack: Slack,
    archive: Archive,
    names: Sequence[str],
) -> list[Told]:
    """Return those of the changes of which Slack has the alert; `names` are the stages'."""
    wanted = {(one.path, one.version): one for one in made}
    found = []
    with archive.reading() as tx:
        leads = _leads(tx)
        for alert, seen, revision in _alerts(tx):
            item = tx.items.get(revision.item_id)
            path = item.url.removeprefix(site.base) if item is not None else ""
            change = wanted.get((path, version_of(revision.text) or 0))
            lead = leads[alert.id]
            judged = watch.passed("alerts", alert.seq or 0)
            stages = [at for name in names if (at := watch.passed(name, seen.seq)) is not None]
            if change is None or judged is None or lead not in slack.answered:
                continue
            del wanted[change.path, change.version]
            told = Told(
                change,
                site.listed[change.path, change.version],
                site.answered[change.path, change.version],
                watch.seen[seen.seq],
                tuple(stages),
                judged,
                max(judged, _held_until(alert)),
                slack.came[lead],
                slack.answered[lead],
            )
            found.append(told)
    return found


def drawn(names: Sequence[str], told: Sequence[Told], changes: int) -> Table:
    """Return the table: each part of the way, for all changes and for the two kinds."""
    kinds = ("article", "draft")
    own = {kind: [one for one in told if one.change.kind == kind] for kind in kinds}
    counts = ", ".join(f"{len(own[kind])} {kind}s" for kind in kinds)
    table = Table(
        title=f"{len(told)} of {changes} changes arrived ({counts}); seconds", title_justify="left"
    )
    for column in ("", "median", "95 %", "longest", *(f"{kind}: median" for kind in kinds)):
        table.add_column(column, justify="right" if column else "left")
    for name, span in _parts(names):
        every = sorted(span(one) for one in told)
        medians = [statistics.median([span(one) for one in own[kind]] or [0.0]) for kind in kinds]
        figures = [statistics.median(every), late(every), every[-1], *medians]
        table.add_row(name, *(f"{figure:.2f}" for figure in figures))
    return table


def late(spans: Sequence[float]) -> float:
    """Return the 95th percentile: the least span that 95 % do not exceed."""
    return sorted(spans)[math.ceil(0.95 * len(spans)) - 1]


def _parts(names: Sequence[str]) -> list[tuple[str, Callable[[Told], float]]]:
    def stage(number: int) -> Callable[[Told], float]:
        return lambda one: one.stages[number] - (one.stages[number - 1] if number else one.stored)

    first = [(f"  {names[0]}, and the wait for the stages", stage(0))]
    others = [(f"  {name}", stage(number)) for number, name in enumerate(names) if number]
    return [
        ("page answered → Slack answered", lambda one: one.confirmed - one.answered),
        ("feed or list answered → Slack answered", lambda one: one.confirmed - one.listed),
        ("page changed → Slack answered (with the polling)",
         lambda one: one.confirmed - one.change.at),
        ("  fetch, extract, store", lambda one: one.stored - one.answered),
        *first,
        *others,
        ("  rules", lambda one: one.judged - one.stages[-1]),
        ("  wait for the delivery, making the message", lambda one: one.posted - one.due),
        ("  Slack's answer", lambda one: one.confirmed - one.posted),
    ]  # fmt: skip


def _alerts(tx: Transaction) -> Iterator[tuple[Alert, Event, Revision]]:
    """Each alert on a page's new version, with the event that tells of the page's, and the new
    revision."""
    for alert in tx.outbox.alerts():
        event = tx.events.get(alert.seq or 0)
        if event is None or alert.rule not in RULES:
            continue
        revision = tx.items.revision(event.data.get("new_revision") or event.data["revision"])
        if revision is None:
            continue
        told = tx.events.about(f"item:{revision.item_id}", ("item.appeared", "item.revised"))
        yield from ((alert, one, revision) for one in told if one.data["revision"] == revision.id)


def _leads(tx: Transaction) -> dict[int, int]:
    """Each alert, and the one under which its message went."""
    ids = [alert.id for alert in tx.outbox.alerts()]
    first = {
        alert: row
        for alert, rows in tx.outbox.deliveries_of(ids).items()
        for row in rows
        if row.kind == "alert"
    }
    owner = {row.id: alert for alert, row in first.items()}
    return {alert: owner.get(row.batch or row.id, alert) for alert, row in first.items()}


def _held_until(alert: Alert) -> float:
    """When the steps let the alert go, by the steady clock; 0 where nothing held it."""
    untils = [datetime.fromisoformat(one["until"]) for one in alert.decisions if "until" in one]
    if not untils:
        return 0.0
    return max(untils).timestamp() - datetime.now(UTC).timestamp() + time.monotonic()

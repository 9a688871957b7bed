"""Which sources fell silent, are blocked or broken, and which speak again: read off the archive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config import Config, SourceDeclaration
from monitor.silent_sources import (
    BLOCKED,
    BROKEN,
    LEAST_SILENCE,
    LOOKBACK,
    NOTHING_NEW,
    Silence,
    judge_silence,
    meaning_of,
)
from monitor.terms import is_holiday
from storage.archive import Transaction
from storage.coverage import (
    arrivals,
    first_look,
    last_arrival,
    pages_looked_at,
    troubles_since,
)
from storage.models import Event, Trouble
from storage.reading_figures import drifts, standing
from storage.rhythm import IsHoliday, never_a_holiday

LATELY = timedelta(days=2)
LEAST_PAGES = 5
MOSTLY = 0.8
"""A source whose pages nearly all fail is blocked or broken, though its feed may still speak."""
_MOST_REASONS = 5
_MOST_PEERS = 50
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """That a source fell silent (`source.silent`) or speaks again (`source.spoke`).

    `state` is the number of the event that told its state before, 0 where none did: with it
    each change is told once.
    """

    source: str
    kind: str
    state: int
    said: dict[str, Any]

    @property
    def key(self) -> str:
        """The event's key."""
        return f"{self.kind}:{self.source}:{self.state}"


def check_sources(tx: Transaction, config: Config, now: datetime) -> list[SourceVerdict]:
    """The sources whose state changed since it was told last.

    A source is judged by what it answered up to the moment when it was asked last: one that
    was not asked, since the machine was off, fell silent no more than before.
    """
    found = []
    for source in config.sources:
        seen = tx.sources.get(source.id)
        if seen is None or seen.last_attempt is None:
            continue
        asked = min(now, seen.last_attempt)
        last = last_arrival(tx, source.id)
        told = _told_last(tx, source.id)
        if told is not None and told.kind == "source.silent":
            found += _spoken(tx, source, told, last, asked)
            continue
        if {"unread", "robots"} & set(standing(drifts(tx, source.id))):
            # It is told already that its pages cannot be read.
            continue
        verdict = _judge(tx, source, last, asked, config)
        if verdict is not None:
            state = told.seq if told is not None else 0
            found.append(SourceVerdict(source.id, "source.silent", state, verdict))
    return found


def _judge(
    tx: Transaction,
    source: SourceDeclaration,
    last: datetime | None,
    asked: datetime,
    config: Config,
) -> dict[str, Any] | None:
    troubles = troubles_since(tx, source.id, asked - LATELY)
    pages = _of_pages(tx, source, troubles, asked)
    if pages is not None or (last is not None and asked - last < LEAST_SILENCE):
        return pages
    default = timedelta(seconds=config.watch.silent_after)
    if last is None:
        first = first_look(tx, source.id)
        if first is None or asked - first < default:
            return None
        return _silent(Silence(first, 0.0, 0.0, default), asked, troubles, never=True)
    since = asked - LOOKBACK

    def peers() -> list[list[datetime]]:
        others = [one.id for one in config.sources if one.id != source.id]
        return [arrivals(tx, other, since) for other in others[:_MOST_PEERS]]

    fallen = judge_silence(
        arrivals(tx, source.id, since) or [last],
        asked,
        config.zone,
        default=default,
        peers=peers,
        is_holiday=holidays_of(source),
    )
    return _silent(fallen, asked, troubles) if fallen else None


def _spoken(
    tx: Transaction,
    source: SourceDeclaration,
    told: Event,
    last: datetime | None,
    asked: datetime,
) -> list[SourceVerdict]:
    """Whether a source that was told to be silent speaks again: something new came since, or
    its pages, which all failed, can be read."""
    came = last is not None and last > told.at
    if told.data.get("pages"):
        troubles = troubles_since(tx, source.id, asked - LATELY)
        if _of_pages(tx, source, troubles, asked) is not None:
            return []
        said = "its pages can be read again"
    elif came:
        said = "something new came"
    else:
        return []
    return [SourceVerdict(source.id, "source.spoke", told.seq, {"reasons": [said]})]


def _told_last(tx: Transaction, source: str) -> Event | None:
    told = tx.events.about(f"source:{source}", ("source.silent", "source.spoke"))
    return told[-1] if told else None


def _of_pages(
    tx: Transaction, source: SourceDeclaration, lately: Sequence[Trouble], asked: datetime
) -> dict[str, Any] | None:
    """Whether nearly all pages that were looked at lately are refused, or cannot be read."""
    for meaning in (BLOCKED, BROKEN):
        troubles = [one for one in lately if meaning_of(one.kind, one.message) == meaning]
        failing = len({one.url for one in troubles})
        if failing < LEAST_PAGES:
            continue
        checked = pages_looked_at(tx, source.id, asked - LATELY)
        if failing >= MOSTLY * checked:
            return {
                "why": meaning,
                "pages": True,
                "since": min(one.first_at for one in troubles).isoformat(),
                "reasons": [
                    f"{failing} of the {max(checked, failing)} pages looked at lately fail",
                    *_in_words(troubles, meaning),
                ],
            }
    return None


def _silent(
    silence: Silence,
    asked: datetime,
    lately: Sequence[Trouble],
    *,
    never: bool = False,
) -> dict[str, Any]:
    meanings = Counter(meaning for one in lately if (meaning := meaning_of(one.kind, one.message)))
    why = meanings.most_common(1)[0][0] if meanings else NOTHING_NEW
    lasted = _span(asked - silence.since)
    if never:
        first = f"nothing in {lasted}, since it was first asked"
    elif silence.limit is not None:
        first = f"nothing new for {lasted}; its habits are not known yet"
    else:
        first = (
            f"nothing new for {lasted}, where about {silence.missed:.0f} items ought to have "
            f"come and no more than {max(silence.usual, 1.0):.0f} were ever missed"
        )
    reasons = [first]
    if why == NOTHING_NEW:
        reasons.append("it answers, but yields nothing new")
    reasons += _in_words([one for one in lately if meaning_of(one.kind, one.message)], why)
    return {"why": why, "pages": False, "since": silence.since.isoformat(), "reasons": reasons}


def _in_words(troubles: Sequence[Trouble], why: str) -> list[str]:
    """The troubles that say why, one line for each kind with an example."""
    by_kind: dict[str, list[Trouble]] = {}
    for one in troubles:
        if meaning_of(one.kind, one.message) == why:
            by_kind.setdefault(one.kind, []).append(one)
    ranked = sorted(by_kind.values(), key=len, reverse=True)[:_MOST_REASONS]
    return [f"{why}: {_example(rows)}"[:_LONGEST_REASON] for rows in ranked]


def _example(rows: Sequence[Trouble]) -> str:
    others = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    return f"{' '.join(rows[0].message.split())}{others}"


def holidays_of(source: SourceDeclaration) -> IsHoliday:
    """On which days a source may yield nothing: the press abroad knows no Tết."""
    return never_a_holiday if source.kind == "international" else is_holiday


def _span(lasted: timedelta) -> str:
    hours = lasted / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"

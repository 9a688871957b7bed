"""Which sources fell silent, are blocked or broken, and which speak again: read off the archive."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    IsHoliday,
    Silence,
    judge_silence,
    meaning_of,
    never_a_holiday,
)
from monitor.terms import is_holiday
from storage.archive import Transaction
from storage.coverage import Looks, arrivals, first_look, last_arrival, looks
from storage.models import Event, Trouble

LATELY = timedelta(days=2)
LEAST_PAGES = 5
MOSTLY = 0.8
"""A source whose pages nearly all fail is blocked or broken, though its feed may still speak."""
_MOST_REASONS = 5
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
    history: dict[str, list[datetime]] = {}
    found = []
    for source in config.sources:
        seen = tx.sources.get(source.id)
        if seen is None or seen.last_attempt is None:
            continue
        asked = min(now, seen.last_attempt)
        last = last_arrival(tx, source.id)
        told = _told_last(tx, source.id)
        if told is None and last is not None and asked - last < LEAST_SILENCE:
            verdict = _of_pages(looks(tx, source.id, asked - LATELY))
        else:
            history = history or arrivals(tx, now - LOOKBACK)
            verdict = _judge(tx, source, history, last, asked, config)
        found += _changed(source, told, verdict, last)
    return found


def _judge(
    tx: Transaction,
    source: SourceDeclaration,
    history: Mapping[str, Sequence[datetime]],
    last: datetime | None,
    asked: datetime,
    config: Config,
) -> dict[str, Any] | None:
    lately = looks(tx, source.id, asked - LATELY)
    pages = _of_pages(lately)
    if pages is not None:
        return pages
    default = timedelta(seconds=config.watch.silent_after)
    came = history.get(source.id) or ([last] if last is not None else [])
    if not came:
        first = first_look(tx, source.id)
        if first is None or asked - first < default:
            return None
        silence = Silence(first, 0.0, 0.0, default)
        return _silent(silence, asked, lately, never=True)
    fallen = judge_silence(
        came,
        asked,
        config.zone,
        default=default,
        peers=[times for other, times in history.items() if other != source.id],
        is_holiday=_holidays_of(source),
    )
    return _silent(fallen, asked, lately) if fallen else None


def _changed(
    source: SourceDeclaration,
    told: Event | None,
    verdict: dict[str, Any] | None,
    last: datetime | None,
) -> list[SourceVerdict]:
    is_silent = told is not None and told.kind == "source.silent"
    state = told.seq if told is not None else 0
    if verdict is not None and not is_silent:
        return [SourceVerdict(source.id, "source.silent", state, verdict)]
    if verdict is None and is_silent and told is not None:
        came = last is not None and last > told.at
        if came or told.data.get("pages"):
            said = {"reasons": ["something new came" if came else "its pages can be read again"]}
            return [SourceVerdict(source.id, "source.spoke", state, said)]
    return []


def _told_last(tx: Transaction, source: str) -> Event | None:
    told = tx.events.about(f"source:{source}", ("source.silent", "source.spoke"))
    return told[-1] if told else None


def _of_pages(lately: Looks) -> dict[str, Any] | None:
    """Whether nearly all pages that were looked at lately are refused, or cannot be read."""
    if lately.checked < LEAST_PAGES:
        return None
    failing = [(one, meaning_of(one.kind, one.message)) for one in lately.troubles]
    for meaning in (BLOCKED, BROKEN):
        troubles = [one for one, said in failing if said == meaning]
        if len({one.url for one in troubles}) >= max(LEAST_PAGES, MOSTLY * lately.checked):
            since = min(one.first_at for one in troubles)
            return {
                "why": meaning,
                "pages": True,
                "since": since.isoformat(),
                "reasons": [
                    f"{len(troubles)} of the {lately.checked} pages looked at lately fail",
                    *_in_words(troubles, meaning),
                ],
            }
    return None


def _silent(
    silence: Silence,
    asked: datetime,
    lately: Looks,
    *,
    never: bool = False,
) -> dict[str, Any]:
    meanings = Counter(
        meaning for one in lately.troubles if (meaning := meaning_of(one.kind, one.message))
    )
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
    reasons += _in_words([one for one in lately.troubles if meaning_of(one.kind, one.message)], why)
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


def _holidays_of(source: SourceDeclaration) -> IsHoliday:
    """On which days a source may yield nothing: the press abroad knows no Tết."""
    return never_a_holiday if source.kind == "international" else is_holiday


def _span(lasted: timedelta) -> str:
    hours = lasted / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"

"""Feeds, sitemaps and listings of a source that break or freeze while its others work."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from config import SourceDeclaration
from monitor.silent_sources import LEAST_ITEMS, LOOKBACK, judge_silence
from monitor.source_words import of_address, of_frozen, since_day
from storage.archive import Transaction
from storage.coverage import troubles_since
from storage.reading_figures import announced
from storage.rhythm import IsHoliday
from storage.sources import said_by

LASTING = timedelta(hours=6)
LEAST_TIMES = 3
_LATELY = timedelta(days=2)

Found = Mapping[str, dict[str, Any]]


def broken_addresses(
    tx: Transaction, source: SourceDeclaration, zone: tzinfo, asked: datetime
) -> Found:
    """The addresses of a source that failed every time for hours, by the sort of their drift."""
    broken = {
        one.url: one
        for one in troubles_since(tx, source.id, asked - _LATELY)
        if one.url in source.addresses
        and one.last_at - one.first_at >= LASTING
        and one.count >= LEAST_TIMES
    }
    others = len(source.addresses) - len(broken)
    if not others:
        return {}
    return {
        f"address:{url}": {
            "since": one.first_at.isoformat(),
            "words": of_address(url, since_day(one.first_at, zone), one.message, others),
        }
        for url, one in broken.items()
    }


def frozen_addresses(
    tx: Transaction,
    source: SourceDeclaration,
    zone: tzinfo,
    asked: datetime,
    is_holiday: IsHoliday,
) -> Found:
    """The addresses that answer, and list nothing new for longer than they ever did.

    Judged by when the pages that an address announces were first seen, as the silence of a
    whole source is; where all addresses fell quiet, none is frozen.
    """
    came = announced(tx, source.id, asked - LOOKBACK)
    arrivals = {
        url: [at for at, memory in came if said_by(memory, url)] for url in source.addresses
    }
    failing = {one.url for one in troubles_since(tx, source.id, asked - _LATELY)}
    found: dict[str, dict[str, Any]] = {}
    for url, times in arrivals.items():
        if url in failing or len(times) < LEAST_ITEMS:
            continue
        others = [arrivals[other] for other in arrivals if other != url]
        silence = judge_silence(
            times,
            asked,
            zone,
            default=timedelta.max,
            peers=partial(list, others),
            is_holiday=is_holiday,
        )
        if silence is None or not any(one and one[-1] > silence.since for one in others):
            continue
        found[f"frozen:{url}"] = {
            "since": silence.since.isoformat(),
            "words": of_frozen(url, since_day(silence.since, zone)),
        }
    return found

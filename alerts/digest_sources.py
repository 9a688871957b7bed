"""The health of sources, as a digest tells it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from alerts.digest_parts import SourcePart
from alerts.wording import cut, one_line
from config import Config
from storage.archive import Transaction
from storage.day_reading import Arrival
from storage.page_reading import last_events, source_rows
from storage.reading_figures import drifting

_LONGEST = 200
_MOST_REASONS = 3


def sources(
    tx: Transaction, config: Config, came: Sequence[Arrival], since: datetime
) -> tuple[SourcePart, ...]:
    """How every configured source fares at present, and how many items it has given since."""
    counted = Counter(one.source for one in came if one.first_seen >= since)
    rows, silences = source_rows(tx), last_events(tx, ["source.silent", "source.spoke"])
    drifts = drifting(tx)
    parts = []
    for declared in config.sources:
        row, silence = rows.get(declared.id), silences.get(f"source:{declared.id}")
        reasons = list(row.reasons) if row else []
        if row is None:
            status = "never asked"
        elif row.failures:
            status = "failing"
        elif silence is not None and silence.kind == "source.silent":
            status = "silent"
            reasons = [str(one) for one in silence.data.get("reasons", [])]
        elif declared.id in drifts:
            status = "drifting"
            reasons = [str(one.data["words"]) for one in drifts[declared.id]]
        else:
            status = "ok"
        parts.append(
            SourcePart(
                id=declared.id,
                name=one_line(declared.name),
                group=declared.kind,
                status=status,
                reasons=tuple(cut(one_line(one), _LONGEST) for one in reasons[:_MOST_REASONS]),
                last_success=row.last_success if row else None,
                items=counted[declared.id],
            )
        )
    return tuple(parts)

"""The life of an instrument as steps in time: texts, what became of it, and what falls due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from storage.models_law import InstrumentVersion
from storage.models_telling import Deadline, InstrumentStatus
from storage.page_reading import TextHead

WIDTH, HEIGHT = 960, 96
_SIDE, _LINE, _STACK = 44, 58, 15
_MOST_COLUMNS = 14
_LONG = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        on: its day; `seen` is when we learned of it.
        sort: text, status or due.
        name: the stage of a text, the status, or the kind of a day.
        item, revision: the text that shows it.
        title: of that text.
        said: how it is known, or the words that say it.
        by: the instrument that did it, "" for itself.
        basis: of a status: text, relation, field or clock.
        is_probable: not certain.
        ahead: still to come.
        number: the place among the texts of its stage, from 1; 0 for what is no text.
    """

    on: date
    seen: datetime
    sort: str
    name: str
    item: int
    revision: int
    title: str
    said: str
    by: str
    basis: str
    is_probable: bool
    ahead: bool
    number: int


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a step stands: on the line, or above what happened on the same day."""

    step: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line of time to be drawn, a place for each day on which something happened.

    Attributes:
        days: the places that are named: where, and the day.
        parts: the stretches between the places: from, to, and whether a long time lies there.
        today: where today is.
        left_out: how many of the first steps did not fit.
    """

    width: int
    height: int
    y: float
    dots: tuple[Dot, ...]
    days: tuple[tuple[float, date], ...]
    parts: tuple[tuple[float, float, bool], ...]
    today: float
    left_out: int


def steps(
    versions: Sequence[InstrumentVersion],
    heads: Mapping[int, TextHead],
    statuses: Sequence[InstrumentStatus],
    deadlines: Sequence[Deadline],
    today: date,
    zone: tzinfo,
) -> list[Step]:
    """All steps in the order of their days; what a later text took back is left out."""
    found = [*_texts(versions, heads, today, zone)]
    found += [_status(row, heads, today, zone) for row in statuses]
    told = {(step.name, step.on) for step in found}
    found += [
        _due(row, heads, today)
        for row in _first_of_each(deadlines)
        if row.gone_at is None
        and not (row.kind == "effective" and ("in-force", row.on_date) in told)
    ]
    return sorted(found, key=lambda step: (step.on, _ORDER[step.sort], step.seen))


_ORDER = {"text": 0, "status": 1, "due": 2}


def drawn(found: Sequence[Step], today: date) -> Line | None:
    """The last days of the steps as places on a line, evenly spaced; None for less than two."""
    days = sorted({step.on for step in found})[-_MOST_COLUMNS:]
    if len(days) < 2:
        return None
    gap = (WIDTH - 2 * _SIDE) / (len(days) - 1)
    at = {day: round(_SIDE + n * gap, 1) for n, day in enumerate(days)}
    held: dict[date, int] = {}
    dots: list[Dot] = []
    for number, step in enumerate(found):
        if step.on in at:
            held[step.on] = held.get(step.on, 0) + 1
            y = _LINE - _STACK * (min(held[step.on], 4) - 1)
            dots.append(Dot(number, at[step.on], y))
    before = [day for day in days if day <= today]
    now = at[before[-1]] if before else _SIDE / 2
    if before and before[-1] < today:
        now += gap / 2 if len(before) < len(days) else _SIDE / 2
    return Line(
        width=WIDTH,
        height=HEIGHT,
        y=_LINE,
        dots=tuple(dots),
        days=tuple((at[day], day) for day in days),
        parts=tuple((at[one], at[two], two - one > _LONG) for one, two in pairwise(days)),
        today=round(now, 1),
        left_out=len(found) - len(dots),
    )


def _texts(
    versions: Sequence[InstrumentVersion],
    heads: Mapping[int, TextHead],
    today: date,
    zone: tzinfo,
) -> list[Step]:
    counted: dict[str, int] = {}
    found = []
    for row in versions:
        counted[row.stage] = counted.get(row.stage, 0) + 1
        head = heads.get(row.revision_id)
        on = row.at.astimezone(zone).date()
        issued = _issued(head) if row.stage != "draft" else None
        found.append(
            Step(
                on=issued if issued and issued <= on else on,
                seen=row.at,
                sort="text",
                name=row.stage,
                item=row.item_id,
                revision=row.revision_id,
                title=head.title if head else "",
                said=row.reason,
                by="",
                basis="",
                is_probable=False,
                ahead=on > today,
                number=counted[row.stage],
            )
        )
    return found


def _issued(head: TextHead | None) -> date | None:
    """The day of issue, as the portal says it."""
    said = head.fields.get("issued_on") if head else None
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None


def _status(
    row: InstrumentStatus, heads: Mapping[int, TextHead], today: date, zone: tzinfo
) -> Step:
    on = row.since or row.at.astimezone(zone).date()
    head = heads.get(row.revision_id)
    return Step(
        on=on,
        seen=row.at,
        sort="status",
        name=row.status,
        item=row.item_id,
        revision=row.revision_id,
        title=head.title if head else "",
        said=row.reason,
        by=row.by_instrument if row.by_instrument != row.instrument else "",
        basis=row.basis,
        is_probable=False,
        ahead=on > today,
        number=0,
    )


def _due(row: Deadline, heads: Mapping[int, TextHead], today: date) -> Step:
    head = heads.get(row.revision_id)
    return Step(
        on=row.on_date,
        seen=row.found_at,
        sort="due",
        name=row.kind,
        item=row.item_id,
        revision=row.revision_id,
        title=head.title if head else "",
        said=row.text,
        by=row.by_instrument,
        basis="",
        is_probable=row.confidence != "certain",
        ahead=row.on_date >= today,
        number=0,
    )


def _first_of_each(deadlines: Sequence[Deadline]) -> list[Deadline]:
    """One of the places that state the same day, a certain one before others."""
    found: dict[tuple[str, date], Deadline] = {}
    for row in sorted(deadlines, key=lambda row: (row.gone_at is not None, row.confidence)):
        found.setdefault((row.kind, row.on_date), row)
    return list(found.values())

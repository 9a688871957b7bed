"""The life of an instrument as steps in time: texts, what became of it, and what falls due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from storage.models import InstrumentVersion
from storage.models_telling import Deadline, InstrumentStatus
from storage.page_reading import TextHead

WIDTH, HEIGHT = 720, 64
_LEFT, _RIGHT, _LINE = 14, 14, 28
_NEAR = 12.0


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
    """Where a step stands on the line: `lane` 0 is on it, higher ones above."""

    step: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line of time to be drawn: dots, where today is (None: not on it), and its ends."""

    width: int
    height: int
    y: float
    dots: tuple[Dot, ...]
    today: float | None
    first: date
    last: date


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
    """The steps on a line of time; None for less than two days."""
    if not found or found[0].on == found[-1].on:
        return None
    first, last = found[0].on, found[-1].on
    if timedelta() < today - last <= (last - first) / 4:
        last = today
    span = (last - first).days
    scale = (WIDTH - _LEFT - _RIGHT) / span
    dots: list[Dot] = []
    ends: list[float] = []
    for number, step in enumerate(found):
        x = _LEFT + (step.on - first).days * scale
        lane = next((n for n, end in enumerate(ends) if x - end >= _NEAR), len(ends))
        ends[lane : lane + 1] = [x]
        dots.append(Dot(number, round(x, 1), _LINE - 11.0 * min(lane, 2)))
    at = _LEFT + (today - first).days * scale if first <= today <= last else None
    return Line(WIDTH, HEIGHT, _LINE, tuple(dots), at and round(at, 1), first, last)


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

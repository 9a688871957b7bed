"""The iCalendar file (RFC 5545) of what falls due, kept in step with the archive.

It is no channel, since it tells how things stand and not what happened: a file made of the
deadlines themselves, rewritten whole, that calendar programs subscribe to. An entry keeps its UID
while its day moves, and its SEQUENCE grows with each change; one that a later text took back stays
as cancelled, so that calendars that hold it take it out.
"""

import os
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from alerts.bodies_time import kind_in_words
from alerts.names import Names
from alerts.places import place
from alerts.wording import one_line, visible
from config import Config
from storage.archive import Archive
from storage.models_telling import Deadline
from storage.problems import Problem

if TYPE_CHECKING:
    import icalendar

KEPT = timedelta(days=60)
"""How long a day that has passed stays in the file."""
REMINDS_AT = timedelta(hours=9)
_SPACE = uuid.UUID("7a0c52b8-4f6e-5d0e-9d5b-2a4f0c1e9b37")


class CalendarNotWritten(Problem):
    """The calendar file cannot be put in its place."""

    kind: ClassVar[str] = "calendar-not-written"


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline with what a reader is told of it."""

    row: Deadline
    name: str
    url: str
    title: str

    @property
    def uid(self) -> str:
        """Stable while the day of the same place in the same text moves."""
        row = self.row
        series = f"{row.item_id}\n{row.instrument}\n{row.kind}\n{row.place}"
        return f"{uuid.uuid5(_SPACE, series)}@decreewatch"


def rewrite(archive: Archive, config: Config, now: datetime) -> bool:
    """Bring the configured calendar file up to date; True where it was written anew.

    Raises CalendarNotWritten; the file before then still stands.
    """
    if config.calendar is None:
        return False
    found = entries(archive, config, now, instruments=config.calendar.instruments)
    written = calendar(found, config.calendar.name, config.calendar.days)
    return replace_file(config.calendar.path, written)


def entries(
    archive: Archive, config: Config, now: datetime, *, instruments: Sequence[str] = ()
) -> list[Entry]:
    """The deadlines that stand or were taken back, from two months ago on, one a series."""
    names = Names.of(config)
    first = now.astimezone(config.zone).date() - KEPT
    with archive.reading() as tx:
        newest: dict[str, Entry] = {}
        for row in tx.deadlines.since(first):
            if instruments and row.instrument not in instruments:
                continue
            item, revision = tx.items.get(row.item_id), tx.items.revision(row.revision_id)
            entry = Entry(
                row,
                names.instrument(row.instrument),
                item.url if item else "",
                revision.title if revision else "",
            )
            before = newest.get(entry.uid)
            if before is None or _stands_before(row, before.row):
                newest[entry.uid] = entry
    return sorted(newest.values(), key=lambda one: (one.row.on_date, one.uid))


def calendar(found: Sequence[Entry], name: str, days: Sequence[int]) -> bytes:
    """The file's content; the same entries give the same bytes. `days` before, it reminds."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Decree Watch//deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for one in found:
        made.add_component(_event(one, days))
    return bytes(made.to_ical())


def replace_file(path: Path, content: bytes) -> bool:
    """Put `content` in the file's place at once, unless it is there; True where it was not.

    Raises CalendarNotWritten; the file before then still stands.
    """
    try:
        return _replaced(path, content)
    except OSError as error:
        raise CalendarNotWritten(
            f"{path}: the calendar cannot be written: {error.strerror or error}; make room or "
            "let us write there, it is tried again soon"
        ) from error


def _replaced(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    number, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(made).chmod(0o644)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    return True


def _stands_before(row: Deadline, other: Deadline) -> bool:
    """Whether of two rows of one series this is the one to show: it stands, or went last."""
    if (row.gone_at is None) != (other.gone_at is None):
        return row.gone_at is None
    return row.sequence > other.sequence


def _event(one: Entry, days: Sequence[int]) -> "icalendar.Event":
    from icalendar import Event

    row, made = one.row, Event()
    changed = row.gone_at or row.found_at
    made.add("uid", one.uid)
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("sequence", row.sequence)
    made.add("dtstart", row.on_date)
    made.add("dtend", row.on_date + timedelta(days=1))
    made.add("summary", f"{kind_in_words(row.kind)}: {one_line(one.name)}")
    made.add("description", _description(one))
    made.add("status", _status(row))
    made.add("transp", "TRANSPARENT")
    made.add("categories", [row.kind])
    if one.url:
        made.add("url", one.url)
    if row.gone_at is None:
        for before in sorted(set(days), reverse=True):
            made.add_component(_alarm(one, before))
    return made


def _alarm(one: Entry, before: int) -> "icalendar.Alarm":
    from icalendar import Alarm

    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", f"{kind_in_words(one.row.kind)}: {one_line(one.name)}")
    made.add("trigger", REMINDS_AT - timedelta(days=before))
    return made


def _description(one: Entry) -> str:
    row = one.row
    where = "" if ":" in row.place else place(row.place)
    lines: list[Any] = [visible(one.title), where, visible(row.text)]
    if row.by_instrument:
        lines.append(f"Set by {one_line(row.by_instrument)}")
    if row.confidence != "certain":
        lines.append("Probable: look it up before you rely on it.")
    return "\n".join(filter(None, lines))


def _status(row: Deadline) -> str:
    if row.gone_at is not None:
        return "CANCELLED"
    return "CONFIRMED" if row.confidence == "certain" else "TENTATIVE"

"""The stage that knows the texts of watched instruments: predecessor, drafts, enactment."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from config import Instrument
from monitor.instruments import canonical
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event, Revision


@dataclass(frozen=True, slots=True)
class Belonging:
    """That a document is a text of a watched instrument, as what, and how we know."""

    instrument: Instrument
    stage: str
    reason: str


def belonging(
    instrument: Instrument, url: str, title: str, fields: dict[str, Any]
) -> Belonging | None:
    """Whether a portal's document is a text of `instrument`; None when nothing says so.

    Certain signs come first: an address under watch, the instrument's own number, the number
    of what it replaces or amends. Key words in the title decide only for a draft, or for an
    enacted text that names what it replaces or amends.
    """
    stage = str(fields.get("stage") or "")
    number = canonical(str(fields.get("number") or ""))
    for prefix in instrument.enacted:
        if url.startswith(prefix):
            return Belonging(instrument, "enacted", f"its address begins with {prefix}")
    for prefix in instrument.drafts:
        if url.startswith(prefix):
            return Belonging(instrument, "draft", f"its address begins with {prefix}")
    if number and number == canonical(instrument.number):
        return Belonging(instrument, stage or "enacted", f"its number is {number}")
    older = {canonical(one) for one in (*instrument.replaces, *instrument.amends)}
    if number and number in older:
        return Belonging(instrument, "base", f"{instrument.name} replaces or amends {number}")
    if not instrument.keywords or not _holds_all(title, instrument.keywords):
        return None
    if stage == "draft":
        return Belonging(instrument, "draft", "its title holds every key word")
    named = {canonical(str(target)) for _, target in fields.get("relations") or ()}
    touched = sorted(one for one in named & older if one)
    if touched:
        reason = f"its title holds every key word and it touches {', '.join(touched)}"
        return Belonging(instrument, "enacted", reason)
    return None


class LineageStage:
    """Reads documents that appeared or changed, and says which watched instrument they are
    a text of. A re-extraction, or a page whose text is the same, is no new version."""

    name = "lineage"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._instruments = instruments

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Place each document of a batch."""
        with archive.reading() as tx:
            return [self._outcome(event, tx) for event in events]

    def _outcome(self, event: Event, tx: Transaction) -> Outcome:
        if event.data["kind"] != "document" or event.data.get("cause") == "reextraction":
            return None
        revision = tx.items.revision(event.data["revision"])
        if revision is None:
            return LookupError(f"revision {event.data['revision']} is not there")
        if not revision.text:
            return None
        places = [
            place
            for instrument in self._instruments
            if (place := belonging(instrument, event.data["url"], revision.title, revision.fields))
        ]
        return partial(_write, event, revision, places) if places else None


def _write(event: Event, revision: Revision, places: Sequence[Belonging], tx: Transaction) -> None:
    for place in places:
        before = tx.findings.versions(place.instrument.id)
        same_stage = [version for version in before if version.stage == place.stage]
        if same_stage and _text_of(tx, same_stage[-1].revision_id) == revision.text:
            continue
        version = tx.findings.add_version(
            place.instrument.id, place.stage, revision, event.at, place.reason
        )
        if version is None:
            continue
        said = {key: event.data[key] for key in ("item", "revision", "source", "url", "title")}
        said |= {
            "instrument": place.instrument.id,
            "name": place.instrument.name,
            "stage": place.stage,
            "version": version.id,
            "ordinal": len(same_stage) + 1,
            "first": not before,
            "reason": place.reason,
            "number": canonical(str(revision.fields.get("number") or "")) or "",
        }
        if event.data.get("backfill"):
            said["backfill"] = True
        tx.events.append(
            "instrument.version",
            f"instrument:{place.instrument.id}",
            event.at,
            said,
            key=f"version:{place.instrument.id}:{revision.id}",
        )


def _text_of(tx: Transaction, revision_id: int) -> str | None:
    revision = tx.items.revision(revision_id)
    return revision.text if revision else None


def _holds_all(title: str, keywords: Sequence[str]) -> bool:
    folded = title.casefold()
    return all(word.casefold() in folded for word in keywords)

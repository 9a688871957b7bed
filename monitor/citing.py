"""The stage that finds which legal instruments a text names."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from config import Instrument
from monitor.citations import find
from monitor.instruments import canonical, is_well_known
from storage.archive import Archive, Transaction
from storage.findings import FoundCitation
from storage.log import Outcome
from storage.models import Event, Revision


def whole_text(revision: Revision) -> str:
    """Title, summary and text, a line each: what the offsets of a citation refer to."""
    return "\n".join(part for part in (revision.title, revision.summary, revision.text) if part)


class CitationsStage:
    """Reads new and revised articles, writes their citations, and says when an instrument
    that nothing in the archive knew is named for the first time."""

    name = "citations"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(self, watched: Sequence[Instrument] = ()) -> None:
        """`watched` instruments, and what they replace or amend, are known from the start."""
        declared = (n for one in watched for n in (one.number, *one.replaces, *one.amends))
        self._known = frozenset(number for one in declared if (number := canonical(one)))

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Find the citations in the texts of a batch."""
        with archive.reading() as tx:
            revisions = [tx.items.revision(event.data["revision"]) for event in events]
        return [self._outcome(event, r) for event, r in zip(events, revisions, strict=True)]

    def _outcome(self, event: Event, revision: Revision | None) -> Outcome:
        if revision is None:
            return LookupError(f"revision {event.data['revision']} is not there")
        published = (revision.published_at or revision.seen_at).date()
        try:
            found = [
                FoundCitation(
                    start=c.start,
                    end=c.end,
                    text=c.text,
                    instrument=c.instrument,
                    type=c.type,
                    number=c.number,
                    year=c.year,
                    provision=c.provision,
                    date=date.fromisoformat(c.date) if c.date else None,
                )
                for c in find(whole_text(revision), language=revision.language, published=published)
            ]
        except Exception as error:
            return error
        return partial(_write, event, revision, found, self._known)


def _write(
    event: Event,
    revision: Revision,
    found: Sequence[FoundCitation],
    known: frozenset[str],
    tx: Transaction,
) -> None:
    if event.data["kind"] == "article":
        for citation in found:
            if citation.instrument not in known:
                _name_unknown(event, citation, tx)
    tx.findings.cite(revision.id, found)


def _name_unknown(event: Event, citation: FoundCitation, tx: Transaction) -> None:
    instrument = citation.instrument
    if instrument is None or is_well_known(instrument) or tx.findings.knows(instrument):
        return
    said = {key: event.data[key] for key in ("item", "revision", "source", "url", "title")}
    # In full: the running number alone begins again every year.
    said |= {"instrument": instrument, "number": instrument, "type": citation.type}
    if event.data.get("backfill"):
        said["backfill"] = True
    subject = f"instrument:{instrument}"
    tx.events.append("instrument.named", subject, event.at, said, key=f"named:{instrument}")

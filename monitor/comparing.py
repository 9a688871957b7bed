"""The stage that compares each new text of a watched instrument with those before it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event, Revision
from storage.models_law import InstrumentVersion
from storage.problems import Problem

if TYPE_CHECKING:
    from monitor.legal.model import LegalText, Provision


OCR_MARK = "[OCR]"
"""Stands behind the summary of a change found in a text that was read from pictures."""


class NoArticles(Problem):
    """A text of a watched instrument that cannot be compared article by article."""

    kind: ClassVar[str] = "no-articles"


class CompareStage:
    """Reads versions of instruments, stores what changed, and says so in the log."""

    name = "compare"
    kinds: tuple[str, ...] = ("instrument.version",)
    batch = 4

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Compare the versions of a batch with their predecessors."""
        return [_outcome(event, archive) for event in events]


def predecessors(
    versions: Sequence[InstrumentVersion], new: InstrumentVersion
) -> list[InstrumentVersion]:
    """What a version is to be compared with: the one before it at the same stage; else, for
    an enacted text, the last draft; and the text it replaces or amends, when it is held."""
    earlier = [version for version in versions if version.id < new.id]
    found = [version for version in earlier if version.stage == new.stage][-1:]
    if not found and new.stage == "enacted":
        found = [version for version in earlier if version.stage == "draft"][-1:]
    if new.stage == "base":
        return found
    base = [version for version in versions if version.stage == "base"][-1:]
    return found + base


def _outcome(event: Event, archive: Archive) -> Outcome:
    from monitor.legal import compare, parse
    from monitor.legal.jsonform import comparison_as_json

    with archive.reading() as tx:
        new = tx.findings.version(event.data["version"])
        if new is None:
            return LookupError(f"version {event.data['version']} is not there")
        olds = predecessors(tx.findings.versions(new.instrument), new)
        texts = {v.revision_id: tx.items.revision(v.revision_id) for v in (new, *olds)}
    try:
        parsed = {r.id: _with_articles(parse(r.text), r) for r in texts.values() if r is not None}
        compared = [
            (
                old,
                _marked(
                    comparison_as_json(compare(parsed[old.revision_id], parsed[new.revision_id])),
                    old=texts[old.revision_id],
                    new=texts[new.revision_id],
                ),
            )
            for old in olds
        ]
    except Exception as error:
        return error
    return partial(_write, event, new, compared) if compared else None


def _marked(
    result: dict[str, Any], *, old: Revision | None, new: Revision | None
) -> dict[str, Any]:
    """Mark a comparison, and each change in it, where a text's letters were read from pictures."""
    guessed = [
        side
        for side, text in (("old", old), ("new", new))
        if text is not None and any(note.startswith("ocr:") for note in text.notes)
    ]
    if not guessed:
        return result
    warnings = [
        f"the {side} text was read from pictures (OCR): a change may be a letter misread"
        for side in guessed
    ]
    changes = [{**one, "summary": f"{one['summary']} {OCR_MARK}"} for one in result["changes"]]
    return {**result, "warnings": [*result["warnings"], *warnings], "changes": changes}


def _with_articles(text: "LegalText", revision: Revision) -> "LegalText":
    """The text itself; a notice or a torn page in its place must not pass for a repeal."""
    if any(node.kind == "article" for node in _nodes(text.provisions)):
        return text
    raise NoArticles(
        f"revision {revision.id} ({revision.title}) has no articles: look at its page, and at "
        "its attachments, for the text"
    )


def _nodes(provisions: Sequence["Provision"]) -> "Iterator[Provision]":
    for provision in provisions:
        yield provision
        yield from _nodes(provision.children)


def _write(
    event: Event,
    new: InstrumentVersion,
    compared: Sequence[tuple[InstrumentVersion, dict[str, Any]]],
    tx: Transaction,
) -> None:
    for old, result in compared:
        row = tx.findings.compared(
            new.instrument, old.revision_id, new.revision_id, event.at, result
        )
        certain = [c for c in result["changes"] if c["confidence"] == "certain"]
        said = {
            "instrument": new.instrument,
            "name": event.data["name"],
            "stage": new.stage,
            "against": old.stage,
            "comparison": row.id,
            "old_revision": old.revision_id,
            "new_revision": new.revision_id,
            "counts": dict(Counter(change["severity"] for change in certain)),
            "url": event.data["url"],
            "title": event.data["title"],
        }
        if event.data.get("backfill"):
            said["backfill"] = True
        tx.events.append(
            "instrument.compared",
            event.subject,
            event.at,
            said,
            key=f"compared:{old.revision_id}:{new.revision_id}",
        )

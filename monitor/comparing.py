"""The stage that compares each new text of a watched instrument with those before it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from monitor.weighing import weighed
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event, Revision
from storage.models_law import InstrumentVersion
from storage.problems import Problem

if TYPE_CHECKING:
    from monitor.legal.model import Comparison, LegalText, Provision


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
    from monitor.legal import parse

    with archive.reading() as tx:
        new = tx.findings.version(event.data["version"])
        if new is None:
            return LookupError(f"version {event.data['version']} is not there")
        olds = predecessors(tx.findings.versions(new.instrument), new)
        texts = {v.revision_id: tx.items.revision(v.revision_id) for v in (new, *olds)}
    try:
        parsed = {r.id: _with_articles(parse(r.text), r) for r in texts.values() if r is not None}
        compared = [(old, _as_kept(_compared(parsed, texts, old, new))) for old in olds]
    except Exception as error:
        return error
    return partial(_write, event, new, compared) if compared else None


def _compared(
    parsed: "Mapping[int, LegalText]",
    texts: Mapping[int, Revision | None],
    old: InstrumentVersion,
    new: InstrumentVersion,
) -> "Comparison":
    from monitor.legal import compare

    found = compare(parsed[old.revision_id], parsed[new.revision_id])
    before, after = texts[old.revision_id], texts[new.revision_id]
    return weighed(found, before.notes if before else (), after.notes if after else ())


def _as_kept(comparison: "Comparison") -> dict[str, Any]:
    """The public form, with each change in Vietnamese words too."""
    from monitor.legal.jsonform import comparison_as_json

    result = comparison_as_json(comparison)
    pairs = zip(result["changes"], comparison.changes, strict=True)
    return result | {"changes": [said | {"summary_vi": one.summary_vi} for said, one in pairs]}


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
            "to_review": len(result["changes"]) - len(certain),
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

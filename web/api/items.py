"""Items: what stands at an address, its texts, and what people say of its topics."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field

from alerts.names import Names
from storage import models as rows
from storage import models_topics as topic_rows
from storage.archive import Transaction
from storage.page_reading import items_listed
from web.access import Visitor, require
from web.api import models as said
from web.api.problems import described
from web.ids import LARGEST, Name, Number
from web.item_view import ItemView, Step, view_of
from web.labelling import LONGEST_NOTE, say
from web.room import room_of

router = APIRouter(tags=["items"], responses=described(400, 401, 403, 422, 503))
Analyst = Annotated[Visitor, Depends(require("analyst", "label"))]
After = Annotated[int, Query(ge=0, le=LARGEST, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class Word(BaseModel):
    """What a person says of an item's topic."""

    verdict: Literal["right", "wrong", "also"]
    topic: str | None = Field(
        None, max_length=100, description="None with wrong: off-topic altogether."
    )


class Words(BaseModel):
    """What a person says of an item's topics, kept together or not at all."""

    words: list[Word] = Field(min_length=1, max_length=50)
    note: str = Field("", max_length=LONGEST_NOTE)


@router.get("/items", operation_id="items")
def items(
    request: Request,
    after: After = 0,
    limit: Limit = 50,
    source: Annotated[Name, Query(max_length=100)] = "",
) -> said.ItemPage:
    """Every item in the order in which it was first stored; `search` finds by what they say."""
    with room_of(request).archive.reading() as tx:
        numbers = tx.items.numbers(after=after, limit=limit + 1, source=source)
        listed = items_listed(tx, numbers[:limit])
    found = [said.ItemSummary.model_validate(listed[n]) for n in numbers[:limit] if n in listed]
    return said.ItemPage(items=found, next=numbers[limit - 1] if len(numbers) > limit else None)


@router.get("/items/{item_id}", operation_id="item", responses=described(404))
def item(request: Request, item_id: Number) -> said.Item:
    """An item with its newest text, its topics and citations, and what people said of it."""
    room = room_of(request)
    with room.archive.reading() as tx:
        view = _view(tx, room.names, item_id, None)
    return whole(view, room.names, {s.id: s.kind for s in room.config.sources})


@router.get("/items/{item_id}/revisions", operation_id="revisions", responses=described(404))
def revisions(request: Request, item_id: Number) -> list[said.RevisionSummary]:
    """The texts of an item, the one seen last first."""
    with room_of(request).archive.reading() as tx:
        item_of(tx, item_id)
        found = tx.items.revisions(item_id)
    found.sort(key=lambda one: (one.seen_at, one.number), reverse=True)
    return [said.RevisionSummary(**_summary(one)) for one in found]


@router.get(
    "/items/{item_id}/revisions/{revision_id}", operation_id="revision", responses=described(404)
)
def revision(request: Request, item_id: Number, revision_id: Number) -> said.Revision:
    """A text of an item, and what it changed of the one seen before it."""
    room = room_of(request)
    with room.archive.reading() as tx:
        return text_of(_view(tx, room.names, item_id, revision_id), room.names)


@router.get("/items/{item_id}/labels", operation_id="item_labels", responses=described(404))
def labels_of(request: Request, item_id: Number) -> list[said.Label]:
    """What people said of an item's topics, oldest first."""
    with room_of(request).archive.reading() as tx:
        item_of(tx, item_id)
        return [label(one) for one in tx.labels.of(item_id)]


@router.post(
    "/items/{item_id}/labels", operation_id="label", status_code=201, responses=described(404)
)
def add_labels(
    request: Request, item_id: Number, who: Analyst, words: Annotated[Words, Body()]
) -> list[said.Label]:
    """Say which topics of an item are right, wrong or missing; its tags show it at once."""
    room = room_of(request)
    wanted = [(one.verdict, one.topic) for one in words.words]
    with room.archive.transaction() as tx:
        kept = say(room, tx, item_of(tx, item_id), wanted, by=who.name, note=words.note)
        return [label(one) for one in kept]


@router.get("/labels", operation_id="labels")
def labels(request: Request, after: After = 0, limit: Limit = 50) -> said.LabelPage:
    """What people said of all items, in the order in which they said it."""
    with room_of(request).archive.reading() as tx:
        found = tx.labels.after(after, limit + 1)
    shown = [label(one) for one in found[:limit]]
    return said.LabelPage(items=shown, next=shown[-1].id if len(found) > limit else None)


def item_of(tx: Transaction, item_id: int) -> rows.Item:
    """An item. Raises HTTPException 404 when there is none with this number."""
    item = tx.items.get(item_id)
    if item is None:
        raise HTTPException(404, f"There is no item {item_id}.")
    return item


def whole(view: ItemView, names: Names, sides: dict[str, str]) -> said.Item:
    """An item in its public form."""
    item, story = view.item, view.story
    return said.Item(
        id=item.id,
        url=item.url,
        source=item.source_id,
        side=sides.get(item.source_id, ""),
        kind=item.kind,
        language=item.language,
        first_seen=item.first_seen,
        last_seen=item.last_seen,
        published_at=item.published_at,
        removed_at=item.removed_at,
        edits=view.edits,
        revision=text_of(view, names),
        revisions=len(view.steps),
        instruments=[
            said.Named(instrument=one, name=names.instrument(one), times=times)
            for one, times in view.named.items()
        ],
        story=said.StoryRef(
            id=story.id,
            title=story.title,
            how=story.how,
            reason=story.reason,
            items=1 + len(story.others) + story.more,
        )
        if story
        else None,
        labels=[label(one) for one in view.labels],
    )


def text_of(view: ItemView, names: Names) -> said.Revision:
    """The revision that is shown of an item, in its public form."""
    shown = view.shown
    step = next(one for one in view.steps if one.revision.id == shown.id)
    return said.Revision(
        **_summary(shown),
        summary=shown.summary,
        text=shown.text,
        byline=shown.byline,
        fields=shown.fields,
        notes=shown.notes,
        topics=[_topic(tag, names) for tag in view.tags],
        citations=[said.CitationFound.model_validate(one) for one in view.citations],
        before=step.before.id if step.before else None,
        changes=_changes(step),
    )


def label(one: topic_rows.Label) -> said.Label:
    """A label in its public form."""
    return said.Label.model_validate(
        {
            "id": one.id,
            "item": one.item_id,
            "revision": one.revision_id,
            "verdict": one.verdict,
            "topic": one.topic,
            "passage": one.passage,
            "by": one.by,
            "at": one.at,
            "note": one.note,
        }
    )


def _view(tx: Transaction, names: Names, item_id: int, revision_id: int | None) -> ItemView:
    view = view_of(tx, names, item_of(tx, item_id), revision_id=revision_id)
    if view is None:
        raise HTTPException(404, f"Item {item_id} has no revision {revision_id}.")
    return view


def _summary(one: rows.Revision) -> dict[str, Any]:
    return {
        "id": one.id,
        "item": one.item_id,
        "number": one.number,
        "cause": one.cause,
        "seen_at": one.seen_at,
        "capture": one.capture_id,
        "extractor": one.extractor,
        "extractor_version": one.extractor_version,
        "method": one.method,
        "title": one.title,
        "language": one.language,
        "published_at": one.published_at,
        "modified_at": one.modified_at,
        "content_sha256": one.content_sha256,
    }


def _topic(tag: topic_rows.Tag, names: Names) -> said.Topic:
    return said.Topic(
        topic=tag.topic,
        name=names.topic(tag.topic),
        score=tag.score,
        threshold=tag.threshold,
        passage=tag.passage,
        nearest=tag.nearest,
        model=tag.model,
    )


def _changes(step: Step) -> list[said.TextChange] | None:
    changes: Sequence[dict[str, Any]] | None = step.changes
    return None if changes is None else [said.TextChange.model_validate(one) for one in changes]

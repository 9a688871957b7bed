"""Stories, events, and the digest of a day or more."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from alerts.digest import gather, yesterday
from alerts.digest_page import json_of
from alerts.explanation import event_json, explained_event
from storage.page_reading import told_by
from web.api import models as items_said
from web.api import models_told as said
from web.api.models_digest import Digest
from web.api.problems import described
from web.ids import LARGEST, Name, Number
from web.room import room_of

router = APIRouter(tags=["told"], responses=described(400, 401, 403, 422, 503))
LONGEST_DIGEST = 31
MOST_STORIES, MOST_TELLINGS = 500, 1_000


@router.get("/stories", operation_id="stories")
def stories(
    request: Request,
    days: Annotated[int, Query(ge=1, le=3_660)] = 7,
    least: Annotated[int, Query(ge=1, le=1_000, description="So many items tell it.")] = 2,
) -> said.StoryList:
    """The stories of the last days, the one told last first."""
    room = room_of(request)
    with room.archive.reading() as tx:
        found = tx.stories.told_since(room.now() - timedelta(days=days), least)[:MOST_STORIES]
    return said.StoryList(
        items=[
            said.StorySummary(
                id=one.id,
                title=one.title,
                language=one.language,
                first_told=one.made_at,
                last_told=one.last_at,
            )
            for one in found
        ]
    )


@router.get("/stories/{story_id}", operation_id="story", responses=described(404))
def story(request: Request, story_id: Number) -> said.Story:
    """A story with its tellings, the first one first."""
    with room_of(request).archive.reading() as tx:
        found = tx.stories.get(story_id)
        if found is None:
            raise HTTPException(404, f"There is no story {story_id}.")
        tellings = told_by(tx, story_id)[:MOST_TELLINGS]
    return said.Story(
        id=found.id,
        title=found.title,
        language=found.language,
        first_told=found.made_at,
        last_told=found.last_at,
        items=[
            said.Telling(
                item=items_said.ItemSummary.model_validate(one.item),
                how=one.how,
                score=one.score,
                reason=one.reason,
                told_at=one.told_at,
            )
            for one in tellings
        ],
    )


@router.get("/events", operation_id="events")
def events(
    request: Request,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    kind: Annotated[list[Name], Query(max_length=50)] = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> said.EventPage:
    """What was observed and found, in order; ask again with `next` to hear what is new."""
    with room_of(request).archive.reading() as tx:
        last = tx.events.last()
        found = tx.events.after(after, kind, limit, until=last)
    shown = [said.Event.model_validate(event_json(one)) for one in found]
    end = shown[-1].seq if len(shown) == limit else max(after, last)
    return said.EventPage(items=shown, next=end)


@router.get("/digest", operation_id="digest")
def digest(
    request: Request,
    day: Annotated[date | None, Query(description="Yesterday, where nothing is said.")] = None,
    until: Annotated[date | None, Query(description="The last day of a range.")] = None,
) -> Digest:
    """A day, or a range of days, on one page; the form of `decreewatch digest --json`."""
    room = room_of(request)
    now = room.now()
    today = now.astimezone(room.config.zone).date()
    first = day or yesterday(now, room.config.zone)
    last = until or first
    if not date(1900, 1, 1) <= first <= last <= today:
        raise HTTPException(422, "The days must be in order, and none of them to come.")
    if last - first >= timedelta(days=LONGEST_DIGEST):
        raise HTTPException(422, f"A digest tells of {LONGEST_DIGEST} days at the most.")
    found: dict[str, Any] = json_of(gather(room.archive, room.config, first, last, now=now))
    return Digest.model_validate(found)


@router.get("/events/{seq}/verdicts", operation_id="verdicts", responses=described(404))
def verdicts(request: Request, seq: Number) -> said.EventJudged:
    """What each rule makes of an event: why it raises an alert, or stays silent."""
    room = room_of(request)
    found = explained_event(room.archive, room.config, seq)
    if found is None:
        raise HTTPException(404, f"There is no event {seq}.")
    return said.EventJudged.model_validate(found)

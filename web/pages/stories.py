"""`/stories/{id}`: one thing that happened, and who told it when."""

from collections import Counter

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from monitor.identities import Identities
from storage.page_reading import named_by, told_by
from web.days import sides_of
from web.ids import Row
from web.rendering import page
from web.room import room_of

router = APIRouter(default_response_class=HTMLResponse)
MOST = 300


@router.get("/stories/{story_id}")
def shown(request: Request, story_id: Row) -> HTMLResponse:
    """A story's tellings in the order in which they came."""
    room = room_of(request)
    with room.archive.reading() as tx:
        story = tx.stories.get(story_id)
        if story is None:
            raise HTTPException(404)
        told = told_by(tx, story_id)
        named = named_by(tx, [row.revision_id for row in tx.stories.items(story_id)])
        alerts = tx.outbox.in_thread(f"story:{story_id}")[::-1]
    side_of = sides_of(room.config)
    topics = Counter(topic for one in told for topic in one.item.topics)
    sides: dict[str, list[str]] = {}
    for source in dict.fromkeys(one.item.source for one in told):
        sides.setdefault(side_of.get(source, "other"), []).append(source)
    return page(
        request,
        "story.html",
        story=story,
        told=told[:MOST],
        more=max(0, len(told) - MOST),
        sides=sides,
        topics=[topic for topic, _ in topics.most_common()],
        named=named.most_common(10),
        alerts=alerts[:20],
        identities=Identities(room.config.instruments),
        side_of=side_of,
    )

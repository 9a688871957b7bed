"""`/feeds/search.atom`: any search as an Atom feed (RFC 4287), the newest first."""

import hashlib
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from alerts.atom_xml import MEDIA_TYPE, add, element, moment, written
from alerts.phrases import web_address
from alerts.wording import cut, one_line
from storage.search_request import Hit, Results
from web.asking import Asked, read
from web.room import Room, room_of

router = APIRouter()
ENTRIES, MOST_ENTRIES = 50, 200
LONGEST_TITLE = 500
_IDS = uuid.UUID("0d3c1a1c-93f0-4d1b-9a37-54f1f1a0d6c2")


@router.get("/feeds/search.atom")
def search(
    request: Request, limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = ENTRIES
) -> Response:
    """The newest that a search finds; what did not change since is answered 304."""
    room = room_of(request)
    asked = read(request.query_params).whole()
    wanted = replace(asked.request(limit=limit, counted=False), order="newest")
    results = room.searcher.search(wanted)
    body = feed_of(room, asked, results, str(request.base_url).rstrip("/"))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=60"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def feed_of(room: Room, asked: Asked, results: Results, site: str) -> bytes:
    """The feed of a search's answer; `site` is the address of these pages."""
    feed = element("feed")
    own = asked.link(f"{site}/feeds/search.atom")
    add(feed, "id", f"urn:uuid:{uuid.uuid5(_IDS, asked.link())}")
    add(feed, "title", cut(f"Decree Watch: {one_line(asked.q) or 'everything'}", LONGEST_TITLE))
    add(feed, "updated", moment(max(map(_changed, results.hits), default=room.now())))
    add(add(feed, "author"), "name", "Decree Watch")
    add(feed, "generator", "Decree Watch")
    add(feed, "link", rel="self", href=own, type=MEDIA_TYPE)
    add(feed, "link", rel="alternate", href=asked.link(f"{site}/search"), type="text/html")
    for hit in results.hits:
        _entry(feed, room, hit, site)
    return written(feed)


def _entry(feed: object, room: Room, hit: Hit, site: str) -> None:
    entry = add(feed, "entry")
    add(entry, "id", f"urn:uuid:{uuid.uuid5(_IDS, hit.url)}")
    add(entry, "title", cut(one_line(hit.title) or hit.url, LONGEST_TITLE))
    add(entry, "published", moment(hit.published_at or hit.seen_at))
    add(entry, "updated", moment(_changed(hit)))
    add(add(entry, "author"), "name", room.names.source(hit.source))
    add(entry, "link", rel="alternate", href=f"{site}/items/{hit.item_id}", type="text/html")
    page = web_address(hit.url)
    if page:
        add(entry, "link", rel="via", href=page)
    for topic in hit.topics:
        add(entry, "category", term=topic, label=room.names.topic(topic))
    add(entry, "summary", one_line("".join(text for text, _ in hit.snippet)))


def _changed(hit: Hit) -> datetime:
    """When an item came: a feed tells of each once."""
    return hit.seen_at

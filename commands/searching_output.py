"""What a search found, for a reader at the terminal and as JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import say

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from storage.search import Hit, Results

MOST_SHOWN = 8
"""Values of a facet that are shown on the terminal."""


def to_json(found: "Results") -> dict[str, Any]:
    """Results in their public form."""
    return {
        "total": found.total,
        "took_ms": found.took_ms,
        "facets": {name: dict(values) for name, values in found.facets.items()},
        "histogram": [
            {"from": day.isoformat(), "count": number} for day, number in found.histogram
        ],
        "interval": found.interval,
        "hits": [_hit_json(hit) for hit in found.hits],
        "next": found.next,
        "instrument": {
            "instrument": found.instrument.instrument,
            "number": found.instrument.number,
            "name": found.instrument.name,
            "items": list(found.instrument.item_ids),
            "named_in": found.instrument.named_in,
        }
        if found.instrument
        else None,
        "notes": list(found.notes),
    }


def _hit_json(hit: "Hit") -> dict[str, Any]:
    return {
        "id": hit.item_id,
        "revision": hit.revision_id,
        "url": hit.url,
        "title": hit.title,
        "source": hit.source,
        "side": hit.side,
        "kind": hit.kind,
        "published_at": _iso(hit.published_at),
        "seen_at": _iso(hit.seen_at),
        "language": hit.language,
        "topics": list(hit.topics),
        "instruments": list(hit.instruments),
        "snippet": "".join(text for text, _ in hit.snippet),
        "marks": _marks(hit.snippet),
        "score": hit.score,
        "story": hit.story_id,
        "others": hit.others,
        "edited": hit.edited,
        "removed": hit.removed,
        "why": list(hit.why),
    }


def _marks(snippet: tuple[tuple[str, bool], ...]) -> list[list[int]]:
    """Where in the snippet what was asked stands: [start, end] in characters."""
    marks, at = [], 0
    for text, is_marked in snippet:
        if is_marked:
            marks.append([at, at + len(text)])
        at += len(text)
    return marks


def print_results(found: "Results", zone: "ZoneInfo", *, why: bool) -> None:
    """Print results for a reader; times are those of `zone`, `why` explains every score."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    if found.instrument:
        known = found.instrument
        line = f"{known.name}: named in {known.named_in:,} items"
        if known.item_ids:
            line += f"; its texts: {', '.join(map(str, known.item_ids))}"
        console.print(Text(visible(line), "bold"), soft_wrap=True)
    console.print(Text(f"{found.total:,} found in {found.took_ms:.0f} ms"))
    for hit in found.hits:
        console.print()
        console.print(Text(visible(hit.title), "bold"), soft_wrap=True)
        at = hit.published_at or hit.seen_at
        said = [hit.source, f"{at.astimezone(zone):%Y-%m-%d %H:%M}", *hit.topics]
        said += ["edited"] if hit.edited else []
        said += ["removed"] if hit.removed else []
        said += [f"and {hit.others} more of this story"] if hit.others else []
        console.print(Text(visible(f"{hit.item_id} · " + " · ".join(said)), "dim"), soft_wrap=True)
        snippet = Text()
        for text, is_marked in hit.snippet:
            snippet.append(visible(text), "bold underline" if is_marked else "")
        if snippet:
            console.print(snippet)
        console.print(Text(visible(hit.url), "blue"), soft_wrap=True)
        for line in hit.why if why else ():
            console.print(Text(f"  {visible(line)}", "dim"), soft_wrap=True)
    console.print()
    for name, values in found.facets.items():
        if values:
            shown = ", ".join(f"{value} {number:,}" for value, number in values[:MOST_SHOWN])
            more = " …" if len(values) > MOST_SHOWN else ""
            console.print(Text(f"{name}: {visible(shown)}{more}", "dim"), soft_wrap=True)
    for note in found.notes:
        say(visible(note))
    if found.next:
        say(f"more with --page {found.next}")


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

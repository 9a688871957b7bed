"""A digest as a page of HTML, with its chart inside or as a part of a mail, and as JSON."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from alerts.charts import Chart
from alerts.digest_parts import GROUPS, Digest, StoryLine
from alerts.digest_text import MOST_LINES, MOST_STORIES
from alerts.digest_wording import EMPTY, day, due_in, first_seen, moment, notes, title_of
from alerts.rendering import BUILT_IN
from alerts.templating import Rendered, Templates


def html_of(
    digest: Digest, chart: Chart, templates: Templates = BUILT_IN, *, is_mail: bool = False
) -> Rendered:
    """The page, everything foreign escaped.

    A file has the chart inside as SVG; a mail names the picture that goes with it (`cid:chart`).
    """
    zone = ZoneInfo(digest.zone)
    return templates.render(
        "digest.html.j2",
        digest=digest,
        title=title_of(digest),
        empty=EMPTY,
        notes=notes(digest),
        chart=chart,
        # Drawn of numbers and dates alone, so nothing foreign stands in it.
        svg=Markup("" if is_mail else chart.svg),
        most_stories=MOST_STORIES,
        most_lines=MOST_LINES,
        day=day,
        due_in=due_in,
        moment=lambda at: moment(at, zone, digest),
        first_seen=lambda line: first_seen(line, zone, digest),
        made=f"{digest.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
    )


def json_of(digest: Digest) -> dict[str, Any]:
    """The whole digest as a JSON document; days and times are in ISO 8601, times in UTC."""
    said: dict[str, Any] = _plain(asdict(digest))
    for part, topic in zip(said["topics"], digest.topics, strict=True):
        part["topic"] = part.pop("id")
        for story, line in zip(part["stories"], topic.stories, strict=True):
            story["outlets"] = _outlets(line)
    return {"day": digest.day, **said, "is_empty": digest.is_empty, "notes": notes(digest)}


def _outlets(line: StoryLine) -> dict[str, list[str]]:
    """The outlets that told a story, by kind of source."""
    kinds = {name: kind for kind, name in GROUPS.items()}
    return {
        kinds.get(group, "other"): [one.source for one in told] for group, told in line.outlets()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value

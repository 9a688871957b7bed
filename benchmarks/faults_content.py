"""What an archive holds, said so that two of them can be compared.

Left out is what may differ between two sound runs of the same days: when something was noticed, and
the numbers of rows, which follow the order in which things were stored. Where a number points to a
row, the row's own content stands in its place. How often the same bytes were fetched from the same
address is left out too: an address that failed is asked again in full, and an undisturbed program
asks less often. Compared is, each as often as it occurs,

- captures: source, address, status, media type and hash of the bytes, each once;
- revisions: their item's address, number, cause, extractor, all texts and fields, the hash of the
  captured bytes that they were derived from, and the topics found in them;
- events: kind, subject and all that they say (of a day that comes near only which day and step:
  a clock that is ahead tells of it early, by the text that there is then), and for each subject
  and kind their order;
- alerts: rule, severity, state, subject, thread, title (for a day that comes near, which step to
  which day) and the changes that they tell.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from storage.archive import Archive, Transaction
from storage.models import Event
from storage.models_telling import Alert

NUMBERS = {"row", "id", "version", "comparison", "story", "after"}
"""Numbers of rows whose content stands beside them."""
TIMES = {"missing_since", "at", "left"}
"""When something was noticed, and how many days were left then."""
ITEMS = {"item", "like"}
REVISIONS = {"revision", "old_revision", "new_revision", "previous"}


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is compared, as lines of JSON."""

    captures: Counter[str]
    revisions: Counter[str]
    events: Counter[str]
    order: Counter[str]
    alerts: Counter[str]


def content_of(archive: Archive) -> Content:
    """Read an archive whole."""
    with archive.reading() as tx:
        said = _Said(tx)
        return Content(
            captures=Counter(set(said.captures())),
            revisions=Counter(said.revisions()),
            events=Counter(_line(said.event(one)) for one in tx.events.after(0)),
            order=Counter(said.orders()),
            alerts=Counter(alert_line(said, one) for one in tx.outbox.alerts()),
        )


def differences(expected: Content, found: Content) -> dict[str, list[str]]:
    """For each part, what is missing ("- …") and what is too much ("+ …")."""
    said = {}
    for part in fields(Content):
        one, other = getattr(expected, part.name), getattr(found, part.name)
        said[part.name] = [f"- {line}" for line in (one - other).elements()]
        said[part.name] += [f"+ {line}" for line in (other - one).elements()]
    return said


def alert_lines(archive: Archive) -> dict[int, str]:
    """Every alert's number and what it says, without what may differ between two runs."""
    with archive.reading() as tx:
        said = _Said(tx)
        return {one.id: alert_line(said, one) for one in tx.outbox.alerts()}


class _Said:
    """Rows in the words of their content."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._revisions = {}
        self._items = {}
        self._captures = {row.id: row for row in tx.captures.every()}
        for item, _ in list(tx.items.every()):
            self._items[item.id] = item.url
            for revision in tx.items.revisions(item.id):
                self._revisions[revision.id] = (item, revision)
        self._stories = self._named_stories()

    def captures(self) -> Iterable[str]:
        for row in self._captures.values():
            yield _line(
                [row.source_id, row.url, row.status, row.media_type, row.payload_sha256],
            )

    def revisions(self) -> Iterable[str]:
        for item, row in self._revisions.values():
            capture = self._captures.get(row.capture_id) if row.capture_id is not None else None
            yield _line(
                [
                    item.url, row.number, row.cause, row.extractor, row.extractor_version,
                    row.method, row.title, row.summary, row.text, row.byline, row.language,
                    row.fields, row.notes, str(row.published_at), str(row.modified_at),
                    capture.payload_sha256 if capture is not None else None,
                    sorted(tag.topic for tag in self._tx.findings.tags(row.id)),
                ]
            )  # fmt: skip

    def event(self, event: Event) -> list[Any]:
        said = event.data
        if event.kind == "deadline.near":
            said = {key: said.get(key) for key in ("instrument", "kind", "on", "step", "by")}
        return [event.kind, self.subject(event.subject), self.data(said)]

    def orders(self) -> Iterable[str]:
        """For each subject and kind, everything said of it, in order."""
        rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for event in self._tx.events.after(0):
            kind, subject, data = self.event(event)
            rows[subject, kind].append(data)
        return (_line([*key, *said]) for key, said in rows.items())

    def subject(self, subject: str) -> str:
        """A subject such as `item:12`, by its address."""
        room, _, number = subject.partition(":")
        if room == "item" and number.isdigit():
            return f"item:{self._items.get(int(number))}"
        if room == "story" and number.isdigit():
            return f"story:{self._stories.get(int(number))}"
        return subject

    def data(self, said: Any) -> Any:
        """What an event says, with content for numbers and without times."""
        if isinstance(said, list):
            return [self.data(one) for one in said]
        if not isinstance(said, dict):
            return round(said, 2) if isinstance(said, float) else said
        return {
            key: self._value(key, value)
            for key, value in said.items()
            if key not in NUMBERS and key not in TIMES
        }

    def _value(self, key: str, value: Any) -> Any:
        if key in ITEMS and isinstance(value, int):
            return self._items.get(value)
        if key in REVISIONS and isinstance(value, int):
            item, revision = self._revisions[value]
            return f"{item.url}#{revision.number}"
        return self.data(value)

    def _named_stories(self) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for item_id, url in self._items.items():
            row = self._tx.stories.of_item(item_id)
            if row is not None:
                found[row.story_id] = min(url, found.get(row.story_id, url))
        return found


def alert_line(said: _Said, alert: Alert) -> str:
    """What an alert says, without what may differ between two runs."""
    changes = [
        {key: one.get(key) for key in ("where", "kind", "severity", "summary", "old", "new")}
        for one in alert.body.get("changes", [])
    ]
    # The title of a day that comes near says how many days were left when it was noticed.
    what = alert.key if alert.body.get("about") == "deadline" else alert.title
    return _line(
        [
            alert.rule,
            alert.severity,
            alert.state,
            said.subject(alert.subject),
            said.subject(alert.thread),
            what,
            changes,
        ]
    )


def _line(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)

"""Labels by the file: JSON Lines that say of each item exactly which topics it is about."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from monitor.labelling import act, label
from storage.addresses import AddressRefused, canonical_url
from storage.archive import Archive, Transaction
from storage.labels import Words
from storage.models import Item
from storage.problems import Problem

BATCH = 200
EXPECTED = 'expected {"url": "https://…", "topics": ["…"]}'


class LabelsUnreadable(Problem):
    """The file of labels cannot be read."""

    kind: ClassVar[str] = "labels-unreadable"


@dataclass(slots=True)
class LabelReport:
    """What came of a file; `errors` are lines with what is wrong with each."""

    read: int = 0
    labelled: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report in its public form."""
        return {
            "read": self.read,
            "labelled": self.labelled,
            "unchanged": self.unchanged,
            "errors": [{"line": line, "message": message} for line, message in self.errors],
        }


def label_file(
    archive: Archive,
    path: Path,
    topics: frozenset[str],
    *,
    by: str,
    at: datetime,
    note: str = "",
) -> LabelReport:
    """Label the items of a file, one object a line; without topics an item is off-topic.

    A line that says what is said already adds nothing, so a file may be given again. A faulty
    line is reported and the others count. `topics` are those that are declared.

    Raises LabelsUnreadable when the file cannot be read.
    """
    report = LabelReport()
    try:
        with path.open("rb") as lines:
            numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
            while batch := list(islice(numbered, BATCH)):
                with archive.transaction() as tx:
                    for number, line in batch:
                        report.read += 1
                        try:
                            url, named = _read(line, topics)
                            new = _exactly(tx, _item(tx, url), named, by, at, note)
                        except ValueError as error:
                            report.errors.append((number, str(error)))
                            continue
                        report.labelled += new
                        report.unchanged += not new
    except OSError as error:
        raise LabelsUnreadable(f"{path}: {error.strerror or error}") from error
    return report


def _read(line: bytes, topics: frozenset[str]) -> tuple[str, list[str]]:
    """The address and the topics of a line. Raises ValueError with what is wrong."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON; {EXPECTED}") from error
    if not isinstance(said, dict):
        raise ValueError(EXPECTED)
    url, named = said.get("url"), said.get("topics")
    if not isinstance(url, str) or not isinstance(named, list):
        raise ValueError(EXPECTED)
    for topic in named:
        if not isinstance(topic, str) or topic not in topics:
            raise ValueError(
                f"no topic {topic!r} is declared; config.toml has: "
                + (", ".join(sorted(topics)) or "none")
            )
    return url, list(dict.fromkeys(named))


def _item(tx: Transaction, url: str) -> Item:
    try:
        item = tx.items.by_url(canonical_url(url))
    except AddressRefused as refused:
        raise ValueError(str(refused)) from refused
    if item is None:
        raise ValueError(f"no item {url} is in the archive")
    return item


def _exactly(
    tx: Transaction, item: Item, topics: list[str], by: str, at: datetime, note: str
) -> bool:
    """Say that an item is about exactly these topics; False when that was said already."""
    wanted = Words(right=frozenset(topics), only=True)
    if tx.labels.words([item.id]).get(item.id) == wanted:
        return False
    latest = tx.items.latest(item)
    carried = {tag.topic for tag in tx.findings.tags(latest.id)} if latest else set()
    label(tx, item, "wrong", None, by=by, at=at, note=note)
    for topic in topics:
        label(tx, item, "right" if topic in carried else "also", topic, by=by, at=at, note=note)
    act(tx, item, at)
    said = {"topics": topics, "only": True, "note": note}
    tx.audit.record(by, "item.labelled", f"item:{item.id}", at, said)
    return True

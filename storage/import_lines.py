"""A line of a collection → what was seen of an item: every value is checked, and named if wrong."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.addresses import canonical_url
from storage.models import Capture
from storage.observations import Observation, composed, nfc

MAX_LINE_BYTES = 32 * 1024 * 1024
MAX_SOURCE = 100
MAX_LISTED = 1_000
KINDS = ("article", "document")
EXTRACTOR, VERSION = "import", 1
ATTACHED = ("url", "name", "media_type", "sha256")


def observation(line: bytes, capture: Capture) -> Observation:
    """Read one JSON object: `url` and `title`, and where they are known `summary`, `text`,
    `byline`, `published_at`, `modified_at`, `seen_at`, `source`, `language`, `kind`, a portal's
    `fields`, and `notes` of who read it. Other keys are passed over.

    Raises ValueError with the key and what was expected.
    """
    said = _object(line)
    for key in ("url", "title"):
        if not isinstance(said.get(key), str) or not said[key].strip():
            raise ValueError(f"{key}: expected a text")
    if not said["url"].startswith(("http://", "https://")):
        raise ValueError("url: expected an address that begins with http:// or https://")
    source = nfc(_text(said, "source")) or "import"
    if len(source) > MAX_SOURCE:
        raise ValueError(f"source: expected at most {MAX_SOURCE} characters")
    kind = _text(said, "kind") or "article"
    if kind not in KINDS:
        raise ValueError(f"kind: expected {' or '.join(KINDS)}; found {kind[:40]!r}")
    return Observation(
        url=canonical_url(said["url"]),
        source_id=source,
        kind=kind,
        seen_at=_time(said, "seen_at") or capture.fetched_at,
        title=nfc(said["title"]),
        summary=nfc(_text(said, "summary")),
        text=nfc(_text(said, "text")),
        byline=tuple(_texts(said, "byline")),
        published_at=_time(said, "published_at"),
        modified_at=_time(said, "modified_at"),
        language=nfc(_text(said, "language"))[:10],
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        method="import",
        capture_id=capture.id,
        fields=_fields(said),
        notes=tuple(_texts(said, "notes")),
        backfill=True,
    )


def _object(line: bytes) -> dict[str, Any]:
    if len(line) >= MAX_LINE_BYTES:
        raise ValueError(f"a line of more than {MAX_LINE_BYTES} bytes")
    try:
        said = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte {error.start + 1} of the line") from error
    except RecursionError as error:
        raise ValueError("not a flat JSON object: nested too deeply") from error
    if not isinstance(said, dict):
        raise ValueError("expected a JSON object")
    return said


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected a text")
    return value


def _texts(said: Mapping[str, Any], key: str) -> list[str]:
    value = said.get(key) or []
    if not _is_list(value, str):
        raise ValueError(f"{key}: expected a list of texts")
    return [nfc(one) for one in value]


def _is_list(value: Any, of: type) -> bool:
    known = isinstance(value, list) and len(value) <= MAX_LISTED
    return known and all(isinstance(one, of) for one in value)


def _fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """A portal's statements: texts or null, `relations` as pairs, `attachments` as objects."""
    value = said.get("fields") or {}
    if not isinstance(value, dict) or len(value) > MAX_LISTED:
        raise ValueError("fields: expected an object")
    found: dict[str, Any] = {}
    for name, one in value.items():
        if name == "relations":
            found[name] = _relations(one)
        elif name == "attachments":
            found[name] = _attachments(one)
        elif one is None or isinstance(one, str):
            found[name] = one
        else:
            raise ValueError(f"fields.{name[:40]}: expected a text or null")
    fields: dict[str, Any] = composed(found)
    return fields


def _relations(value: Any) -> list[list[str]]:
    if _is_list(value, list) and all(len(one) == 2 and _is_list(one, str) for one in value):
        return [list(one) for one in value]
    raise ValueError("fields.relations: expected a list of pairs of texts")


def _attachments(value: Any) -> list[dict[str, str]]:
    if _is_list(value, dict):
        found = [{name: one.get(name) or "" for name in ATTACHED} for one in value]
        if all(one["url"] and _is_list(list(one.values()), str) for one in found):
            return found
    raise ValueError("fields.attachments: expected a list of objects with url, name and so on")


def _time(said: Mapping[str, Any], key: str) -> datetime | None:
    value = _text(said, key)
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{key}: expected an ISO 8601 time; found {value[:40]!r}") from error
    if at.tzinfo is None:
        raise ValueError(f"{key}: expected a time with its zone, such as +07:00; found {value!r}")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{key}: expected a time of the calendar; found {value!r}") from error

"""The bodies of alerts: facts for a reader, and what finds everything again.

A body is JSON: `about` (article, search, edit, removal, instrument, comparison, source, …),
`facts` and `links` (pairs of label and value), `topics`, `source`, `url`, `dates` (ISO 8601),
`changes` with `more_changes` and `counts`, and `ids` (rows of the archive). `alerts.rules.judge`
adds the `event`, `speaks_of` (the id and number of the instrument that it is about) and
`instruments` (with those that its text cites).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alerts.changes import MOST_CHANGES, comparison_changes, in_words
from alerts.evidence import Evidence, TextSeen
from alerts.names import Names
from alerts.wording import cut, one_line
from storage.doubts import doubts_of

_LONGEST_PASSAGE = 400


def article_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """An article on a topic: where, when, which topics and the passages that earned them."""
    text = _text(seen)
    facts = [
        ["Source", names.source(text.source)],
        *_published(text, names),
        ["First seen", names.moment(text.first_seen)],
        *_topics(seen, names),
    ]
    return _body("article", seen, names, facts)


def search_body(seen: Evidence, names: Names, wanted: str) -> dict[str, Any]:
    """A text that a saved search found: what was `wanted`, how it was found, and the passage."""
    text = _text(seen)
    how = str(seen.data.get("how", ""))
    likeness = f", likeness {seen.data.get('score', 0):.2f}" if how == "meaning" else ""
    facts = [
        ["Search", cut(one_line(wanted), _LONGEST_PASSAGE)],
        ["Found by", f"{how}{likeness}"],
        ["Passage", cut(one_line(str(seen.data.get("passage", ""))), _LONGEST_PASSAGE)],
        ["Source", names.source(text.source)],
        *_published(text, names),
        ["First seen", names.moment(text.first_seen)],
    ]
    return _body("search", seen, names, facts) | {"search": {"how": how, "wanted": wanted}}


def edit_body(seen: Evidence, names: Names, changes: list[dict[str, Any]]) -> dict[str, Any]:
    """An edited article: the changed passages, and whether the page owned up to the edit."""
    text = _text(seen)
    facts = [
        ["Source", names.source(text.source)],
        *_published(text, names),
        ["Seen", names.moment(text.seen_at)],
        ["The page says", _announced(seen, names)],
        *_topics(seen, names),
    ]
    body = _body("edit", seen, names, facts)
    return body | _listed(changes) | {"silent": not _is_announced(seen)}


def removal_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """A page that is gone: since when, with which answer, and what stood there last."""
    data = seen.data
    since = data.get("missing_since", "")
    facts = [
        ["Source", names.source(str(data.get("source", "")))],
        ["Answer", f"HTTP {data.get('status', '')}"],
        ["Missing since", names.moment(datetime.fromisoformat(since)) if since else "unknown"],
        *(_published(seen.text, names) if seen.text else []),
        *_topics(seen, names),
    ]
    return _body("removal", seen, names, facts)


def instrument_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """A text of an instrument, or an instrument named in coverage, without a comparison."""
    data = seen.data
    facts = [["Instrument", names.instrument(str(data.get("instrument", "")))]]
    if data.get("number"):
        facts.append(["Number", str(data["number"])])
    if seen.text is not None:
        facts.append(["Source", names.source(seen.text.source)])
        facts.append(["Title", one_line(seen.text.title)])
        facts += _published(seen.text, names)
    if seen.kind == "instrument.version":
        facts.append(["Comparison", "there is none with an earlier text"])
    return _body("instrument", seen, names, facts) | {"stage": data.get("stage", "")}


def comparison_body(
    seen: Evidence, names: Names, certain: list[dict[str, Any]], counts: dict[str, int]
) -> dict[str, Any]:
    """A draft or an enacted text beside the one before it: the most severe changes first."""
    found = seen.comparison
    result = found.result if found else {}
    old, new = result.get("old", {}), result.get("new", {})
    language = seen.text.language if seen.text else "vi"
    probable = len(result.get("changes", [])) - len(certain)
    facts = [
        ["Instrument", names.instrument(str(seen.data.get("instrument", "")))],
        *([["Number", one_line(str(new["number"]))]] if new.get("number") else []),
        ["Compared", f"{_called(old, found.old_stage if found else '')} → {_called(new, '')}"],
        ["Changes", in_words(counts)],
    ]
    if probable > 0:
        facts.append(["To review", f"{probable} probable, not stated here"])
    if seen.text is not None:
        facts.append(["Source", names.source(seen.text.source)])
        facts += _published(seen.text, names)
    body = _body("comparison", seen, names, facts)
    changes = comparison_changes({"changes": certain}, language or "vi")
    return body | _listed(changes) | {"counts": counts, "stage": seen.data.get("stage", "")}


def source_body(seen: Evidence, names: Names) -> dict[str, Any]:
    """A source that broke, with the reasons, or mended."""
    source = seen.subject.removeprefix("source:")
    reasons = [one_line(str(reason)) for reason in seen.data.get("reasons", [])]
    facts = [["Source", names.source(source)], ["Since", names.moment(seen.at)]]
    facts += [["Reason", cut(reason, _LONGEST_PASSAGE)] for reason in reasons[:5]]
    return _body("source", seen, names, facts) | {
        "source": {"id": source, "name": names.source(source)},
        "reasons": reasons,
    }


def _body(about: str, seen: Evidence, names: Names, facts: list[list[str]]) -> dict[str, Any]:
    source = seen.text.source if seen.text else str(seen.data.get("source", ""))
    url = seen.text.url if seen.text else str(seen.data.get("url", ""))
    return {
        "about": about,
        "facts": [*facts, *_doubts(seen)],
        "links": [["Page", url]] if url else [],
        "url": url,
        "source": {"id": source, "name": names.source(source)},
        "language": seen.text.language if seen.text else "",
        "topics": [
            {
                "topic": one.topic,
                "name": names.topic(one.topic),
                "score": one.score,
                "passage": cut(one_line(one.passage), _LONGEST_PASSAGE),
            }
            for one in seen.topics
        ],
        "dates": _dates(seen.text),
        "changes": [],
        "more_changes": 0,
        "ids": _ids(seen),
    }


def _doubts(seen: Evidence) -> list[list[str]]:
    """What a reader must know of how the texts were read, the newer one first."""
    read = [("", seen.text.notes)] if seen.text is not None else []
    if seen.comparison is not None:
        read.append((", the text before", seen.comparison.old_notes))
    facts = []
    for side, notes in read:
        doubts = doubts_of(notes)
        if doubts.guessed:
            facts.append([f"Read from pictures{side}", "letters may be misread (OCR)"])
        if doubts.unread:
            facts.append([f"Pages not read{side}", doubts.unread])
        if doubts.unnumbered:
            facts.append([f"Numbers lost{side}", "some paragraphs stand without theirs"])
        facts += [[f"Page and document disagree{side}", one] for one in doubts.disagreements]
    return facts


def _listed(changes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "changes": list(changes[:MOST_CHANGES]),
        "more_changes": max(0, len(changes) - MOST_CHANGES),
    }


def _ids(seen: Evidence) -> dict[str, int]:
    text, previous, found = seen.text, seen.previous, seen.comparison
    said = {
        "item": text.item if text else seen.data.get("item"),
        "revision": text.revision if text else seen.data.get("revision"),
        "capture": text.capture if text else None,
        "previous": found.old_revision if found else previous.revision if previous else None,
        "comparison": found.id if found else None,
        "version": seen.data.get("version"),
    }
    return {name: int(value) for name, value in said.items() if isinstance(value, int)}


def _dates(text: TextSeen | None) -> dict[str, str]:
    if text is None:
        return {}
    said = {
        "published": text.published_at,
        "modified": text.modified_at,
        "first_seen": text.first_seen,
        "seen": text.seen_at,
    }
    return {name: at.isoformat() for name, at in said.items() if at is not None}


def _published(text: TextSeen, names: Names) -> list[list[str]]:
    return [["Published", names.moment(text.published_at)]] if text.published_at else []


def _topics(seen: Evidence, names: Names) -> list[list[str]]:
    shown = [f"{names.topic(one.topic)} ({one.score:.2f})" for one in seen.topics]
    facts = [["Topics", ", ".join(shown)]] if shown else []
    if seen.topics and seen.topics[0].passage:
        facts.append(["Passage", cut(one_line(seen.topics[0].passage), _LONGEST_PASSAGE)])
    return facts


def _is_announced(seen: Evidence) -> bool:
    text, previous = _text(seen), seen.previous
    before = previous.modified_at if previous else None
    return text.modified_at is not None and (before is None or text.modified_at > before)


def _announced(seen: Evidence, names: Names) -> str:
    modified = _text(seen).modified_at
    if modified is not None and _is_announced(seen):
        return f"modified {names.moment(modified)}"
    return "nothing of an edit"


def _called(side: dict[str, Any], stage: str) -> str:
    said = one_line(str(side.get("number") or side.get("title") or "untitled"))
    before = {"draft": "the draft before", "base": "what it replaces"}.get(stage, "")
    return f"{before} ({cut(said, 120)})" if before else cut(said, 120)


def _text(seen: Evidence) -> TextSeen:
    if seen.text is None:
        raise LookupError(f"event {seen.seq} speaks of a text that the archive does not hold")
    return seen.text

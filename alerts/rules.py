"""Which events deserve an alert: pure functions from a rule and the evidence to a verdict.

A rule that stays silent says why. What never raises an alert: a re-extraction, a
re-classification, what came from an old collection, a comparison that is empty or merely
probable, an article whose body was merely completed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from alerts.bodies import (
    article_body,
    comparison_body,
    edit_body,
    instrument_body,
    removal_body,
    source_body,
)
from alerts.changes import certain, counted, edit_changes, in_words
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.wording import cut, one_line
from config import Rule

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert to store: `key` names it for ever, `subject` orders and groups its messages.

    `thread` names the story or instrument that it belongs to. By `topics` (the foremost first),
    `source` and `instruments` (ids and numbers) it can be silenced.
    """

    key: str
    severity: str
    subject: str
    title: str
    body: dict[str, Any] = field(default_factory=dict)
    thread: str = ""
    topics: tuple[str, ...] = ()
    source: str = ""
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a rule raised nothing."""

    reason: str


Verdict = RaisedAlert | Silence
Matcher = Callable[[Rule, Evidence, Names], Verdict]


def judge(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    """What `rule` makes of one event; only the rule's `channels` play no part in it."""
    if seen.kind not in KINDS[rule.on]:
        return Silence(f"{rule.on} does not speak of {seen.kind}")
    reason = outside(rule, seen, names) or _old_news(seen)
    if reason:
        return Silence(reason)
    verdict = _MATCHERS[rule.on](rule, seen, names)
    return _placed(verdict, seen, names) if isinstance(verdict, RaisedAlert) else verdict


def _placed(raised: RaisedAlert, seen: Evidence, names: Names) -> RaisedAlert:
    """The alert with what it belongs to, and what it can be silenced by."""
    is_telling = raised.subject.startswith("item:") and seen.story is not None
    topics = [one.topic for one in seen.topics] or [
        one["topic"] for one in seen.data.get("topics", [])
    ]
    instruments = tuple(sorted(_concerned(seen, names)))
    return replace(
        raised,
        thread=f"story:{seen.story}" if is_telling else raised.subject,
        topics=tuple(topics),
        source=_source(seen),
        instruments=instruments,
        body=raised.body | {"instruments": list(instruments)},
    )


def _concerned(seen: Evidence, names: Names) -> set[str]:
    """The instruments that an event concerns: by id and number, and those its text cites."""
    compared = seen.comparison.result["new"] if seen.comparison else {}
    named = {seen.data.get("instrument"), seen.data.get("number"), compared.get("number")}
    return {one for one in named | names.instruments_cited(seen.cites) if one}


def outside(rule: Rule, seen: Evidence, names: Names) -> str:
    """Why an event lies outside what a rule is narrowed to; empty when it lies inside."""
    found = {one.topic for one in seen.topics}
    found |= {one["topic"] for one in seen.data.get("topics", [])}
    if rule.topics and not found & set(rule.topics):
        return f"about none of the rule's topics, but {', '.join(sorted(found)) or 'none'}"
    if rule.sources and _source(seen) not in rule.sources:
        return f"from {_source(seen) or 'no source'}, not from one of the rule's sources"
    if rule.instruments and not _concerned(seen, names) & set(rule.instruments):
        return "concerns none of the rule's instruments"
    return ""


def _old_news(seen: Evidence) -> str:
    if seen.kind == "item.removed":
        return ""
    if seen.backfilled:
        return "came from an old collection"
    if seen.text is not None and seen.text.cause == "reextraction":
        return "a re-extraction: the page did not change, our reading of it did"
    if seen.data.get("rerun"):
        return "a re-classification: the text did not change, our reading of it did"
    return ""


def _source(seen: Evidence) -> str:
    if seen.text is not None:
        return seen.text.source
    return str(seen.data.get("source") or seen.subject.removeprefix("source:"))


def _coverage(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    if seen.text is None:
        return Silence("the article is no longer in the archive")
    if seen.text.kind != "article":
        return Silence("a document, not coverage")
    if seen.old_item:
        return Silence("the article came from an old collection")
    if not seen.data.get("appeared") and seen.text.cause != "completion":
        return Silence("the article was known before; a rule on edits tells of its changes")
    item = seen.text.item
    topics = [one for one in seen.topics if not rule.topics or one.topic in rule.topics]
    about = ", ".join(names.topic(one.topic) for one in topics[:3])
    title = f"{about}: {seen.text.title}" if about else seen.text.title
    body = article_body(seen, names)
    return _raised(f"{rule.id}:item:{item}", rule.severity, f"item:{item}", title, body)


def _edited(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    text, previous = seen.text, seen.previous
    if text is None or previous is None:
        return Silence("a first version: nothing was edited")
    if text.kind != "article":
        return Silence("a document: rules on drafts and enactments tell of its versions")
    if text.cause != "edit":
        return Silence(f"not an edit, but a {text.cause}")
    changes = edit_changes(previous, text)
    if not changes:
        return Silence("title, summary and text say the same as before")
    key = f"{rule.id}:revision:{text.revision}"
    title = f"Edited: {text.title}"
    body = edit_body(seen, names, changes)
    return _raised(key, rule.severity, f"item:{text.item}", title, body)


def _removed(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    item = seen.data.get("item")
    title = f"Removed: {seen.data.get('title') or seen.data.get('url', '')}"
    key = f"{rule.id}:removed:{item}:{seen.data.get('missing_since', '')}"
    return _raised(key, rule.severity, f"item:{item}", title, removal_body(seen, names))


def _named(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    instrument = str(seen.data["instrument"])
    said = " ".join(filter(None, (seen.data.get("type"), seen.data.get("number"))))
    title = f"Named for the first time: {said or instrument}"
    key, subject = f"{rule.id}:named:{instrument}", f"instrument:{instrument}"
    return _raised(key, rule.severity, subject, title, instrument_body(seen, names))


def _source_failing(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    source = seen.subject.removeprefix("source:")
    failing = seen.kind == "source.failing"
    word = "cannot be read" if failing else "can be read again"
    return _raised(
        f"{rule.id}:{seen.kind}:{source}:{seen.seq}",
        rule.severity if failing else "minor",
        f"source:{source}",
        f"{names.source(source)} {word}",
        source_body(seen, names),
    )


def _draft_revised(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    return _instrument_text(rule, seen, names, "draft")


def _enacted(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    return _instrument_text(rule, seen, names, "enacted")


def _instrument_text(rule: Rule, seen: Evidence, names: Names, stage: str) -> Verdict:
    if seen.data.get("stage") != stage:
        return Silence(f"a text at the stage {seen.data.get('stage')!r}, not {stage!r}")
    if seen.kind == "instrument.compared":
        return _compared(rule, seen, names, stage)
    if seen.comparisons:
        return Silence(f"told with its changes, by comparison {seen.comparisons[0].id}")
    instrument = str(seen.data["instrument"])
    name = names.instrument(instrument)
    draft = "New draft" if seen.data.get("ordinal", 1) > 1 else "First draft"
    said = draft if stage == "draft" else "Enacted"
    key = f"{rule.id}:version:{seen.data.get('revision')}"
    body = instrument_body(seen, names)
    return _raised(key, rule.severity, f"instrument:{instrument}", f"{said}: {name}", body)


def _compared(rule: Rule, seen: Evidence, names: Names, stage: str) -> Verdict:
    found = seen.comparison
    if found is None:
        return Silence("the comparison is no longer in the archive")
    nearer = [one.id for one in seen.comparisons if one.stage != "base"]
    if found.old_stage == "base" and nearer:
        return Silence(f"told beside the text just before, by comparison {nearer[0]}")
    changes = certain(found.result)
    counts = counted(changes)
    if not changes and stage == "draft":
        listed = len(found.result.get("changes", []))
        return Silence(
            f"only probable changes ({listed}), listed for review"
            if listed
            else "the two texts say the same"
        )
    instrument = str(seen.data["instrument"])
    draft = "First draft" if found.old_stage == "base" else "New draft"
    said = draft if stage == "draft" else "Enacted"
    against = {"draft": "from the draft before", "base": "to what it replaces"}
    title = f"{said}: {names.instrument(instrument)}, with {in_words(counts)}"
    title += f" {against.get(found.old_stage, 'from the text before')}"
    return _raised(
        f"{rule.id}:compared:{found.old_revision}:{found.new_revision}",
        _severity(rule, stage, counts),
        f"instrument:{instrument}",
        title,
        comparison_body(seen, names, changes, counts),
    )


def _severity(rule: Rule, stage: str, counts: dict[str, int]) -> str:
    """The rule's severity, save where the comparison says otherwise.

    What is enacted binds: a critical change makes its alert critical. A draft binds nobody,
    so it is never raised; one that changes nothing but wording is minor.
    """
    if stage == "enacted":
        return "critical" if counts.get("critical") else rule.severity
    return "minor" if set(counts) <= {"editorial"} else rule.severity


def _raised(key: str, severity: str, subject: str, title: str, body: dict[str, Any]) -> RaisedAlert:
    return RaisedAlert(key, severity, subject, cut(one_line(title), LONGEST_TITLE), body)


KINDS: dict[str, tuple[str, ...]] = {
    "draft-revised": ("instrument.version", "instrument.compared"),
    "enacted": ("instrument.version", "instrument.compared"),
    "coverage": ("item.tagged",),
    "edited": ("item.revised", "item.tagged"),
    "removed": ("item.removed",),
    "named": ("instrument.named",),
    "source-failing": ("source.failing", "source.recovered"),
}
"""The kinds of events that each condition reads.

An edit is read twice: when it is seen (the text before had the topic) and when it is tagged
(the new text has it); the alert's key makes one of the two.
"""

_MATCHERS: dict[str, Matcher] = {
    "draft-revised": _draft_revised,
    "enacted": _enacted,
    "coverage": _coverage,
    "edited": _edited,
    "removed": _removed,
    "named": _named,
    "source-failing": _source_failing,
}

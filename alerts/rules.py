"""Which events deserve an alert: pure functions from a rule and the evidence to a verdict.

A rule that stays silent says why. What never raises an alert: a re-extraction, a
re-classification, what came from an old collection, a comparison that is empty or merely
probable, an article whose body was merely completed.
"""

from dataclasses import replace

from alerts.evidence import Evidence
from alerts.links import archive_links
from alerts.matchers_articles import ARTICLES
from alerts.matchers_delivery import DELIVERY
from alerts.matchers_instruments import INSTRUMENTS
from alerts.matchers_searches import SEARCHES
from alerts.matchers_sources import SOURCES
from alerts.names import Names
from alerts.rules_drift import DRIFT
from alerts.rules_time import TIME
from alerts.verdicts import Condition
from alerts.verdicts import RaisedAlert as RaisedAlert
from alerts.verdicts import Silence as Silence
from alerts.verdicts import Verdict as Verdict
from config import Rule

CONDITIONS: dict[str, Condition] = {
    **ARTICLES,
    **SEARCHES,
    **INSTRUMENTS,
    **SOURCES,
    **TIME,
    **DRIFT,
    **DELIVERY,
}
"""What a rule may name in `on`."""


def kinds_of(rule: Rule) -> tuple[str, ...]:
    """The kinds of events that a rule reads."""
    return CONDITIONS[rule.on].kinds


def judge(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    """What `rule` makes of one event; only the rule's `channels` play no part in it."""
    condition = CONDITIONS[rule.on]
    if seen.kind not in condition.kinds:
        return Silence(f"{rule.on} does not speak of {seen.kind}")
    reason = outside(rule, seen, names)
    if not reason and not condition.of_old_texts:
        reason = _old_news(seen)
    if reason:
        return Silence(reason)
    verdict = condition.matcher(rule, seen, names)
    return _placed(verdict, seen, names) if isinstance(verdict, RaisedAlert) else verdict


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


def _placed(raised: RaisedAlert, seen: Evidence, names: Names) -> RaisedAlert:
    """The alert with what it belongs to, and what it can be silenced by."""
    is_telling = raised.subject.startswith("item:") and seen.story is not None
    topics = [one.topic for one in seen.topics] or [
        one["topic"] for one in seen.data.get("topics", [])
    ]
    instruments = tuple(sorted(_concerned(seen, names)))
    links = archive_links(names.address, raised.body, raised.subject)
    return replace(
        raised,
        thread=f"story:{seen.story}" if is_telling else raised.subject,
        topics=tuple(topics),
        source=_source(seen),
        instruments=instruments,
        body=raised.body
        | {
            "links": [*raised.body.get("links", []), *links],
            "speaks_of": sorted(_spoken_of(seen)),
            "instruments": list(instruments),
            "event": {"seq": seen.seq, "kind": seen.kind, "at": seen.at.isoformat()},
        },
    )


def _spoken_of(seen: Evidence) -> set[str]:
    """The instrument that an event is about, by id and number."""
    compared = seen.comparison.result["new"] if seen.comparison else {}
    named = (seen.data.get("instrument"), seen.data.get("number"), compared.get("number"))
    return {str(one) for one in named if one}


def _concerned(seen: Evidence, names: Names) -> set[str]:
    """The instruments that an event concerns: its own, and those that its text cites."""
    return _spoken_of(seen) | names.instruments_cited(seen.cites)


def _old_news(seen: Evidence) -> str:
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

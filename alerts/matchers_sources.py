"""Rules on sources that stop working."""

from alerts.bodies import source_body
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Verdict, raised
from config import Rule


def _source_failing(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    source = seen.subject.removeprefix("source:")
    failing = seen.kind == "source.failing"
    word = "cannot be read" if failing else "can be read again"
    return raised(
        f"{rule.id}:{seen.kind}:{source}:{seen.seq}",
        rule.severity if failing else "minor",
        f"source:{source}",
        f"{names.source(source)} {word}",
        source_body(seen, names),
    )


SOURCES = {"source-failing": Condition(("source.failing", "source.recovered"), _source_failing)}

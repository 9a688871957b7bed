"""Rules on sources whose pages differ from what they normally are."""

from alerts.bodies_time import silence_body
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Silence, Verdict, raised
from config import Rule


def _source_drift(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    """One alert for a trouble, in however many respects and sources, and one when it is over."""
    source, trouble = seen.subject.removeprefix("source:"), str(seen.data.get("trouble") or "")
    thread = str(seen.data.get("thread") or seen.subject)
    reasons = [str(reason) for reason in seen.data.get("reasons", [])] or [""]
    drifts = seen.kind == "source.drifted"
    fellows = [str(one) for one in seen.data.get("sources", [])] or [source]
    if not trouble:
        return Silence("mended in one respect, and not in others")
    return raised(
        f"{rule.id}:{seen.kind}:{trouble}",
        rule.severity if drifts else "minor",
        thread,
        f"{', '.join(names.source(one) for one in fellows)}: {reasons[0]}",
        silence_body(seen, names) | {"trouble": trouble},
    )


DRIFT = {"source-drift": Condition(("source.drifted", "source.mended"), _source_drift)}

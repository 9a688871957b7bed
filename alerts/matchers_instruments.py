"""Rules on instruments: new drafts, enactments, numbers that nothing in the archive knew."""

from alerts.bodies import comparison_body, instrument_body
from alerts.changes import certain, counted, in_words
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Silence, Verdict, raised
from config import Rule


def _named(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    instrument = str(seen.data["instrument"])
    said = " ".join(filter(None, (seen.data.get("type"), seen.data.get("number"))))
    title = f"Named for the first time: {said or instrument}"
    key, subject = f"{rule.id}:named:{instrument}", f"instrument:{instrument}"
    return raised(key, rule.severity, subject, title, instrument_body(seen, names))


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
    return raised(key, rule.severity, f"instrument:{instrument}", f"{said}: {name}", body)


def _compared(rule: Rule, seen: Evidence, names: Names, stage: str) -> Verdict:
    found = seen.comparison
    if found is None:
        return Silence("the comparison is no longer in the archive")
    nearer = [one.id for one in seen.comparisons if one.stage != "base"]
    if found.old_stage == "base" and nearer:
        return Silence(f"told beside the text just before, by comparison {nearer[0]}")
    changes = certain(found.result)
    counts = counted(changes)
    listed = len(found.result.get("changes", []))
    if not changes and stage == "draft":
        return Silence(
            f"only probable changes ({listed}), listed for review"
            if listed
            else "the two texts say the same"
        )
    instrument = str(seen.data["instrument"])
    draft = "First draft" if found.old_stage == "base" else "New draft"
    said = draft if stage == "draft" else "Enacted"
    against = {"draft": "from the draft before", "base": "to what it replaces"}
    to_review = f"{listed} change{'' if listed == 1 else 's'} to review"
    with_what = in_words(counts) if changes or not listed else to_review
    title = f"{said}: {names.instrument(instrument)}, with {with_what}"
    title += f" {against.get(found.old_stage, 'from the text before')}"
    return raised(
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


INSTRUMENTS = {
    "draft-revised": Condition(("instrument.version", "instrument.compared"), _draft_revised),
    "enacted": Condition(("instrument.version", "instrument.compared"), _enacted),
    "named": Condition(("instrument.named",), _named),
}

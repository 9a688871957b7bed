"""Rules on saved searches: what was found by words or by meaning."""

from alerts.bodies import search_body
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Silence, Verdict, raised
from config import Rule


def _found(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    if seen.data.get("rule") != rule.id:
        return Silence(f"found by the search of the rule {seen.data.get('rule')}")
    if seen.text is None:
        return Silence("the text is no longer in the archive")
    item = seen.text.item
    return raised(
        f"{rule.id}:search:{item}",
        rule.severity,
        f"item:{item}",
        f"Found by {rule.id}: {seen.text.title}",
        search_body(seen, names, _wanted(rule, str(seen.data.get("how")))),
    )


def _wanted(rule: Rule, how: str) -> str:
    return rule.saved or (rule.query if how == "words" else rule.meaning)


SEARCHES = {"search": Condition(("search.matched",), _found)}

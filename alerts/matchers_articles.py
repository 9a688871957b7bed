"""Rules on articles: new coverage, silent edits, removals."""

from alerts.bodies import article_body, edit_body, removal_body
from alerts.changes import edit_changes
from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Silence, Verdict, raised
from config import Rule


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
    return raised(f"{rule.id}:item:{item}", rule.severity, f"item:{item}", title, body)


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
    return raised(key, rule.severity, f"item:{text.item}", title, body)


def _removed(rule: Rule, seen: Evidence, names: Names) -> Verdict:
    item = seen.data.get("item")
    title = f"Removed: {seen.data.get('title') or seen.data.get('url', '')}"
    key = f"{rule.id}:removed:{item}:{seen.data.get('missing_since', '')}"
    return raised(key, rule.severity, f"item:{item}", title, removal_body(seen, names))


ARTICLES = {
    "coverage": Condition(("item.tagged",), _coverage),
    "edited": Condition(("item.revised", "item.tagged"), _edited),
    "removed": Condition(("item.removed",), _removed, of_old_texts=True),
}
"""An edit is read twice: when it is seen (the text before had the topic) and when it is tagged
(the new text has it); the alert's key makes one of the two."""

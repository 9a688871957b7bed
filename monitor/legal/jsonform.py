"""Texts and comparisons as JSON values, in the form that the commands print."""

from typing import Any

from monitor.legal.model import Change, Comparison, LegalText, Link, Provision, Quantity


def parsed_as_json(text: LegalText) -> dict[str, Any]:
    """Give a parsed text as `parse --json` prints it."""
    return {
        "title": text.title,
        "number": text.number,
        "type": text.type,
        "issuer": text.issuer,
        "date": text.date,
        "language": text.language,
        "warnings": list(text.warnings),
        "provisions": [_provision(provision) for provision in text.provisions],
    }


def _provision(provision: Provision) -> dict[str, Any]:
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "num": provision.num,
        "heading": provision.heading,
        "text": provision.text,
        "start": provision.start,
        "end": provision.end,
        "children": [_provision(child) for child in provision.children],
    }


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as `compare --json` prints it.

    `moved` and `renumbered` stand in a link or change only where they are true.
    """
    return {
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "links": [_link(link) for link in comparison.links],
        "changes": [_change(change) for change in comparison.changes],
        "warnings": list(comparison.warnings),
    }


def _side(text: LegalText) -> dict[str, Any]:
    return {
        "title": text.title,
        "number": text.number,
        "date": text.date,
        "provisions": sum(_count(provision) for provision in text.provisions),
    }


def _count(provision: Provision) -> int:
    return 1 + sum(_count(child) for child in provision.children)


def _flags(one: Link | Change) -> dict[str, bool]:
    flags = {"moved": one.moved, "renumbered": one.renumbered}
    return {name: True for name, is_set in flags.items() if is_set}


def _link(link: Link) -> dict[str, Any]:
    return {
        "old": list(link.old),
        "new": list(link.new),
        "kind": link.kind,
        "confidence": link.confidence,
        "score": link.score,
        **_flags(link),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "old": list(change.old),
        "new": list(change.new),
        "severity": change.severity,
        "confidence": change.confidence,
        "summary": change.summary,
        "values": [
            {
                "type": value.type,
                "change": value.change,
                "old": _quantity(value.old),
                "new": _quantity(value.new),
            }
            for value in change.values
        ],
        "old_text": change.old_text,
        "new_text": change.new_text,
        "inline": [list(piece) for piece in change.inline],
        **_flags(change),
    }


def _quantity(quantity: Quantity | None) -> dict[str, Any] | None:
    if quantity is None:
        return None
    return {
        "text": quantity.text,
        "comparator": quantity.comparator,
        "value": quantity.value,
        "unit": quantity.unit,
        "per": quantity.per,
        "anchor": quantity.anchor,
    }

"""What a document says of the state of instruments: its own, and those that it changes."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from monitor.fates import fates
from monitor.identities import Identities, Identity
from monitor.instruments import canonical

if TYPE_CHECKING:
    from monitor.legal.model import LegalText

Status = Literal[
    "draft", "issued", "in-force", "amended", "partly-repealed", "postponed", "suspended",
    "repealed", "replaced", "expired",
]  # fmt: skip
Basis = Literal["text", "relation", "field", "clock"]

_FIELD: tuple[tuple[str, Status | None], ...] = (
    ("sắp ", None),
    ("hết hiệu lực một phần", "partly-repealed"),
    ("hết hiệu lực 1 phần", "partly-repealed"),
    ("partially", "partly-repealed"),
    ("chưa có hiệu lực", "issued"),
    ("chưa hiệu lực", "issued"),
    ("not yet", "issued"),
    ("ngưng hiệu lực", "suspended"),
    ("ngừng hiệu lực", "suspended"),
    ("đình chỉ", "suspended"),
    ("suspended", "suspended"),
    ("bị thay thế", "replaced"),
    ("bị bãi bỏ", "repealed"),
    ("hết hiệu lực", "expired"),
    ("không còn hiệu lực", "expired"),
    ("no longer in force", "expired"),
    ("expired", "expired"),
    ("repealed", "repealed"),
    ("còn hiệu lực", "in-force"),
    ("có hiệu lực", "in-force"),
    ("in force", "in-force"),
)
"""What portals write in the field on effect; the first that is found counts."""
_RELATIONS: dict[str, Status] = {
    "replaces": "replaced",
    "repeals": "repealed",
    "repeals_partly": "partly-repealed",
    "amends": "amended",
    "suspends": "suspended",
}
_INVERSE: dict[str, Status] = {
    "replaced_by": "replaced",
    "repealed_by": "repealed",
    "repealed_partly_by": "partly-repealed",
    "amended_by": "amended",
    "suspended_by": "suspended",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """That an instrument has a status since a day, by whom, and the words that say so.

    `since` is None where nothing says the day; it may lie in the future. `by` is another
    instrument, "" where the document speaks of itself. `until` is the day to which the effect
    is put off.
    """

    instrument: str
    status: Status
    since: date | None
    by: str
    basis: Basis
    reason: str
    until: date | None = None


def status_in_field(said: str) -> Status | None:
    """Read a portal's words on effect; None for what is hidden, unknown, or still to come."""
    text = unicodedata.normalize("NFC", " ".join(said.split())).casefold()
    return next((status for words, status in _FIELD if words in text), None)


def statements(
    law: "LegalText",
    title: str,
    fields: Mapping[str, Any],
    own: Identity,
    identities: Identities,
    *,
    effective: date | None,
    today: date,
) -> list[Statement]:
    """What a document says of itself and, when it is enacted, of others.

    Args:
        law: the parsed text; it may be empty.
        fields: what the portal says: status, issued_on, relations.
        own: what the document is a text of.
        effective: the day on which the whole takes effect, where it is known.
        today: the day on which the document was read.
    """
    if own.draft:
        said = str(fields.get("status") or "a draft")
        return [Statement(own.instrument, "draft", None, "", "field", said)]
    found = _of_others(law, title, fields, own, identities, effective)
    return [*_of_itself(fields, own, identities, effective, today), *found]


def _of_itself(
    fields: Mapping[str, Any],
    own: Identity,
    identities: Identities,
    effective: date | None,
    today: date,
) -> list[Statement]:
    """Its stage of life by the calendar and the portal's field, and what others made of it.

    A field on effect that the law's own day of effect belies is not believed.
    """
    said = str(fields.get("status") or "")
    stated = status_in_field(said)
    found = []
    if stated == "partly-repealed":
        found.append(Statement(own.instrument, stated, None, "", "field", said))
        stated = "in-force"
    if effective is not None and stated in (None, "issued", "in-force"):
        begun = effective <= today
        basis: Basis = "field" if stated == ("in-force" if begun else "issued") else "text"
        status: Status = "in-force" if begun else "issued"
        reason = f"takes effect on {effective.isoformat()}" + (f"; {said}" if said else "")
        since = effective if begun else _issued(fields)
        found.insert(0, Statement(own.instrument, status, since, "", basis, reason))
    elif stated is not None:
        found.insert(0, Statement(own.instrument, stated, None, "", "field", said))
    else:
        reason = "published; nothing says when it takes effect"
        found.insert(0, Statement(own.instrument, "issued", _issued(fields), "", "text", reason))
    for status, number, name in _related(fields, _INVERSE):
        by = identities.of_number(number)
        if by != own.instrument:
            found.append(Statement(own.instrument, status, None, by, "relation", name))
    return found


def _of_others(
    law: "LegalText",
    title: str,
    fields: Mapping[str, Any],
    own: Identity,
    identities: Identities,
    effective: date | None,
) -> list[Statement]:
    """What the text and the portal's relations make of others; the nearer word is kept.

    A portal that says "replaced" of what the text calls "repealed" only says it closer.
    """
    related = {number: (status, name) for status, number, name in _related(fields, _RELATIONS)}
    replaced = {number for number, (status, _) in related.items() if status == "replaced"}
    found = {}
    for fate in fates(law, own.number, title):
        status: Status = "amended" if fate.partly else fate.change
        if status == "repealed" and fate.number in replaced:
            status = "replaced"
        since = None if status == "postponed" else effective
        found[fate.number, status] = Statement(
            identities.of_number(fate.number), status, since, own.instrument, "text",
            fate.text, fate.until,
        )  # fmt: skip
    for number, (status, name) in related.items():
        if number != own.number:
            found.setdefault(
                (number, status),
                Statement(
                    identities.of_number(number),
                    status,
                    effective,
                    own.instrument,
                    "relation",
                    name,
                ),
            )
    return [one for one in found.values() if one.instrument != own.instrument]


def _related(
    fields: Mapping[str, Any], kinds: Mapping[str, Status]
) -> Sequence[tuple[Status, str, str]]:
    return [
        (kinds[kind], number, str(target))
        for kind, target in fields.get("relations") or ()
        if kind in kinds and (number := canonical(str(target)))
    ]


def _issued(fields: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(fields.get("issued_on") or ""))
    except ValueError:
        return None

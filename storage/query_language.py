"""The query language: words, "phrases", -not, OR, and fields such as source: and decree:."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from storage.search_request import QueryUnclear

LONGEST_QUERY = 2_000
MOST_TERMS = 64

_PART = re.compile(
    r"""
    \s* (?P<minus>-?)
    (?: (?P<field>[^\W\d_]+) : (?! [/\s] | $ ) )?
    (?: "(?P<quoted>[^"]*)" | (?P<bare>[^\s"]+) )
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+")

FIELDS: Mapping[str, str] = {
    "topic": "topic",
    "source": "source",
    "side": "side",
    "kind": "kind",
    "language": "language",
    "lang": "language",
    "decree": "decree",
    "instrument": "decree",
    "since": "since",
    "until": "until",
    "is": "is",
    "title": "title",
}
"""What may stand before a colon, and the field it means."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "side": ("state", "independent", "international", "official"),
    "kind": ("article", "document"),
    "is": ("edited", "removed"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for.

    Attributes:
        text: the words as typed, or a field's value.
        at: where it begins in the query.
        field: "" for words of the text, else one of the values of `FIELDS`.
        quoted: whether it was written as a phrase.
    """

    text: str
    at: int
    field: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text must be: of each of `wanted` one alternative, and none of `unwanted`."""

    wanted: tuple[tuple[Term, ...], ...]
    unwanted: tuple[Term, ...]

    @property
    def words(self) -> str:
        """What is asked in words, without fields and what is not wanted: for the meaning."""
        texts = (term.text for group in self.wanted for term in group if not term.field)
        return " ".join(texts)


def parse(text: str) -> Parsed:
    """Read a query. All words are wanted, `"words side by side"`, `-word` and `-field:value` not;
    `OR` joins its two neighbours alone: `ferry bridge OR tunnel` wants a ferry, and a bridge or a
    tunnel.

    Raises QueryUnclear, which says what is wrong and where.
    """
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONGEST_QUERY:
        raise QueryUnclear(
            f"the query is {len(text)} characters long; at most {LONGEST_QUERY} are read",
            LONGEST_QUERY,
        )
    if text.count('"') % 2:
        at = text.rindex('"')
        raise QueryUnclear(f'the " at character {at + 1} opens a phrase that no " closes', at)
    wanted: list[list[Term]] = []
    unwanted: list[Term] = []
    joined: int | None = None
    for found in _PART.finditer(text):
        at = found.end() - len(found[0].lstrip())
        if found[0].strip() == "OR":
            if joined is not None or not wanted:
                raise QueryUnclear(f"OR at character {at + 1} needs a word before and after it", at)
            joined = at
            continue
        term = _term(found, at)
        if term is None:
            continue
        if found["minus"]:
            if joined is not None:
                raise QueryUnclear(
                    f"OR at character {joined + 1} joins what is wanted; -{term.text} is not", at
                )
            unwanted.append(term)
        elif joined is not None:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        joined = None
    if joined is not None:
        raise QueryUnclear(f"OR at character {joined + 1} needs a word before and after it", joined)
    if len(unwanted) + sum(map(len, wanted)) > MOST_TERMS:
        raise QueryUnclear(f"the query has more than {MOST_TERMS} words", 0)
    return Parsed(tuple(map(tuple, wanted)), tuple(unwanted))


def _term(found: re.Match[str], at: int) -> Term | None:
    quoted = found["quoted"]
    value = (quoted if quoted is not None else found["bare"]).strip()
    if not found["field"]:
        return Term(value, at, quoted=quoted is not None) if _WORD.search(value) else None
    name = found["field"].casefold()
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, 1)
        hint = f"did you mean {near[0]}:?" if near else f"there are {_listed(FIELDS)}."
        raise QueryUnclear(
            f"there is no field {name}: (character {at + 1}); {hint} To look for the words, put "
            f'them in quotes: "{found["field"]}:{value}"',
            at,
        )
    field = FIELDS[name]
    if not value:
        raise QueryUnclear(f"{name}: at character {at + 1} has no value", at)
    if field in CHOICES:
        value = value.casefold()
        if value not in CHOICES[field]:
            raise QueryUnclear(
                f"{name}: at character {at + 1} takes {' or '.join(CHOICES[field])}, not {value!r}",
                at,
            )
    if field in ("since", "until"):
        _day(name, value, at)
        if found["minus"]:
            raise QueryUnclear(f"-{name}: at character {at + 1} says nothing; leave the - out", at)
    return Term(value, at, field, quoted is not None)


def _day(name: str, value: str, at: int) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QueryUnclear(
            f"{name}: at character {at + 1} takes a day such as 2026-03-01, not {value!r}", at
        ) from error


def check(parsed: Parsed, known: Mapping[str, Callable[[str], bool]]) -> None:
    """Refuse values that cannot be: `known` says of a field whether a value is one.

    Raises QueryUnclear.
    """
    for term in (*(one for group in parsed.wanted for one in group), *parsed.unwanted):
        if term.field in known and not known[term.field](term.text):
            raise QueryUnclear(
                f"there is no {term.field} {term.text!r} (character {term.at + 1})", term.at
            )


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(f"{name}:" for name in sorted(set(names.values())))

"""Who issued a document, over time: a ministry and those that took it over are one issuer.

Ministries were merged on 1 March 2025 (Resolution 176/2025/QH15); portals still show both names.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Successor:
    """Who took over what of an issuer that ended."""

    id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues documents: its names, its code in their numbers, its days.

    `until` is the day its successors began; the first of them took over most of it.
    """

    id: str
    names: tuple[str, ...]
    code: str = ""
    since: date | None = None
    until: date | None = None
    successors: tuple[Successor, ...] = ()


def issuer_named(name: str, number: str = "") -> Issuer | None:
    """Give the issuer that a portal names, else the one that a document's number names.

    Of several bodies in one name the first is given; None where none is known.
    """
    for part in re.split(r"[;/\n]|\s-\s(?=Bộ )", name):
        if found := _by_name().get(_key(part)):
            return found
    code = unicodedata.normalize("NFC", number).rpartition("-")[2].upper()
    return next((one for one in issuers() if code and one.code.upper() == code), None)


def today_of(issuer: Issuer, on: date) -> Issuer:
    """Give the body that stands for an issuer on a day: itself, else its main successor."""
    while issuer.until is not None and issuer.until <= on and issuer.successors:
        issuer = _by_id()[issuer.successors[0].id]
    return issuer


def one_over_time(issuer: Issuer) -> str:
    """Give the id under which an issuer and all that it went into are one: the last of them."""
    return today_of(issuer, date.max).id


@cache
def issuers() -> tuple[Issuer, ...]:
    """Give every known issuer."""
    text = files("spiders").joinpath("issuers.toml").read_text(encoding="utf-8")
    return tuple(
        Issuer(
            id=entry["id"],
            names=tuple(entry["names"]),
            code=entry.get("code", ""),
            since=entry.get("since"),
            until=entry.get("until"),
            successors=tuple(Successor(**one) for one in entry.get("successors", ())),
        )
        for entry in tomllib.loads(text)["issuers"]
    )


@cache
def _by_id() -> dict[str, Issuer]:
    return {one.id: one for one in issuers()}


@cache
def _by_name() -> dict[str, Issuer]:
    return {_key(name): one for one in issuers() for name in one.names}


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", name)).strip().lower()

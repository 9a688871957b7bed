"""Vietnamese legal instruments: canonical numbers, types, and a small gazetteer of known ones.

An instrument is identified by its full number, such as `147/2024/NĐ-CP`: the running number starts
again every year and every issuer has its own, so neither the number nor the year may be left out.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

YEAR = r"(?:19[4-9]\d|20\d\d)"
# ASCII spellings of the abbreviations that press and addresses use, with their proper form.
ASCII_FORMS = {"ND": "NĐ", "QD": "QĐ", "HDND": "HĐND", "TTG": "TTg"}
HEAD_TYPES = {
    "NĐ": "decree",
    "TT": "circular",
    "TTLT": "circular",
    "QĐ": "decision",
    "NQ": "resolution",
    "CT": "directive",
    "PL": "ordinance",
    "UBTVQH": "ordinance",
    "QH": "law",
}
SUFFIX = (
    r"(?:N[ĐD]|TTLT|TT|Q[ĐD]|NQ|CT|PL|VBHN)(?:\s?-\s?[A-ZĐ][A-Za-zĐđ]{1,11}\d{0,2}){1,4}"
    r"|QH\d{1,2}|(?:NQ\s?-\s?|PL\s?-\s?)?UBTVQH\d{1,2}"
)
# The number of a draft is still blank: what stands in "Số: …/2031/NĐ-CP" is a year alone.
_NO_BLANK = rf"(?<!\d)(?:(?<!/)(?<!/\s)|(?!{YEAR}\s?/\s?(?!{YEAR})))"
NUMBER = re.compile(
    rf"{_NO_BLANK}(?P<number>\d{{1,5}}(?:\.\d{{1,3}})?)\s?/\s?(?:(?P<year>{YEAR})\s?/\s?)?"
    rf"(?P<suffix>{SUFFIX})(?![A-Za-zĐđ0-9])",
    re.IGNORECASE,
)

ISSUERS = {
    "công an": "BCA",
    "public security": "BCA",
    "thông tin và truyền thông": "BTTTT",
    "thông tin - truyền thông": "BTTTT",
    "information and communications": "BTTTT",
    "khoa học và công nghệ": "BKHCN",
    "science and technology": "BKHCN",
    "tài chính": "BTC",
    "finance": "BTC",
    "y tế": "BYT",
    "health": "BYT",
    "giáo dục và đào tạo": "BGDĐT",
    "education and training": "BGDĐT",
    "công thương": "BCT",
    "industry and trade": "BCT",
    "quốc phòng": "BQP",
    "national defence": "BQP",
    "nội vụ": "BNV",
    "home affairs": "BNV",
    "tư pháp": "BTP",
    "justice": "BTP",
    "văn hóa, thể thao và du lịch": "BVHTTDL",
    "culture, sports and tourism": "BVHTTDL",
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One known instrument.

    Attributes:
        number: the canonical number, or "" for a law whose number is not recorded.
        type: decree, law, circular, ….
        names: the titles under which the press names it, Vietnamese and English.
        subjects: lower-case words that texts about it use.
        adopted, effective: the days of its signing and of its taking effect.
        ended: the day its successor took over, or None while it stands.
    """

    number: str
    type: str
    names: tuple[str, ...]
    subjects: tuple[str, ...]
    adopted: date
    effective: date
    ended: date | None

    @property
    def running(self) -> int:
        """The running number: 147 of 147/2024/NĐ-CP; 0 where no number is recorded."""
        return int(self.number.partition("/")[0] or 0)


def canonical(number_text: str) -> str | None:
    """Return the canonical form of a number as texts write it, or None if it holds none.

    Stray blanks, lower case, ASCII spelling and a missing leading zero do not matter:
    `8/2026/nd- cp` gives `08/2026/NĐ-CP`.
    """
    found = NUMBER.search(number_text)
    return assemble(found["number"], found["year"], found["suffix"]) if found else None


def assemble(number: str, year: str | None, suffix: str) -> str:
    """Join a running number, a year (None for numbers without one) and an issuer's suffix."""
    parts = [number.zfill(2), year, canonical_suffix(suffix)]
    return "/".join(part for part in parts if part)


def canonical_suffix(suffix: str) -> str:
    """Return a suffix without blanks, in its proper letters: `nd- cp` gives `NĐ-CP`."""
    parts = re.sub(r"\s", "", suffix).upper().split("-")
    return "-".join(ASCII_FORMS.get(part, part) for part in parts)


def type_of(number: str) -> str | None:
    """Return an instrument's type by the suffix of its canonical number, or None."""
    suffix = number.rpartition("/")[2]
    head = re.match(r"[A-ZĐ]+", suffix)
    return HEAD_TYPES.get(head[0]) if head else None


@lru_cache(maxsize=1)
def gazetteer() -> tuple[Instrument, ...]:
    """Return the known instruments, oldest first."""
    text = files("monitor").joinpath("instruments.toml").read_text(encoding="utf-8")
    entries = [
        Instrument(
            number=entry["number"],
            type=entry.get("type") or type_of(entry["number"]) or "",
            names=tuple(entry.get("names", ())),
            subjects=tuple(entry.get("subjects", ())),
            adopted=entry["adopted"],
            effective=entry["effective"],
            ended=entry.get("ended"),
        )
        for entry in tomllib.loads(text)["instrument"]
    ]
    return tuple(sorted(entries, key=lambda instrument: instrument.adopted))


@lru_cache(maxsize=1)
def by_name() -> dict[str, tuple[Instrument, ...]]:
    """Return the known instruments under each of their names, in lower case, oldest first."""
    found: dict[str, tuple[Instrument, ...]] = {}
    for instrument in gazetteer():
        for name in instrument.names:
            found[name.lower()] = (*found.get(name.lower(), ()), instrument)
    return found


def is_well_known(number: str) -> bool:
    """Tell whether a canonical number is that of an instrument of the gazetteer."""
    return any(instrument.number == number for instrument in gazetteer())


def by_number(type_: str, running: int) -> tuple[Instrument, ...]:
    """Return the known instruments of a type with a running number, whatever their year."""
    return tuple(
        instrument
        for instrument in gazetteer()
        if instrument.type == type_ and instrument.running == running
    )


def in_force(candidates: Sequence[Instrument], day: date) -> Instrument | None:
    """Return the one of a name's instruments that a text of that day means, or None if unsure.

    Before a successor is adopted its predecessor is meant, once it is in effect the successor;
    between the two days either may be.
    """
    alive = [
        instrument
        for instrument in candidates
        if instrument.adopted <= day and (instrument.ended is None or day < instrument.ended)
    ]
    return alive[0] if len(alive) == 1 else None

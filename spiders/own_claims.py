"""What a legal document says of itself at its head: its number, and the day it was issued."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from spiders.dates import parse_date
from spiders.items import PortalDocument

HEAD_LINES = 40
HEAD_LENGTH = 4_000
LONGEST_DATELINE = 90
_NUMBER = re.compile(
    r"(?:(?:luật|nghị quyết|pháp lệnh)\s+)?số\s*:\s*"
    r"(\d{1,5}[a-z]?(?:/\d{4})?/[a-zđ\d][\w\-]*)",
    re.I,
)
_DATELINE = re.compile(
    r"(?:\W*[^\W\d][^,|]{1,40},\s*)?ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}\W*", re.I
)


@dataclass(frozen=True, slots=True)
class OwnClaims:
    """What a document's own text names; "" and None where it names none."""

    number: str = ""
    issued_on: date | None = None


def own_claims(text: str) -> OwnClaims:
    """Read the number (`Số: 12/2031/NĐ-CP`) and the dateline from the head of a legal text.

    A draft's blank number (`Số: /2031/NĐ-CP`) and a date without its day are none. The head
    ends with the first article: what stands below names other documents.
    """
    number, issued_on = "", None
    for line in text[:HEAD_LENGTH].split("\n")[:HEAD_LINES]:
        if re.match(r"(?:điều|article)\s+1(?!\d)", line, re.I):
            break
        for part in (one.strip() for one in line.split(" | ")):
            match = _NUMBER.match(part)
            if match and not number:
                number = match[1]
                part = part[match.end() :]
            part = part.strip(" ,;")
            if issued_on is None and len(part) <= LONGEST_DATELINE and _DATELINE.fullmatch(part):
                issued_on = parse_date(part)
    return OwnClaims(number, issued_on)


def disagreements(
    document: PortalDocument, own: OwnClaims, *, guessed: bool = False
) -> tuple[str, ...]:
    """Give a note for each of number and date that the page and the document name differently.

    It says so where the document's letters are `guessed`, read from pictures.
    """
    notes = []
    how = " (read from pictures)" if guessed else ""
    if own.number and document.number and _bare(own.number) != _bare(document.number):
        notes.append(f"number-disagrees:page {document.number}, document {own.number}{how}")
    if own.issued_on and document.issued_on and own.issued_on != document.issued_on:
        days = f"page {document.issued_on}, document {own.issued_on}{how}"
        notes.append(f"issued-on-disagrees:{days}")
    return tuple(notes)


def _bare(number: str) -> str:
    """Give a number as it is compared: letters alike, without spaces and leading zeros."""
    plain = "".join(unicodedata.normalize("NFC", number).upper().split()).lstrip("0")
    return plain.replace("–", "-").replace("Ð", "Đ").replace("ND-CP", "NĐ-CP")

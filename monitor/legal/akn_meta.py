"""What an Akoma Ntoso document says of itself, and the small steps of reading its elements."""

import re
from typing import TYPE_CHECKING

from .akn_names import GENERATOR, NAMESPACE, UNKNOWN_DATE
from .metadata import type_word
from .patterns import Language

if TYPE_CHECKING:
    from lxml.etree import _Element

IGNORED = {"authorialNote", "noteRef", "remark"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")


def tag(name: str) -> str:
    """Give an element's name with the standard's namespace."""
    return f"{{{NAMESPACE}}}{name}"


def name_of(element: "_Element") -> str:
    """Give an element's bare name, "" for what is no element."""
    full = element.tag
    return full.rsplit("}", 1)[-1] if isinstance(full, str) else ""


def text_of(element: "_Element") -> str:
    """Give the text of an element without its notes, as one line."""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: "_Element", parts: list[str]) -> None:
    if name_of(element) and name_of(element) not in IGNORED:
        parts.append(element.text or "")
        for child in element:
            _collect(child, parts)
            parts.append(child.tail or "")


def first_text(element: "_Element | None", name: str) -> str:
    """Give the text of the first element of a name inside an element, "" where there is none."""
    found = next(element.iter(tag(name)), None) if element is not None else None
    return text_of(found) if found is not None else ""


class AknMetadata:
    """The identification block and the preface of one document."""

    def __init__(self, document: "_Element") -> None:
        self._document = document
        self._preface = document.find(tag("preface"))

    def own(self) -> bool:
        """Tell whether the document was written by this library."""
        authors = self._document.iter(tag("FRBRauthor"))
        return any(author.get("href") == GENERATOR for author in authors)

    def language(self) -> Language:
        """Give the language that the expression is in."""
        return "vi" if self._value("FRBRlanguage", "language").lower()[:2] == "vi" else "en"

    def title(self) -> str:
        """Give the title in the preface."""
        return first_text(self._preface, "docTitle")

    def number(self, read: str) -> str:
        """Give the number, as the text gives it where that holds the bare one given here."""
        given = self._value("FRBRnumber", "value")
        return read if given and given in read else given or read

    def type(self) -> str:
        """Give our word for the type of the act."""
        name = (self._document.get("name") or "").lower()
        if name == "reg":
            return "regulation"
        if name not in ("act", "bill", "doc"):
            return name
        return type_word(first_text(self._preface, "docType"), "en")

    def date(self) -> str:
        """Give the work's date as an ISO date."""
        date = self._value("FRBRdate", "date")
        return date if date != UNKNOWN_DATE and _DATE.match(date) else ""

    def in_force(self) -> str:
        """Give the date of entry into force, which only documents of ours say."""
        return self._value("eventRef", "date") if self.own() else ""

    def issuer(self) -> str:
        """Give the organisation that issued the act."""
        for organisation in self._document.iter(tag("TLCOrganization")):
            shown = organisation.get("showAs") or ""
            if shown not in ("", "unknown", "Decree Watch"):
                return shown
        return ""

    def _value(self, name: str, attribute: str) -> str:
        found = next(self._document.iter(tag(name)), None)
        return (found.get(attribute) or "") if found is not None else ""

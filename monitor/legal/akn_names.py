"""The names that Akoma Ntoso and our provisions have for the same things."""

from .model import Kind, Provision

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
GENERATOR = "#decreewatch"
UNKNOWN_DATE = "0001-01-01"

ELEMENTS: dict[Kind, str] = {
    "part": "part", "chapter": "chapter", "section": "section", "subsection": "subsection",
    "article": "article", "paragraph": "paragraph", "point": "point", "subpoint": "subparagraph",
    "intro": "hcontainer", "tail": "hcontainer",
}  # fmt: skip
KINDS: dict[str, Kind] = {
    "part": "part", "title": "part", "book": "part", "tome": "part", "chapter": "chapter",
    "section": "section", "subsection": "subsection", "article": "article", "rule": "article",
    "paragraph": "paragraph", "clause": "paragraph", "point": "point", "subparagraph": "subpoint",
    "indent": "subpoint", "subclause": "subpoint", "alinea": "subpoint", "level": "subpoint",
}  # fmt: skip
DASHES = "-–—•*+"
_WORDS = {
    "vi": {"part": "Phần", "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục",
           "article": "Điều"},
    "en": {"part": "PART", "chapter": "CHAPTER", "section": "SECTION",
           "subsection": "SUBSECTION", "article": "Article"},
}  # fmt: skip


def element_of(provision: Provision) -> str:
    """Give the element that holds a provision; dashes are indents."""
    if provision.kind == "subpoint" and provision.num[:1] in DASHES:
        return "indent"
    return ELEMENTS[provision.kind]


def label(kind: Kind, num: str, language: str) -> str:
    """Give a number with the word and the stop that a reader of the text would see."""
    words = _WORDS["vi" if language == "vi" else "en"]
    if kind in words and num:
        ordinal = "thứ " if kind == "part" and language == "vi" and num[:1].islower() else ""
        return f"{words[kind]} {ordinal}{num}".strip()
    if not num or num[:1] in DASHES:
        return num
    if kind == "paragraph":
        return f"{num}."
    if kind in ("point", "subpoint"):
        return f"({num})" if language == "en" else f"{num})"
    return num


def number(kind: Kind, written: str) -> str:
    """Give the number in a label: "Article 12a." → "12a", "(b)" → "b"."""
    bare = written.strip()
    if kind in _WORDS["vi"]:
        words = bare.rstrip(" .:-–").split()
        if len(words) > 1 and not any(char.isdigit() for char in words[0]):
            words = words[1:]
        if len(words) > 1 and words[0].lower() == "thứ":
            words = words[1:]
        return " ".join(words)
    if bare[:1] in DASHES:
        return bare
    return bare.strip("().:/ ")

"""The typefaces of a Word document, as far as they say how its letters are stored."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from spiders.legacy_letters import Letters, in_unicode, is_capitals, letters_of_font
from spiders.word_numbering import W

DEEPEST_STYLE = 20


@dataclass(frozen=True, slots=True)
class Fonts:
    """The typeface of each style, "" where it names none, and that of what has no style."""

    of_style: dict[str, str] = field(default_factory=dict)
    default: str = ""

    def of_paragraph(self, paragraph: Any) -> str:
        """Give the typeface of a paragraph's runs that name none of their own."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = str(style.get(f"{W}val")) if style is not None else ""
        return self.of_style.get(named) or self.default

    def of_run(self, run: Any, paragraph: str) -> str:
        """Give the typeface of a run in a paragraph whose typeface is `paragraph`."""
        style = run.find(f"{W}rPr/{W}rStyle")
        named = str(style.get(f"{W}val")) if style is not None else ""
        return _named(run.find(f"{W}rPr/{W}rFonts")) or self.of_style.get(named) or paragraph


def read_fonts(styles: Any) -> Fonts:
    """Read the typefaces of a document's styles (its `w:styles` element)."""
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    default = _named(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts"))
    for style in styles.iter(f"{W}style"):
        name = str(style.get(f"{W}styleId") or "")
        own[name] = _named(style.find(f"{W}rPr/{W}rFonts"))
        based = style.find(f"{W}basedOn")
        parents[name] = str(based.get(f"{W}val") or "") if based is not None else ""
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") == "1":
            default = own[name] or default
    return Fonts({name: _inherited(name, own, parents) for name in own}, default)


def joined_in_unicode(pieces: list[tuple[str, str]]) -> tuple[str, set[Letters]]:
    """Join pieces of text, each with its typeface, in Unicode; give which letters were not.

    Neighbours are joined first: a letter and its marks may be two pieces.
    """
    text, found = "", set[Letters]()
    for (letters, capitals), group in groupby(
        pieces, key=lambda piece: (letters_of_font(piece[0]), is_capitals(piece[0]))
    ):
        said = "".join(piece for _, piece in group)
        if letters is not None:
            read = in_unicode(said, letters)
            if read != said:
                found.add(letters)
            said = read.upper() if capitals else read
        text += said
    return text, found


def _named(fonts: Any | None) -> str:
    if fonts is None:
        return ""
    return str(fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "")


def _inherited(name: str, own: dict[str, str], parents: dict[str, str]) -> str:
    steps = 0
    while name and not own.get(name) and steps < DEEPEST_STYLE:
        name, steps = parents.get(name, ""), steps + 1
    return own.get(name, "")

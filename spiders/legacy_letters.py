"""Vietnamese letters of typefaces from before Unicode → Unicode.

Until about 2005 documents were set in typefaces that show Vietnamese letters in the places of
others: `.VnTime` and its kin as TCVN 5712:1993 (VN3, called ABC or TCVN3), `VNI-Times` and its
kin as pairs of a letter and its marks. Read as they are stored they say `NghÞ ®Þnh`, `Nghò ñònh`.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Letters = Literal["TCVN3", "VNI"]

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_MARKS = {
    "aeouyôö": dict(zip("øûõùï", (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True)),
    "aeo": {
        mark: "\u0302" + tone
        for mark, tone in zip("âàåãáä", ("", _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True)
    },
    "a": {
        mark: "\u0306" + tone
        for mark, tone in zip("êèúüéë", ("", _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True)
    },
}
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI = _ALONE | {
    letter + mark: unicodedata.normalize("NFC", _ALONE.get(letter, letter) + said)
    for letters, marks in _MARKS.items()
    for letter in letters
    for mark, said in marks.items()
}
_VNI |= {said.upper(): letter.upper() for said, letter in _VNI.items()}
_VNI |= {said.capitalize(): letter.upper() for said, letter in _VNI.items() if len(said) == 2}
_VNI_LETTERS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_UNICODE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_WORDS: dict[Letters, frozenset[str]] = {
    "TCVN3": frozenset((
        "vµ", "cña", "c¸c", "®Þnh", "nghÞ", "®iÒu", "kho¶n", "kh«ng", "ph¶i", "ph¸p", "luËt",
    )),
    "VNI": frozenset((
        "vaø", "cuûa", "caùc", "ñònh", "nghò", "ñieàu", "khoaûn", "khoâng", "phaûi", "phaùp",
        "luaät",
    )),
}  # fmt: skip
_FEWEST_WORDS = 4
_PRIVATE = 0xF000
"""Word keeps the letters of a typeface of symbols this far above their places."""


def letters_of_font(name: str) -> Letters | None:
    """Give how a typeface stores Vietnamese letters; None where it does so as Unicode has them."""
    plain = name.rpartition("+")[2].lower()
    return "TCVN3" if plain.startswith(".vn") else "VNI" if plain.startswith("vni-") else None


def is_capitals(name: str) -> bool:
    """Whether a typeface shows the small letters of TCVN3 as capitals (`.VnTimeH`)."""
    return name.lower().startswith(".vn") and name.endswith("H")


def in_unicode(text: str, letters: Letters) -> str:
    """Give a text with its letters as Unicode has them; one that has some already is left."""
    text = "".join(
        chr(ord(one) - _PRIVATE) if _PRIVATE < ord(one) <= _PRIVATE + 0xFF else one for one in text
    )
    if _UNICODE.search(text):
        return text
    if letters == "TCVN3":
        return "".join(_TCVN3.get(one, one) for one in text)
    return _VNI_LETTERS.sub(lambda match: _VNI[match.group()], text)


def is_whole(lines: Iterable[str], letters: Letters) -> bool:
    """Whether no letter was lost on the way: that which TCVN3 keeps in the place of a soft hyphen
    often is, and every text of some length has it."""
    return letters != "TCVN3" or any("\u00ad" in line for line in lines)


def recognised(lines: Iterable[str]) -> Letters | None:
    """Give how the letters of a whole text are stored, by its commonest words; None where they
    are those of Unicode, or not known."""
    text = "\n".join(lines)
    if _UNICODE.search(text):
        return None
    words = {
        one[:1].lower() + one[1:] if one[:1].isascii() else one
        for one in re.findall(r"[^\s\d.,;:()“”\"/]+", text)
    }
    found: list[Letters] = [
        letters for letters, known in _WORDS.items() if len(words & known) >= _FEWEST_WORDS
    ]
    return found[0] if len(found) == 1 else None

"""How texts become terms: the fields of the words index, and the folding that both it and every
query go through."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tantivy

FORMAT = 1
"""Raised whenever the fields or the folding change: an index of another format is built anew."""
LONGEST_WORD = 80
PAIRED_CHARACTERS = 2_000
"""How far into a text neighbouring words are kept as pairs: what ranks, not what finds."""

RAW_FIELDS = ("source", "kind", "language", "topics", "instruments")
"""Fields of whole values, which facets count."""
KEY_FIELDS = ("numbers", "cites", "text_of")
"""Fields of folded numbers: those in the text, of instruments it names, and of what it is."""

_WORDS = r"[\p{L}\p{M}\p{N}]+"
_NUMBER = re.compile(r"(?<![\w/.,-])\d+(?:-\w+)*(?:/\w+(?:-\w+)*)+")
_TONE = "[\u0300\u0301\u0303\u0309\u0323]"
_OLD_TONE = re.compile(
    rf"(o(?={_TONE}[ae])|u(?={_TONE}y))({_TONE})([aey])(?![\w\u0300-\u036f])", re.IGNORECASE
)
_MARKS = re.compile(r"[\u0300-\u036f]")


def schema() -> "tantivy.Schema":
    """The fields of the words index; nothing of a text is stored in it."""
    import tantivy

    made = tantivy.SchemaBuilder()
    for name in ("title", "all"):
        made.add_text_field(name, tokenizer_name="folded", index_option="position")
    made.add_text_field("exact", tokenizer_name="exact", index_option="position")
    made.add_text_field("pairs", tokenizer_name="spaced", index_option="freq")
    for name in KEY_FIELDS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in RAW_FIELDS:
        made.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in ("item", "revision", "story", "edited", "removed"):
        made.add_integer_field(name, indexed=True, fast=True)
    for name in ("seen", "published"):
        made.add_date_field(name, indexed=True, fast=True)
    return made.build()


@cache
def analyzers() -> "dict[str, tantivy.TextAnalyzer]":
    """The ways of cutting a text into terms, by name."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    def words() -> TextAnalyzerBuilder:
        built = TextAnalyzerBuilder(Tokenizer.regex(_WORDS))
        return built.filter(Filter.remove_long(LONGEST_WORD)).filter(Filter.lowercase())

    return {
        "folded": words().filter(Filter.ascii_fold()).build(),
        "exact": words().build(),
        "spaced": TextAnalyzerBuilder(Tokenizer.whitespace()).build(),
    }


def folded(text: str) -> list[str]:
    """The words of a text without case or marks: `Định danh` gives dinh, danh."""
    return analyzers()["folded"].analyze(unicodedata.normalize("NFC", text))


def exact(text: str) -> list[str]:
    """The words of a text with their marks, the tone where it is placed now; in small letters."""
    return analyzers()["exact"].analyze(new_tones(text))


@lru_cache(maxsize=100_000)
def bare(word: str) -> str:
    """A word that `exact` gave, without its marks, as `folded` gives it."""
    return "".join(folded(word))


def new_tones(text: str) -> str:
    """The text in NFC with tones on oa, oe and uy placed the new way: `hòa` becomes `hoà`.

    Only where the syllable ends there, since elsewhere both ways agree (`hoàn`).
    """
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _OLD_TONE.sub(r"\1\3\2", decomposed))


def pairs(text: str) -> list[str]:
    """Neighbouring folded words as one term each: Vietnamese words are mostly two syllables."""
    words = folded(text)
    return [f"{one}_{two}" for one, two in pairwise(words)]


def numbers(text: str) -> list[str]:
    """The numbers with slashes in a text, whole, as keys; with each the part up to a slash.

    `147/2024/NĐ-CP` gives 147/2024/nd-cp and 147/2024.
    """
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(unicodedata.normalize("NFC", text)):
        found |= dict.fromkeys(number_keys(match[0]))
    return list(found)


def number_keys(number: str) -> list[str]:
    """The keys of one number: it, and its beginnings that still hold a slash."""
    parts = number_key(number).split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)] or [number_key(number)]


def number_key(number: str) -> str:
    """A number as it is compared: without case, marks or spaces."""
    decomposed = unicodedata.normalize("NFD", "".join(number.split()).casefold())
    return _MARKS.sub("", decomposed).replace("đ", "d")


def is_number(word: str) -> bool:
    """Whether a word is a number with slashes, which is looked for whole."""
    return _NUMBER.fullmatch(unicodedata.normalize("NFC", word)) is not None


def prepared(index: "tantivy.Index") -> "tantivy.Index":
    """Give an opened index the ways of cutting that its fields name."""
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def document(fields: dict[str, Any], made: "tantivy.Schema") -> "tantivy.Document":
    """One item's terms; `fields` are those of `storage.index_items`."""
    import tantivy

    return tantivy.Document.from_dict(fields, made)

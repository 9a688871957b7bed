"""What the pages say, in English and Vietnamese: one TOML file for an area and a language.

A text may hold names in braces, filled in when it is said. A text that depends on a number has
the forms `one` and `other` (Vietnamese needs only `other`), and the number as {n}.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup, escape

from alerts.wording import visible

Language = Literal["en", "vi"]
LANGUAGES: tuple[Language, ...] = ("en", "vi")
NAMES: Mapping[Language, str] = {"en": "English", "vi": "Tiếng Việt"}
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Wording:
    """All texts by language and dotted key such as `nav.today`."""

    texts: Mapping[Language, Mapping[str, str]]

    def say(self, language: Language, key: str, /, **named: object) -> Markup:
        """The text under `key`, with what is `named` put in; safe to stand in a page.

        Names are escaped unless they are markup. Raises KeyError for a key or name that is
        not there.
        """
        return _filled(self.texts[language][key], named)

    def count(self, language: Language, key: str, n: int, /, **named: object) -> Markup:
        """The form of the text under `key` that fits the number `n`."""
        texts = self.texts[language]
        form = f"{key}.one" if n == 1 and f"{key}.one" in texts else f"{key}.other"
        return _filled(texts[form], {"n": number(n, language), **named})

    def word(self, language: Language, kind: str, name: str, /) -> Markup | str:
        """What a name such as a severity's is called; the name itself where nobody says."""
        key = f"word.{kind}.{name.replace(' ', '-')}"
        return self.say(language, key) if self.knows(key) else name

    def knows(self, key: str) -> bool:
        """Whether there is a text under this key."""
        return key in self.texts["en"]


def number(n: float, language: Language) -> str:
    """A number with its thousands apart: 1,234 in English, 1.234 in Vietnamese."""
    said = f"{n:,}"
    return said if language == "en" else said.translate(str.maketrans(",.", ".,"))


@cache
def wording() -> Wording:
    """The texts of all areas, read once. Raises ValueError where two files name one key."""
    return Wording({language: _read(language) for language in LANGUAGES})


def _read(language: Language) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.toml")):
        for key, text in _flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in texts:
                raise ValueError(f"{path.name}: {key} stands in another file too")
            texts[key] = text
    return texts


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{above}{name}.")
        else:
            found.append((f"{above}{name}", str(value)))
    return found


def _filled(text: str, named: Mapping[str, object]) -> Markup:
    shown = {
        name: value if isinstance(value, Markup) else visible(str(value))
        for name, value in named.items()
    }
    return Markup(escape(text)).format(**shown)

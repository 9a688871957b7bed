"""The invented articles: read from `articles/<outlet>/<slug>.md`, as they stand on a given day.

A file is TOML between two lines of `+++`, then paragraphs separated by empty lines; a paragraph
that begins with `## ` is a heading within the text. Nothing in them ever happened: outlets,
persons, companies and events are invented.
"""

import tomllib
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from newsroom.calendar import at

FOLDER = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Edit:
    """A silent edit: from `day` on, each first text of a pair reads as the second."""

    day: int
    swaps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One invented article.

    `topics` are the regulation topics a reader would give it, none for the off-topic; a
    `trap` says why an off-topic article looks like one that is not. `copy_of` names the
    wire story ("outlet/slug") that it republishes. `date_style` is how the page prints the
    date: "full", "short" or "none". `related` gives, per day, the slugs shown in the box of
    related links from that day on.
    """

    outlet: str
    slug: str
    day: int
    published: datetime
    title: str
    sapo: str
    section: str
    byline: tuple[str, ...]
    paragraphs: tuple[str, ...]
    topics: tuple[str, ...] = ()
    trap: str = ""
    copy_of: str = ""
    date_style: str = "full"
    removed_on: int | None = None
    edits: tuple[Edit, ...] = ()
    related: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The article's name in tests and in the list of truth: "outlet/slug"."""
        return f"{self.outlet}/{self.slug}"

    @property
    def number(self) -> int:
        """A six-digit number that stays the same from run to run."""
        return 100_000 + zlib.crc32(self.key.encode()) % 900_000

    @property
    def text(self) -> str:
        """The body as a reader sees it: paragraphs joined by an empty line."""
        return "\n\n".join(p.removeprefix("## ") for p in self.paragraphs)

    def on(self, day: int) -> "Article | None":
        """The article as it is served on `day`; None before it appears and once it is removed."""
        if day < self.day or (self.removed_on is not None and day >= self.removed_on):
            return None
        article = self
        for edit in self.edits:
            if day >= edit.day:
                article = _edited(article, edit)
        return article


def _edited(article: Article, edit: Edit) -> Article:
    def swap(text: str) -> str:
        for old, new in edit.swaps:
            text = text.replace(old, new)
        return text

    return replace(
        article,
        title=swap(article.title),
        sapo=swap(article.sapo),
        paragraphs=tuple(swap(paragraph) for paragraph in article.paragraphs),
    )


def _read(path: Path) -> Article:
    source = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    _, head, body = source.split("+++\n", 2)
    fields: dict[str, Any] = tomllib.loads(head)
    hour, minute = (int(part) for part in fields.pop("time").split(":"))
    return Article(
        outlet=path.parent.name,
        slug=path.stem,
        published=at(fields["day"], hour, minute),
        paragraphs=tuple(" ".join(block.split()) for block in body.strip().split("\n\n")),
        byline=tuple(fields.pop("byline", ())),
        topics=tuple(fields.pop("topics", ())),
        edits=tuple(
            Edit(edit["day"], tuple((old, new) for old, new in edit["swaps"]))
            for edit in fields.pop("edits", ())
        ),
        related={int(day): tuple(slugs) for day, slugs in fields.pop("related", {}).items()},
        **fields,
    )


@cache
def articles() -> tuple[Article, ...]:
    """Every article of the seven days in its first version, oldest first."""
    found = [_read(path) for path in sorted(FOLDER.glob("*/*.md"))]
    return tuple(sorted(found, key=lambda article: (article.published, article.key)))


def served(day: int, outlet: str) -> tuple[Article, ...]:
    """The articles an outlet has on its site on `day`, as they read then, newest first."""
    versions = (article.on(day) for article in articles() if article.outlet == outlet)
    return tuple(version for version in versions if version is not None)[::-1]


def related_to(article: Article, day: int) -> tuple[Article, ...]:
    """Up to three articles for the box of related links beside `article` on `day`.

    The box is fixed when the article appears, so that a page changes only when the script
    says so; a link in it may well lead to a page that was removed since.
    """
    chosen = [slugs for since, slugs in sorted(article.related.items()) if since <= day]
    own = [other for other in articles() if other.outlet == article.outlet]
    if chosen:
        by_slug = {other.slug: other for other in own}
        return tuple(by_slug[slug] for slug in chosen[-1])
    return tuple(other for other in own if other.published < article.published)[-3:]

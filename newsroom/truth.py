"""What is true in the invented newsroom: what a program that reads it is held against."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from newsroom.calendar import checked_day
from newsroom.instruments import FOLDER
from newsroom.outlets import OUTLETS, path_of
from newsroom.press import articles

EDITED_ON = 3
EDITED = "tinsang/phat-30-trieu-dong-nguoi-tung-tin-vo-dap"
REMOVED = "nhipdo/khoi-to-chu-tai-khoan-ben-nuoc-xua"
RELATED_CHANGED = "tinsang/du-thao-nghi-dinh-tai-khoan-chua-xac-thuc-chi-duoc-xem"
UNDATED = "songviet/quan-pho-ganh-o-goc-cho-cu"
WIRE_STORY = "farwire/vietnam-plan-to-keep-user-data-at-home-unsettles-platforms"
NEAR_COPY = "mekongherald/plan-to-keep-user-data-at-home-unsettles-foreign-platforms"
TRANSLATION = "nhipdo/ke-hoach-giu-du-lieu-trong-nuoc-cua-viet-nam-khien-cac-nen-tang-lo-ngai"

PLATFORM_DECREE = "platform-decree"
DUE = {
    (PLATFORM_DECREE, "consultation", "2031-06-05"),
    (PLATFORM_DECREE, "effective", "2031-08-01"),
    (PLATFORM_DECREE, "compliance", "2031-09-30"),
    (PLATFORM_DECREE, "compliance", "2031-10-30"),
    ("14/2031/TT-BNNMT", "effective", "2031-07-05"),
    ("77/2024/NĐ-CP", "effective", "2024-07-01"),
}
"""What falls due by the texts that stand at the end of the week: the consultation has passed, and
what the drafts planned gave way to the enacted decree."""
TOLD_DUE = (
    (1, PLATFORM_DECREE, "consultation", 3),
    (3, PLATFORM_DECREE, "consultation", 1),
    (4, "14/2031/TT-BNNMT", "effective", 30),
)
"""On which days of the week a reader is told that something falls due in how many days, when told
30, 7 and 1 days before: what is learned of in between is told at once."""
STANDING = {
    PLATFORM_DECREE: ("draft", "issued"),
    "77/2024/NĐ-CP": ("in-force", "replaced"),
    "14/2031/TT-BNNMT": ("issued",),
}
"""What becomes of each instrument in the course of the week."""

Figure = int | str | tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Link:
    """Which articles of the old text became which of the new one; ids such as "art_7".

    `kind` speaks of the article with all that is in it; `own` says whether its heading or
    the text before its first khoản changed as well.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    kind: str
    own: bool


@dataclass(frozen=True, slots=True)
class ChangedProvision:
    """A provision whose own words or number changed; an empty id: it is on one side only."""

    old: str
    new: str
    kind: str


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A figure, date, modality or reference that changed, with the words that carry it."""

    old: str
    new: str
    type: str
    change: str
    old_text: str
    new_text: str
    old_value: Figure = None
    new_value: Figure = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed between two texts, and how many articles each has."""

    old_name: str
    new_name: str
    old_articles: int
    new_articles: int
    links: tuple[Link, ...]
    provisions: tuple[ChangedProvision, ...]
    values: tuple[ChangedValue, ...]


def new_articles(day: int) -> dict[str, int]:
    """How many articles each outlet publishes on `day` (1 to 7), by outlet id."""
    checked_day(day)
    return {
        outlet.id: sum(a.day == day and a.outlet == outlet.id for a in articles())
        for outlet in OUTLETS
    }


def expected_topics() -> dict[str, tuple[str, ...]]:
    """The topics a reader gives each on-topic article, by key ("outlet/slug")."""
    return {article.key: article.topics for article in articles() if article.topics}


def off_topic() -> tuple[str, ...]:
    """The keys of the articles that have nothing to do with regulation in Vietnam."""
    return tuple(article.key for article in articles() if not article.topics)


def traps() -> dict[str, str]:
    """The off-topic articles that look on-topic: key to why they are not."""
    return {article.key: article.trap for article in articles() if article.trap}


def path_by_key() -> dict[str, str]:
    """The path of every article's page, by key."""
    return {article.key: path_of(article) for article in articles()}


@cache
def enactment() -> Comparison:
    """What changed between the second draft and the enacted decree."""
    return _read("truth", "draft-2", "enacted")


@cache
def second_draft() -> Comparison:
    """What changed between the first draft and the second."""
    return _read("truth-drafts", "draft-1", "draft-2")


def _read(file: str, old_name: str, new_name: str) -> Comparison:
    told = tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))
    return Comparison(
        old_name=old_name,
        new_name=new_name,
        old_articles=told["old_articles"],
        new_articles=told["new_articles"],
        links=tuple(_link(row) for row in told["link"]),
        provisions=tuple(ChangedProvision(**row) for row in told["provision"]),
        values=tuple(_value(row) for row in told["value"]),
    )


def _link(row: Mapping[str, Any]) -> Link:
    return Link(tuple(row["old"]), tuple(row["new"]), row["kind"], row["own"])


def _value(row: Mapping[str, Any]) -> ChangedValue:
    fields: dict[str, Any] = {
        name: tuple(found) if isinstance(found, list) else found for name, found in row.items()
    }
    return ChangedValue(**fields)

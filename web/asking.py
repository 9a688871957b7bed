"""A search as an address says it: read with care, and written again as a permalink."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from storage.search_request import MOST_HITS, Filters, Mode, Request
from storage.searches import SearchUnclear

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
LONGEST_QUERY = 2_000
MOST_VALUES = 50
PER_PAGE = 20
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def _plain(value: object) -> object:
    """A text without control characters, which no search means and PostgreSQL refuses."""
    return _CONTROL.sub(" ", value).strip() if isinstance(value, str) else value


def _absent(value: object) -> object:
    """A field of a form that was left empty is not given."""
    return None if value == "" else value


Word = Annotated[str, BeforeValidator(_plain), Field(max_length=200)]
Words = Annotated[list[Word], Field(max_length=MOST_VALUES)]
Day = Annotated[date | None, BeforeValidator(_absent)]
Flag = Annotated[bool | None, BeforeValidator(_absent)]


class Asked(BaseModel):
    """The parameters of a search."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[
        str,
        BeforeValidator(_plain),
        Field(max_length=LONGEST_QUERY, description="The query, in the query language."),
    ] = ""
    mode: Mode = Field("hybrid", description="By words, by meaning, or both.")
    topic: Words = Field([], description="Any of these topics.")
    source: Words = Field([], description="Any of these sources.")
    side: Words = Field(
        [], description="Kinds of source: state, independent, international, official."
    )
    kind: Words = Field([], description="article, document.")
    language: Words = Field([], description="vi, en.")
    instrument: Words = Field(
        [], description="Numbers such as 147/2024/NĐ-CP, or ids of watched instruments."
    )
    since: Day = Field(None, description="The first day, in the reader's zone.")
    until: Day = Field(None, description="The last day, included.")
    by: Literal["seen", "published"] = Field("seen", description="What the days are days of.")
    edited: Flag = Field(None, description="Whether the page was edited after it was first seen.")
    removed: Flag = Field(None, description="Whether the page is gone.")
    order: Literal["relevance", "newest"] = "relevance"
    collapse: bool = Field(True, description="Show of each story only its best hit.")

    def request(self, *, limit: int = PER_PAGE, page: str = "", counted: bool = True) -> Request:
        """The search that this asks for; `counted` asks for facets and histogram too."""
        filters = Filters(
            topics=_values(self.topic),
            sources=_values(self.source),
            sides=_values(self.side),
            kinds=_values(self.kind),
            languages=_values(self.language),
            instruments=_values(self.instrument),
            since=_within(self.since),
            until=_within(self.until),
            by=self.by,
            edited=self.edited,
            removed=self.removed,
        )
        return Request(
            query=self.q,
            filters=filters,
            mode=self.mode,
            limit=min(limit, MOST_HITS),
            page=page,
            order=self.order,
            collapse=self.collapse,
            facets=counted,
            histogram=counted,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that are not as they are when nothing is said, in a fixed order."""
        found: list[tuple[str, str]] = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, list):
                found += [(name, one) for one in dict.fromkeys(value) if one]
            elif value != field.get_default() and value is not None:
                found.append((name, _said(value)))
        return found

    def link(self, path: str = "/search", **changed: Any) -> str:
        """The address of this search with some fields changed; a permalink without changes.

        Raises ValueError for a value that the field cannot have.
        """
        other = type(self).model_validate(self.model_dump() | changed) if changed else self
        query = urlencode(other.pairs())
        return f"{path}?{query}" if query else path

    def toggled(self, name: str, value: str) -> str:
        """The address of this search with one value of a filter put in, or out where it is in."""
        values: list[str] = getattr(self, name)
        kept = [one for one in values if one != value]
        changed: dict[str, Any] = {name: kept if value in values else [*values, value]}
        return self.link(**changed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: neither words nor any filter."""
        said = {name for name, _ in self.pairs()}
        return not said - {"mode", "order", "collapse", "by"}


@dataclass(frozen=True, slots=True)
class Read:
    """What an address asked for, without the `wrong` parameters, and how they are wrong."""

    asked: Asked
    wrong: Mapping[str, str]

    def whole(self) -> Asked:
        """What was asked for; raises SearchUnclear when any of it cannot be read."""
        for name, message in self.wrong.items():
            raise SearchUnclear(f"{name}: {message}")
        return self.asked


def read(params: QueryParams) -> Read:
    """Read the parameters of an address; those that cannot be read are left out and named."""
    said: dict[str, Any] = {}
    for name, field in Asked.model_fields.items():
        values = params.getlist(name)
        if values and field.annotation is not None:
            said[name] = values if _is_list(name) else values[-1]
    wrong: dict[str, str] = {}
    try:
        return Read(Asked.model_validate(said), {})
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            wrong[str(one["loc"][0])] = str(one["msg"])
    return Read(Asked.model_validate({k: v for k, v in said.items() if k not in wrong}), wrong)


def read_link(link: str) -> Read:
    """Read the parameters of a permalink, or of its query alone."""
    _, _, query = link.rpartition("?")
    return read(QueryParams(query))


def asked_of(wanted: Request) -> Asked:
    """The parameters that ask for a search, such as one that was saved."""
    filters = wanted.filters
    return Asked.model_validate(
        {
            "q": wanted.query,
            "mode": wanted.mode,
            "topic": list(filters.topics),
            "source": list(filters.sources),
            "side": list(filters.sides),
            "kind": list(filters.kinds),
            "language": list(filters.languages),
            "instrument": list(filters.instruments),
            "since": filters.since,
            "until": filters.until,
            "by": filters.by,
            "edited": filters.edited,
            "removed": filters.removed,
            "order": wanted.order,
            "collapse": wanted.collapse,
        }
    )


def _is_list(name: str) -> bool:
    return isinstance(Asked.model_fields[name].get_default(), list)


def _values(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in given if one))


def _within(day: date | None) -> date | None:
    """A day of the calendar that zones and databases can all reckon with."""
    return None if day is None else min(max(day, FIRST_DAY), LAST_DAY)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)

"""The declarations of sources: outlets and legal portals."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from config_sections import Id, Section, Span, Url

Certainty = Literal["seen", "probed", "reported"]


class SourceDeclaration(Section):
    """A source: its feeds, sitemaps and listings, or a legal portal's lists of documents.

    `yields` is how many items a day it normally has, roughly. `certainty` says how sure its
    addresses are: seen in stored crawls, probed (somebody recorded an answer), reported (named
    in code or documentation only); `certainty_of` says it of single addresses, and `learned`
    where they were learned. All three are empty for what an operator declares. A portal's
    lists are followed for `list_pages` pages. With `browser` its pages are rendered by one.
    """

    id: Id
    name: str
    kind: Literal["state", "independent", "international", "official"]
    language: Literal["vi", "en"]
    homepage: Url
    feeds: tuple[Url, ...] = ()
    sitemaps: tuple[Url, ...] = ()
    listings: tuple[Url, ...] = ()
    family: str = ""
    article_pattern: str = ""
    portal: bool = False
    document_pattern: str = ""
    browser: bool = False
    list_pages: int = Field(default=10, ge=1, le=100)
    delay: Span | None = None
    every: Span | None = None
    yields: float | None = Field(default=None, ge=0)
    certainty: Certainty | Literal[""] = ""
    certainty_of: dict[Url, Certainty] = Field(default_factory=dict)
    learned: str = ""
    notes: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it is read: feeds, then sitemaps, then listings."""
        return (*self.feeds, *self.sitemaps, *self.listings)

    def certainty_about(self, address: str) -> str:
        """How sure one of its addresses is; "" where nobody said."""
        return self.certainty_of.get(address, self.certainty)

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if not self.addresses:
            raise ValueError("at least one address in feeds, sitemaps or listings")
        if self.portal and not self.listings:
            raise ValueError("a portal needs listings: its lists of documents")
        return self

    @field_validator("article_pattern", "document_pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        import re

        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from error
        return value

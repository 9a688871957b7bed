"""What the API says of a day: the shape of the digest."""

from datetime import date, datetime

from pydantic import ConfigDict, Field, JsonValue

from web.api.models import Answer


class Digest(Answer):
    """A day, or a range of days, on one page."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    day: str = Field(description="A day, or a range such as 2031-06-02..2031-06-08.")
    first: date
    last: date
    zone: str
    made_at: datetime
    is_over: bool
    is_empty: bool
    topics: list[dict[str, JsonValue]]
    changes: list[dict[str, JsonValue]]
    instruments: list[dict[str, JsonValue]]
    deadlines: list[dict[str, JsonValue]]
    touched: list[dict[str, JsonValue]]
    sources: list[dict[str, JsonValue]]
    numbers: list[dict[str, JsonValue]]
    days: list[dict[str, JsonValue]]
    old: int
    undelivered: int
    notes: list[str]

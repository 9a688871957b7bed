"""The section of the configuration that says when the digest goes out, and where."""

import re
from datetime import time
from typing import Any

from pydantic import Field, field_validator

from config_sections import Section

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


class Digest(Section):
    """When the day before is told on one page, and on which channels.

    `at` is a time of day in the reader's zone. Without channels none is sent by itself. `days` is
    how far ahead it looks for what falls due.
    """

    at: time = time(7, 30)
    channels: tuple[str, ...] = ()
    days: int = Field(default=30, ge=1, le=3650)

    @field_validator("at", mode="before")
    @classmethod
    def _is_a_time_of_day(cls, value: Any) -> Any:
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        if isinstance(value, time) and value.tzinfo is None:
            return value
        raise ValueError('a time of day such as "07:30"')

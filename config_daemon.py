"""The sections of the configuration that say how the daemon runs and what it keeps."""

import re
from typing import Literal

from pydantic import Field, field_validator

from config_sections import EnvName, Section, Span

_LISTEN = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}")


class Schedule(Section):
    """How often each job of the daemon runs, and how long a run of it may take."""

    crawl: Span = 900.0
    understand: Span = 30.0
    watch: Span = 300.0
    deliver: Span = 10.0
    housekeeping: Span = 86400.0
    limit: Span = 3600.0


class Daemon(Section):
    """How the daemon shows that it lives.

    On `listen` it answers /healthz and /metrics ("": nowhere). The address in the variable
    `heartbeat_env` is asked for after each good round. `log` is text, or a JSON object a line.
    """

    listen: str = ""
    heartbeat_env: EnvName = "DECREEWATCH_HEARTBEAT_URL"
    log: Literal["text", "json"] = "text"

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not _LISTEN.fullmatch(value):
            raise ValueError('an address such as "127.0.0.1:8421", or "" for none')
        return value


class Retention(Section):
    """For how long, and up to how many bytes, captured pages are kept; without either, for ever.

    The evidence of alerts, legal documents, and the texts of everything are kept in any case.
    """

    captures_for: Span | None = None
    captures_bytes: int | None = Field(default=None, gt=0)

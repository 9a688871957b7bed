"""The daemon's log: lines for people, or a JSON object a line for what collects logs."""

import logging
import sys
from typing import Literal

TEXT = "%(asctime)s %(levelname)s %(message)s"


def begin_logging(form: Literal["text", "json"]) -> None:
    """Log on standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter

        handler.setFormatter(
            JsonFormatter(
                "%(levelname)s %(name)s %(message)s",
                rename_fields={"levelname": "level", "name": "logger"},
                timestamp="at",
                json_ensure_ascii=False,
            )
        )
    else:
        handler.setFormatter(logging.Formatter(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # No news to whoever watches the daemon; the HTTP client would log secret addresses.
    for plumbing in ("alembic", "apscheduler", "httpx", "httpx2", "httpcore", "httpcore2"):
        logging.getLogger(plumbing).setLevel(logging.ERROR)

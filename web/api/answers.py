"""JSON as the API sends it: nothing in it can steer a terminal that shows it."""

from typing import Any

from starlette.responses import JSONResponse

from storage.json_text import json_line


class Json(JSONResponse):
    """An answer in JSON."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return json_line(content, compact=True).encode("utf-8", "replace")

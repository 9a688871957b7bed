"""JSON that is read by any program and steers none: a document on one line, or on several."""

import json
from typing import Any

HIDDEN = (
    *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A),
    *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
)  # fmt: skip
ESCAPES = {code: json.dumps(chr(code))[1:-1].replace("\x7f", "\\u007f") for code in HIDDEN}
"""Characters that JSON leaves as they are, and that end lines, turn the direction of a text, or
are commands of a terminal. They occur in strings alone, where they may be escaped (RFC 8259, 7):
whoever reads the JSON gets the very same text."""


def json_line(document: Any, *, compact: bool = False) -> str:
    """A document in JSON, without an end of line; `compact` leaves blanks out."""
    separators = (",", ":") if compact else None
    said = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=separators)
    return said.translate(ESCAPES)


def json_page(document: Any) -> str:
    """A document in JSON for people too: on several lines, indented."""
    return json.dumps(document, ensure_ascii=False, indent=2).translate(ESCAPES)

"""What is wrong with config.toml, in one line for each thing to mend."""

import reprlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PLAINER = {
    "tuple_type": "a list",
    "string_type": "a text in quotes",
    "model_type": "a section of its own, with keys",
    "model_attributes_type": "a section of its own, with keys",
}
"""What is expected, where pydantic's own words speak of Python and not of TOML."""


class ConfigError(Exception):
    """config.toml is wrong; the message is one line for each thing to mend."""


def line(path: Path, raw: dict[str, Any], error: dict[str, Any]) -> str:
    """One line: the file, the key's path, what was expected and what stands there."""
    message = _PLAINER.get(error["type"], str(error["msg"])).removeprefix("Value error, ")
    where = _key_path(raw, error["loc"])
    if not where:
        return f"{path}: {message}"
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"{path}: {where}: no such key here"
        case "missing":
            return f"{path}: {where}: required, but not given"
        case "union_tag_not_found":
            return f"{path}: {where}.kind: required, but not given"
        case "union_tag_invalid":
            kinds, found = context["expected_tags"], context["tag"]
            return f"{path}: {where}.kind: expected one of {kinds}; found {found!r}"
    line = f"{path}: {where}: expected {_lower_first(message)}"
    if isinstance(error["input"], dict):
        return line
    return f"{line}; found {reprlib.repr(error['input'])}"


def _key_path(raw: dict[str, Any], loc: Iterable[str | int]) -> str:
    """`("channels", 0, "slack", "url")` → `channels[0].url`: only keys that the file has."""
    path = ""
    at: Any = raw
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
            at = at[part] if isinstance(at, list) and part < len(at) else {}
            continue
        if isinstance(at, dict) and at.get("kind") == part and part not in at:
            continue
        path += f".{part}" if path else part
        at = at.get(part, {}) if isinstance(at, dict) else {}
    return path


def _lower_first(message: str) -> str:
    message = message.removeprefix("Input should be ")
    return message[:1].lower() + message[1:]


def listed(names: Iterable[str]) -> str:
    """The names in order, or "none"."""
    return ", ".join(sorted(names)) or "none"

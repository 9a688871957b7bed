"""The shipped configuration, with parts of it in the words of a benchmark."""

import re
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_HEADER = re.compile(r"^(?=\[)", re.MULTILINE)


def rewritten(drop: Collection[str], add: str, channel: str) -> str:
    """Return config.toml without the sections named in `drop`, and with `add` at its end.

    Every rule tells `channel` alone. A section is named by its header, such as "[[sources]]".
    """
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    kept = [part for part in _HEADER.split(text) if part.split("\n", 1)[0].strip() not in drop]
    told = re.sub(r"^channels = \[.*\]$", f'channels = ["{channel}"]', "".join(kept), flags=re.M)
    return f"{told}\n{add}"


def grouped(text: str, wait: str | None) -> str:
    """Return a configuration whose groups all wait for `wait`; None: nothing is grouped."""
    if wait is None:
        return re.sub(r"^group = .*\n", "", text, flags=re.M)
    return re.sub(r'(wait|interval) = "[^"]+"', rf'\1 = "{wait}"', text)

"""Files named on the command line: read whole, or refused in one line; written whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.session import say
from storage.problems import Problem


class Unreadable(Problem):
    """A file given on the command line that cannot be used."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line to classify; `id` is whatever the line has there."""

    id: Any
    title: str
    summary: str
    text: str


def rows_of(path: Path) -> Iterator[Row]:
    """The lines of a JSONL file of texts. Raises Unreadable, naming the line."""
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            title, summary, text = (said.get(name) or "" for name in ("title", "summary", "text"))
            if not all(isinstance(one, str) for one in (title, summary, text)):
                raise TypeError("not a text")
            yield Row(said["id"], title, summary, text)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unreadable(
                f'{path}:{number}: expected {{"id": …, "title": "…", "text": "…"}} on each line'
            ) from error


def bytes_of(path: Path) -> bytes:
    """What is in a file. Raises Unreadable where it cannot be read or is empty."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error
    if not body.strip():
        raise Unreadable(f"{path}: the file is empty")
    return body


def text_of(path: Path) -> str:
    """The UTF-8 text in a file. Raises Unreadable."""
    try:
        return bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8 text ({error.reason} at {error.start})") from error


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all, and say so."""
    from storage.exporting import whole_file

    with whole_file(path) as out:
        out.write(text.encode())
    say(f"written: {path}")

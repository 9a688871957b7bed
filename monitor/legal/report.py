"""A comparison as a report for the terminal: the summary first, then the details."""

import os
import re
import shutil
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from monitor.legal.model import Change, Comparison, LegalText, Piece, Severity
from monitor.legal.severity import RANK

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES: dict[Severity, str] = {
    "critical": "bold red",
    "major": "bold yellow",
    "minor": "cyan",
    "editorial": "dim",
}
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_LONG = 160
_EDGE = 70
_LISTED: tuple[Severity, ...] = ("critical", "major")


def plain(text: str) -> str:
    """Give a text in which nothing steers a terminal or turns the writing direction."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def render(comparison: Comparison, width: int = 100, colour: bool = False) -> str:
    """Write a comparison as a readable report of lines at most `width` columns wide.

    First the counts and the critical and major changes, a line each; then every change with what
    was lost and gained. In colour that is red and green, else [-lost-] and {+gained+}. Nothing in
    the texts can reach the terminal as a control character.
    """
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False,
        color_system="standard" if colour else None, markup=False, emoji=False,
        legacy_windows=False,
    )  # fmt: skip
    _summary(console, comparison)
    if comparison.changes:
        _heading(console, "Details")
        for number, change in enumerate(comparison.changes, start=1):
            _detail(console, change, number, colour)
    written = out.getvalue()
    return "\n".join(line.rstrip() for line in written.splitlines()) + "\n"


def print_report(comparison: Comparison, out: TextIO) -> None:
    """Write the report of a comparison to a stream: in colour on a terminal, plain when piped.

    The environment's NO_COLOR is obeyed.
    """
    terminal = out.isatty()
    width = shutil.get_terminal_size().columns if terminal else 100
    out.write(render(comparison, width, terminal and "NO_COLOR" not in os.environ))


def _text(said: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(plain(said), style=style)


def _heading(console: "Console", said: str) -> None:
    console.print()
    console.print(_text(said.upper(), "bold"))


def _named(text: LegalText) -> str:
    title = " ".join(text.title.split())
    parts = [part for part in (text.number, title, text.date) if part]
    return " · ".join(parts) or "(untitled)"


def _summary(console: "Console", comparison: Comparison) -> None:
    console.print(_text(f"old  {_named(comparison.old)}"))
    console.print(_text(f"new  {_named(comparison.new)}"))
    _heading(console, "Summary")
    severities = Counter(change.severity for change in comparison.changes)
    if not comparison.changes:
        console.print(_text("No changes."))
    for level in RANK:
        if severities[level]:
            console.print(_text(f"{severities[level]:>5}  {level}", _STYLES[level]))
    kinds = Counter(link.kind for link in comparison.links)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    console.print(_text(f"Provisions: {counted}"))
    for warning in comparison.warnings:
        console.print(_text(f"warning: {warning}", "yellow"))
    for level in _LISTED:
        changes = [change for change in comparison.changes if change.severity == level]
        if changes:
            _heading(console, level)
            for change in changes:
                console.print(_text(f"• {_line(change)}", _STYLES[level]))


def _line(change: Change) -> str:
    unsure = "" if change.confidence == "certain" else " (probable)"
    return change.summary + unsure


def _detail(console: "Console", change: Change, number: int, colour: bool) -> None:
    from rich.padding import Padding

    console.print()
    moved = " and moved" if change.moved and change.kind == "modified" else ""
    tag = f"{number}. [{change.severity}, {change.kind}{moved}] "
    line = _text(tag, _STYLES[change.severity])
    line.append(plain(_line(change)), style="bold")
    console.print(line)
    if change.summary_vi:
        console.print(Padding(_text(change.summary_vi, "dim"), (0, 0, 0, 3)))
    if change.reason:
        console.print(Padding(_text(f"why: {change.reason}", "dim"), (0, 0, 0, 3)))
    console.print(Padding(_marked(change.inline, colour), (0, 0, 0, 3)))


def _marked(inline: tuple[Piece, ...], colour: bool) -> "Text":
    """Write the inline pieces; long stretches that did not change are cut short."""
    from rich.text import Text

    text = Text()
    alone = len(inline) == 1
    for place, (sign, said) in enumerate(inline):
        shown = plain(said)
        if sign == "=":
            text.append(_cut(shown, place > 0, place < len(inline) - 1))
        elif colour:
            text.append(shown, style="red strike" if sign == "-" else "green")
        elif alone:
            text.append(shown)
        else:
            bare = shown.lstrip(" ")
            text.append(" " * (len(shown) - len(bare)))
            text.append(f"[-{bare}-]" if sign == "-" else f"{{+{bare}+}}")
    return text


def _cut(said: str, keep_start: bool, keep_end: bool) -> str:
    if len(said) <= _LONG:
        return said
    start = said[:_EDGE].rsplit(" ", 1)[0] if keep_start else ""
    end = said[-_EDGE:].split(" ", 1)[-1] if keep_end else ""
    return f"{start} … {end}"

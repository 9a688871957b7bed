"""Alerts on the terminal; nothing in a message can steer it."""

import sys
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from alerts.channels.channel import Answer, DeliveryError
from alerts.gist import gist
from alerts.message import ChangeNote, Message
from alerts.phrases import WORD_MARKS, is_digest, standing
from alerts.pieces import fitted, shortened
from alerts.wording import cut, one_line, visible

_COLOURS = {"critical": "red", "major": "yellow", "minor": "cyan", "editorial": "dim"}
_MARKS = {"=": "", "-": "red strike", "+": "green bold"}
_MOST_CHANGES = 8
_LONGEST_CHANGE = 900


class ConsoleChannel:
    """Prints messages on a stream (standard output when none is given)."""

    def __init__(self, channel_id: str, stream: TextIO | None = None) -> None:
        self.id = channel_id
        self.can_edit = False
        self._stream = stream

    def send(self, message: Message) -> Answer:
        """Print a message; raises DeliveryError when the stream takes no more."""
        stream = self._stream or sys.stdout
        try:
            console = Console(file=stream, highlight=False, emoji=False, markup=False)
            console.print(_panel(message, coloured=console.color_system is not None))
            stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the terminal takes no more text: {error}") from error
        return Answer()


def _panel(message: Message, *, coloured: bool) -> Panel:
    colour = _COLOURS.get(message.severity, "white")
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for fact in message.facts:
        table.add_row(Text(one_line(fact.label)), Text(visible(fact.value)))
    for link in message.links:
        table.add_row(Text(one_line(link.label)), Text(one_line(link.url), style="blue"))
    shown: list[RenderableType] = [
        _change(change, coloured) for change in message.changes[:_MOST_CHANGES]
    ]
    hidden = len(message.changes) - len(shown) + message.more_changes
    if hidden:
        shown.append(Text(f"… and {hidden} more", style="dim"))
    if is_digest(message):
        shown.append(Text(visible(str(message.body.get("text", "")))))
    shown += [_panel(one, coloured=coloured) for one in message.group]
    return Panel(
        Group(_heading(message, colour), Padding(table, (1, 0, 0, 0)), *shown),
        border_style=colour,
        subtitle=Text(f"{one_line(message.rule)} · alert {message.alert}", style="dim"),
        subtitle_align="right",
    )


def _heading(message: Message, colour: str) -> Text:
    heading = Text(f" {one_line(message.severity).upper()} ", style=f"bold reverse {colour}")
    if message.test:
        heading.append(" TEST ", style="bold reverse")
    if message.kind == "reminder":
        heading.append(" REMINDER ", style="bold reverse")
    heading.append(f" {one_line(message.title)}", style="bold")
    for said in (standing(message), _follows(message), gist(message)):
        if said:
            heading.append(f"\n{said}", style="default")
    return heading


def _follows(message: Message) -> str:
    return f"follow-up on {one_line(message.thread)}" if message.first is not None else ""


def _change(change: ChangeNote, coloured: bool) -> Padding:
    said = one_line(" · ".join(filter(None, (change.severity, change.where, change.kind))))
    head = Text(f"● {said}", style=_COLOURS.get(change.severity, ""))
    if change.summary:
        head.append(f"\n{cut(one_line(change.summary), 300)}", style="default")
    text = Text()
    for mark, words in fitted(shortened(change.inline), _LONGEST_CHANGE):
        before, after = ("", "") if coloured else WORD_MARKS[mark]
        text.append(f"{before}{visible(words)}{after}", style=_MARKS[mark])
    return Padding(Group(head, text), (1, 0, 0, 0))

"""A message to Slack in as many parts as Slack's limits make of it.

The first part holds what a reader must know; what does not fit follows in further parts, and
what does not fit into those is attached as a file or counted.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from alerts.channels import slack_blocks as blocks
from alerts.channels.slack_markdown import markdown_blocks
from alerts.channels.slack_text import Span, escaped, pieces_within, size, within
from alerts.message import Message
from alerts.phrases import is_digest, marked_whole, standing
from alerts.wording import visible

BLOCKS = 50
TOTAL = 12_000
"""Slack refuses messages near 13,000 characters in all; the rest is left for what it adds."""
MOST_PARTS = 5
_PLAIN = 3000


@dataclass(frozen=True, slots=True)
class Part:
    """One message as it is posted: what notifications show, and its blocks (None: text alone)."""

    text: str
    blocks: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a message."""

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What is posted for one message, in order."""

    parts: tuple[Part, ...]
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, and the number of the change that it shows a part of."""

    block: dict[str, Any]
    change: int | None = None


def plan(message: Message, text: str, *, files: bool, threads: bool) -> Plan:
    """The parts of `message` within Slack's limits; `text` is the message as plain text.

    `files` and `threads` say what the way into Slack can do.

    Raises slack_sdk.errors.SlackObjectFormationError when a block breaks one of its limits.
    """
    follow_up = message.first is not None and not threads
    head = _dicts(blocks.heading(message, follow_up=follow_up))
    listed = list(_body(message))
    left = message.more_changes + sum(one.more_changes for one in message.group)
    longest = _tail(message, left + len(listed), files)
    packed = _packed(message, head, listed, longest)
    dropped = [piece for part in packed[MOST_PARTS:] for piece in part]
    whole = _file(message, text) if dropped and files else None
    tail = _tail(message, left + _changes(dropped), files) if dropped else _tail(message, left)
    first, *further = ([piece.block for piece in part] for part in packed[:MOST_PARTS])
    parts = [Part(notification(message), [*head, *first, *tail])]
    for number, shown in enumerate(further, start=1):
        above = blocks.continued(message, number).to_dict()
        parts.append(Part(notification(message), [above, *shown]))
    return Plan(tuple(parts), tuple(filter(None, (whole, _picture(message) if files else None))))


def plain_plan(message: Message, text: str, *, files: bool) -> Plan:
    """The same as escaped text, for when Slack refuses the blocks."""
    pieces = pieces_within(visible(text), _PLAIN // 5)
    joined = _joined(pieces)
    whole = _file(message, text) if len(joined) > MOST_PARTS and files else None
    parts = tuple(Part(part) for part in joined[:MOST_PARTS])
    return Plan(parts, tuple(filter(None, (whole,))))


def standing_part(message: Message) -> Part:
    """How an alert stands now, for where the message that told it cannot be edited."""
    said = f"{standing(message) or message.state}: {blocks.titled(message)}"
    shown = [blocks.continued(message, 0), *blocks.texts([Span(said)])]
    return Part(within(said, blocks.HEADER), _dicts(shown))


def notification(message: Message) -> str:
    """The one line that Slack shows outside the channel."""
    return within(blocks.titled(message), blocks.HEADER)


def _body(message: Message) -> Iterator[_Piece]:
    if is_digest(message):
        yield from (_Piece(block) for block in _digest(message))
        return
    for one in message.group:
        yield from (_Piece(block) for block in _dicts(blocks.member(one)))
    number = 0
    for one in message.group or (message,):
        if message.group and (one.facts or one.changes):
            yield from (_Piece(block) for block in _dicts(blocks.member_title(one)))
        yield from (_Piece(block) for block in _dicts(blocks.facts(one)))
        for note in one.changes:
            yield from (_Piece(block, number) for block in _dicts(blocks.change(note)))
            number += 1


def _digest(message: Message) -> list[dict[str, Any]]:
    said = str(message.body.get("markdown") or message.body.get("text", ""))
    return [*_dicts(markdown_blocks(said)), *_dicts(blocks.facts(message))]


def _packed(
    message: Message,
    head: Sequence[dict[str, Any]],
    listed: Sequence[_Piece],
    tail: Sequence[dict[str, Any]],
) -> list[list[_Piece]]:
    """The pieces by part; the first part has room for `head` and `tail`."""
    parts: list[list[_Piece]] = [[]]
    above = size([blocks.continued(message, 99).to_dict()])
    room, places = TOTAL - size([*head, *tail]), BLOCKS - len(head) - len(tail)
    for piece in listed:
        needed = size([piece.block])
        if (needed > room or places < 1) and (parts[-1] or len(parts) == 1):
            parts.append([])
            room, places = TOTAL - above, BLOCKS - 1
        parts[-1].append(piece)
        room, places = room - needed, places - 1
    return parts


def _tail(message: Message, left_out: int, attached: bool = False) -> list[dict[str, Any]]:
    rest = "the whole is attached" if attached else ""
    foot = blocks.foot(message, 0 if attached else left_out, rest)
    return _dicts([*blocks.buttons(message), foot])


def _changes(pieces: Sequence[_Piece]) -> int:
    return len({piece.change for piece in pieces if piece.change is not None})


def _file(message: Message, text: str) -> Attachment:
    if is_digest(message):
        whole = str(message.body.get("markdown") or text)
        return Attachment("digest.md", "The whole digest", visible(whole).encode("utf-8"))
    changes = (marked_whole(one) for one in message.group or (message,))
    whole = "\n\n".join(filter(None, (text, *changes)))
    return Attachment(f"alert-{message.alert}.txt", "The whole message", whole.encode("utf-8"))


def _picture(message: Message) -> Attachment | None:
    try:
        content = base64.b64decode(str(message.body.get("png_base64", "")), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Attachment("digest.png", "The numbers", content) if content else None


def _joined(pieces: Sequence[str]) -> list[str]:
    joined = [""]
    for piece in map(escaped, pieces):
        if len(joined[-1]) + len(piece) > _PLAIN:
            joined.append("")
        joined[-1] += piece
    return joined


def _dicts(shown: "Sequence[Block] | Iterator[Block]") -> list[dict[str, Any]]:
    return [block.to_dict() for block in shown]

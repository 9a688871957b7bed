"""A message as Slack's Block Kit, within Slack's limits.

Foreign text stands only in plain_text and rich_text objects, which Slack does not parse for
formatting; the only mrkdwn is ours, with link addresses encoded. Limits:
https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import RichTextElement

from alerts.message import ChangeNote, Message
from alerts.pieces import Piece, fitted, shortened
from alerts.rendering import text_of
from alerts.wording import cut, one_line, visible

HEADER = 150
FIELD = 2000
FIELDS = 10
SECTION = 3000
BLOCKS = 50
TOTAL = 12_000
"""Slack refuses messages near 13,000 characters in all; the rest is left for what it adds."""
_CHANGE = 1500
_PLAIN = 3500
_SIGNS = {"critical": "🔴", "major": "🟠", "minor": "🔵"}
_STYLES: dict[str, dict[str, bool] | None] = {"=": None, "-": {"strike": True}, "+": {"bold": True}}


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """The message's blocks as Slack takes them: at most 50, at most 12,000 characters in all.

    Changes that do not fit are counted in the last block.

    Raises slack_sdk.errors.SlackObjectFormationError when a block breaks one of its limits.
    """
    head = [*_heading(message), *_facts(message)]
    shown = [block.to_dict() for block in head]
    left_out = message.more_changes + len(message.changes)
    for change in message.changes:
        block = _change(change).to_dict()
        foot = _foot(message, left_out - 1).to_dict()
        if len(shown) + 2 > BLOCKS or _size([*shown, block, foot]) > TOTAL:
            break
        shown.append(block)
        left_out -= 1
    return [*shown, _foot(message, left_out).to_dict()]


def notification(message: Message) -> str:
    """The one line that Slack shows outside the channel."""
    return _within(f"{_label(message)} {one_line(message.title)}", HEADER)


def plain(message: Message) -> str:
    """The message as escaped text, for when Slack refuses the blocks."""
    return _within(text_of(message), _PLAIN)


def escaped(text: str) -> str:
    """`text` with the three characters replaced that Slack reads as its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _heading(message: Message) -> list[Block]:
    title = f"{_label(message)} {one_line(message.title)}"
    header = HeaderBlock(
        text=PlainTextObject(text=_within(title, HEADER), emoji=False),
        block_id=f"decreewatch-{message.key}"[:255],
    )
    if _units(escaped(title)) <= HEADER:
        return [header]
    whole = PlainTextObject(text=_within(one_line(message.title), SECTION), emoji=False)
    return [header, SectionBlock(text=whole)]


def _facts(message: Message) -> list[Block]:
    fields = [
        PlainTextObject(
            text=_within(f"{one_line(fact.label)}: {visible(fact.value)}", FIELD // 4), emoji=False
        )
        for fact in message.facts[: 2 * FIELDS]
    ]
    return [
        SectionBlock(fields=fields[start : start + FIELDS])
        for start in range(0, len(fields), FIELDS)
    ]


def _change(change: ChangeNote) -> RichTextBlock:
    where = one_line(" · ".join(filter(None, (change.severity, change.where, change.kind))))
    head: list[RichTextElement] = [_text(_within(where, 300), {"bold": True})]
    if change.summary:
        head.append(_text("\n" + _within(one_line(change.summary), 500)))
    pieces = _fit(shortened(change.inline), _CHANGE)
    quoted: list[RichTextElement] = [_text(text, _STYLES[mark]) for mark, text in pieces]
    elements: list[RichTextElement] = [RichTextSectionElement(elements=head)]
    if quoted:
        elements.append(RichTextQuoteElement(elements=quoted))
    return RichTextBlock(elements=elements)


def _foot(message: Message, left_out: int) -> ContextBlock:
    parts = [f"<{_address(link.url)}|{_plain_label(link.label)}>" for link in _web(message)]
    if left_out:
        parts.append(f"and {left_out} more change{'' if left_out == 1 else 's'} in the archive")
    parts.append(f"rule {_plain_label(message.rule)}, alert {message.alert}")
    ids = ", ".join(f"{_plain_label(name)} {number}" for name, number in message.ids.items())
    if ids:
        parts.append(ids)
    text = MarkdownTextObject(text=" · ".join(parts), verbatim=True)
    return ContextBlock(elements=[text])


def _web(message: Message) -> list[Any]:
    return [
        link
        for link in message.links[:5]
        if link.url.startswith(("http://", "https://")) and len(_address(link.url)) <= 400
    ]


def _address(url: str) -> str:
    """An address that cannot end its own link: its delimiters percent-encoded."""
    clean = "".join("%20" if c.isspace() else c for c in visible(url))
    for character in '<>|"`*~':
        clean = clean.replace(character, f"%{ord(character):02X}")
    return clean.replace("&", "&amp;")


def _plain_label(text: str) -> str:
    """Letters, digits and a few signs that mean nothing in mrkdwn."""
    kept = "".join(c if c.isalnum() or c in " -.,:/" else " " for c in one_line(text))
    return cut(" ".join(kept.split()), 80)


def _label(message: Message) -> str:
    mark = "TEST " if message.test else ""
    return f"{_SIGNS.get(message.severity, '⚪')} {mark}{message.severity.upper()}:"


def _text(text: str, style: dict[str, bool] | None = None) -> RichTextElement:
    return RichTextElementParts.Text(text=text, style=style)


def _fit(pieces: Sequence[Piece], limit: int) -> tuple[Piece, ...]:
    """Pieces fit to be shown; empty ones, which Slack refuses, left out."""
    clean: list[Piece] = [(mark, visible(text)) for mark, text in pieces]
    return tuple((mark, escaped(text)) for mark, text in fitted(clean, limit) if text)


def _within(text: str, limit: int) -> str:
    """`text` escaped, cut so that what is sent keeps to `limit` as Slack counts it."""
    return escaped(_shortest(text, lambda part: _units(escaped(part)) <= limit, limit))


def _shortest(text: str, fits: Callable[[str], bool], limit: int) -> str:
    room = limit
    while not fits(part := cut(text, room)):
        room -= max(1, room // 20)
    return part


def _units(text: str) -> int:
    """Length in UTF-16 units, the largest of the ways in which a service may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _size(blocks: Sequence[dict[str, Any]]) -> int:
    return _units(json.dumps(blocks, ensure_ascii=False))

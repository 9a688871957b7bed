"""Foreign text within Slack's limits, with nothing in it that Slack reads as its own.

Slack escapes three characters (https://docs.slack.dev/messaging/formatting-message-text) and
counts what it is sent; which units it counts in is not said, so that the longest count here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import RichTextElementParts
from slack_sdk.models.blocks.block_elements import RichTextElement

from alerts.wording import cut, one_line, visible

LONGEST_ADDRESS = 1500
_ELEMENT = 90
"""What an element of a rich text takes beside its text, in the JSON that is sent."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text of one style; with `url`, a link."""

    text: str
    style: tuple[str, ...] = ()
    url: str = ""

    @property
    def size(self) -> int:
        """What it takes in the JSON that is sent, at the most."""
        return units(json.dumps(escaped(self.text), ensure_ascii=False)) + len(self.url) + _ELEMENT


def escaped(text: str) -> str:
    """`text` with the three characters replaced that Slack reads as its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def units(text: str) -> int:
    """Length in UTF-16 units, the largest of the ways in which a service may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(blocks: Sequence[dict[str, Any]]) -> int:
    """What blocks take in the JSON that is sent."""
    return units(json.dumps(blocks, ensure_ascii=False))


def within(text: str, limit: int) -> str:
    """`text` escaped, cut so that what is sent keeps to `limit` as Slack counts it."""
    room = limit
    while units(escaped(part := cut(text, room))) > limit:
        room -= max(1, room // 20)
    return escaped(part)


def pieces_within(text: str, limit: int) -> list[str]:
    """All of `text` in pieces of at most `limit` characters, broken after lines or words."""
    pieces = []
    while len(text) > limit:
        end = text.rfind("\n", limit // 2, limit) + 1 or text.rfind(" ", limit // 2, limit) + 1
        end = end or limit
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def chunks(spans: Iterable[Span], limit: int) -> Iterator[list[Span]]:
    """All of the spans in lists that take at most `limit` each; empty ones are left out."""
    chunk: list[Span] = []
    room = limit
    for span in spans:
        for text in pieces_within(visible(span.text), (limit - _ELEMENT) // 6):
            piece = Span(text, span.style, span.url)
            if piece.size > room and chunk:
                yield chunk
                chunk, room = [], limit
            chunk.append(piece)
            room -= piece.size
    if chunk:
        yield chunk


def elements(spans: Iterable[Span]) -> list[RichTextElement]:
    """Spans as the elements of a rich text."""
    return [_element(span) for span in spans if span.text]


def address(url: str) -> str:
    """A web address fit to be sent; empty for any other, and for one that is too long."""
    clean = "".join("%20" if c.isspace() else c for c in visible(url))
    for character in '<>|"`*~':
        clean = clean.replace(character, f"%{ord(character):02X}")
    is_web = clean.startswith(("http://", "https://")) and len(clean) <= LONGEST_ADDRESS
    return clean if is_web else ""


def plain_label(text: str) -> str:
    """Letters, digits and a few signs that mean nothing in mrkdwn."""
    kept = "".join(c if c.isalnum() or c in " -.,:/" else " " for c in one_line(text))
    return cut(" ".join(kept.split()), 80)


def _element(span: Span) -> RichTextElement:
    style = dict.fromkeys(span.style, True) or None
    if span.url:
        return RichTextElementParts.Link(url=span.url, text=escaped(span.text), style=style)
    return RichTextElementParts.Text(text=escaped(span.text), style=style)

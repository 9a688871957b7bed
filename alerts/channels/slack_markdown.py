"""Markdown as Slack's blocks; what Slack cannot show, such as a table, as preformatted text."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from alerts.channels.slack_text import Span, address, chunks, elements, within
from alerts.wording import one_line

_CHUNK = 3000
_DEEPEST = 6
_STYLES = {"strong": "bold", "em": "italic", "s": "strike", "code_inline": "code"}


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a document, none of them near Slack's limits; its first heading is left out.

    HTML in it is shown as it is written; links lead to web addresses alone.
    """
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    nodes = SyntaxTreeNode(parser.parse(text)).children
    if nodes and nodes[0].type == "heading":
        nodes = nodes[1:]
    return [block for node in nodes for block in _blocks(node)]


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    match node.type:
        case "heading":
            yield from _heading(node)
        case "bullet_list" | "ordered_list":
            yield from _list(node, 0)
        case "blockquote":
            for chunk in chunks(_flat(node), _CHUNK):
                yield RichTextBlock(elements=[RichTextQuoteElement(elements=elements(chunk))])
        case "fence" | "code_block" | "html_block":
            yield from _preformatted(node.content)
        case "table":
            yield from _preformatted(_table(node))
        case "hr":
            yield DividerBlock()
        case _:
            for chunk in chunks(_flat(node), _CHUNK):
                yield RichTextBlock(elements=[RichTextSectionElement(elements=elements(chunk))])


def _heading(node: SyntaxTreeNode) -> Iterator[Block]:
    said = one_line("".join(span.text for span in _flat(node)))
    if said and node.tag in ("h1", "h2"):
        yield HeaderBlock(text=PlainTextObject(text=within(said, 150), emoji=False))
    elif said:
        for chunk in chunks([Span(said, ("bold",))], _CHUNK):
            yield RichTextBlock(elements=[RichTextSectionElement(elements=elements(chunk))])


def _list(node: SyntaxTreeNode, depth: int) -> Iterator[Block]:
    """One block an item: Slack draws neighbours as one list."""
    style = "ordered" if node.type == "ordered_list" else "bullet"
    start = int(node.attrGet("start") or 1) if style == "ordered" else 1
    for number, item in enumerate(node.children):
        inner = [one for one in item.children if not one.type.endswith("_list")]
        for chunk in chunks([span for one in inner for span in _flat(one)], _CHUNK):
            section = RichTextSectionElement(elements=elements(chunk))
            listed = RichTextListElement(
                elements=[section],
                style=style,
                indent=min(depth, _DEEPEST),
                offset=start + number - 1 if style == "ordered" else None,
            )
            yield RichTextBlock(elements=[listed])
        for one in item.children:
            if one.type.endswith("_list"):
                yield from _list(one, depth + 1)


def _preformatted(text: str) -> Iterator[Block]:
    for chunk in chunks([Span(text.rstrip("\n"))], _CHUNK):
        yield RichTextBlock(elements=[RichTextPreformattedElement(elements=elements(chunk))])


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [one_line("".join(span.text for span in _flat(cell))) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _flat(node: SyntaxTreeNode, styles: tuple[str, ...] = (), url: str = "") -> Sequence[Span]:
    """The text below a node, with its styles and links."""
    if node.type in ("text", "code_inline", "html_inline", "html_block", "fence", "code_block"):
        style = (*styles, "code") if node.type == "code_inline" else styles
        return [Span(node.content, style, url)]
    if node.type in ("softbreak", "hardbreak"):
        return [Span("\n" if node.type == "hardbreak" else " ", styles, url)]
    if node.type == "image":
        return [Span(node.content, styles, url)]
    if node.type == "link":
        url = address(str(node.attrGet("href") or ""))
    if node.type in _STYLES:
        styles = (*styles, _STYLES[node.type])
    spans: list[Span] = []
    for number, child in enumerate(node.children):
        if number and child.type == "paragraph":
            spans.append(Span("\n"))
        spans += _flat(child, styles, url)
    return spans

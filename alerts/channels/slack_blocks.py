"""The blocks of which a message to Slack is made.

Foreign text stands only in plain_text and rich_text objects, which Slack does not parse for
formatting; the only mrkdwn is ours. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    LinkButtonElement,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import RichTextElement

from alerts.channels.slack_text import (
    Span,
    address,
    chunks,
    elements,
    escaped,
    plain_label,
    units,
    within,
)
from alerts.gist import gist
from alerts.message import ChangeNote, Message
from alerts.phrases import label, standing
from alerts.pieces import shortened
from alerts.wording import cut, one_line, visible

HEADER = 150
_TITLE = 1500
_NOTE = 300
_BUTTON = 75
_BUTTONS = 5
_ADDRESSES = 3000
_FACT = 500
_FACTS_A_BLOCK = 10
_CHUNK = 4000
_SIGNS = {"critical": "🔴", "major": "🟠", "minor": "🔵"}
_CLOSED = "✅"
_STYLES: dict[str, tuple[str, ...]] = {"=": (), "-": ("strike",), "+": ("bold",)}


def heading(message: Message, *, follow_up: bool = False) -> list[Block]:
    """The title, how the alert stands, and what changed in one line.

    `follow_up` says that it belongs to an earlier message, where no thread shows it.
    """
    title = titled(message)
    blocks: list[Block] = [
        HeaderBlock(
            text=PlainTextObject(text=within(title, HEADER), emoji=False),
            block_id=block_id(message.key, 0),
        )
    ]
    if units(escaped(title)) > HEADER:
        blocks.append(_section(one_line(message.title)))
    closed = standing(message)
    if closed:
        blocks.append(_note(f"{_CLOSED} {closed}"))
    if follow_up:
        blocks.append(_note(f"Follow-up to an earlier message on {message.thread}"))
    said = gist(message)
    return [*blocks, _section(said)] if said else blocks


def titled(message: Message) -> str:
    """The title with its sign and severity, on one line."""
    sign = _CLOSED if standing(message) else _SIGNS.get(message.severity, "⚪")
    before = label(message).replace(" · ", " ")
    return f"{sign} {before}: {one_line(message.title)}"


def block_id(key: str, part: int) -> str:
    """The name of a part's first block, by which a repeat can be told."""
    return f"decreewatch-{key}"[:240] + (f".{part}" if part else "")


def facts(message: Message) -> list[Block]:
    """All facts, two columns wide, ten a block."""
    fields = [
        PlainTextObject(
            text=within(f"{one_line(fact.label)}: {visible(fact.value)}", _FACT), emoji=False
        )
        for fact in message.facts
    ]
    return [
        SectionBlock(fields=fields[start : start + _FACTS_A_BLOCK])
        for start in range(0, len(fields), _FACTS_A_BLOCK)
    ]


def change(note: ChangeNote) -> Iterator[RichTextBlock]:
    """A change with the differing words struck out and bold, in as many blocks as it takes."""
    where = one_line(" · ".join(filter(None, (note.severity, note.where, note.kind))))
    head = [Span(cut(where, 300), ("bold",))]
    if note.summary:
        head.append(Span("\n" + cut(one_line(note.summary), 500)))
    before: list[RichTextElement] = [RichTextSectionElement(elements=elements(head))]
    spans = [Span(text, _STYLES[mark]) for mark, text in shortened(note.inline)]
    for chunk in chunks(spans, _CHUNK):
        yield RichTextBlock(elements=[*before, RichTextQuoteElement(elements=elements(chunk))])
        before = []
    if before:
        yield RichTextBlock(elements=before)


def member(message: Message) -> list[Block]:
    """A message of a group, in a few lines: title, what changed, where to read on."""
    spans = [Span(cut(titled(message), 300), ("bold",))]
    said = gist(message)
    if said:
        spans.append(Span(f"\n{said}"))
    for number, (name, url) in enumerate(_links(message)):
        spans.append(Span(" · " if number else "\n"))
        spans.append(Span(cut(one_line(name), _BUTTON) or "Open", (), url))
    return texts(spans)


def member_title(message: Message) -> list[Block]:
    """What stands above the details of a message of a group."""
    return [DividerBlock(), *texts([Span(cut(titled(message), 300), ("bold",))])]


def texts(spans: Sequence[Span]) -> list[Block]:
    """A paragraph, in as many blocks as it takes."""
    return [
        RichTextBlock(elements=[RichTextSectionElement(elements=elements(chunk))])
        for chunk in chunks(spans, _CHUNK)
    ]


def buttons(message: Message) -> list[Block]:
    """The message's links as buttons; only web addresses."""
    shown: list[LinkButtonElement] = []
    room = _ADDRESSES
    for name, url in _links(message):
        if len(url) <= room:
            room -= len(url)
            text = PlainTextObject(text=within(one_line(name) or "Open", _BUTTON), emoji=False)
            shown.append(LinkButtonElement(text=text, url=url, action_id=f"open-{len(shown)}"))
    return [ActionsBlock(elements=shown)] if shown else []


def foot(message: Message, left_out: int, rest: str = "") -> ContextBlock:
    """Rule, numbers, and how many changes are told nowhere in the message."""
    parts = [rest] if rest else []
    if left_out:
        parts.append(f"and {left_out} more change{'' if left_out == 1 else 's'} in the archive")
    parts.append(f"rule {plain_label(message.rule)}, alert {message.alert}")
    ids = ", ".join(f"{plain_label(name)} {number}" for name, number in message.ids.items())
    if ids:
        parts.append(cut(ids, 300))
    return ContextBlock(elements=[MarkdownTextObject(text=" · ".join(parts), verbatim=True)])


def continued(message: Message, part: int) -> ContextBlock:
    """What stands above each further part of a message."""
    said = f"Continued ({part + 1}): {one_line(message.title)}"
    text = PlainTextObject(text=within(said, HEADER), emoji=False)
    return ContextBlock(elements=[text], block_id=block_id(message.key, part))


def _links(message: Message) -> list[tuple[str, str]]:
    links = [(link.label, address(link.url)) for link in message.links]
    return [(name, url) for name, url in links if url][:_BUTTONS]


def _section(text: str) -> SectionBlock:
    return SectionBlock(text=PlainTextObject(text=within(text, _TITLE), emoji=False))


def _note(text: str) -> ContextBlock:
    return ContextBlock(elements=[PlainTextObject(text=within(text, _NOTE), emoji=False)])

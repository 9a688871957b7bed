"""Cut an article into the passages that are tagged one by one."""

import re
import unicodedata
from dataclasses import dataclass

# Raised whenever the same article would be cut differently.
VERSION = 3
# Measured: passages of this length find one clause among many that ones twice as long drown.
WORDS = 60
MOST = 40
LONGEST_WORD = 40
MOST_CHARACTERS = 400_000
# Of the headline and of the summary: the model reads no more of them.
HEAD_CHARACTERS = 4_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_ROUND_UP = re.compile(r"\s*[|;•]\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as it stands in the article.

    Attributes:
        text: the passage.
        headline: the headline under which a passage of the body is read, else "".
        about: what says of which country the passage speaks where it names none: the headline
            and summary, or "" for the items of a round-up, which have nothing in common.
        is_body: whether it comes from the body, of which no single passage decides.
    """

    text: str
    headline: str = ""
    about: str = ""
    is_body: bool = False

    def in_context(self) -> str:
        """Return the passage under its headline, which says what it is about."""
        return f"{self.headline}. {self.text}" if self.headline else self.text


def of(title: str, summary: str, text: str) -> list[Passage]:
    """Return the passages of an article: the headline with its summary first, then the body's.

    A body passage is whole sentences of about `WORDS` words; it ends early where a paragraph ends.
    The items of a round-up ("A; B | C")
    stand alone besides. At most `MOST` passages are returned: of a longer body the opening and an
    even choice of the rest. An empty article gives one empty passage.
    """
    title, summary = _clean(title, HEAD_CHARACTERS), _clean(summary, HEAD_CHARACTERS)
    head = ". ".join(part.strip().rstrip(".") for part in (title, summary) if part.strip())
    first = [Passage(head)] if head else []
    parts = [*_ROUND_UP.split(title), *_ROUND_UP.split(summary)]
    items = [part.strip() for part in parts if len(part.split()) >= 5]
    if len(parts) > 2 and items:
        first += [Passage(item) for item in items[: MOST // 2]]
    headline = title.strip().rstrip(".")
    blocks = _blocks(_clean(text, MOST_CHARACTERS))
    about = head or next(iter(blocks), "")
    body = [Passage(block, headline, about, is_body=True) for block in blocks]
    return [*first, *_spread(body, MOST - len(first))] or [Passage("")]


def _clean(text: str, most: int) -> str:
    return unicodedata.normalize("NFC", text[:most])


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    words: list[str] = []
    for paragraph in text.splitlines():
        if len(words) >= WORDS // 2:
            blocks.append(" ".join(words))
            words = []
        for sentence in _SENTENCE_END.split(paragraph):
            piece = [word[:LONGEST_WORD] for word in sentence.split()]
            if words and len(words) + len(piece) > WORDS:
                blocks.append(" ".join(words))
                words = []
            words += piece
            while len(words) > 2 * WORDS:
                blocks.append(" ".join(words[:WORDS]))
                words = words[WORDS:]
    if words:
        blocks.append(" ".join(words))
    return blocks


def _spread(blocks: list[Passage], most: int) -> list[Passage]:
    if len(blocks) <= most:
        return blocks
    opening = most // 2
    rest = blocks[opening:]
    step = len(rest) / (most - opening)
    return blocks[:opening] + [rest[int(index * step)] for index in range(most - opening)]

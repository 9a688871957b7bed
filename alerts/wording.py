"""Foreign text made fit to be shown: no control or direction characters, cut with a mark."""

import re
import unicodedata

MARK = "…"
UNSEEN = "�"

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\v\f]")
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"


def visible(text: str) -> str:
    """`text` with every control, direction-changing or unpaired character made visible.

    Such characters could steer a terminal, or let a text be read other than it is written
    (CVE-2021-42574). Line ends of all kinds become newlines.
    """
    return _HARMFUL.sub(UNSEEN, _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """`visible` text on one line, with single spaces."""
    return " ".join(visible(text).split())


def cut(text: str, limit: int) -> str:
    """At most `limit` (≥ 1) characters of `text`; a cut one ends in `…`.

    The cut falls before a word where one begins near, and never between a letter and the
    marks that belong to it.
    """
    if len(text) <= limit:
        return text
    end = limit - len(MARK)
    space = text.rfind(" ", max(0, end - 30), end + 1)
    if space > 0:
        end = space
    while end > 0 and _belongs_to_previous(text, end):
        end -= 1
    return text[:end].rstrip() + MARK


def _belongs_to_previous(text: str, at: int) -> bool:
    letter = text[at]
    return unicodedata.combining(letter) != 0 or letter in _JOINERS or text[at - 1] == "\u200d"

"""Whether two wordings are the same, and if not, whether only spelling differs."""

import re

from monitor.legal.canon import normal, one_tone_placement, same_but_for_spelling, words
from monitor.legal.references import Reference

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ENDING = frozenset(".;,:/")


def _tokens(text: str, references: tuple[Reference, ...]) -> list[str]:
    at, parts = 0, []
    for reference in references:
        parts += [text[at : reference.start], " § "]
        at = reference.end
    parts.append(text[at:])
    found = [one_tone_placement(token) for token in _TOKEN.findall(normal("".join(parts)))]
    while found and found[-1] in _ENDING:
        found.pop()
    return found


def same_wording(
    old: str, new: str, old_references: tuple[Reference, ...], new_references: tuple[Reference, ...]
) -> bool:
    """Tell whether two texts read the same, references aside.

    Unicode form, white space, tone placement, kinds of quotes and dashes, and the mark that ends
    a list's item make no difference; capitals and other punctuation do.
    """
    return old == new or _tokens(old, old_references) == _tokens(new, new_references)


def only_spelling(old: str, new: str) -> bool:
    """Tell whether two texts differ in punctuation, capitals, diacritics or i/y only."""
    left, right = words(old), words(new)
    return len(left) == len(right) and all(
        a == b or (not a[0].isdigit() and same_but_for_spelling(a, b))
        for a, b in zip(left, right, strict=True)
    )

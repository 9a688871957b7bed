"""Why a hit stands where it stands, in words."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from storage.index_words import bare, exact, folded
from storage.query_language import Parsed
from storage.search_fusion import DAMPING
from storage.search_hits import Shown
from storage.search_ranking import Ranked

SHOWN = 6
READ = 2_000
"""How far into a text it is looked what counted for more."""


def why(place: Ranked, one: Shown, parsed: Parsed) -> tuple[str, ...]:
    """The explanation of a hit's score, a line for each search that found it."""
    lines = []
    ranks = []
    for leg, rank, score in place.legs:
        if leg == "instrument":
            lines.append("it is a text of the instrument that was named")
        elif leg == "meaning":
            lines.append(f"meaning: place {rank}, likeness {score:.2f}")
            ranks.append(rank)
        elif score:
            said = _where(one, parsed)
            lines.append(f"words: place {rank}, score {score:.1f}{f' ({said})' if said else ''}")
            ranks.append(rank)
        else:
            lines.append("newest first")
    if place.score and len({leg for leg, _, _ in place.legs} - {"instrument"}) > 1:
        sums = " + ".join(f"1/({DAMPING} + {rank})" for rank in ranks)
        found = sum(1 / (DAMPING + rank) for rank in ranks)
        half = "" if abs(found - place.score) < 1e-4 else ", words by half"
        lines.append(f"together: {sums}{half} = {place.score:.4f}")
    return tuple(lines)


def _where(one: Shown, parsed: Parsed) -> str:
    """What of the question counted for more: in the title, with its marks, side by side."""
    asked = _asked(parsed)
    title = exact(one.title)
    written = title + exact(f"{one.summary}\n{one.text[:READ]}")
    in_text = [bare(word) for word in written]
    in_title = set(in_text[: len(title)])
    with_marks = set(written)
    neighbours = set(pairwise(in_text))
    said = [
        _listed("in the title", [word for word in asked.words if word in in_title]),
        _listed("as typed", [word for word in asked.exact if word in with_marks]),
        _listed("side by side", [" ".join(two) for two in asked.pairs if two in neighbours]),
    ]
    return "; ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a question: folded, as they were typed, and two by two."""

    words: tuple[str, ...]
    exact: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=64)
def _asked(parsed: Parsed) -> _Asked:
    typed = " ".join(term.text for group in parsed.wanted for term in group if not term.field)
    words = folded(typed)
    return _Asked(
        tuple(dict.fromkeys(words)),
        tuple(dict.fromkeys(exact(typed))),
        tuple(dict.fromkeys(pairwise(words))),
    )


def _listed(what: str, words: list[str]) -> str:
    if not words:
        return ""
    more = " …" if len(words) > SHOWN else ""
    return f"{what}: {', '.join(words[:SHOWN])}{more}"

"""Why a hit stands where it stands, in words."""

from storage.index_items import Standing
from storage.index_words import exact, folded, pairs
from storage.query_language import Parsed
from storage.search_fusion import DAMPING
from storage.search_ranking import Ranked

SHOWN = 6


def why(place: Ranked, one: Standing, parsed: Parsed) -> tuple[str, ...]:
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
        lines.append(f"together: {sums} = {place.score:.4f}")
    return tuple(lines)


def _where(one: Standing, parsed: Parsed) -> str:
    """What of the question counted for more: in the title, with its marks, side by side."""
    title = folded(one.revision.title)
    text = f"{one.revision.title}\n{one.revision.summary}\n{one.revision.text[:20_000]}"
    with_marks = set(exact(text))
    typed = [term.text for group in parsed.wanted for term in group if not term.field]
    words = list(dict.fromkeys(word for text in typed for word in folded(text)))
    in_title = [word for word in words if word in set(title)]
    as_typed = [word for text in typed for word in exact(text) if word in with_marks]
    together = [pair for pair in pairs(" ".join(typed)) if pair in set(pairs(text))]
    said = [
        _listed("in the title", in_title),
        _listed("as typed", list(dict.fromkeys(as_typed))),
        _listed("side by side", [pair.replace("_", " ") for pair in together]),
    ]
    return "; ".join(part for part in said if part)


def _listed(what: str, words: list[str]) -> str:
    if not words:
        return ""
    more = " …" if len(words) > SHOWN else ""
    return f"{what}: {', '.join(words[:SHOWN])}{more}"

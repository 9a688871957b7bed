"""Why a text carries its topics: for the terminal, and as JSON."""

from textwrap import fill
from typing import TYPE_CHECKING, Any

from alerts.wording import visible

if TYPE_CHECKING:
    from monitor.topics import Reading, Tag

NEAR = 0.25
"""How far below its threshold a score is still told of."""
WIDTH = 96
INDENT = " " * 6


def explained_json(reading: "Reading") -> dict[str, Any]:
    """Return what is told of a text besides its topics; every topic is in `scored`."""
    return {
        "relevance": reading.relevance,
        "rejected": reading.rejected,
        "scored": [
            {
                "topic": tag.topic,
                "score": tag.score,
                "threshold": round(tag.threshold, 4),
                "passage": tag.passage,
                "nearest": tag.nearest,
            }
            for tag in reading.scored
        ],
    }


def print_explained(name: object, title: str, reading: "Reading") -> None:
    """Print why a text carries its topics, which others it nearly carries, or why it has none."""
    print(visible(f"{name}  {title}".rstrip()))
    if reading.rejected:
        print(f"  off-topic, not read in full: {visible(reading.rejected)}\n")
        return
    verdict = "on topic" if reading.tags else "off-topic"
    if reading.is_relevant and not reading.tags:
        verdict += ", no topic reaches its threshold"
    print(f"  {verdict}: relevance {reading.relevance:.2f}")
    for tag in told_of(reading):
        sign = "✓" if tag.score >= tag.threshold else "·"
        print(f"  {sign} {tag.topic} {tag.score:.2f}, threshold {tag.threshold:.2f}")
        print(_indented("passage", tag.passage))
        print(_indented("nearest example", tag.nearest))
    print()


def told_of(reading: "Reading") -> list["Tag"]:
    """Return the topics at, over or near their thresholds, best first; the best in any case."""
    near = [tag for tag in reading.scored if tag.score >= tag.threshold - NEAR]
    return near or list(reading.scored[:1])


def _indented(what: str, text: str) -> str:
    line = visible(f"{what}: {' '.join(text.split())}")
    return fill(line, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT + "  ")

"""The digest's small chart: articles a day beside the same weekdays before, and its text.

Its SVG and PNG are drawn without a browser or a network, from numbers and dates alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.digest_parts import Day

log = logging.getLogger("decreewatch.charts")

NOW_COLOUR, BEFORE_COLOUR = "#1f5fa8", "#c2c7cf"
_WIDTH, _HEIGHT = 520, 150
_SCALE = 2
_SHORT = 10
"""A week's days are named each; of more days, some are."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as inline SVG and as a PNG, with `text` saying the same; empty when not drawn."""

    svg: str
    png: bytes
    text: str


def drawn(days: Sequence[Day], weeks: int) -> Chart:
    """Draw bars for each day, those of `weeks` weeks before behind them.

    Where it cannot be drawn, the log says why and the text stands alone.
    """
    text = in_words(days, weeks)
    try:
        import vl_convert

        described = _described(days, weeks)
        svg = vl_convert.vegalite_to_svg(described)
        png = vl_convert.vegalite_to_png(described, scale=_SCALE)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        log.warning("the digest's chart could not be drawn: %s", error)
        return Chart("", b"", text)
    return Chart(svg, png, text)


def in_words(days: Sequence[Day], weeks: int) -> str:
    """The chart's numbers in one line: "Mon 2 June 3 (a week before 1), …"."""
    before = _before(weeks)
    said = []
    for number, one in enumerate(days):
        beside = f"({before} {one.before})" if number == 0 else f"({one.before})"
        said.append(f"{one.day:%a} {one.day.day} {one.day:%B} {one.now} {beside}")
    return f"Articles on a topic a day: {', '.join(said)}"


def _before(weeks: int) -> str:
    return "a week before" if weeks == 1 else f"{weeks} weeks before"


def _described(days: Sequence[Day], weeks: int) -> str:
    """The chart in Vega-Lite's words, as JSON."""
    import altair

    rows = []
    for one in days:
        name = f"{one.day:%a} {one.day.day}" if len(days) <= _SHORT else one.day.isoformat()[5:]
        rows.append({"day": name, "when": "these days", "articles": one.now})
        rows.append({"day": name, "when": _before(weeks), "articles": one.before})
    order = [_before(weeks), "these days"]
    chart = (
        altair.Chart(altair.InlineData(values=rows), width=_WIDTH, height=_HEIGHT)
        .mark_bar()
        .encode(
            x=altair.X("day:O", sort=None, title=None).axis(
                labelAngle=0 if len(days) <= _SHORT else -90, labelOverlap=True
            ),
            xOffset=altair.XOffset("when:N", sort=order),
            y=altair.Y("articles:Q", title="articles a day").axis(tickMinStep=1, tickCount=4),
            color=altair.Color("when:N", sort=order, title=None)
            .scale(domain=order, range=[BEFORE_COLOUR, NOW_COLOUR])
            .legend(orient="top"),
        )
    )
    return str(chart.to_json())

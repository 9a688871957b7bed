"""From what an article's passages score to what the article scores.

Its best passage decides, so that one clause in a round-up is found. But an article has many
passages and a body strays: what counts of a passage depends on where it stands and on which
country it speaks of.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor import countries
from monitor.passages import Passage
from monitor.topic_head import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The odds that a passage of a body is about a topic, against those of a headline that reads alike.
BODY_ODDS = 0.3


def weighed(scores: Scores, parts: Sequence[Passage], text: str, language: str) -> Scores:
    """Return the scores of an article's passages as they count for the article.

    Args:
        scores: of the passages, each by itself.
        parts: the passages.
        text: the article's body.
        language: the article's.
    """
    import numpy as np

    odds = np.where([part.is_body for part in parts], BODY_ODDS, 1.0)
    likely = scores.relevance * odds / (1 - scores.relevance * (1 - odds))
    share = np.asarray(countries.shares(parts, text, language))
    counted = likely * share / np.maximum(scores.relevance, 1e-12)
    return Scores(scores.relevance * counted, scores.topics * counted[:, None], scores.nearest)


def strongest(scores: "NDArray[np.float64]") -> tuple[int, float]:
    """Return the place and the score of the passage, among (n,), that speaks most for a topic."""
    place = int(scores.argmax())
    return place, round(float(scores[place]), 4)

"""Pages of an answer that stay as they are while items arrive.

The order of an answer is made once, over the index as it was then; its pages are cut from that.
It is kept in memory for a while. Where it is gone, it is made anew over the same items.
"""

import base64
import hashlib
import json
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from storage.search_request import QueryUnclear, Request

if TYPE_CHECKING:
    from storage.search_answer import Answer

MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins.

    Attributes:
        of: which question it belongs to.
        answer: which answer it was cut from.
        start: how many hits stand before it.
        highest: the highest item that the index held when the order was made.
    """

    of: str
    answer: str
    start: int
    highest: int


def fingerprint(request: Request) -> str:
    """What tells one question from another, whatever page of it is asked for."""
    said = asdict(replace(request, page="", facets=True, histogram=True, limit=1))
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:12]


def written(place: Place) -> str:
    """The token of a page."""
    said = json.dumps([place.of, place.answer, place.start, place.highest])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read(token: str, request: Request) -> Place:
    """Read the token of a page. Raises QueryUnclear when it is none, or another question's."""
    try:
        padded = token + "=" * (-len(token) % 4)
        said: Any = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        of, answer, start, highest = said
        place = Place(str(of), str(answer), int(start), int(highest))
    except (ValueError, TypeError) as error:
        raise QueryUnclear("this is not the token of a page; begin at the first page") from error
    if place.of != fingerprint(request):
        raise QueryUnclear("this page belongs to another search; begin at the first page")
    if not (0 < place.start < 2**31 and 0 <= place.highest < 2**63):
        raise QueryUnclear("this is not the token of a page; begin at the first page")
    return place


class Kept:
    """The answers that were made last, by name."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, name: str) -> "Answer | None":
        """The answer with this name, if it is still there."""
        with self._lock:
            found = self._answers.get(name)
            if found is not None:
                self._answers.move_to_end(name)
            return found

    def put(self, name: str, answer: "Answer") -> None:
        """Keep an answer, in place of the one that was used longest ago."""
        with self._lock:
            self._answers[name] = answer
            self._answers.move_to_end(name)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        """Let go of them all."""
        with self._lock:
            self._answers.clear()

"""Where the provisions of two compared texts stand: their articles, names and order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from alerts.places import place
from monitor.legal.model import Change, Comparison, Link, Provision


@dataclass(frozen=True, slots=True)
class Place:
    """A provision: its name for a reader ("Điều 7 khoản 2") and its article's heading."""

    eid: str
    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Places:
    """The provisions of both texts by their identifiers, named in the language of the new one."""

    old: Mapping[str, Provision]
    new: Mapping[str, Provision]
    language: str

    @classmethod
    def of(cls, comparison: Comparison) -> "Places":
        """The places of two texts that were compared."""
        old, new = (
            {one.eid: one for one in _walk(text.provisions)}
            for text in (comparison.old, comparison.new)
        )
        return cls(old, new, comparison.new.language)

    def place(self, side: str, eid: str) -> Place:
        """The place of a provision of the old or the new text."""
        article = self._on(side).get(article_of(eid))
        return Place(eid, place(eid, self.language), article.heading if article else "")

    def start(self, side: str, eid: str) -> int:
        """Where a provision begins in its text; 0 for one that is not there."""
        found = self._on(side).get(eid)
        return found.start if found else 0

    def order(self, one: Change | Link) -> tuple[bool, int]:
        """By this a change is sorted as the new text is read; what only the old one has is last."""
        if one.new:
            return False, self.start("new", one.new[0])
        return True, self.start("old", one.old[0])

    def old_order(self, one: Change | Link) -> tuple[bool, int]:
        """By this a link is sorted as the old text is read; what only the new one has is last."""
        if one.old:
            return False, self.start("old", one.old[0])
        return True, self.start("new", one.new[0])

    def _on(self, side: str) -> Mapping[str, Provision]:
        return self.new if side == "new" else self.old


def article_of(eid: str) -> str:
    """The article an identifier lies in; what holds no article stands for itself."""
    steps = eid.split("__")
    for count, step in enumerate(steps, 1):
        if step.startswith("art_"):
            return "__".join(steps[:count])
    return steps[0]


def _walk(provisions: Iterable[Provision]) -> Iterator[Provision]:
    for one in provisions:
        yield one
        yield from _walk(one.children)

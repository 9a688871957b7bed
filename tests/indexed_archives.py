"""Archives with an index, for the tests of what is searched."""

from archives import NOON

from storage.archive import Archive
from storage.findings import FoundCitation, FoundTag
from storage.index import Caught, keep_up
from storage.models_telling import StoryItem
from storage.search import Request, Results, Searcher


def index(archive: Archive, **how: object) -> Caught:
    """Bring the words index up to date."""
    return keep_up(archive, NOON, **how)  # type: ignore[arg-type]


def titles(found: Results) -> list[str]:
    """The titles of the hits, in their order."""
    return [hit.title for hit in found.hits]


def asked(searcher: Searcher, query: str, **how: object) -> list[str]:
    """The titles that a query finds by words."""
    return titles(searcher.search(Request(query, mode="words", **how)))  # type: ignore[arg-type]


def tag(archive: Archive, revision: int, *topics: str) -> None:
    """Say that a text is about these topics."""
    with archive.transaction() as tx:
        tx.findings.tag(revision, [FoundTag(one, 0.9, 0.5, "") for one in topics], "m")


def cite(archive: Archive, revision: int, *instruments: str) -> None:
    """Say that a text names these instruments."""
    with archive.transaction() as tx:
        tx.findings.cite(
            revision,
            [
                FoundCitation(n, n + 1, one, one, "decree", one.split("/")[0], None, None, None)
                for n, one in enumerate(instruments)
            ],
        )


def tell(archive: Archive, *items: int) -> int:
    """Put items into one story; gives its number."""
    with archive.transaction() as tx:
        story = tx.stories.empty_story("story", "vi", NOON)
        for number in items:
            item = tx.items.get(number)
            assert item is not None
            latest = tx.items.latest(item)
            assert latest is not None
            tx.session.add(
                StoryItem(
                    item_id=number, story_id=story.id, revision_id=latest.id, how="first",
                    score=1.0, reason="", joined_at=NOON, told_at=NOON, minhash=b"",
                )
            )  # fmt: skip
        return story.id

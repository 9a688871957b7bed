"""Legal texts read and compared for pages: each once, and kept while it is asked for."""

from dataclasses import dataclass
from typing import ClassVar

from monitor.legal import compare, parse
from monitor.legal.model import Comparison, LegalTextError
from monitor.weighing import weighed
from storage.archive import Archive
from storage.models import Revision
from storage.problems import Problem
from web.comparison_view import Page, page_of
from web.kept import Kept
from web.stated_values import Statements, statements

LONGEST = 8_000_000
"""Characters; a longer text is not read while somebody waits for it."""


class NotReadable(Problem):
    """A text that cannot be read or compared as a law."""

    kind: ClassVar[str] = "not-readable"


class NoSuchText(Problem):
    """A revision that is asked for and is not there."""

    kind: ClassVar[str] = "not-found"


@dataclass(frozen=True, slots=True)
class LegalTexts:
    """What was read of the texts of one archive, by their hashes: a text never changes."""

    compared: Kept[Comparison]
    arranged: Kept[Page]
    stated: Kept[Statements]

    @classmethod
    def empty(cls) -> "LegalTexts":
        """Nothing read yet."""
        return cls(Kept(8), Kept(8), Kept(64))

    def comparison(self, archive: Archive, old_id: int, new_id: int) -> Comparison:
        """The comparison of two revisions, what was not read for certain being only probable.

        Raises NotReadable or NoSuchText.
        """
        old, new = _texts(archive, old_id, new_id)

        def made() -> Comparison:
            return compare(parse(old.text), parse(new.text))

        try:
            found = self.compared.get((old.content_sha256, new.content_sha256), made)
            return weighed(found, old.notes, new.notes)
        except LegalTextError as error:
            raise NotReadable(f"these texts cannot be compared: {error}") from error

    def comparison_page(self, archive: Archive, old_id: int, new_id: int) -> Page:
        """The comparison of two revisions, arranged for reading. Raises NotReadable or
        NoSuchText."""
        key = (old_id, new_id)
        return self.arranged.get(key, lambda: page_of(self.comparison(archive, old_id, new_id)))

    def statements(self, archive: Archive, revision_id: int, sha256: str) -> Statements:
        """What a revision says in figures; `sha256` is that of its content.

        Raises NotReadable with what is wrong, or NoSuchText.
        """

        def made() -> Statements:
            return statements(_texts(archive, revision_id)[0].text)

        try:
            return self.stated.get(sha256, made)
        except LegalTextError as error:
            raise NotReadable(f"this text cannot be read as a law: {error}") from error


def _texts(archive: Archive, *revision_ids: int) -> list[Revision]:
    found = []
    with archive.reading() as tx:
        for number in revision_ids:
            revision = tx.items.revision(number)
            if revision is None:
                raise NoSuchText(f"There is no revision {number}.")
            found.append(revision)
    if any(len(one.text) > LONGEST for one in found):
        raise NotReadable("this text is too long to be read here: use `decreewatch compare`")
    return found

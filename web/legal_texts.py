"""Legal texts read and compared for pages: each once, and kept while it is asked for."""

from dataclasses import dataclass
from typing import ClassVar

from monitor.legal import compare, parse
from monitor.legal.model import LegalTextError
from storage.archive import Archive
from storage.models import Revision
from storage.problems import Problem
from web.comparison_view import Page, page_of
from web.kept import Kept
from web.stated_values import Statements, statements

LONGEST = 8_000_000
"""Characters; a longer text is not read while somebody waits for a page."""


class NotReadable(Problem):
    """A text that cannot be read or compared as a law."""

    kind: ClassVar[str] = "not-readable"


@dataclass(frozen=True, slots=True)
class LegalTexts:
    """What was read of the texts of one archive, by their hashes: a text never changes."""

    compared: Kept[Page]
    stated: Kept[Statements]

    @classmethod
    def empty(cls) -> "LegalTexts":
        """Nothing read yet."""
        return cls(Kept(8), Kept(64))

    def comparison(self, archive: Archive, old_id: int, new_id: int) -> Page:
        """The comparison of two revisions, arranged for reading.

        Raises NotReadable with what is wrong, or KeyError when there is no such revision.
        """
        old, new = _texts(archive, old_id, new_id)
        key = (old.content_sha256, new.content_sha256)

        def made() -> Page:
            return page_of(compare(parse(old.text), parse(new.text)))

        try:
            return self.compared.get(key, made)
        except LegalTextError as error:
            raise NotReadable(f"these texts cannot be compared: {error}") from error

    def statements(self, archive: Archive, revision_id: int, sha256: str) -> Statements:
        """What a revision says in figures; `sha256` is that of its content.

        Raises NotReadable with what is wrong, or KeyError when there is no such revision.
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
                raise KeyError(f"no revision {number}")
            found.append(revision)
    if any(len(one.text) > LONGEST for one in found):
        raise NotReadable("this text is too long to be read for a page: use `decreewatch compare`")
    return found

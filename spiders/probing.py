"""An address asked as in a round, nothing kept: what it answered, and what was read by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from pydantic import ValidationError

from config import Config, SourceDeclaration
from spiders.pacing import robots_url
from spiders.processes import OnProgress
from spiders.rounds import crawl_round
from storage.addresses import AddressRefused, canonical_url
from storage.archive import Archive
from storage.problems import Problem

NOTHING = "(?!)"
"""A pattern that no address has: a list is read, and no page that it names."""
NO_ADDRESS = "not an address of the web; give one such as https://outlet.example/"


class NoSource(Problem):
    """An address could not be described as a source."""

    kind: ClassVar[str] = "no-source"


@dataclass(frozen=True, slots=True)
class Read:
    """An article or document of a sample: its address, and how and in which language it was."""

    url: str
    method: str
    language: str


@dataclass(frozen=True, slots=True)
class Probed:
    """What a round gave: `bodies` and `wrong` by the source's own addresses as they were asked.

    `landed` says where an address led to, `failed` what was wrong with pages of the sample.
    """

    bodies: dict[str, bytes]
    landed: dict[str, str]
    wrong: dict[str, str]
    failed: dict[str, str]
    read: tuple[Read, ...]
    robots: bytes

    def good(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Those of the addresses that were read without a problem."""
        return tuple(one for one in addresses if self.bodies.get(one) and one not in self.wrong)


@dataclass(frozen=True, slots=True)
class Prober:
    """Asks the addresses of a source to be, as politely as any round would."""

    config: Config
    base: Mapping[str, Any]
    on_progress: OnProgress | None = None

    def ask(self, pages: int, **keys: Any) -> Probed:
        """Ask `feeds`, `listings` … in one round that reads at most `pages` of what they name.

        Raises NoSource where an address is none.
        """
        try:
            source = SourceDeclaration.model_validate({**self.base, **keys})
            asked = {address: canonical_url(address) for address in source.addresses}
        except (ValidationError, AddressRefused) as error:
            raise NoSource(f"{self.base['homepage']}: {NO_ADDRESS}") from error
        politeness = self.config.politeness.model_copy(update={"max_pages": pages, "parallel": 1})
        small = self.config.model_copy(update={"politeness": politeness, "sources": (source,)})
        with TemporaryDirectory(prefix="decreewatch-new-") as folder:
            archive = Archive.open(Path(folder))
            try:
                report = crawl_round(
                    small, archive, all_sources=True, on_progress=self.on_progress
                ).sources[0]
                held = {one: _held(archive, one) or _held(archive, asked[one]) for one in asked}
                robots = _held(archive, robots_url(source.homepage))
                read = _sample(archive)
            finally:
                archive.close()
        said = {error["url"]: error["message"] for error in reversed(report.errors)}
        wrong = {one: said[url] for one, url in asked.items() if url in said}
        wrong |= {one: said[one] for one in asked if one in said}
        if not any(held.values()) and not wrong and said:
            wrong = dict.fromkeys(asked, next(iter(said.values())))
        return Probed(
            bodies={one: found[1] for one, found in held.items() if found},
            landed={one: found[0] for one, found in held.items() if found},
            wrong=wrong,
            failed={one: why for one, why in said.items() if one not in (*wrong, *asked.values())},
            read=read,
            robots=robots[1] if robots else b"",
        )


def _held(archive: Archive, url: str) -> tuple[str, bytes] | None:
    with archive.reading() as tx:
        page = tx.sources.page(url)
        capture = tx.captures.by_digest(page.payload_sha256) if page is not None else None
    return (capture.url, archive.read_capture(capture.id).body) if capture is not None else None


def _sample(archive: Archive) -> tuple[Read, ...]:
    with archive.reading() as tx:
        return tuple(
            Read(item.url, revision.method, revision.language)
            for item, revision in tx.items.every()
            if revision.method != "feed"
        )

"""Archives and observations as the tests make them."""

import itertools
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.archive import Archive
from storage.captures import Exchange
from storage.items import Observation, Recorded

NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)
TEMPLATE = "migrated"
_numbers = itertools.count(1)


class Places:
    """Where archives can be opened: below a folder, with databases of one kind.

    `server` is the URL of a PostgreSQL server and None for SQLite.
    """

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.server = server
        self._databases: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for database in self._databases.values():
            self._ask_server(f'DROP DATABASE "{database}" WITH (FORCE)')

    def root(self, name: str) -> Path:
        """The folder of the archive with this name."""
        return self.folder / name

    def url(self, name: str, *, empty: bool = False) -> str | None:
        """The URL of this archive's database, which is made, with its tables or empty."""
        if self.server is None:
            return None
        if name not in self._databases:
            database = f"test{next(_numbers)}"
            template = "template0" if empty else TEMPLATE
            self._ask_server(f'CREATE DATABASE "{database}" TEMPLATE {template}')
            self._databases[name] = database
        return url_of(self.server, self._databases[name])

    def open(self, name: str = "archive", **options: Any) -> Archive:
        """Open the archive with this name."""
        return Archive.open(self.root(name), self.url(name), **options)

    def _ask_server(self, statement: str) -> None:
        ask_server(str(self.server), statement)


def url_of(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def ask_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def prepare_template(server: str, folder: Path) -> None:
    """Make the database that the tests' databases are copied from."""
    ask_server(server, f'CREATE DATABASE "{TEMPLATE}"')
    Archive.open(folder, url_of(server, TEMPLATE)).close()
    shutil.rmtree(folder)


def seen(url: str = "https://press.example/a", hour: float = 0, **said: Any) -> Observation:
    """A look at an article, `hour` hours after noon."""
    base = Observation(
        url=url,
        source_id="press",
        kind="article",
        seen_at=NOON + timedelta(hours=hour),
        title="Bến phà mở lại",
        text="Bến phà mở lại sau ba ngày.",
        language="vi",
        extractor="test",
        extractor_version=1,
        method="rules",
    )
    return replace(base, **said)


def observe(archive: Archive, *looks: Observation) -> list[Recorded]:
    """Observe these in one transaction each."""
    recorded = []
    for look in looks:
        with archive.transaction() as tx:
            recorded.append(tx.items.observe(look))
    return recorded


def exchange(
    body: bytes, url: str = "https://press.example/a", hour: float = 0, **said: Any
) -> Exchange:
    """A server's answer with this body, as sent."""
    base = Exchange(
        url=url,
        fetched_at=NOON + timedelta(hours=hour),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        payload=body,
        request_headers=(("User-Agent", "DecreeWatch"),),
        reason="OK",
    )
    return replace(base, **said)


def capture(archive: Archive, *answers: Exchange, source: str = "press") -> list[int]:
    """Keep these answers in one crawl; gives the captures' numbers."""
    numbers = []
    with archive.capture_writer(source, answers[0].fetched_at) as writer:
        for answer in answers:
            with archive.transaction() as tx:
                numbers.append(tx.captures.keep(writer, answer, source, "text/html").id)
    return numbers


def everything(archive: Archive) -> list[tuple[Any, ...]]:
    """All that is known of items, revisions and events, to compare two states."""
    with archive.reading() as tx:
        items = [
            (i.id, i.url, i.latest, i.first_seen, i.last_seen, i.removed_at)
            for i, _ in tx.items.every()
        ]
        revisions = [
            (r.id, r.item_id, r.number, r.cause, r.seen_at, r.content_sha256, r.text)
            for r in tx.items.every_revision()
        ]
        events = [(e.seq, e.kind, e.subject, e.at, str(e.data)) for e in tx.events.after(0)]
    return [*items, *revisions, *events]

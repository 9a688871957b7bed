"""Archives and observations as the tests make them."""

import itertools
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hypothesis import Phase, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.archive import Archive
from storage.captures import Exchange
from storage.columns import Base
from storage.observations import Observation, Recorded
from storage.schema import HEAD

FEW = settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
"""For properties of a database: each example costs milliseconds, and to shrink takes thousands."""
NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)


class Places:
    """Where archives can be opened: below a folder, with databases of one kind.

    `migrated` is an SQLite file with empty tables, to be copied, or a server with a database
    of that name and `spare` ones that earlier tests gave back.
    """

    def __init__(self, folder: Path, migrated: "Path | Server") -> None:
        self.folder = folder
        self.server = migrated if isinstance(migrated, Server) else None
        self._file = migrated if isinstance(migrated, Path) else None
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
            if self.server is not None:
                self.server.give_back(database)

    def root(self, name: str) -> Path:
        """The folder of the archive with this name."""
        return self.folder / name

    def url(self, name: str = "archive") -> str | None:
        """The URL of this archive's database, which has empty tables when it is new."""
        if self.server is None:
            if not self.root(name).exists() and self._file is not None:
                self.root(name).mkdir()
                shutil.copy(self._file, self.root(name))
            return None
        if name not in self._databases:
            self._databases[name] = self.server.database()
        return self.server.url(self._databases[name])

    def url_without_tables(self, name: str) -> str | None:
        """The URL of a database that no archive was opened with; SQLite makes its own."""
        if self.server is None:
            return None
        self._databases[name] = self.server.make("template0")
        return self.server.url(self._databases[name])

    def open(self, name: str = "archive", **options: Any) -> Archive:
        """Open the archive with this name."""
        return Archive.open(self.root(name), self.url(name), **options)


class Server:
    """A PostgreSQL server that lends databases."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._spare: list[str] = []
        self._numbers = itertools.count(1)
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._ask(f"ALTER SYSTEM SET {setting}")
        self._ask("SELECT pg_reload_conf()")
        self.template = self.make("template0")
        Archive.open(folder, self.url(self.template)).close()

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return make_url(self._url).set(database=database).render_as_string(hide_password=False)

    def make(self, template: str) -> str:
        """A new database, copied from `template`."""
        name = f"test{next(self._numbers)}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def database(self) -> str:
        """A database with empty tables."""
        return self._spare.pop() if self._spare else self.make(self.template)

    def give_back(self, database: str) -> None:
        """Empty a database for the next test, and end what a killed process left in it."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
        self._ask(
            f"{end} AND datname = current_database()",
            "; ".join(f"DELETE FROM {table}" for table in tables),
            "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences",
            f"UPDATE alembic_version SET version_num = '{HEAD}'",
            database=database,
        )
        self._spare.append(database)

    def _ask(self, *statements: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def emptied(archive: Archive) -> None:
    """Empty an archive between two examples of a property."""
    with archive.transaction() as tx:
        for table in reversed(Base.metadata.sorted_tables):
            tx.session.execute(table.delete())


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

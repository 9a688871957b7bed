"""The tables of a database brought to this version, by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.engine import said_plainly
from storage.problems import Problem

HEAD = "0006"
"""The newest migration; a test holds it to the folder of migrations."""
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x736368656D61


class SchemaTooNew(Problem):
    """The archive was written by a newer version of the program."""

    kind: ClassVar[str] = "schema-too-new"


class ReferencesBroken(Problem):
    """A row refers to one that is not there."""

    kind: ClassVar[str] = "references-broken"


def prepare(engine: Engine) -> None:
    """Create or migrate the tables; quick when there is nothing to do.

    Raises SchemaTooNew, ReferencesBroken, or the archive's own errors when the database cannot be
    used.
    """
    try:
        with engine.connect() as connection:
            current = _version(connection)
        if current == HEAD:
            return
        if current is not None and current > HEAD:
            raise SchemaTooNew(
                f"{engine.url.render_as_string(hide_password=True)} has tables of version "
                f"{current}, this program knows {HEAD}. Install a newer Decree Watch."
            )
        _migrate(engine)
    except DBAPIError as error:
        raise said_plainly(error, engine) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with (
        engine.execution_options(writes=True).connect() as connection,
        _rebuilding_tables(connection),
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        if engine.dialect.name == "sqlite":
            _check_references(connection)


@contextmanager
def _rebuilding_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table to which rows of others refer, as altering one takes.

    The steps are those of https://www.sqlite.org/lang_altertable.html, section 7: references are
    not enforced meanwhile, and checked before the end of the transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise ReferencesBroken(
            f"bringing the archive to version {HEAD} would break a reference (table {broken[0]}, "
            f"row {broken[1]}, to {broken[2]}); nothing was changed. Restore a backup, or run "
            "`decreewatch verify` with the version before."
        )

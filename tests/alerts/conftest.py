import shutil
from datetime import UTC, datetime, timedelta

import pytest
from newsdesk import Newsdesk

from storage.archive import Archive

NOW = datetime(2031, 6, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def later():
    return lambda **span: NOW + timedelta(**span)


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory):
    """A folder with an archive to copy: making the tables anew takes its time."""
    folder = tmp_path_factory.mktemp("empty") / "archive"
    Archive.open(folder).close()
    return folder


@pytest.fixture
def new_archive(tmp_path, empty_archive):
    """Opens one empty archive after another."""
    opened = []

    def open_next():
        folder = shutil.copytree(empty_archive, tmp_path / f"archive-{len(opened)}")
        opened.append(Archive.open(folder))
        return opened[-1]

    yield open_next
    for one in opened:
        one.close()


@pytest.fixture
def archive(new_archive):
    return new_archive()


@pytest.fixture
def desk(archive):
    return Newsdesk(archive, NOW)

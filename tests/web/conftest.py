"""Houses to come into: the pages over an empty archive, behind a door as a test wants it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk
from doors import QUICK, House
from watched_archive import fill

from storage import credentials
from storage.archive import Archive


@pytest.fixture(scope="module")
def quick_hashes() -> Iterator[None]:
    """Lets passwords be hashed in no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "hasher", lambda: QUICK)
        credentials.nobodys.cache_clear()
        yield
    credentials.nobodys.cache_clear()


@pytest.fixture
def build(tmp_path: Path, sqlite_file: Path, quick_hashes: None) -> Iterator[Callable[..., House]]:
    """Makes the pages of an empty archive with what `[web]` says."""
    shutil.copy(sqlite_file, tmp_path)
    archive = Archive.open(tmp_path)
    yield lambda **web: House(archive, **web)
    archive.close()


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    """The pages behind a login, with a reader, an analyst and an admin."""
    made = build(auth="users")
    made.let_in("reader", "analyst", "admin")
    return made


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Iterator[Desk]:
    """An archive with a little of everything, and the pages and the API over it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(sqlite_file, folder)
    made = Desk(folder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive in which a decree is drafted and enacted; only to be read."""
    archive = Archive.open(tmp_path_factory.mktemp("watched"))
    fill(archive)
    yield archive
    archive.close()


@pytest.fixture
def copy(watched: Archive, tmp_path: Path) -> Iterator[Archive]:
    """A copy of that archive, for what changes something."""
    watched.tidy()
    shutil.copytree(watched.root, tmp_path / "copy")
    archive = Archive.open(tmp_path / "copy")
    yield archive
    archive.close()

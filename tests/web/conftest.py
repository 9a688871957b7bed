"""Houses to come into: the pages over an empty archive, behind a door as a test wants it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doors import QUICK, House

from storage import credentials
from storage.archive import Archive


@pytest.fixture
def build(
    tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., House]]:
    """Makes the pages of an empty archive with what `[web]` says."""
    monkeypatch.setattr(credentials, "hasher", lambda: QUICK)
    credentials.nobodys.cache_clear()
    shutil.copy(sqlite_file, tmp_path)
    archive = Archive.open(tmp_path)
    yield lambda **web: House(archive, **web)
    archive.close()
    credentials.nobodys.cache_clear()


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    """The pages behind a login, with a reader, an analyst and an admin."""
    made = build(auth="users")
    made.let_in("reader", "analyst", "admin")
    return made

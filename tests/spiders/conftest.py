from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path / "var")
    yield opened
    opened.close()

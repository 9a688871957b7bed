"""Archives to test with: each test runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from archives import Places

from storage.archive import Archive


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    """An empty archive."""
    opened = places.open("archive")
    yield opened
    opened.close()

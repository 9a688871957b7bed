from collections.abc import Iterator

import pytest

from newsroom.server import Newsroom


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(day=1) as running:
        yield running

from collections.abc import Iterator

import pytest
from playing import MODELS, Played, decreewatch

from config import load
from storage.archive import Archive


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("seven") / "demo"
    ended = decreewatch("demo", "--folder", str(folder), "--models", str(MODELS))
    assert ended.returncode == 0, ended.stderr
    config = load(folder / "config.toml")
    archive = Archive.open(config.storage.path)
    yield Played(ended.stdout, folder / "config.toml", config, archive)
    archive.close()

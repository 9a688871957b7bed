import os
from pathlib import Path

import pytest

from monitor.embedding import Embedder, load

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    folder = Path(os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models"))
    return load("builtin", folder)


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real texts is not beside this checkout (../shared/corpus)")
    return CORPUS

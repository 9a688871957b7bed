import os
import tomllib
from pathlib import Path

import pytest

from config import Topic
from monitor.embedding import Embedder, load
from monitor.topics import TopicTagger

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    folder = Path(os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models"))
    return load("builtin", folder)


@pytest.fixture(scope="session")
def topics() -> list[Topic]:
    """The topics of the catalogue."""
    declared = tomllib.loads((ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8"))
    return [Topic.model_validate(topic) for topic in declared["topics"]]


@pytest.fixture(scope="session")
def tagger(embedder: Embedder, topics: list[Topic]) -> TopicTagger:
    return TopicTagger(embedder, topics)


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real texts is not beside this checkout (../shared/corpus)")
    return CORPUS

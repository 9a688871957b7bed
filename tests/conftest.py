"""What all tests share: how hard properties are tried, and where the corpus may lie."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real texts; a test that needs it is skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real texts is not beside this checkout (../shared/corpus)")
    return CORPUS

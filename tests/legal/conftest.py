"""The real texts that the legal tests read where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from trees import TEXTS

from monitor.legal import parse
from monitor.legal.model import LegalText

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "legal"
_MEDIA_TYPES = {".md": "text/markdown", ".html": "text/html", ".xml": "application/akn+xml"}
_parsed: dict[str, LegalText] = {}


@pytest.fixture
def corpus_text() -> Callable[[str], LegalText]:
    """Parse a file of the corpus once; skip the test where there is no corpus."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real legal texts (../shared/corpus/legal) is not here")

    def read(name: str) -> LegalText:
        if name not in _parsed:
            path = CORPUS / name
            kind = _MEDIA_TYPES.get(path.suffix, "text/plain")
            _parsed[name] = parse(path.read_text(encoding="utf-8"), media_type=kind)
        return _parsed[name]

    return read


@pytest.fixture
def corpus_path() -> Path:
    """The folder of real legal texts; skips the test where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real legal texts (../shared/corpus/legal) is not here")
    return CORPUS


@pytest.fixture
def invented() -> Callable[[str], str]:
    """Read one of the invented legal texts by its file name."""
    return lambda name: (TEXTS / name).read_text(encoding="utf-8")

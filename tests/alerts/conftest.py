from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from storage.archive import Archive

NOW = datetime(2031, 6, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def later():
    return lambda **span: NOW + timedelta(**span)


@pytest.fixture
def archive(tmp_path):
    opened = Archive.open(tmp_path / "archive")
    yield opened
    opened.close()


def configuration(*rules, channels=None):
    """A configuration with an invented source, topic and instrument, and the given rules."""
    return Config.model_validate(
        {
            "politeness": {"contact": "desk@example.org"},
            "sources": [
                {
                    "id": source,
                    "name": name,
                    "kind": "state",
                    "language": "vi",
                    "homepage": f"https://{source}.example.org/",
                    "feeds": [f"https://{source}.example.org/rss"],
                }
                for source, name in (("tin-moi", "Tin Mới"), ("song-xanh", "Sóng Xanh"))
            ],
            "topics": [
                {
                    "id": topic,
                    "name": name,
                    "description": {"en": name, "vi": name},
                }
                for topic, name in (("minors", "Minors online"), ("telecom", "Telecoms"))
            ],
            "instruments": [
                {"id": "platforms", "name": "Decree on platforms", "number": "901/2031/NĐ-CP"}
            ],
            "channels": channels or [{"id": "desk", "kind": "console"}],
            "rules": [{"channels": ["desk"], **rule} for rule in rules],
        }
    )

"""What a user has and does around the demo."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config import Config
from storage.archive import Archive

ROOT = Path(__file__).parents[1]
MODELS = Path(os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models"))


@dataclass(frozen=True)
class Played:
    """What a user has after `decreewatch demo`."""

    shown: str
    config_path: Path
    config: Config
    archive: Archive


def decreewatch(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "decreewatch.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

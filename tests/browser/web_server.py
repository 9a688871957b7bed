"""`decreewatch serve` as a process of its own, as a reader's team runs it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playing import ROOT


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """Serve an archive's pages; gives their address, without a slash at its end."""
    command = [sys.executable, str(ROOT / "decreewatch.py"), "serve", "--config", str(config)]
    started = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert started.stderr is not None
        said = started.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address is not None, said
        yield address[0]
    finally:
        started.send_signal(signal.SIGINT)
        _, rest = started.communicate(timeout=30)
    assert "Traceback" not in rest, rest

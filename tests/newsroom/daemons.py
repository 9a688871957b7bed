"""Daemons as the tests run them: real processes on the invented newsroom."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playing import MODELS, ROOT

from commands.seven_days import write_config

SOON = 120


def quick_config(folder: Path, url: str) -> Path:
    """A configuration that hurries, and without topics: these tests need no model."""
    path = write_config(folder, MODELS, url)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[[topics]]"), text.index("[[instruments]]")
    quick = '[schedule]\ncrawl = "2s"\nunderstand = "0.5s"\ndeliver = "0.5s"\n\n'
    path.write_text(text[:start] + quick + text[end:], encoding="utf-8")
    return path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def daemon(config_path: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    started = subprocess.Popen(
        [sys.executable, str(ROOT / "decreewatch.py"), "run", "--config", str(config_path), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)

"""Programs that others wrote, run on files that nobody vouches for.

Each runs without a shell, in a folder of its own, with a bound on its time, its memory and what
it writes, and without a network where the kernel lets it go.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from storage.problems import Problem

# The bounds are set by a process that then becomes the program: setting them between fork and
# exec of a process with threads is not safe.
_BOUNDED = """
import ctypes, os, resource, sys
cpu, memory, size = (int(one) for one in sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)
except (OSError, AttributeError):
    pass
os.execv(sys.argv[4], sys.argv[4:])
"""
KEPT_VARIABLES = ("PATH", "TESSDATA_PREFIX", "ANTIWORDHOME")
LONGEST_REASON = 300
_ADDRESS = re.compile(r"\[0x[0-9a-f]+\]", re.I)


class ProgramFailed(Problem):
    """A program that reads a file for us failed, or went over its bounds."""

    kind: ClassVar[str] = "program-failed"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a program may use: seconds, bytes of memory, bytes of any one file it writes."""

    seconds: float = 60.0
    memory: int = 1_000_000_000
    written: int = 100_000_000


def run_program(argv: Sequence[str], folder: Path, bounds: Bounds) -> bytes:
    """Run a program (its full path first) in `folder` and give its standard output.

    The folder is its home and the place of its temporary files. Raises ProgramFailed, with
    the end of what it said, where it fails, takes longer or writes more than it may.
    """
    name = Path(argv[0]).name
    limits = [str(int(bounds.seconds) + 1), str(bounds.memory), str(bounds.written)]
    out, err = folder / "program.out", folder / "program.err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOUNDED, *limits, *argv],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            status = process.wait(bounds.seconds)
        except subprocess.TimeoutExpired:
            raise ProgramFailed(
                f"{name}: did not end within {bounds.seconds:.3g} seconds; it was stopped"
            ) from None
        finally:
            _end(process)
    if status:
        raise ProgramFailed(f"{name}: {_reason(status, err)}")
    return out.read_bytes()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    return kept | own


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def _reason(status: int, err: Path) -> str:
    """Give the end of what a program said, without the addresses of its own code."""
    lines = err.read_bytes()[-20_000:].decode("utf-8", "replace").splitlines()
    said = " ".join(" ".join(line for line in lines if not _ADDRESS.search(line)).split())
    if status < 0:
        return f"ended by {signal.Signals(-status).name} {said[-LONGEST_REASON:]}".strip()
    return said[-LONGEST_REASON:] or f"ended with status {status}"

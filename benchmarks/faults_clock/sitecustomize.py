"""A clock that is wrong by as much as a file says, in a program and all that it starts.

Python imports this by itself where the folder lies on PYTHONPATH. `FAULTS_CLOCK` names the file: it
holds how many seconds the clock is ahead of the real one. When it changes, the clock jumps.
"""

import os
import sys
import threading
from pathlib import Path
from time import sleep, time

LOOK_S = 0.05


def _ahead(path: Path) -> float:
    return float(path.read_text(encoding="ascii"))


def _follow(path: Path) -> None:
    # time_machine would else load pytest, which no program under test needs.
    sys.modules["pytest"] = None  # type: ignore[assignment]
    import time_machine

    del sys.modules["pytest"]
    known = _ahead(path)
    traveller = time_machine.travel(time() + known, tick=True).start()

    def follow() -> None:
        nonlocal known
        while True:
            sleep(LOOK_S)
            if (present := _ahead(path)) != known:
                known = present
                traveller.move_to(time_machine.escape_hatch.time.time() + present, tick=True)

    # Only the program itself lives long enough to see a jump; no thread may be lost in a fork.
    if "-c" not in sys.orig_argv:
        threading.Thread(target=follow, name="clock", daemon=True).start()


if "FAULTS_CLOCK" in os.environ:
    _follow(Path(os.environ["FAULTS_CLOCK"]))

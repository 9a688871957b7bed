"""How much memory a process takes, as Linux says it."""

from pathlib import Path


def memory(what: str, pid: int | str = "self") -> float:
    """Return a process's memory in MB: VmRSS as it is now, VmHWM at its largest.

    `ru_maxrss` would not do: it begins with what the parent process had when it forked.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition(f"{what}:")[2].split()[0]) / 1000


def forget_peak() -> bool:
    """Let this process's VmHWM begin anew with what it has now; whether the system allows it."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True

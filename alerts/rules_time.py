"""Rules on time: states of instruments, dates that come near, surges, silent sources."""

from alerts.verdicts import Condition

TIME: dict[str, Condition] = {}

"""The sections of the configuration that say what the clock is watched for."""

from pathlib import Path

from config_sections import Section, Span


class Watch(Section):
    """What is told without anything new having been read.

    A source of too little history to know its habits is silent after `silent_after`.
    """

    silent_after: Span = 7 * 86400.0


class Calendar(Section):
    """An iCalendar file of what falls due, rewritten whenever it changes.

    `days` before a day its entry reminds of it; `instruments` (ids) narrow it, all when empty.
    """

    path: Path
    name: str = "Decree Watch"
    days: tuple[int, ...] = (30, 7, 1)
    instruments: tuple[str, ...] = ()

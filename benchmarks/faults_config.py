"""The configuration that the newsroom's days are lived through with, and its reader's zone."""

import struct
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults_plan import Plan
from benchmarks.faults_program import Machine
from commands.seven_days import write_config

ZONE = "Newsroom/Meadow"
ZONE_RULE = "NST-7NDT,M6.1.2/2,M6.1.5/3"
"""A zone that nobody lives in: an hour ahead from the night before 3 June 2031 to that before the
6th, so that the reader's clock changes twice within the seven days."""

MORE = """
[schedule]
crawl = "2s"
understand = "0.5s"
watch = "2s"
deliver = "0.5s"

[[rules]]
id = "every-article"
on = "search"
query = "một OR là OR có OR a OR to"
severity = "major"
channels = ["terminal"]
"""
"""A daemon that hurries, and enough to be told that a kill meets some of it."""
HELD = """
[quiet]
hours = "21:30-06:30"

[digest]
at = "07:30"
channels = ["terminal"]

[[rules]]
id = "each-source"
on = "search"
query = "và OR của OR the OR of"
severity = "minor"
channels = ["terminal"]
group = { by = "source", wait = "1m", interval = "10m" }
"""
"""What is told later, and together."""


def settle_in(folder: Path, url: str, slack_url: str, models: Path, plan: Plan) -> Machine:
    """A machine with the newsroom's configuration, for a reader in a zone with summer time."""
    folder.mkdir(parents=True)
    zone = folder / "zones" / ZONE
    zone.parent.mkdir(parents=True)
    zone.write_bytes(_zone_file(ZONE_RULE))
    text = write_config(folder, models, url).read_text(encoding="utf-8")
    if not plan.topics:
        start, end = text.index("[[topics]]"), text.index("[[instruments]]")
        text = text[:start] + text[end:]
    if plan.sources:
        text = _of(plan.sources, text)
    machine = Machine(folder, {"DECREEWATCH_SLACK_TOKEN": "xoxb-invented"})
    for stands, meant in (
        ("Asia/Ho_Chi_Minh", ZONE),
        (str(folder / "archive"), str(machine.archive)),
        ('kind = "console"', f'kind = "slack"\nchannel = "#watch"\nbase_url = "{slack_url}"'),
    ):
        text = text.replace(stands, meant)
    more = MORE + ("" if plan.is_brief else HELD)
    machine.config.write_text(text + more, encoding="utf-8")
    return machine


def _of(sources: Sequence[str], text: str) -> str:
    """A configuration with some of its sources."""
    head, *rest = text.split("[[sources]]")
    after = "[[topics]]" if "[[topics]]" in text else "[[instruments]]"
    last, end, tail = rest[-1].partition(after)
    kept = [one for one in (*rest[:-1], last) if tomllib.loads(one)["id"] in sources]
    return head + "".join(f"[[sources]]{one}" for one in kept) + end + tail


def _zone_file(rule: str) -> bytes:
    """A compiled zone (RFC 9636, version 2) that follows a POSIX rule alone."""
    head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = head + struct.pack(">lbb", 7 * 3600, 0, 0) + b"NST\0"
    return block + block + f"\n{rule}\n".encode()

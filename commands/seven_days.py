"""The demo's play: the newsroom is served, seven days pass, and each is gathered and told."""

import json
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alerts.wording import visible
from commands.rounds import Rounds, assemble
from commands.session import preparing
from config import load
from newsroom.calendar import at, date_of, days
from newsroom.script import happenings
from newsroom.server import Newsroom
from storage.archive import Archive
from storage.models import Event
from storage.problems import Problem

if TYPE_CHECKING:
    from spiders.reports import RoundReport

SCRIPT = Path(__file__).parents[1] / "newsroom" / "newsroom.toml"
ROUNDS_AT = (9, 21)
"""The hours of the day at which the demo crawls."""
CHANGES_SHOWN = 3
LOCK = ".demo.lock"


class NotADemo(Problem):
    """The folder for the demo is something else, or is in use by another demo."""

    kind: ClassVar[str] = "not-a-demo"


def play(folder: Path, models: Path) -> Path:
    """Play the seven days into a new archive below `folder`, and print what came of each.

    The archive of an earlier demo there is replaced. `models` is where embedding models are
    prepared and kept. Gives the path of the configuration with which the archive can be read.

    Raises NotADemo when `folder` holds something that is not a demo's, or a demo being played.
    """
    out = Console(highlight=False)
    started = time.monotonic()
    with _own_folder(folder), Newsroom() as newsroom:
        shutil.rmtree(folder / "archive", ignore_errors=True)
        path = write_config(folder, models, newsroom.url)
        with closing(Archive.open(folder / "archive")) as archive:
            rounds = assemble(load(path), archive, progress=preparing)
            opened = f"An invented newsroom is open at {newsroom.url} for seven days."
            out.print(Text(opened, style="bold"))
            for day in days():
                newsroom.day = day
                _play_day(rounds, day, out)
            rounds.index(at(day, ROUNDS_AT[-1]), Signal())
            rounds.embed(at(day, ROUNDS_AT[-1]), Signal())
    _say_goodbye(path, folder, time.monotonic() - started, out)
    return path


@contextmanager
def _own_folder(folder: Path) -> Iterator[None]:
    """Hold a folder that is empty, or an earlier demo's, against other demos."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _is_ours(folder):
            raise NotADemo(
                f"{folder} holds something that is not a demo's; name another with --folder"
            )
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout as error:
        raise NotADemo(
            f"{folder} is in use by a demo that is being played; wait for it, or name another "
            "with --folder"
        ) from error
    except FileExistsError as error:
        raise NotADemo(f"{folder} is a file, not a folder; name another with --folder") from error


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds nothing, or a configuration that a demo wrote."""
    if all(path.name == LOCK for path in folder.iterdir()):
        return True
    config = folder / "config.toml"
    first = SCRIPT.read_bytes().splitlines()[0]
    return config.is_file() and config.read_bytes().startswith(first)


def write_config(folder: Path, models: Path, url: str) -> Path:
    """The newsroom's configuration with the addresses and folders of this run."""
    text = SCRIPT.read_text(encoding="utf-8")
    for stands, meant in (
        ('"archive"', json.dumps(str(folder / "archive"))),
        ('"models"', json.dumps(str(models))),
        ('["newsroom"]', json.dumps([url.removeprefix("http://")])),
        ("http://newsroom", url),
    ):
        text = text.replace(stands, meant)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _play_day(rounds: Rounds, day: int, out: Console) -> None:
    with rounds.archive.reading() as tx:
        before = tx.events.last()
    out.rule(f"[bold]Day {day}[/bold] · {date_of(day):%A %-d %B %Y}", align="left")
    for line in happenings(day):
        out.print(Padding(Text(line, style="italic"), (0, 0, 0, 2)))
    reports = []
    for hour in ROUNDS_AT:
        now = at(day, hour)
        reports.append(rounds.gather(Signal(), all_sources=True, now=now))
        for report in rounds.understand(now, Signal()):
            if report.problem:
                out.print(Text(f"{report.name}: {report.problem}", style="red"))
        rounds.watch(now, Signal())
    with rounds.archive.reading() as tx:
        events = tx.events.after(before)
    _show_gathered(reports, out)
    _show_tagged(events, out)
    _show_compared(rounds.archive, events, out)
    rounds.tell(now, Signal())


def _show_gathered(reports: "list[RoundReport]", out: Console) -> None:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    errors: dict[str, str] = {}
    for report in reports:
        for source in report.to_json()["sources"]:
            for key in ("requests", "new", "revised", "unchanged"):
                sums[source["id"]][key] += source[key]
            for error in source["errors"]:
                errors[source["id"]] = f"{error['kind']}: {error['message']}"
    drawn = Table(title="Gathered", title_justify="left", title_style="bold", box=None)
    for column in ("source", "requests", "new", "revised", "unchanged", "trouble"):
        drawn.add_column(column, style="dim" if column == "trouble" else "")
    for source_id, counts in sorted(sums.items()):
        trouble = Text(visible(errors.get(source_id, "")), overflow="ellipsis", no_wrap=True)
        drawn.add_row(source_id, *(str(n) for n in counts.values()), trouble)
    out.print(Padding(drawn, (1, 0, 0, 2)))


def _show_tagged(events: list[Event], out: Console) -> None:
    tagged = [e for e in events if e.kind == "item.tagged" and e.data["kind"] == "article"]
    if not tagged:
        return
    drawn = Table(title="Tagged", title_justify="left", title_style="bold", box=None)
    drawn.add_column("topics", style="cyan", max_width=34)
    drawn.add_column("article")
    for event in tagged:
        topics = ", ".join(one["topic"] for one in event.data["topics"][:3])
        title = f"{visible(event.data['title'])} ({event.data['source']})"
        drawn.add_row(topics, Text(title, overflow="ellipsis", no_wrap=True))
    out.print(Padding(drawn, (1, 0, 0, 2)))


def _show_compared(archive: Archive, events: list[Event], out: Console) -> None:
    for event in events:
        if event.kind != "instrument.compared":
            continue
        with archive.reading() as tx:
            row = tx.findings.comparison(event.data["comparison"])
        if row is None:
            continue
        out.print(Padding(_comparison(event, row.result), (1, 0, 0, 2)))


def _comparison(event: Event, result: dict[str, Any]) -> Table:
    kinds = {"base": "the text it replaces", "draft": "the draft before"}
    against = kinds.get(event.data["against"], "the text before")
    counted = ", ".join(f"{n} {severity}" for severity, n in event.data["counts"].items())
    title = f"Compared: {event.data['name']}, {event.data['stage']}, with {against}"
    drawn = Table(title=title, title_justify="left", title_style="bold", box=None)
    drawn.add_column("severity", style="yellow")
    drawn.add_column(f"what changed ({counted or 'nothing certain'})")
    certain = [change for change in result["changes"] if change["confidence"] == "certain"]
    for change in certain[:CHANGES_SHOWN]:
        drawn.add_row(change["severity"], Text(visible(change["summary"])))
    if len(certain) > CHANGES_SHOWN:
        drawn.add_row("", Text(f"… and {len(certain) - CHANGES_SHOWN} more", style="dim"))
    return drawn


def _say_goodbye(path: Path, folder: Path, seconds: float, out: Console) -> None:
    out.rule(align="left")
    out.print(
        f"Seven days passed in {seconds:.0f} seconds. "
        f"The archive is in {folder / 'archive'}, its configuration in {path}."
    )
    out.print("Try next:")
    for command, why in (
        ("status", "what the archive holds"),
        ("alerts list", "what was told"),
        ("events --kind instrument.compared", "which comparisons were made, as JSON lines"),
    ):
        line = Text.assemble(
            (f"  {_program()} --config {path} {command}", "bold"), (f"   # {why}", "dim")
        )
        out.print(line, soft_wrap=True)
    out.print("Read it, search it and compare in it with a browser:")
    out.print(Text(f"  {_program()} --config {path} serve", style="bold"), soft_wrap=True)


def _program() -> str:
    """How this program is called from here: by name, or by path when it is not on the PATH."""
    if shutil.which("decreewatch"):
        return "decreewatch"
    called = Path(sys.argv[0])
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)

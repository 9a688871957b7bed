"""What every command needs: the configuration, the archive, and ways to print."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from storage.json_text import json_line, json_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Config
    from storage.archive import Archive


class CommandParser(argparse.ArgumentParser):
    """A parser that takes the options every command has, before or after its name."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.add_argument(
            "--config", metavar="FILE", default=argparse.SUPPRESS, help="the configuration to use"
        )
        self.add_argument(
            "--json",
            action="store_true",
            default=argparse.SUPPRESS,
            help="print JSON and nothing else",
        )


def config_of(args: argparse.Namespace) -> "Config":
    """The configuration that the command line, the environment or the folder names."""
    from config import load

    return load(config_path(args))


def config_path(args: argparse.Namespace) -> Path:
    """The file that the command line, the environment or the folder names."""
    return Path(args.config or os.environ.get("DECREEWATCH_CONFIG") or "config.toml")


@contextmanager
def archive_of(config: "Config") -> Iterator["Archive"]:
    """The archive of a configuration, closed at the end."""
    from storage.archive import Archive

    archive = Archive.open(config.storage.path, database_url(config))
    try:
        yield archive
    finally:
        archive.close()


def database_url(config: "Config") -> str | None:
    """The database that the environment names; None means the embedded one."""
    return os.environ.get(config.storage.database_env)


def now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    print(json_page(document))


def print_line(document: Any) -> None:
    """Print one JSON object on one line of standard output."""
    print(json_line(document))


@contextmanager
def for_json_alone(args: argparse.Namespace) -> Iterator[None]:
    """With --json, what is printed for people meanwhile goes to standard error."""
    with redirect_stdout(sys.stderr) if args.json else nullcontext():
        yield


def say(text: str) -> None:
    """Say something to the person at the terminal, on standard error."""
    print(text, file=sys.stderr)


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column)
    for row in rows:
        # Nothing is cut: an id that is not whole cannot be given to a command.
        drawn.add_row(*(Text(visible(cell), overflow="fold") for cell in row))
    Console().print(drawn)


@contextmanager
def progress_bar(what: str) -> Iterator["Callable[[int, int], None]"]:
    """A bar on standard error that is told how much of how many is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


@contextmanager
def activity(what: str) -> Iterator["Callable[[str], None]"]:
    """A line on standard error that is told what is being done right now."""
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(what) as line:
        yield lambda now: line.update(f"{what} {escape(visible(now))}")


def preparing(what: str, share: float) -> None:
    """Tell the person that a model is being prepared; `share` is between 0 and 1."""
    if sys.stderr.isatty():
        end = "\n" if share >= 1 else "\r"
        print(f"{what} {share:4.0%}", end=end, file=sys.stderr, flush=True)
    elif share >= 1:
        say(f"{what}: done")


def when(text: str) -> datetime:
    """A time or day given on the command line; a day without a time begins at midnight UTC."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"expected a day or time such as 2026-03-01 or 2026-03-01T08:00+07:00, not {text!r}"
        ) from error


def whose(args: argparse.Namespace) -> str:
    """Who makes a change: whom `--by` names, else the login of the person at the terminal."""
    import getpass

    if named := getattr(args, "by", None):
        return str(named)
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "nobody"


def positive(text: str) -> int:
    """A number given on the command line, from 1 to what a database can number."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if not number:
        raise argparse.ArgumentTypeError(f"expected a number such as 1 or 20, not {text!r}")
    return number

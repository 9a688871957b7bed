"""The day on one page from the command line: shown, written to a file, or sent."""

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.session import archive_of, config_of, now, print_json, say

if TYPE_CHECKING:
    from alerts.digest_parts import Digest
    from config import Config
    from storage.archive import Archive

LONGEST_RANGE = 366


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    digest = commands.add_parser("digest", help="the day on one page: shown, or sent")
    digest.add_argument("--day", type=_day, metavar="DATE", help="this day (default: yesterday)")
    digest.add_argument("--from", dest="first", type=_day, metavar="DATE", help="from this day on")
    digest.add_argument("--to", dest="last", type=_day, metavar="DATE", help="up to this day")
    digest.add_argument("--html", type=Path, metavar="FILE", help="write a page of HTML")
    digest.add_argument("--send", action="store_true", help="send it to the channels of [digest]")
    digest.add_argument("--channel", action="append", metavar="C", help="send it to this one")
    digest.add_argument("--again", action="store_true", help="even if it was sent before")
    digest.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show a digest as Markdown or JSON, write it to a file, or send it."""
    from alerts.digest import gather
    from alerts.digest_sending import channels_for

    config = config_of(args)
    at = now()
    first, last = _days(args, config, at)
    sending = args.send or bool(args.channel)
    channels = channels_for(config, args.channel or ()) if sending else ()
    with archive_of(config) as archive:
        digest = gather(archive, config, first, last, now=at)
        if args.html is not None:
            _write(args.html, digest, config)
        if sending:
            return _send(args, archive, config, digest, channels, at)
    if args.json:
        from alerts.digest_page import json_of

        print_json(json_of(digest))
    elif args.html is None:
        from alerts.charts import in_words
        from alerts.digest_text import markdown_of

        print(visible(markdown_of(digest, in_words(digest.days, digest.weeks_before))), end="")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a day such as 2026-03-01, not {text!r}"
        ) from error


def _days(args: argparse.Namespace, config: "Config", at: datetime) -> tuple[date, date]:
    from alerts.digest import yesterday
    from config import ConfigError

    if args.day and (args.first or args.last):
        raise ConfigError("name one --day, or a range with --from and --to, not both")
    if args.last and not args.first:
        raise ConfigError("--to needs --from, the first day of the range")
    first = args.first or args.day or yesterday(at, config.zone)
    last = args.last or (yesterday(at, config.zone) if args.first else first)
    if last < first:
        raise ConfigError(f"the range ends on {last}, before its first day {first}")
    if last - first >= timedelta(days=LONGEST_RANGE):
        raise ConfigError(f"a digest tells of {LONGEST_RANGE} days at the most")
    if first.year < 1900 or first > at.astimezone(config.zone).date():
        raise ConfigError(f"there is nothing to tell of {first}")
    return first, last


def _write(path: Path, digest: "Digest", config: "Config") -> None:
    from alerts.calendar import replace_file
    from alerts.charts import drawn
    from alerts.digest_page import html_of
    from alerts.rendering import templates_in

    chart = drawn(digest.days, digest.weeks_before)
    page = html_of(digest, chart, templates_in(config.templates.folder))
    if page.problem:
        say(visible(page.problem))
    replace_file(path, f"{page.text}\n".encode())
    say(f"wrote {path}")


def _send(
    args: argparse.Namespace,
    archive: "Archive",
    config: "Config",
    digest: "Digest",
    channels: tuple[str, ...],
    at: datetime,
) -> int:
    """Put the digest into the outbox and deliver what is due there."""
    import os

    from alerts.channels import open_channels
    from alerts.delivery import deliver
    from alerts.digest_page import json_of
    from alerts.digest_sending import send
    from commands.session import for_json_alone

    opened = open_channels(config, os.environ)
    number = send(archive, config, digest, channels, at, again=args.again)
    with for_json_alone(args):
        told = deliver(archive, opened, now())
    with archive.reading() as tx:
        states = [one.state for one in tx.outbox.deliveries(number)]
    if args.json:
        print_json(json_of(digest))
    say(f"digest of {digest.day}: {states.count('sent')} of {len(states)} channels took it")
    for problem in told.problems:
        say(visible(problem))
    if "sent" not in states or "failed" in states:
        say("what was not taken stays in the outbox; `decreewatch alerts list` shows it")
    return 1 if "failed" in states else 0

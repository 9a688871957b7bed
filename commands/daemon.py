"""The daemon: `run` gathers, understands and tells on schedule; `run --once` does it once."""

import argparse
import logging
import os
import signal
import sys
from threading import Event as Signal
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.session import (
    archive_of,
    config_of,
    for_json_alone,
    now,
    preparing,
    say,
)

if TYPE_CHECKING:
    from commands.rounds import Rounds

log = logging.getLogger("decreewatch")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    running = commands.add_parser("run", help="the daemon: gather, understand and tell on schedule")
    running.add_argument("--once", action="store_true", help="one round of everything, then stop")
    running.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the daemon until SIGTERM or SIGINT, or one round."""
    from commands.rounds import assemble
    from storage.lease import held

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    # Their plumbing is no news to whoever watches the daemon.
    for plumbing in ("alembic", "apscheduler"):
        logging.getLogger(plumbing).setLevel(logging.WARNING)
    stop = Signal()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = config_of(args)
    with for_json_alone(args), archive_of(config) as archive, held(archive):
        rounds = assemble(config, archive, progress=preparing)
        if args.once:
            return _once(rounds, stop)
        abandoned = _until_stopped(rounds, stop)
        say("stopped; everything stored is whole")
        if abandoned:
            # Their threads cannot be ended otherwise, and what they had not committed is
            # done again by the next start.
            say(f"left unfinished: {', '.join(abandoned)}")
            sys.stderr.flush()
            os._exit(0)
    return 0


def _once(rounds: "Rounds", stop: Signal) -> int:
    report = rounds.gather(stop, all_sources=True).to_json()
    for source in report["sources"]:
        say(
            f"{source['id']}: {source['requests']} requests, {source['new']} new, "
            f"{source['revised']} revised, {len(source['errors'])} errors"
        )
    problems = _understand(rounds, stop)
    told = rounds.tell(now(), stop)
    say(f"delivered {told.sent}, waiting {told.waiting}, failed {told.failed}")
    for problem in told.problems:
        say(visible(problem))
    return 1 if problems or told.failed else 0


def _until_stopped(rounds: "Rounds", stop: Signal) -> list[str]:
    from monitor.schedule import Job, run_jobs

    every = rounds.config.schedule
    jobs = [
        Job("crawl", min(every.crawl, 60), lambda: _gather(rounds, stop)),
        Job("understand", every.understand, lambda: _understand_quietly(rounds, stop)),
        Job("deliver", every.deliver, lambda: _tell(rounds, stop)),
        Job("housekeeping", every.housekeeping, lambda: _keep_house(rounds)),
    ]
    log.info("watching %d sources; stop with SIGTERM", len(rounds.config.sources))
    return run_jobs(jobs, stop)


def _gather(rounds: "Rounds", stop: Signal) -> None:
    for source in rounds.gather(stop, all_sources=False).to_json()["sources"]:
        log.info("crawled %(id)s: %(requests)d requests, %(new)d new, %(revised)d revised", source)
        for error in source["errors"]:
            log.warning("%s: %s: %s", source["id"], error["kind"], visible(error["message"]))


def _understand(rounds: "Rounds", stop: Signal) -> int:
    problems = 0
    for report in rounds.understand(now(), stop):
        if report.problem:
            say(f"{report.name}: {report.problem}")
            problems += 1
        if report.failed:
            say(f"{report.name}: {report.failed} events failed; `decreewatch status` shows why")
    return problems


def _understand_quietly(rounds: "Rounds", stop: Signal) -> None:
    for report in rounds.understand(now(), stop):
        if report.read:
            log.info("%s: %d events, %d failed", report.name, report.read, report.failed)
        if report.problem:
            log.error("%s: %s", report.name, report.problem)


def _tell(rounds: "Rounds", stop: Signal) -> None:
    told = rounds.tell(now(), stop)
    if told.sent or told.problems:
        log.info("delivered %d, waiting %d, failed %d", told.sent, told.waiting, told.failed)
    for problem in told.problems:
        log.warning("%s", visible(problem))


def _keep_house(rounds: "Rounds") -> None:
    rounds.archive.tidy()
    log.info("tidied the database")

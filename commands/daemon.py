"""The daemon: `run` gathers, understands and tells on schedule; `run --once` does it once."""

import argparse
import logging
import os
import signal
import sys
from dataclasses import dataclass, field
from threading import Event as Signal
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.daemon_logs import begin_logging
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
    from config import Config
    from monitor.schedule import Job, Timetable

log = logging.getLogger("decreewatch")

LOOK_S = 1.0
"""How often the daemon looks at the clock and for a wish to reload."""
EMBED_S = 60.0
"""For how long at once items that have no vector are given one."""
DIGEST_S = 60.0
"""How often it is asked whether the hour of the digest has come."""


@dataclass(slots=True)
class Wishes:
    """What signals have asked of the daemon."""

    stop: Signal = field(default_factory=Signal)
    reload: Signal = field(default_factory=Signal)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    running = commands.add_parser("run", help="the daemon: gather, understand and tell on schedule")
    running.add_argument("--once", action="store_true", help="one round of everything, then stop")
    running.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the daemon until SIGTERM or SIGINT, or one round. SIGHUP reads the configuration anew."""
    from commands.rounds import assemble
    from storage.lease import held

    wishes = _listened_to()
    config = config_of(args)
    begin_logging(config.daemon.log)
    with for_json_alone(args), archive_of(config) as archive, held(archive):
        rounds = assemble(config, archive, progress=preparing)
        if args.once:
            return _once(rounds, wishes.stop)
        abandoned = _until_stopped(args, rounds, wishes)
        say("stopped; everything stored is whole")
        if abandoned:
            # Their threads cannot be ended otherwise, and what they had not committed is
            # done again by the next start.
            say(f"left unfinished: {', '.join(abandoned)}")
            sys.stderr.flush()
            os._exit(0)
    return 0


def _listened_to() -> Wishes:
    wishes = Wishes()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: wishes.stop.set())
    signal.signal(signal.SIGHUP, lambda *_: wishes.reload.set())
    return wishes


def _once(rounds: "Rounds", stop: Signal) -> int:
    log.info("gathering from %d sources", len(rounds.config.sources))
    report = rounds.gather(stop, all_sources=True).to_json()
    for source in report["sources"]:
        say(
            f"{source['id']}: {source['requests']} requests, {source['new']} new, "
            f"{source['revised']} revised, {len(source['errors'])} errors"
        )
    log.info("understanding what came")
    problems = _understand(rounds, stop)
    log.info("indexing what was understood")
    problems += _index(rounds, stop)
    rounds.watch(now(), stop)
    rounds.digest(now())
    log.info("telling what is due")
    told = rounds.tell(now(), stop)
    say(f"delivered {told.sent}, waiting {told.waiting}, failed {told.failed}")
    for problem in told.problems:
        say(visible(problem))
    return 1 if problems or told.failed else 0


def _until_stopped(args: argparse.Namespace, rounds: "Rounds", wishes: Wishes) -> list[str]:
    from commands.daemon_health import served_health
    from commands.waking import woken
    from monitor.schedule import Timetable

    timetable = Timetable(_jobs(rounds))
    with served_health(rounds, timetable) as watched, woken(rounds.archive, timetable):
        timetable.start()
        log.info("watching %d sources; stop with SIGTERM", len(rounds.config.sources))
        while not wishes.stop.wait(LOOK_S):
            timetable.tick()
            if wishes.reload.is_set():
                wishes.reload.clear()
                rounds = _reloaded(args, rounds, timetable)
                watched.rounds = rounds
        return timetable.stop()


def _reloaded(args: argparse.Namespace, rounds: "Rounds", timetable: "Timetable") -> "Rounds":
    """Take the configuration as it is now, whole; the one at work when it is wrong."""
    from alerts.channels.channel import SecretMissing
    from commands.rounds import assemble
    from config import ConfigError

    try:
        config = config_of(args)
        _refuse_what_needs_a_restart(rounds.config, config)
        fresh = assemble(config, rounds.archive, progress=preparing)
    except (ConfigError, SecretMissing) as error:
        log.error("the configuration was not reloaded, the old one goes on: %s", error)
        return rounds
    timetable.replace(_jobs(fresh))
    log.info("reloaded the configuration: %d sources", len(config.sources))
    return fresh


def _refuse_what_needs_a_restart(old: "Config", new: "Config") -> None:
    from config import ConfigError

    for section in ("storage", "daemon"):
        if getattr(old, section) != getattr(new, section):
            raise ConfigError(f"[{section}] has changed, which needs a restart of the daemon")


def _jobs(rounds: "Rounds") -> "list[Job]":
    from monitor.schedule import Job

    every = rounds.config.schedule
    return [
        Job("crawl", min(every.crawl, 60), lambda stop: _gather(rounds, stop), every.limit),
        Job("understand", every.understand, lambda stop: _understand_quietly(rounds, stop),
            every.limit),
        Job("index", every.understand, lambda stop: _index_quietly(rounds, stop), every.limit),
        Job("watch", every.watch, lambda stop: _watch(rounds, stop), every.limit),
        Job("digest", DIGEST_S, lambda _stop: _digest(rounds), every.limit),
        Job("deliver", every.deliver, lambda stop: _tell(rounds, stop), every.limit),
        Job("housekeeping", every.housekeeping, lambda _stop: _keep_house(rounds), every.limit),
    ]  # fmt: skip


def _gather(rounds: "Rounds", stop: Signal) -> None:
    from commands.heartbeat import beat

    for source in rounds.gather(stop, all_sources=False).to_json()["sources"]:
        log.info("crawled %(id)s: %(requests)d requests, %(new)d new, %(revised)d revised", source)
        for error in source["errors"]:
            log.warning("%s: %s: %s", source["id"], error["kind"], visible(error["message"]))
    beat(os.environ.get(rounds.config.daemon.heartbeat_env, ""))


def _understand(rounds: "Rounds", stop: Signal) -> int:
    problems = 0
    for report in rounds.understand(now(), stop):
        if report.problem:
            say(f"{report.name}: {report.problem}")
            problems += 1
        if report.failed:
            say(f"{report.name}: {report.failed} events failed; `decreewatch status` shows why")
    return problems


class StageStands(Exception):
    """A stage that cannot work: the job is shown as failing until it can."""


def _understand_quietly(rounds: "Rounds", stop: Signal) -> None:
    problems = []
    for report in rounds.understand(now(), stop):
        if report.read:
            log.info("%s: %d events, %d failed", report.name, report.read, report.failed)
        if report.problem:
            problems.append(f"{report.name}: {report.problem}")
    if problems:
        raise StageStands("; ".join(problems))


def _index(rounds: "Rounds", stop: Signal) -> int:
    from storage.problems import Problem

    try:
        rounds.index(now(), stop)
        left = rounds.embed(now(), stop, EMBED_S).left
    except Problem as problem:
        say(f"index: {visible(str(problem))}")
        return 1
    if left:
        say(f"{left:,} items have no vector yet; `decreewatch index` goes on with them")
    return 0


def _index_quietly(rounds: "Rounds", stop: Signal) -> None:
    words = rounds.index(now(), stop)
    if words.rebuilt:
        log.warning("built the search index anew: %s", words.rebuilt)
    vectors = rounds.embed(now(), stop, EMBED_S)
    if vectors.computed:
        log.info("embedded %d items, %d have no vector yet", vectors.computed, vectors.left)


def _watch(rounds: "Rounds", stop: Signal) -> None:
    rounds.watch(now(), stop)


def _digest(rounds: "Rounds") -> None:
    for day in rounds.digest(now()):
        log.info("wrote the digest of %s", day)


def _tell(rounds: "Rounds", stop: Signal) -> None:
    told = rounds.tell(now(), stop)
    if told.sent or told.problems:
        log.info("delivered %d, waiting %d, failed %d", told.sent, told.waiting, told.failed)
    for problem in told.problems:
        log.warning("%s", visible(problem))


def _keep_house(rounds: "Rounds") -> None:
    from datetime import timedelta

    from storage.retention import retain

    keep = rounds.config.retention
    gone = retain(
        rounds.archive,
        now(),
        older_than=timedelta(seconds=keep.captures_for) if keep.captures_for else None,
        most_bytes=keep.captures_bytes,
    )
    if gone.captures:
        log.info("let %d old captures go, %d bytes", gone.captures, gone.bytes)
    rounds.archive.tidy()
    log.info("tidied the database")

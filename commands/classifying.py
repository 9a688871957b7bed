"""The classifier and its readers: `label` says what is right, `reclassify` reads all again."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.labels_shown import label_json, print_item, print_labels, shown_item
from commands.session import (
    archive_of,
    config_of,
    now,
    preparing,
    print_json,
    progress_bar,
    say,
    whose,
)
from storage.problems import Problem

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive, Transaction
    from storage.labels import Verdict
    from storage.models import Item

NICE = 10
"""How far reading the archive again stands back behind the daemon's own reading."""


class NoSuchItem(Problem):
    """An item that is not in the archive."""


class NoSuchTopic(Problem):
    """A topic that nobody declared."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    labelling = commands.add_parser("label", help="say which topics of an item are right")
    labelling.add_argument("item", nargs="?", help="its address or its number")
    labelling.add_argument(
        "--right", action="append", default=[], metavar="TOPIC", help="it is about this topic"
    )
    labelling.add_argument(
        "--wrong", action="append", default=[], metavar="TOPIC", help="it is not about this topic"
    )
    labelling.add_argument(
        "--also", action="append", default=[], metavar="TOPIC", help="it is about this topic too"
    )
    labelling.add_argument(
        "--off-topic", action="store_true", help="it is about none of the topics"
    )
    labelling.add_argument("--by", default="", metavar="NAME", help="who says so (default: you)")
    labelling.add_argument("--note", default="", metavar="TEXT", help="why")
    labelling.add_argument("--list", action="store_true", help="show all labels")
    labelling.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help='JSONL of {"url", "topics"}: each item is about exactly these topics',
    )
    labelling.set_defaults(run=label, refuse=labelling.error)

    again = commands.add_parser("reclassify", help="read the archive again for its topics")
    again.add_argument(
        "--restart", action="store_true", help="read again what this classifier read already"
    )
    again.set_defaults(run=reclassify)


def reclassify(args: argparse.Namespace) -> int:
    """Read the newest text of every item with the classifier in use."""
    from monitor.classifier import classifiers_of
    from monitor.reclassify import reclassify

    config = config_of(args)
    if hasattr(os, "nice"):
        os.nice(NICE)
    classifiers = classifiers_of(config, progress=preparing)
    with archive_of(config) as archive, progress_bar("reading again") as tell:
        report = reclassify(archive, classifiers, now, restart=args.restart, on_progress=tell)
    if args.json:
        print_json(report.to_json())
    else:
        print(
            f"{report.read:,} items read again: {report.changed:,} have other topics now, "
            f"{report.encoded:,} needed the model, {report.left:,} are left"
        )
    return 0


def label(args: argparse.Namespace) -> int:
    """Label an item or many, or show what was said."""
    config = _understood(args)
    with archive_of(config) as archive:
        if args.list:
            return _list(args, config, archive)
        if args.source:
            return _label_file(args, config, archive)
        return _label_item(args, config, archive)


def _understood(args: argparse.Namespace) -> "Config":
    """The configuration, once the arguments are known to fit together."""
    said = [*args.right, *args.wrong, *args.also]
    ways = [bool(args.item), args.list, args.source is not None]
    if sum(ways) != 1:
        args.refuse("name one item, or --list, or --from FILE")
    if not args.item and (said or args.off_topic):
        args.refuse("--right, --wrong, --also and --off-topic need an item")
    if args.off_topic and (args.right or args.also):
        args.refuse("--off-topic contradicts --right and --also")
    both = sorted(set(args.wrong) & {*args.right, *args.also})
    if both:
        args.refuse(f"{both[0]} cannot be wrong and right at once")
    if args.item and args.note and not (said or args.off_topic):
        args.refuse("--note needs --right, --wrong, --also or --off-topic")
    return config_of(args)


def _label_item(args: argparse.Namespace, config: "Config", archive: "Archive") -> int:
    words = _words(args)
    if words:
        with archive.transaction() as tx:
            item = _item(tx, args.item)
            _check(tx, config, item, [topic for _, topic in words if topic is not None])
            _say_all(tx, item, words, args)
    with archive.reading() as tx:
        shown = shown_item(tx, _item(tx, args.item))
    if args.json:
        print_json(shown)
    else:
        print_item(shown, config.zone)
    return 0


def _words(args: argparse.Namespace) -> "list[tuple[Verdict, str | None]]":
    """What the arguments say, each thing once."""
    words: list[tuple[Verdict, str | None]] = [("wrong", None)] if args.off_topic else []
    words += [("wrong", topic) for topic in dict.fromkeys(args.wrong)]
    words += [("right", topic) for topic in dict.fromkeys(args.right)]
    words += [("also", topic) for topic in dict.fromkeys(args.also) if topic not in args.right]
    return words


def _label_file(args: argparse.Namespace, config: "Config", archive: "Archive") -> int:
    from monitor.labelling_file import label_file

    report = label_file(
        archive,
        args.source,
        frozenset(topic.id for topic in config.topics),
        by=whose(args),
        at=now(),
        note=args.note,
    )
    if args.json:
        print_json(report.to_json())
    else:
        print(
            f"{report.read:,} read: {report.labelled:,} labelled, {report.unchanged:,} said "
            f"already, {len(report.errors):,} faulty"
        )
    for line, message in report.errors:
        say(f"{args.source}:{line}: {visible(message)}")
    return 1 if report.errors else 0


def _list(args: argparse.Namespace, config: "Config", archive: "Archive") -> int:
    with archive.reading() as tx:
        rows = [label_json(one) | {"url": item.url} for one, item in tx.labels.every()]
    if args.json:
        print_json(rows)
    elif rows:
        print_labels(rows, config.zone)
    else:
        print("nobody has labelled an item yet")
    return 0


def _say_all(
    tx: "Transaction",
    item: "Item",
    words: "list[tuple[Verdict, str | None]]",
    args: argparse.Namespace,
) -> None:
    from monitor.labelling import act
    from monitor.labelling import label as keep

    at, by = now(), whose(args)
    for verdict, topic in words:
        keep(tx, item, verdict, topic, by=by, at=at, note=args.note)
        detail = {"verdict": verdict, "topic": topic or "", "note": args.note}
        tx.audit.record(by, "item.labelled", f"item:{item.id}", at, detail)
    act(tx, item, at)


def _item(tx: "Transaction", named: str) -> "Item":
    """The item with this number or address."""
    from storage.addresses import canonical_url

    if named.isdecimal():
        item = tx.items.get(int(named)) if len(named) < len(str(2**63)) else None
    else:
        item = tx.items.by_url(canonical_url(named))
    if item is None:
        raise NoSuchItem(
            f"no item {named} is in the archive; give its address as `decreewatch events` shows "
            "it, or its number"
        )
    return item


def _check(tx: "Transaction", config: "Config", item: "Item", named: list[str]) -> None:
    """Raise NoSuchTopic for a topic that is neither declared nor one of the item's."""
    latest = tx.items.latest(item)
    carried = {tag.topic for tag in tx.findings.tags(latest.id)} if latest else set()
    declared = [topic.id for topic in config.topics]
    for topic in named:
        if topic not in carried and topic not in declared:
            raise NoSuchTopic(
                f"no topic {topic!r} is declared; config.toml has: "
                + (", ".join(declared) or "none")
            )

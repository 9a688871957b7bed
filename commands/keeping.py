"""The archive from the command line: import, export, verify, status, rerun, events."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import (
    archive_of,
    config_of,
    now,
    print_json,
    print_line,
    progress_bar,
    say,
    table,
    when,
)
from storage.problems import Problem

if TYPE_CHECKING:
    from storage.captures import Stored
    from storage.models import Revision

WHEN = "a day or time, such as 2026-03-01 or 2026-03-01T08:00+07:00"


class NoSuchStage(Problem):
    """A stage that has never read the archive."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    importing = commands.add_parser("import", help="take an existing collection (JSONL) in")
    importing.add_argument("file", type=Path)
    importing.set_defaults(run=import_file)

    exporting = commands.add_parser("export", help="write the archive as JSONL, CSV or WARC")
    exporting.add_argument("--format", choices=("jsonl", "csv", "warc"), default="jsonl")
    exporting.add_argument("--source", default="", help="only items of this source")
    exporting.add_argument("--topic", default="", help="only items tagged with this topic")
    exporting.add_argument(
        "--since", type=when, metavar="WHEN", help=f"only items first seen since {WHEN}"
    )
    exporting.add_argument(
        "--until", type=when, metavar="WHEN", help="only items first seen before then"
    )
    exporting.add_argument("-o", "--output", type=Path, help="a file (default: standard output)")
    exporting.set_defaults(run=export)

    verifying = commands.add_parser("verify", help="check every capture and revision")
    verifying.add_argument(
        "--deep", action="store_true", help="derive each text from its capture again"
    )
    verifying.set_defaults(run=verify)

    commands.add_parser("status", help="counts, sizes, lag, last errors").set_defaults(run=status)

    rerunning = commands.add_parser("rerun", help="let a stage read the log again")
    rerunning.add_argument("stage", help="its name, as `status` shows it")
    rerunning.add_argument(
        "--after", type=int, default=0, metavar="SEQ", help="begin after this event (default: 0)"
    )
    rerunning.set_defaults(run=rerun)

    events = commands.add_parser("events", help="what was observed and found, as JSONL")
    events.add_argument("--since", type=when, metavar="WHEN", help=f"only events since {WHEN}")
    events.add_argument(
        "--kind", action="append", default=[], help="only events of this kind; may be repeated"
    )
    events.set_defaults(run=list_events)


def import_file(args: argparse.Namespace) -> int:
    """Import a collection."""
    from storage.importing import import_file

    with archive_of(config_of(args)) as archive, progress_bar("importing") as tell:
        report = import_file(archive, args.file, now(), on_progress=tell)
    if args.json:
        print_json(report.to_json())
    else:
        print(
            f"{report.read:,} read: {report.new:,} new, {report.revised:,} revised, "
            f"{report.unchanged:,} unchanged, {report.faulty:,} faulty"
        )
    for fault in report.errors:
        say(f"{args.file}:{fault['line']}: {visible(fault['message'])}")
    return 1 if report.faulty else 0


def export(args: argparse.Namespace) -> int:
    """Export the archive or a part of it."""
    import contextlib
    import io

    from storage.exporting import Selection, export_csv, export_jsonl, export_warc, whole_file

    selection = Selection(args.source, args.topic, args.since, args.until)
    target = whole_file(args.output) if args.output else contextlib.nullcontext(sys.stdout.buffer)
    with archive_of(config_of(args)) as archive, target as out:
        if args.format == "warc":
            written = export_warc(archive, selection, out)
        else:
            text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
            write = export_csv if args.format == "csv" else export_jsonl
            written = write(archive, selection, text)
            text.detach()
    say(f"{written:,} written" + (f" to {args.output}" if args.output else ""))
    return 0


def verify(args: argparse.Namespace) -> int:
    """Check the archive."""
    from storage.verification import verify

    with archive_of(config_of(args)) as archive, progress_bar("verifying") as tell:
        found = verify(archive, derive=derived_again if args.deep else None, on_progress=tell)
    if args.json:
        print_json(found.to_json())
    else:
        print(f"{found.captures:,} captures and {found.revisions:,} revisions checked")
    for bad in found.bad:
        say(f"{bad['kind']} {bad['id']} ({visible(bad['name'])}): {bad['message']}")
    if found.bad:
        if len(found.bad) > found.index:
            say(f"{len(found.bad) - found.index} are bad. Restore them from a backup.")
        if found.index:
            say("the index does not fit the archive: `decreewatch index --rebuild` makes it again")
    return 1 if found.bad else 0


def derived_again(revision: "Revision", stored: "Stored") -> str | None:
    """An article's text derived from its capture by the extractor that made it, if it still is
    the current one."""
    from spiders.extract import EXTRACTOR, VERSION, extract
    from storage.problems import Problem

    if (revision.extractor, revision.extractor_version) != (EXTRACTOR, VERSION):
        return None
    headers = {name.lower(): value for name, value in stored.headers}
    family = revision.method.partition(":")[2] or None
    try:
        article = extract(
            stored.body,
            stored.url,
            content_type=headers.get("content-type", ""),
            family=family,
            fetched_at=revision.seen_at,
        )
    except Problem as problem:
        return f"({problem})"
    return article.text


def status(args: argparse.Namespace) -> int:
    """Show how the archive is."""
    from rich import filesize

    from alerts.stage import RulesStage
    from monitor.stages import stages
    from spiders.means import reading_means
    from storage.status import status

    config = config_of(args)
    readers = [*stages(config), RulesStage(config)]
    with archive_of(config) as archive:
        found = status(archive, readers) | {"documents": reading_means(config.documents)}
    if args.json:
        print_json(found)
        return 0
    rows = [[name, f"{number:,}"] for name, number in found["counts"].items()]
    rows += [
        [f"{name} on disk", filesize.decimal(number)] for name, number in found["bytes"].items()
    ]
    table(found["path"], ["", ""], rows)
    if found["topics"]:
        table("Topics", ["", ""], [[name, f"{n:,}"] for name, n in found["topics"].items()])
    _print_classifier(found["classifier"])
    _print_index(found["index"])
    if found["cursors"]:
        table(
            "Stages",
            ["stage", "event", "behind"],
            [[name, f"{c['seq']:,}", f"{c['behind']:,}"] for name, c in found["cursors"].items()],
        )
    means = [[name.replace("_", " "), by] for name, by in found["documents"].items()]
    table("Documents", ["", "read by"], means)
    _print_troubles(found)
    return 0


def _print_classifier(found: dict[str, Any]) -> None:
    rows = [
        ["version", found["version"] or "none has read yet"],
        ["head", str(found["head"]) if found["head"] else "0 (the configuration alone)"],
        ["labels", f"{found['labels']:,}"],
        *([f"vectors of {model}", f"{number:,}"] for model, number in found["vectors"].items()),
    ]
    table("Classifier", ["", ""], rows)
    if found["read_by_others"]:
        print(
            f"{found['read_by_others']:,} items were read by another classifier, which tagged "
            f"{found['tagged_by_others']:,} of them; `decreewatch reclassify` brings them up to "
            "date"
        )


def _print_index(found: dict[str, Any]) -> None:
    from rich import filesize

    words, vectors = found["words"], found["vectors"]
    table(
        "Search index",
        ["", ""],
        [
            ["items with words", f"{words['items']:,} of {found['items']:,}"],
            ["events behind", f"{words['behind']:,}"],
            ["vectors", f"{vectors['items']:,}"],
            ["items not looked at for a vector", f"{vectors['unread']:,}"],
            ["on disk", filesize.decimal(found["bytes"])],
        ],
    )


def rerun(args: argparse.Namespace) -> int:
    """Move a stage's cursor; what it finds again is not said again."""
    from storage.log import rewind

    with archive_of(config_of(args)) as archive:
        with archive.reading() as tx:
            cursors = tx.events.cursors()
        if args.stage not in cursors:
            known = ", ".join(sorted(cursors)) or "none has run yet"
            raise NoSuchStage(f"no stage {args.stage!r} has read this archive; there are: {known}")
        rewind(archive, args.stage, args.after, now())
    print(f"{args.stage} reads again from event {args.after + 1} when it next runs")
    return 0


def list_events(args: argparse.Namespace) -> int:
    """Print events, one JSON object a line."""
    with archive_of(config_of(args)) as archive, archive.reading() as tx:
        for event in tx.events.since(args.since, args.kind):
            print_line(
                {
                    "seq": event.seq,
                    "kind": event.kind,
                    "at": event.at.isoformat(),
                    "subject": event.subject,
                    "data": event.data,
                }
            )
    return 0


def _print_troubles(found: dict[str, Any]) -> None:
    if found["troubles"]:
        table(
            "Troubles that last",
            ["source", "kind", "times", "what"],
            [[t["source"], t["kind"], str(t["count"]), t["message"]] for t in found["troubles"]],
        )
    if found["failures"]:
        table(
            "Events a stage could not handle",
            ["stage", "event", "kind", "what"],
            [[f["reader"], str(f["seq"]), f["kind"], f["message"]] for f in found["failures"]],
        )

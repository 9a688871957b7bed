"""Single texts from the command line: extract, classify, cite, parse, compare."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.files import Row, Unreadable, bytes_of, rows_of, text_of, write_whole
from commands.session import (
    archive_of,
    config_of,
    database_url,
    preparing,
    print_json,
    print_line,
    progress_bar,
    say,
)

if TYPE_CHECKING:
    from config import Config
    from monitor.legal.model import LegalText
    from monitor.topics import Reading
    from storage.archive import Archive

MARKUP = {".md": "text/markdown", ".xml": "application/akn+xml", ".txt": "text/plain"}


FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""How PDF, DOCX, DOC and RTF begin."""
ROWS_AT_ONCE = 64
"""So many texts are classified before their topics are printed."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    extracting = commands.add_parser("extract", help="a saved page → article")
    extracting.add_argument("file", type=Path)
    extracting.add_argument("--url", required=True, help="the address it was saved from")
    extracting.set_defaults(run=extract)

    classifying = commands.add_parser("classify", help="topics of JSONL {id, title, text}")
    classifying.add_argument("file", type=Path)
    classifying.add_argument(
        "--explain",
        action="store_true",
        help="say of each topic found, or nearly, by which passage and which example",
    )
    classifying.set_defaults(run=classify)

    citing = commands.add_parser("cite", help="legal instruments named in a text")
    citing.add_argument("file", type=Path)
    citing.add_argument(
        "--published", type=date.fromisoformat, help="the day it was published (YYYY-MM-DD)"
    )
    citing.set_defaults(run=cite)

    parsing = commands.add_parser("parse", help="legal text → tree of provisions")
    parsing.add_argument("file", type=Path)
    parsing.set_defaults(run=parse)

    comparing = commands.add_parser("compare", help="what changed between two legal texts")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--html", type=Path, metavar="FILE", help="write a page to print")
    comparing.add_argument(
        "--akn", type=Path, metavar="FILE", help="write the new text as Akoma Ntoso"
    )
    comparing.add_argument(
        "--consolidate",
        type=Path,
        metavar="FILE",
        help="write OLD as amended by NEW, with a mark at each change",
    )
    comparing.set_defaults(run=compare)


def extract(args: argparse.Namespace) -> int:
    """Extract the article of a saved page."""
    from spiders.extract import extract

    article = extract(bytes_of(args.file), args.url)
    said = {
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "byline": list(article.byline),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "modified_at": article.modified_at.isoformat() if article.modified_at else None,
        "language": article.language,
        "method": article.method,
    }
    if args.json:
        print_json(said)
    else:
        for key in ("title", "summary", "published_at", "modified_at", "language", "method"):
            print(f"{key}: {visible(str(said[key] or '–'))}")
        print(f"byline: {visible(', '.join(article.byline) or '–')}")
        print(f"\n{visible(article.text)}")
    for note in article.notes:
        say(f"note: {note}")
    return 0


def classify(args: argparse.Namespace) -> int:
    """Tag each line of a JSONL file with the classifier in use; prints JSONL unless explained."""
    from monitor.classifier import classifiers_of
    from monitor.topics import TaggedText
    from spiders.language import detect_language

    config = config_of(args)
    rows = list(rows_of(args.file))
    classifiers = classifiers_of(config, progress=preparing)
    with archive_if_any(config) as archive:
        tagger = classifiers.of(archive).tagger
    with progress_bar("reading") as tell:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            texts = [
                TaggedText(r.title, r.summary, r.text, detect_language(f"{r.title}\n{r.text}"))
                for r in some
            ]
            for row, reading in zip(some, tagger.read(texts), strict=True):
                _print_reading(args, row, reading)
            tell(start + len(some), len(rows))
    return 0


def _print_reading(args: argparse.Namespace, row: "Row", reading: "Reading") -> None:
    from commands.explaining import explained_json, print_explained

    if args.explain and not args.json:
        print_explained(row.id, row.title, reading)
        return
    topics = [{"topic": tag.topic, "score": round(tag.score, 4)} for tag in reading.tags]
    why = explained_json(reading) if args.explain else {}
    print_line({"id": row.id, "topics": topics} | why)


@contextmanager
def archive_if_any(config: "Config") -> Iterator["Archive | None"]:
    """The archive of a configuration, or None where there is none yet: none is made."""
    if database_url(config) is None and not (config.storage.path / "archive.db").exists():
        yield None
        return
    with archive_of(config) as archive:
        yield archive


def cite(args: argparse.Namespace) -> int:
    """List the instruments that a text names."""
    from monitor.citations import find

    found = find(text_of(args.file), published=args.published)
    if args.json:
        print_json([asdict(citation) for citation in found])
        return 0
    for citation in found:
        known = citation.instrument or " ".join(
            str(part) for part in (citation.type, citation.number, citation.date) if part
        )
        place = f", {citation.provision}" if citation.provision else ""
        print(f"{citation.start:>7}  {visible(citation.text)}  → {known or '?'}{place}")
    return 0


def parse(args: argparse.Namespace) -> int:
    """Show the provision tree of a legal text."""
    from monitor.legal.jsonform import parsed_as_json

    text, notes = _legal_text(args.file)
    for note in notes:
        say(visible(f"note: {note}"))
    if args.json:
        print_json(parsed_as_json(text))
        return 0
    print(visible(f"{text.title}\n{text.type} {text.number} {text.issuer} {text.date}"))
    _print_tree(parsed_as_json(text)["provisions"], 0)
    for warning in text.warnings:
        say(f"warning: {warning}")
    return 0


def compare(args: argparse.Namespace) -> int:
    """Show what changed between two legal texts."""
    from monitor.legal import compare
    from monitor.legal.jsonform import comparison_as_json
    from monitor.weighing import weighed

    (old, old_notes), (new, new_notes) = _legal_text(args.old), _legal_text(args.new)
    if args.consolidate:
        _consolidate(args.consolidate, old, new, args.new)
    comparison = weighed(compare(old, new), old_notes, new_notes)
    if args.html:
        from web.comparison import render

        write_whole(args.html, render(comparison))
    if args.akn:
        from monitor.legal.akoma import to_akn

        write_whole(args.akn, to_akn(comparison.new))
    if args.json:
        print_json(comparison_as_json(comparison))
    else:
        from monitor.legal.report import print_report

        print_report(comparison, sys.stdout)
    return 0


def _consolidate(target: Path, base: "LegalText", amending: "LegalText", named: Path) -> None:
    """Write the base text as amended; what could not be applied is said, never guessed."""
    from monitor.legal.amend import is_amending, read_instructions
    from monitor.legal.consolidate import apply, consolidated_text

    if not is_amending(amending):
        raise Unreadable(f"{named}: not an amending text; --consolidate needs one as NEW")
    consolidation = apply(base, read_instructions(amending))
    write_whole(target, consolidated_text(consolidation))
    for refused in consolidation.refused:
        say(visible(f"not applied: {refused.instruction.source}: {refused.reason}"))


def _legal_text(path: Path) -> "tuple[LegalText, tuple[str, ...]]":
    """A legal text from a file, with notes on how it was read: text, Markdown, HTML, Akoma Ntoso,
    PDF, DOCX, DOC or RTF."""
    from monitor.legal import parse

    body = bytes_of(path)
    if body.startswith(FILES):
        from config import Documents
        from spiders.documents import read_document

        seconds = Documents().ocr_limit
        read = read_document(body, "", path.as_posix(), ocr_seconds=seconds)
        return parse(read.text), read.notes
    from spiders.decoding import decode
    from spiders.documents import DOCUMENT_LIMIT

    text = decode(body, url=path.as_posix(), limit=DOCUMENT_LIMIT)
    return parse(text, media_type=MARKUP.get(path.suffix.lower(), "")), ()


def _print_tree(nodes: list[dict[str, Any]], depth: int) -> None:
    for node in nodes:
        heading = visible(" ".join(f"{node['heading']} {node['text']}".split()))[:100]
        print(f"{'  ' * depth}{node['eid']}: {heading}")
        _print_tree(node["children"], depth + 1)

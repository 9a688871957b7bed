"""A shelf of saved pages and legal texts, served as if an outlet and a portal had them.

`python -m newsroom.shelf FOLDER… --document NUMBER=FILE` serves every saved page (.html,
.html.gz) and text (.txt) below the folders through one feed, and the legal texts through a
portal's list, so that a crawl of real material can be tried without a network.
"""

import argparse
import gzip
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from newsroom.server import Newsroom
from newsroom.site import Page

FEED = "/feed.xml"
PORTAL = "/portal/"
PLACED_AT = datetime(2031, 1, 1, tzinfo=UTC)
SUFFIXES = (".html", ".html.gz", ".txt")
DATED_NAME = re.compile(r"(?P<year>20\d\d)[-_](?P<month>\d\d)(?:[-_](?P<day>\d\d))?")


@dataclass(frozen=True, slots=True)
class Document:
    """A legal text on the portal: its number, such as "147/2024/NĐ-CP", and its file."""

    number: str
    path: Path


class Shelf:
    """Pages and documents as a site that `newsroom.server.Newsroom` can serve."""

    def __init__(self, url: str, pages: Sequence[Path], documents: Sequence[Document]) -> None:
        self._url = url
        self._pages = {f"/pages/{path.parent.name}/{path.name}": path for path in pages}
        self._documents = {
            f"{PORTAL}document-{number}.html": document
            for number, document in enumerate(documents, 1)
        }

    def page(self, day: int, path: str) -> Page | None:
        """The page at a path; the same on every day."""
        if path == FEED:
            return _page(self._feed(), "application/rss+xml; charset=utf-8")
        if path == PORTAL:
            return _page(self._list(), "text/html; charset=utf-8")
        if path in self._documents:
            return _page(_document(self._documents[path]), "text/html; charset=utf-8")
        if path in self._pages:
            return _page(_saved(self._pages[path]), "text/html")
        return None

    def _feed(self) -> bytes:
        entries = "".join(
            f"<item><title>{escape(file.name)}</title><link>{self._url}{path}</link></item>"
            for path, file in sorted(self._pages.items())
        )
        head = f"<title>A shelf of saved pages</title><link>{self._url}/</link>"
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"{head}<description>Saved pages</description>{entries}</channel></rss>"
        ).encode()

    def _list(self) -> bytes:
        links = "".join(
            f'<li><a href="{path}">{escape(document.number)}</a></li>'
            for path, document in self._documents.items()
        )
        return f"<!doctype html><title>Documents</title><ul>{links}</ul>".encode()


def saved_pages(folders: Sequence[Path]) -> list[Path]:
    """Every saved page and text below the folders, in the order of their names."""
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [path for path in found if path.name.endswith(SUFFIXES) and path.is_file()]


def _saved(path: Path) -> bytes:
    body = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(body)
    return _wrapped(path, body.decode()) if path.suffix == ".txt" else body


def _wrapped(path: Path, text: str) -> bytes:
    """A plain text as an article's page; the file's name may tell when it was published."""
    title, _, body = text.strip().partition("\n")
    paragraphs = "".join(
        f"<p>{escape(line.strip())}</p>" for line in body.splitlines() if line.strip()
    )
    dated = DATED_NAME.match(path.name)
    meta = ""
    if dated is not None:
        day = f"{dated['year']}-{dated['month']}-{dated['day'] or '28'}"
        meta = f'<meta property="article:published_time" content="{day}T12:00:00Z">'
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{meta}</head>"
        f"<body><article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _document(document: Document) -> bytes:
    text = document.path.read_text(encoding="utf-8")
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    title = f"Văn bản {document.number}"
    return (
        f"<!doctype html><html lang=vi><head><title>{escape(title)}</title></head><body>"
        f"<h1>{escape(title)}</h1><table><tr><td>Số hiệu</td><td>{escape(document.number)}</td>"
        f'</tr></table><div id="toanvancontent">{paragraphs}</div></body></html>'
    ).encode()


def _page(body: bytes, media_type: str) -> Page:
    return Page(media_type, body, PLACED_AT)


def _document_of(wish: str) -> Document:
    number, equals, path = wish.partition("=")
    if not equals or not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"expected NUMBER=FILE with a file that is there: {wish}")
    return Document(number, Path(path))


def main(arguments: list[str] | None = None) -> int:
    """Serve a shelf until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m newsroom.shelf", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--document", action="append", type=_document_of, default=[])
    parser.add_argument("--port", type=int, default=8422)
    options = parser.parse_args(arguments)
    pages = saved_pages(options.folders)
    if not pages and not options.document:
        parser.error("nothing to serve: name folders with .html, .html.gz or .txt files")
    try:
        shelf = Newsroom(port=options.port, site=lambda url: Shelf(url, pages, options.document))
    except OSError as error:
        print(f"cannot listen on port {options.port}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{len(pages)} pages at {shelf.url}{FEED}")
    print(f"{len(options.document)} documents at {shelf.url}{PORTAL}")
    try:
        shelf.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        shelf.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

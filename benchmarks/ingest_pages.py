"""Pages to ingest, and a server for them in a process of its own."""

import gzip
import multiprocessing
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "news" / "html"
OUTLETS = ("apnews", "bbc", "restofworld", "reuters", "techcrunch", "vietnamnet", "vnexpress")
FEED = "/feed.rss"


def article_pages(number: int) -> tuple[list[bytes], str]:
    """Give `number` different article pages, and whether they are "real" or "invented".

    Where there are fewer, they are served again with a comment that makes each its own.
    """
    real = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for outlet in OUTLETS
        for path in sorted((CORPUS / outlet).glob("*.html*"))
    ]
    pages = real or _invented()
    numbered = enumerate(islice(cycle(pages), number))
    return [page + f"<!-- {n} -->".encode() for n, page in numbered], "real" if real else "invented"


def _invented() -> list[bytes]:
    from newsroom.calendar import LAST_DAY
    from newsroom.press import articles
    from newsroom.render import article_page

    return [article_page(one, LAST_DAY, "http://127.0.0.1").encode() for one in articles()]


class Served:
    """The pages on a free port of loopback: /0, /1 … and a feed of them at FEED."""

    def __init__(self, pages: Sequence[bytes]) -> None:
        self._pages = pages

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._pages, theirs), daemon=True)
        self._process.start()
        self.url = f"http://127.0.0.1:{ours.recv()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


class _Server(ThreadingHTTPServer):
    # A short queue would make a client that opens several connections wait a second.
    request_queue_size = 128
    daemon_threads = True


def _serve(pages: Sequence[bytes], parent: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer in two small packets would wait 40 ms for the other side's acknowledgement.
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            number = self.path[1:]
            if number.isdecimal() and int(number) < len(pages):
                self._send(200, pages[int(number)], "text/html")
            elif self.path == FEED:
                self._send(200, _feed(self.headers["Host"], len(pages)), "application/rss+xml")
            else:
                self._send(404, b"", "text/plain")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    parent.send(server.server_address[1])
    server.serve_forever()


def _feed(host: str, number: int) -> bytes:
    items = "".join(
        f"<item><title>Page {n}</title><link>http://{host}/{n}</link></item>" for n in range(number)
    )
    return f"<rss version='2.0'><channel><title>Bench</title>{items}</channel></rss>".encode()

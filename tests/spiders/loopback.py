"""A server on loopback that answers as a test tells it to, and remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from config import Config

Handler = Callable[[BaseHTTPRequestHandler], None]

FILLER = "Một đoạn văn được bịa ra để trang có đủ chữ mà đọc, không nói về chuyện gì có thật. "


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    started: float
    headers: Mapping[str, str]
    posted: bytes = b""


@dataclass(slots=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Loopback:
    """`pages` maps a path to an Answer or to a function that is given the request handler."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Handler] = {"/robots.txt": Answer(status=404)}
        self.asked: list[Asked] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.loopback = self
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"

    def secure(self, context: Any) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://{self.host}"

    def feed(self, path: str, paths: Sequence[str], **headers: str) -> None:
        items = "".join(
            f"<item><title>Tin số {number} trên {escape(one)}</title>"
            f"<link>{escape(one if '://' in one else self.url + one)}</link></item>"
            for number, one in enumerate(paths)
        )
        body = f"<rss version='2.0'><channel><title>Thử</title>{items}</channel></rss>"
        self.pages[path] = Answer(body.encode(), headers=headers)

    def article(self, path: str, title: str = "Một bài báo bịa", text: str = "") -> None:
        self.pages[path] = Answer(article(title, text), headers={"Content-Type": "text/html"})

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    loopback: Loopback

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_GET(self) -> None:
        self.answer(b"")

    def answer(self, posted: bytes) -> None:
        loopback = self.server.loopback
        with loopback.lock:
            loopback.asked.append(Asked(self.path, time.monotonic(), dict(self.headers), posted))
            loopback.at_once += 1
            loopback.most_at_once = max(loopback.most_at_once, loopback.at_once)
        try:
            page = loopback.pages.get(self.path, Answer(status=404))
            if callable(page):
                page(self)
            else:
                send(self, page)
        finally:
            with loopback.lock:
                loopback.at_once -= 1

    def log_message(self, format: str, *args: object) -> None:
        pass


def send(handler: BaseHTTPRequestHandler, page: Answer) -> None:
    handler.send_response(page.status)
    for name, value in page.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(page.body)))
    handler.end_headers()
    handler.wfile.write(page.body)


def article(title: str, text: str = "") -> bytes:
    paragraphs = "".join(f"<p>{escape(FILLER)}{number}</p>" for number in range(6))
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"</head><body><article><h1>{escape(title)}</h1><p>{escape(text)}</p>{paragraphs}"
        "</article></body></html>"
    ).encode()


def source(server: Loopback, id: str = "thu", **keys: Any) -> dict[str, Any]:
    keys.setdefault("feeds", [f"{server.url}/{id}.rss"])
    return {
        "id": id,
        "name": id,
        "kind": "independent",
        "language": "vi",
        "homepage": f"{server.url}/",
        **keys,
    }


def configured(
    servers: Sequence[Loopback],
    sources: Sequence[dict[str, Any]],
    documents: dict[str, Any] | None = None,
    **politeness: Any,
) -> Config:
    return Config.model_validate(
        {
            "politeness": {
                "contact": "tests@example.org",
                "delay": "0.001s",
                "timeout": "5s",
                "round_limit": "60s",
                "allow_private": [server.host for server in servers],
                "retries": 0,
                **politeness,
            },
            "documents": documents or {},
            "sources": list(sources),
        }
    )

"""A Slack on loopback that takes every message, and remembers when."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(slots=True)
class Slack:
    """What was posted: for each alert when its first message came and was answered, by the
    steady clock; `posted` counts messages, `edited` edits."""

    came: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    posted: int = 0
    edited: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The address of its API."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, message: dict[str, Any], came: float) -> dict[str, Any]:
        """Take one request's message and return the answer to it."""
        with self._lock:
            self.edited += path.endswith("chat.update")
            if path.endswith("chat.postMessage"):
                self.posted += 1
                for alert in _alerts(message):
                    self.came.setdefault(alert, came)
            return {"ok": True, "ts": f"{self.posted}.0001", "channel": "C1"}

    def answer(self, message: dict[str, Any], at: float) -> None:
        """Note that a message was answered."""
        with self._lock:
            for alert in _alerts(message):
                self.answered.setdefault(alert, at)


def _alerts(message: dict[str, Any]) -> list[int]:
    payload = message.get("metadata", {}).get("event_payload", {})
    alert = payload.get("alert")
    return [int(alert)] if alert is not None else []


def _handler(slack: Slack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Headers and body leave in one packet; the second would wait for an acknowledgement.
        wbufsize = -1

        def do_POST(self) -> None:
            came = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_json = "json" in self.headers.get("Content-Type", "")
            message = json.loads(body) if is_json else {}
            answer = json.dumps(slack.take(self.path, message, came)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.wfile.flush()
            slack.answer(message, time.monotonic())

        def log_message(self, *_: object) -> None:
            pass

    return Handler

"""A Slack on loopback that answers as it pleases, and remembers what it took and what it said.

Beside what goes well: 429 with Retry-After, 500, garbage, a connection cut before and after the
message was taken, and no answer at all after it was. What it does is drawn from a seed.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

PATIENCE_S = 15.0
"""Longer than the program waits for an answer."""
AFTER_TAKING = ("cut-after", "silent")
WELL = {"ok": 1.0}
ILL = {
    "ok": 10, "limited": 2, "error-500": 2, "garbage": 1.5, "cut-before": 1.5, "cut-after": 2,
    "silent": 0.6,
}  # fmt: skip
"""How likely each answer is, beside the others."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken: `part` of the one with `key`, in the thread that `thread` began.

    `said` is whether it was answered that it was; `run` the number of the program's run that
    sent it; `text` all that a reader saw.
    """

    key: str
    part: int
    ts: str
    thread: str
    said: bool
    run: int
    text: str


class Slack:
    """A context manager that serves; `run` is to be raised with each run of the program."""

    def __init__(self, seed: int) -> None:
        self.run = 0
        self.weights: Mapping[str, float] = WELL
        self.next: list[str] = []
        self.taken: list[Taken] = []
        self.edits: list[tuple[str, str]] = []
        self.files: list[str] = []
        self.faults: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._rng = random.Random(seed)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.slack = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, sent: Mapping[str, Any]) -> tuple[int, bytes, dict[str, str]]:
        """What to answer to a call of the Web API; raises ConnectionAbortedError for a cut."""
        with self._lock:
            how = self.next.pop(0) if self.next else self._drawn()
            if how != "ok":
                self.faults[how] += 1
            wait = str(self._rng.choice((1, 20, 120, 600)))
            reply = None
            if how in ("ok", *AFTER_TAKING):
                reply = self._take(method, sent, said=how == "ok")
        if how == "silent":
            self._over.wait(PATIENCE_S)
        if reply is None or how in AFTER_TAKING:
            return _fault(how, wait)
        return 200, json.dumps(reply).encode(), {}

    def _drawn(self) -> str:
        return self._rng.choices(list(self.weights), weights=list(self.weights.values()))[0]

    def _take(self, method: str, sent: Mapping[str, Any], *, said: bool) -> dict[str, Any]:
        if method == "chat.postMessage":
            return self._post(sent, said=said)
        if method == "chat.update":
            if sent["ts"] not in {one.ts for one in self.taken}:
                self.complaints.append(f"an edit of the unknown message {sent['ts']}")
                return {"ok": False, "error": "message_not_found"}
            self.edits.append((str(sent["ts"]), _key(sent)))
            return {"ok": True, "ts": sent["ts"], "channel": "C1"}
        if method == "files.getUploadURLExternal":
            url = f"{self.url}upload"
            return {"ok": True, "upload_url": url, "file_id": f"F{len(self.files) + 1}"}
        if method == "files.completeUploadExternal":
            named = json.loads(sent["files"])
            self.files.append(f"{sent.get('thread_ts')} {named[0].get('title')}")
            return {"ok": True, "files": named}
        return {"ok": True}

    def _post(self, sent: Mapping[str, Any], *, said: bool) -> dict[str, Any]:
        thread = str(sent.get("thread_ts") or "")
        if thread and thread not in {one.ts for one in self.taken}:
            self.complaints.append(f"an answer to the unknown message {thread}")
            return {"ok": False, "error": "thread_not_found"}
        ts = f"{len(self.taken) + 1}.0001"
        part = int(sent["metadata"]["event_payload"].get("part", 0))
        text = json.dumps([sent.get("text"), sent.get("blocks")], ensure_ascii=False)
        self.taken.append(Taken(_key(sent), part, ts, thread, said, self.run, text))
        return {"ok": True, "ts": ts, "channel": "C1"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    slack: Slack

    def handle_error(self, request: object, client_address: object) -> None:
        """A program that was killed while it waited for the answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        method = self.path.rpartition("/")[2]
        try:
            status, answer, headers = self.server.slack.answer(method, _said(body, method))
        except ConnectionAbortedError:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """What was taken is kept, not printed."""


def _said(body: bytes, method: str) -> dict[str, Any]:
    if method == "upload":
        return {}
    if body.startswith(b"{"):
        return dict(json.loads(body))
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _key(sent: Mapping[str, Any]) -> str:
    return str(sent["metadata"]["event_payload"]["key"])


def _fault(how: str, wait: str) -> tuple[int, bytes, dict[str, str]]:
    if how == "limited":
        return 429, b"", {"Retry-After": wait}
    if how == "error-500":
        return 500, b"<html>Oops</html>", {}
    if how == "garbage":
        return 200, b"\x00<<<not json\xff", {}
    raise ConnectionAbortedError(how)

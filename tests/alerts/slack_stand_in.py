"""A Slack on loopback that checks what it is given, and misbehaves when told to."""

import json
import threading
from urllib.parse import parse_qs

from posted import PostServer


class SlackStandIn(PostServer):
    """Answers chat.postMessage, chat.update, uploads and incoming webhooks.

    `script` says how, request by request, then all goes well. `taken` holds the messages that
    it accepted, whether or not it could say so; `edited` the edits by `ts`, `files` the
    uploads. A reply to an unknown message, and an edit of one, are refused.
    """

    FAULTS = (
        "limited", "limited-in-ok", "error-500", "garbage", "empty", "array", "cut", "silent",
    )  # fmt: skip
    """Faults that pass; `cut` and `silent` come after the message was accepted."""

    def __init__(self, script=()):
        self.script = list(script)
        self.taken = []
        self.edited = {}
        self.files = []
        self.requests = []
        self.violations = []
        self.tokens = set()
        self.over = threading.Event()
        self.on_request = lambda: None
        super().__init__()

    def __exit__(self, *_):
        self.over.set()
        super().__exit__()

    def answer(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.tokens.add(request.headers.get("Authorization"))
        if request.path.startswith(("/upload/", "/api/files.")):
            return self._upload(request, body)
        message = json.loads(body)
        is_hook = request.path.startswith("/services/")
        self.requests.append(message)
        how = self.script.pop(0) if self.script else "ok"
        if how not in ("cut", "silent", "ok"):
            return self._fault(request, how, is_hook)
        error = violation(message)
        if error:
            self.violations.append(error)
            return _reply(request, 400, error) if is_hook else _refuse(request, error)
        if request.path.endswith("chat.update"):
            return self._edit(request, message)
        if message.get("thread_ts") and message["thread_ts"] not in self.times():
            return _refuse(request, "thread_not_found")
        self.taken.append(message)
        self.on_request()
        if how == "cut":
            return request.connection.close()
        if how == "silent":
            self.over.wait(30)
            return request.connection.close()
        ts = f"{len(self.taken)}.0001"
        said = "ok" if is_hook else json.dumps({"ok": True, "ts": ts, "channel": "C1"})
        return _reply(request, 200, said)

    def times(self):
        """The `ts` of every message taken."""
        return [f"{number}.0001" for number in range(1, len(self.taken) + 1)]

    def _edit(self, request, message):
        if message["ts"] not in self.times() or message["channel"] != "C1":
            return _refuse(request, "message_not_found")
        self.edited[message["ts"]] = message
        return _reply(request, 200, json.dumps({"ok": True, "ts": message["ts"], "channel": "C1"}))

    def _upload(self, request, body):
        how = self.script.pop(0) if self.script else "ok"
        if how != "ok":
            return self._fault(request, how, is_hook=False)
        said = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
        if request.path.endswith("getUploadURLExternal"):
            self.files.append({"filename": said["filename"]})
            url = f"{self.url}/upload/{len(self.files)}"
            answer = {"ok": True, "upload_url": url, "file_id": f"F{len(self.files)}"}
        elif request.path.endswith("completeUploadExternal"):
            self.files[-1] |= {"channel": said["channel_id"], "thread": said.get("thread_ts")}
            answer = {"ok": True, "files": json.loads(said["files"])}
        else:
            self.files[-1]["content"] = body
            return _reply(request, 200, "OK")
        return _reply(request, 200, json.dumps(answer))

    def _fault(self, request, how, is_hook):
        if how == "limited":
            return _reply(request, 429, "", {"Retry-After": "7"})
        if how == "limited-in-ok":
            return _refuse(request, "ratelimited")
        if how == "error-500":
            return _reply(request, 500, "<html>Oops</html>")
        if how == "garbage":
            return _reply(request, 200, "\x00<<<not json\xff")
        if how == "empty":
            return _reply(request, 200, "")
        if how == "array":
            return _reply(request, 200, "[1, 2]")
        status = 400 if "block" in how else 404
        return _reply(request, status, how) if is_hook else _refuse(request, how)


def keys(messages):
    """The idempotency keys of messages, in the order in which they came.

    A further part has the message's key and its number.
    """
    return [message["blocks"][0]["block_id"].removeprefix("decreewatch-") for message in messages]


def violation(message):
    """Which of Slack's limits a message breaks, by Slack's name of the error; None if none."""
    blocks = message.get("blocks")
    if not blocks:
        if not message.get("text"):
            return "no_text"
        return "msg_too_long" if len(message["text"]) > 4000 else None
    if len(blocks) > 50:
        return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > 13_000:
        return "msg_blocks_too_long"
    return next((error for block in blocks if (error := _block_violation(block))), None)


def _block_violation(block):
    if len(block.get("block_id", "")) > 255:
        return "invalid_blocks"
    if block["type"] == "actions" and not _is_actions(block):
        return "invalid_blocks"
    limits = {"header": 150, "section": 3000, "context": 3000, "actions": 75}
    for text in _texts(block):
        if not text["text"] or len(text["text"]) > limits.get(block["type"], 3000):
            return "invalid_blocks"
        if any(ord(c) < 32 and c not in "\n\t" for c in text["text"]):
            return "invalid_blocks"
        bare = text["text"].replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
        if text["type"] != "mrkdwn" and any(c in bare for c in "&<>"):
            return "invalid_blocks"
    fields = block.get("fields", [])
    if len(fields) > 10 or any(len(one["text"]) > 2000 for one in fields):
        return "invalid_blocks"
    return None


def _is_actions(block):
    buttons = block["elements"]
    return len(buttons) <= 25 and all(
        len(one["url"]) <= 3000 and one["url"].startswith(("http://", "https://"))
        for one in buttons
    )


def _texts(node):
    if isinstance(node, list):
        return [text for one in node for text in _texts(one)]
    if not isinstance(node, dict):
        return []
    own = [node] if isinstance(node.get("text"), str) else []
    return own + [text for value in node.values() for text in _texts(value)]


def _refuse(request, error):
    _reply(request, 200, json.dumps({"ok": False, "error": error}))


def _reply(request, status, body, headers=None):
    data = body.encode("latin-1", "replace")
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)

"""Signed JSON to a web address; docs/webhook.md and docs/webhook.schema.json describe it."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from alerts.channels.channel import (
    TIMEOUT_S,
    Answer,
    DeliveryError,
    retry_after_s,
    secret,
)
from alerts.message import Message
from alerts.phrases import is_digest
from alerts.rendering import BUILT_IN, rendered_text
from alerts.templating import Templates
from alerts.wording import cut, one_line
from config import WebhookChannel as Declared

VERSION = 1
SIGNATURE = "Decreewatch-Signature"
TIMESTAMP = "Decreewatch-Timestamp"
KEY = "Idempotency-Key"
_KNOWN = {"about", "text", "facts", "links", "ids"}
_MOST_OF_AN_ANSWER = 16_384
_TRY_AGAIN = {408, 421, 423, 425, 429}
"""Answers below 500 that may be another one next time (RFC 9110, RFC 6585, RFC 8470)."""


class WebhookChannel:
    """Posts messages to an address of the operator's, on a private network too."""

    def __init__(
        self,
        channel_id: str,
        url: str,
        key: bytes,
        *,
        timeout_s: float = TIMEOUT_S,
        clock: Callable[[], float] = time.time,
        templates: Templates = BUILT_IN,
    ) -> None:
        self.id = channel_id
        self.can_edit = True
        self._templates = templates
        self._url = url
        self._key = key
        self._timeout_s = timeout_s
        self._clock = clock

    def send(self, message: Message) -> Answer:
        """Post a message; any 2xx acknowledges it. Redirects are not followed.

        Raises DeliveryError: permanent for answers that say that the address or the message
        will not do, to be tried again for the rest.
        """
        text = rendered_text(message, self._templates)
        document = payload(message, text.text)
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "DecreeWatch/1",
            KEY: message.key,
            TIMESTAMP: timestamp,
            SIGNATURE: f"v1={signature(self._key, timestamp, body)}",
        }
        try:
            status = self._post(body, headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            said = cut(one_line(f"{type(error).__name__}: {error}"), 200)
            raise DeliveryError(f"the webhook did not answer: {said}") from None
        warnings = (text.problem,) if text.problem else ()
        return Answer({"status": status, "key": message.key}, warnings)

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        deadline = time.monotonic() + 2 * self._timeout_s
        with (
            httpx2.Client(timeout=self._timeout_s, follow_redirects=False) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            said = _beginning(response, deadline)
        if response.is_success:
            return response.status_code
        raise _error(response.status_code, response.headers, said)


def payload(message: Message, text: str) -> dict[str, Any]:
    """The JSON that is sent, as docs/webhook.schema.json describes it.

    `text` is the message as plain text; members of a group carry none.
    """
    body = message.body
    edits, first = message.edits or {}, message.first or {}
    document = {
        "version": VERSION,
        "key": message.key,
        "kind": message.kind,
        "test": message.test,
        "alert": message.alert,
        "rule": message.rule,
        "severity": message.severity,
        "state": message.state,
        "acknowledged_by": message.acknowledged_by,
        "subject": message.subject,
        "thread": message.thread or message.subject,
        "first_key": first.get("key"),
        "edits_key": edits.get("key"),
        "title": message.title,
        "raised_at": message.raised_at.isoformat(),
        "about": body.get("about", ""),
        "url": body.get("url", ""),
        "source": body.get("source") or None,
        "language": body.get("language", ""),
        "topics": body.get("topics", []),
        "dates": body.get("dates", {}),
        "facts": [{"label": fact.label, "value": fact.value} for fact in message.facts],
        "links": [{"label": link.label, "url": link.url} for link in message.links],
        "changes": [
            {
                "where": change.where,
                "kind": change.kind,
                "severity": change.severity,
                "summary": change.summary,
                "old_text": change.old_text,
                "new_text": change.new_text,
                "inline": [list(piece) for piece in change.inline],
            }
            for change in message.changes
        ],
        "more_changes": message.more_changes,
        "counts": body.get("counts", {}),
        "ids": message.ids,
        "text": text,
        "group": [payload(one, "") for one in message.group],
    }
    if is_digest(message):
        document["digest"] = {name: value for name, value in body.items() if name not in _KNOWN}
    return document


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over `timestamp`, a full stop and the body's bytes."""
    return hmac.new(key, timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()


def open_webhook(
    declared: Declared, environ: Mapping[str, str], templates: Templates = BUILT_IN
) -> WebhookChannel:
    """The channel of a declaration; raises SecretMissing."""
    key = secret(environ, declared.secret_env, declared.id, "the key that signs its messages")
    return WebhookChannel(declared.id, declared.url, key.encode("utf-8"), templates=templates)


def _beginning(response: httpx2.Response, deadline: float) -> str:
    """The first kilobytes of an answer; a slow or endless one is left off."""
    read = b""
    for chunk in response.iter_raw():
        read += chunk
        if len(read) >= _MOST_OF_AN_ANSWER or time.monotonic() > deadline:
            break
    return cut(one_line(read[:_MOST_OF_AN_ANSWER].decode("utf-8", "replace")), 200)


def _error(status: int, headers: httpx2.Headers, said: str) -> DeliveryError:
    answered = f"the webhook answered {status}" + (f": {said}" if said else "")
    if 300 <= status < 400:
        return DeliveryError(
            f"{answered}; redirects are not followed: put the new address into the "
            "configuration, then let the failed messages be sent again.",
            permanent=True,
        )
    wait = retry_after_s(headers.get("Retry-After"))
    if status >= 500 or status in _TRY_AGAIN:
        return DeliveryError(answered, retry_after=wait)
    return DeliveryError(
        f"{answered}. Mend its address, its key or the receiver, then let the failed "
        "messages be sent again.",
        permanent=True,
    )

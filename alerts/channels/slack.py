"""Slack, through slack_sdk: by bot token, or by incoming webhook.

Slack has no idempotency header. The message's key and the part's number travel in its metadata
(bot token) and in the identifier of its first block (both ways), so that a repeat can be told.
Messages of one thread of ours are kept in one thread of Slack's; an update edits the message
that it speaks of. An incoming webhook knows neither.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.webhook import WebhookClient

from alerts.channels.channel import TIMEOUT_S, Answer, DeliveryError, secret
from alerts.channels.slack_parts import Attachment, Part, Plan, plain_plan, plan, standing_part
from alerts.channels.slack_ways import (
    EDIT_REFUSED,
    FILE_REFUSED,
    FORM_REFUSED,
    NEEDS_MENDING,
    THREAD_REFUSED,
    BotWay,
    HookWay,
    Refused,
    Way,
)
from alerts.message import Message
from alerts.rendering import BUILT_IN, rendered_text
from alerts.templating import Templates
from alerts.wording import cut, one_line
from config import SlackChannel as Declared

_LONGEST_S = 100.0
"""After this long a message in many parts is taken up again later, within a claim's lease."""
_PLAIN = "plain-"


class SlackChannel:
    """Posts messages to one Slack channel."""

    def __init__(
        self,
        channel_id: str,
        way: Way,
        secrets: tuple[str, ...],
        templates: Templates = BUILT_IN,
    ) -> None:
        self.id = channel_id
        self.can_edit = way.threads
        self._way = way
        self._secrets = secrets
        self._templates = templates

    def send(self, message: Message) -> Answer:
        """Post a message, in parts where it is long.

        The answer keeps the `ts` and channel of its first part, where Slack names them. Parts
        that an earlier attempt posted are left out. A form that Slack refuses is told once more
        as plain text. Raises DeliveryError.
        """
        sending = _Sending(self._way, message, self._templates)
        try:
            return sending.answer()
        except DeliveryError as error:
            error.facts = sending.facts()
            raise
        except Refused as refused:
            raise self._error(refused, sending.facts()) from None
        except Exception as error:
            # Text of an error may hold the webhook's address, which is a secret.
            said = one_line(f"{type(error).__name__}: {error}")
            for hidden in self._secrets:
                said = said.replace(hidden, "(secret)")
            raise DeliveryError(
                f"Slack did not answer: {cut(said, 300)}", facts=sending.facts()
            ) from None

    def _error(self, refused: Refused, facts: Mapping[str, Any]) -> DeliveryError:
        name = cut(one_line(refused.name), 200)
        if name in NEEDS_MENDING:
            return DeliveryError(
                f"Slack refuses channel {self.id!r}: {name}. Mend the token, the app or the "
                "channel's name, then let the failed messages be sent again.",
                permanent=True,
                facts=facts,
            )
        if name in FORM_REFUSED:
            said = f"Slack refuses the message even as text: {name}"
            return DeliveryError(said, permanent=True, facts=facts)
        return DeliveryError(f"Slack did not take the message: {name}", facts=facts)


class _Sending:
    """One attempt to send one message; it knows which parts went, in earlier ones too."""

    def __init__(self, way: Way, message: Message, templates: Templates) -> None:
        self._way = way
        self._message = message
        self._text = rendered_text(message, templates)
        self._sent: dict[str, dict[str, Any]] = dict(message.sent_parts.get("parts", {}))
        self._warnings = [self._text.problem] if self._text.problem else []
        self._thread_is_gone = False
        self._stop = time.monotonic() + _LONGEST_S

    def facts(self) -> dict[str, Any]:
        """Which parts went, by number, for the next attempt."""
        return {"parts": self._sent} if self._sent else {}

    def answer(self) -> Answer:
        """Send what has not been sent, and what must be remembered of it."""
        if self._message.kind == "update" and self._message.edits is not None:
            return self._updated(self._message.edits)
        if not any(name.startswith(_PLAIN) for name in self._sent):
            try:
                return self._posted(self._planned(), "")
            except SlackObjectFormationError:
                pass
            except Refused as refused:
                if refused.name not in FORM_REFUSED:
                    raise
        return self._posted(
            plain_plan(self._message, self._text.text, files=self._way.threads), _PLAIN
        )

    def _planned(self) -> Plan:
        able = self._way.threads
        return plan(self._message, self._text.text, files=able, threads=able)

    def _posted(self, planned: Plan, prefix: str) -> Answer:
        for name, do in self._steps(planned, prefix):
            if name in self._sent:
                continue
            if time.monotonic() > self._stop:
                raise DeliveryError("Slack is slow; the rest of the message follows")
            self._sent[name] = do()
        return self._answer(self._sent[f"{prefix}0"], len(planned.parts))

    def _steps(
        self, planned: Plan, prefix: str
    ) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        for number, part in enumerate(planned.parts):
            yield f"{prefix}{number}", partial(self._post, part, number)
        for file in planned.files:
            yield f"{prefix}{file.name}", partial(self._attach, file, f"{prefix}0")

    def _post(self, part: Part, number: int) -> dict[str, Any]:
        payload = self._payload() | ({"part": number} if number else {})
        thread = self._thread()
        aloud = self._message.severity == "critical" and number == 0
        try:
            return self._way.post(part, payload, thread, aloud=aloud)
        except Refused as refused:
            if not thread or refused.name not in THREAD_REFUSED:
                raise
        self._thread_is_gone = True
        return self._way.post(part, payload, self._thread())

    def _attach(self, file: Attachment, first: str) -> dict[str, Any]:
        channel = self._sent[first]["channel"]
        thread = self._thread()
        try:
            return self._way.attach(file, channel, thread)
        except Refused as refused:
            if refused.name not in FILE_REFUSED:
                raise
            said = f"{file.name} could not be attached: {cut(one_line(refused.name), 100)}"
        self._warnings.append(f"{said}; the app needs the scope files:write")
        return self._way.post(Part(f"{said}. The archive has the rest."), self._payload(), thread)

    def _updated(self, edits: Mapping[str, Any]) -> Answer:
        """The message that told the alert, edited; else how it stands, in its thread."""
        if not edits.get("group") and edits.get("ts") and edits.get("channel"):
            part = self._planned().parts[0]
            try:
                facts = self._way.edit(part, self._payload(), edits["ts"], edits["channel"])
                return self._answer(facts, 1)
            except Refused as refused:
                if refused.name not in EDIT_REFUSED | FORM_REFUSED:
                    raise
        thread = str(edits.get("thread_ts") or edits.get("ts") or "")
        part = standing_part(self._message)
        try:
            facts = self._way.post(part, self._payload(), thread)
        except Refused as refused:
            if not thread or refused.name not in THREAD_REFUSED:
                raise
            facts = self._way.post(part, self._payload())
        return self._answer(facts, 1)

    def _thread(self) -> str:
        """The `ts` of the message that this one answers; empty where it begins a thread."""
        if not self._way.threads:
            return ""
        first = None if self._thread_is_gone else self._message.first
        if first and first.get("ts") and first.get("to", self._way.place) == self._way.place:
            return str(first.get("thread_ts") or first["ts"])
        begun = self._sent.get("0") or self._sent.get(f"{_PLAIN}0") or {}
        return str(begun.get("ts", ""))

    def _payload(self) -> dict[str, Any]:
        message = self._message
        return {"key": message.key, "alert": message.alert, "rule": message.rule}

    def _answer(self, facts: Mapping[str, Any], parts: int) -> Answer:
        kept = dict(facts)
        if self._way.place:
            kept["to"] = self._way.place
        thread = self._thread()
        if thread and thread != kept.get("ts"):
            kept["thread_ts"] = thread
        if parts > 1:
            kept["parts"] = parts
        if self._message.group:
            kept["group"] = [one.alert for one in self._message.group]
        return Answer(kept, tuple(self._warnings))


def open_slack(
    declared: Declared, environ: Mapping[str, str], templates: Templates = BUILT_IN
) -> SlackChannel:
    """The channel of a declaration; raises SecretMissing."""
    # A logger of its own: slack_sdk would log addresses and errors that hold secrets.
    silent = logging.Logger("slack", level=logging.CRITICAL)
    if declared.webhook_env is not None:
        url = secret(environ, declared.webhook_env, declared.id, "its webhook's address")
        hook = WebhookClient(url, timeout=int(TIMEOUT_S), logger=silent, retry_handlers=[])
        return SlackChannel(declared.id, HookWay(hook), (url,), templates)
    token = secret(environ, declared.token_env, declared.id, "a bot token")
    base_url = declared.base_url if declared.base_url.endswith("/") else declared.base_url + "/"
    client = WebClient(
        token=token, base_url=base_url, timeout=int(TIMEOUT_S), logger=silent, retry_handlers=[]
    )
    return SlackChannel(declared.id, BotWay(client, declared.channel), (token,), templates)

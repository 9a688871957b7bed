"""Slack, through slack_sdk: by bot token, or by incoming webhook.

Slack has no idempotency header. The message's key travels in its metadata (bot token) and in
the identifier of its first block (both ways), so that a repeat can be told.
"""

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.webhook import WebhookClient

from alerts.channels.channel import (
    TIMEOUT_S,
    Answer,
    DeliveryError,
    retry_after_s,
    secret,
)
from alerts.channels.slack_blocks import blocks_of, notification, plain
from alerts.message import Message
from alerts.wording import cut, one_line
from config import SlackChannel as Declared

DEFAULT_RETRY_AFTER_S = 30.0
"""What we wait when Slack limits us without saying for how long."""

NEEDS_MENDING = {
    "access_denied", "account_inactive", "channel_not_found", "ekm_access_denied",
    "enterprise_is_restricted", "invalid_auth", "is_archived", "channel_is_archived",
    "messages_tab_disabled", "missing_scope", "no_permission", "not_allowed_token_type",
    "not_authed", "not_in_channel", "org_login_required", "restricted_action",
    "team_access_not_granted", "token_expired", "token_revoked", "two_factor_setup_required",
    "action_prohibited", "invalid_token", "no_active_hooks", "no_service", "no_service_id",
    "no_team", "posting_to_general_channel_denied", "team_disabled", "user_not_found",
}  # fmt: skip
"""Slack's errors that last until somebody mends the token, the app or the channel."""

FORM_REFUSED = {
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long",
    "invalid_payload", "invalid_metadata_format", "invalid_metadata_schema",
    "metadata_too_large", "metadata_must_be_sent_from_app", "invalid_arguments",
    "cannot_parse_attachment", "too_many_attachments",
}  # fmt: skip
"""Slack's errors about the form of a message: the same is told once more as plain text."""


class _Refused(Exception):
    """Slack's own error, by name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Way(Protocol):
    """One of the two ways into Slack."""

    def post(self, text: str, blocks: list[dict[str, Any]] | None, message: Message) -> Answer:
        """Post once; raises _Refused or DeliveryError."""
        ...


class SlackChannel:
    """Posts messages to one Slack channel."""

    def __init__(self, channel_id: str, way: _Way, secrets: tuple[str, ...]) -> None:
        self.id = channel_id
        self.can_edit = False
        self._way = way
        self._secrets = secrets

    def send(self, message: Message) -> Answer:
        """Post a message; the answer keeps Slack's `ts` and channel where it names them.

        A form that Slack refuses is told once more as plain text. Raises DeliveryError.
        """
        try:
            return self._post(message)
        except DeliveryError:
            raise
        except _Refused as refused:
            raise self._error(refused) from None
        except Exception as error:
            # Text of an error may hold the webhook's address, which is a secret.
            said = one_line(f"{type(error).__name__}: {error}")
            for hidden in self._secrets:
                said = said.replace(hidden, "(secret)")
            raise DeliveryError(f"Slack did not answer: {cut(said, 300)}") from None

    def _post(self, message: Message) -> Answer:
        try:
            return self._way.post(notification(message), blocks_of(message), message)
        except SlackObjectFormationError:
            return self._way.post(plain(message), None, message)
        except _Refused as refused:
            if refused.name not in FORM_REFUSED:
                raise
            return self._way.post(plain(message), None, message)

    def _error(self, refused: _Refused) -> DeliveryError:
        name = cut(one_line(refused.name), 200)
        if name in NEEDS_MENDING:
            return DeliveryError(
                f"Slack refuses channel {self.id!r}: {name}. Mend the token, the app or the "
                "channel's name, then let the failed messages be sent again.",
                permanent=True,
            )
        if name in FORM_REFUSED:
            return DeliveryError(f"Slack refuses the message even as text: {name}", permanent=True)
        return DeliveryError(f"Slack did not take the message: {name}")


class BotWay:
    """`chat.postMessage` with a bot token."""

    def __init__(self, client: WebClient, channel: str) -> None:
        self._client = client
        self._channel = channel

    def post(self, text: str, blocks: list[dict[str, Any]] | None, message: Message) -> Answer:
        """Post once; raises _Refused or DeliveryError."""
        payload = {"key": message.key, "alert": message.alert, "rule": message.rule}
        try:
            answer = self._client.chat_postMessage(
                channel=self._channel,
                text=text,
                blocks=blocks,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": "decreewatch_alert", "event_payload": payload},
            )
        except SlackApiError as error:
            raise _bot_error(error) from None
        return Answer({"ts": str(answer.get("ts", "")), "channel": str(answer.get("channel", ""))})


class HookWay:
    """An incoming webhook, which answers `ok` and no `ts`."""

    def __init__(self, client: WebhookClient) -> None:
        self._client = client

    def post(self, text: str, blocks: list[dict[str, Any]] | None, message: Message) -> Answer:
        """Post once; raises _Refused or DeliveryError."""
        answer = self._client.send(text=text, blocks=blocks, unfurl_links=False)
        body = one_line(answer.body or "")
        if answer.status_code == 200 and body == "ok":
            return Answer({"status": 200})
        if answer.status_code == 429:
            raise _limited(answer.headers)
        if answer.status_code in (404, 410) and body not in NEEDS_MENDING:
            raise _Refused("no_service")
        raise _Refused(
            body
            if body in NEEDS_MENDING | FORM_REFUSED
            else f"HTTP {answer.status_code} {cut(body, 100)}"
        )


def open_slack(declared: Declared, environ: Mapping[str, str]) -> SlackChannel:
    """The channel of a declaration; raises SecretMissing."""
    # A logger of its own: slack_sdk would log addresses and errors that hold secrets.
    silent = logging.Logger("slack", level=logging.CRITICAL)
    if declared.webhook_env is not None:
        url = secret(environ, declared.webhook_env, declared.id, "its webhook's address")
        hook = WebhookClient(url, timeout=int(TIMEOUT_S), logger=silent, retry_handlers=[])
        return SlackChannel(declared.id, HookWay(hook), (url,))
    token = secret(environ, declared.token_env, declared.id, "a bot token")
    base_url = declared.base_url if declared.base_url.endswith("/") else declared.base_url + "/"
    client = WebClient(
        token=token, base_url=base_url, timeout=int(TIMEOUT_S), logger=silent, retry_handlers=[]
    )
    return SlackChannel(declared.id, BotWay(client, declared.channel), (token,))


def _bot_error(error: SlackApiError) -> Exception:
    answer = error.response
    if answer.status_code == 429:
        return _limited(answer.headers)
    name = answer.get("error") if isinstance(answer.data, dict) else None
    if name in ("ratelimited", "rate_limited"):
        return _limited(answer.headers)
    return _Refused(str(name) if name else f"HTTP {answer.status_code} without a reason")


def _limited(headers: Mapping[str, str]) -> DeliveryError:
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    wait = retry_after_s(str(found) if found is not None else None)
    wait = DEFAULT_RETRY_AFTER_S if wait is None else wait
    return DeliveryError(f"Slack asks to wait {wait:.0f} s", retry_after=wait)

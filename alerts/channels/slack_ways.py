"""The two ways into Slack: by bot token, and by incoming webhook."""

from collections.abc import Mapping
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from alerts.channels.channel import DeliveryError, retry_after_s
from alerts.channels.slack_parts import Attachment, Part
from alerts.wording import cut, one_line

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

THREAD_REFUSED = {
    "cannot_reply_to_message", "invalid_thread_ts", "message_not_found",
    "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
    "restricted_action_thread_only_channel", "thread_not_found",
}  # fmt: skip
"""Slack's errors about the thread: the message is posted outside it."""

EDIT_REFUSED = {
    "cant_update_message", "edit_window_closed", "message_not_found",
    "update_failed", "is_inactive", "as_user_not_supported",
}  # fmt: skip
"""Slack's errors about an edit: what it would say is posted in the thread."""

FILE_REFUSED = {
    "file_uploads_disabled", "file_uploads_except_images_disabled", "missing_scope",
    "not_allowed_token_type", "file_upload_size_restricted", "file_type_restricted",
    "file_sharing_disabled", "invalid_channel", "no_permission", "posting_to_channel_denied",
    "blocked_file_type", "file_not_found", "malware_detected",
}  # fmt: skip
"""Slack's errors about a file that last: the message goes without it, and says so."""


class Refused(Exception):
    """Slack's own error, by name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Way(Protocol):
    """One of the two ways into Slack; each call raises Refused or DeliveryError."""

    @property
    def threads(self) -> bool:
        """Whether messages can be answered, edited and given files."""
        ...

    @property
    def place(self) -> str:
        """Which channel it leads to, as far as we are told."""
        ...

    def post(
        self, part: Part, payload: Mapping[str, Any], thread: str = "", *, aloud: bool = False
    ) -> dict[str, Any]:
        """Post once, in a thread where one is given, and `aloud` in the channel too."""
        ...

    def edit(self, part: Part, payload: Mapping[str, Any], ts: str, channel: str) -> dict[str, Any]:
        """Put a part in the place of a message."""
        ...

    def attach(self, file: Attachment, channel: str, thread: str) -> dict[str, Any]:
        """Add a file to a thread."""
        ...


class BotWay:
    """The Web API with a bot token, which knows threads, edits and files."""

    threads = True

    def __init__(self, client: WebClient, channel: str) -> None:
        self._client = client
        self.place = channel

    def post(
        self, part: Part, payload: Mapping[str, Any], thread: str = "", *, aloud: bool = False
    ) -> dict[str, Any]:
        """`chat.postMessage`; gives the message's `ts` and channel."""
        try:
            answer = self._client.chat_postMessage(
                channel=self.place,
                text=part.text,
                blocks=part.blocks,
                thread_ts=thread or None,
                reply_broadcast=aloud if thread else None,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
                metadata=_metadata(payload),
            )
        except SlackApiError as error:
            raise _bot_error(error) from None
        return {"ts": str(answer.get("ts", "")), "channel": str(answer.get("channel", ""))}

    def edit(self, part: Part, payload: Mapping[str, Any], ts: str, channel: str) -> dict[str, Any]:
        """`chat.update`; gives the message's `ts` and channel."""
        try:
            self._client.chat_update(
                channel=channel,
                ts=ts,
                text=part.text,
                blocks=part.blocks or [],
                metadata=_metadata(payload),
            )
        except SlackApiError as error:
            raise _bot_error(error) from None
        return {"ts": ts, "channel": channel}

    def attach(self, file: Attachment, channel: str, thread: str) -> dict[str, Any]:
        """The three calls of an upload; gives the file's number at Slack."""
        try:
            answer = self._client.files_upload_v2(
                filename=file.name,
                content=file.content,
                title=file.title,
                channel=channel,
                thread_ts=thread,
            )
        except SlackApiError as error:
            raise _bot_error(error) from None
        found = answer.get("files")
        return {"file": str(found[0].get("id", "")) if found else ""}


class HookWay:
    """An incoming webhook, which answers `ok` and no `ts`: no threads, no edits, no files."""

    threads = False
    place = ""

    def __init__(self, client: WebhookClient) -> None:
        self._client = client

    def post(
        self, part: Part, payload: Mapping[str, Any], thread: str = "", *, aloud: bool = False
    ) -> dict[str, Any]:
        """Post once; gives the status."""
        answer = self._client.send(text=part.text, blocks=part.blocks, unfurl_links=False)
        body = one_line(answer.body or "")
        if answer.status_code == 200 and body == "ok":
            return {"status": 200}
        if answer.status_code == 429:
            raise _limited(answer.headers)
        if answer.status_code in (404, 410) and body not in NEEDS_MENDING:
            raise Refused("no_service")
        known = body in NEEDS_MENDING | FORM_REFUSED
        raise Refused(body if known else f"HTTP {answer.status_code} {cut(body, 100)}")

    def edit(self, part: Part, payload: Mapping[str, Any], ts: str, channel: str) -> dict[str, Any]:
        """Never done; raises Refused."""
        raise Refused("cant_update_message")

    def attach(self, file: Attachment, channel: str, thread: str) -> dict[str, Any]:
        """Never done; raises Refused."""
        raise Refused("file_uploads_disabled")


def _metadata(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"event_type": "decreewatch_alert", "event_payload": dict(payload)}


def _bot_error(error: SlackApiError) -> Exception:
    answer = error.response
    if answer.status_code == 429:
        return _limited(answer.headers)
    name = answer.get("error") if isinstance(answer.data, dict) else None
    if name in ("ratelimited", "rate_limited"):
        return _limited(answer.headers)
    return Refused(str(name) if name else f"HTTP {answer.status_code} without a reason")


def _limited(headers: Mapping[str, str]) -> DeliveryError:
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    wait = retry_after_s(str(found) if found is not None else None)
    wait = DEFAULT_RETRY_AFTER_S if wait is None else wait
    return DeliveryError(f"Slack asks to wait {wait:.0f} s", retry_after=wait)

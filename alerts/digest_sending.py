"""Digests through the outbox: written with their messages at once, and each day told once."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from alerts.charts import Chart, drawn
from alerts.digest_page import html_of, json_of
from alerts.digest_parts import Digest
from alerts.digest_text import markdown_of, text_of
from alerts.digest_wording import gist_of, title_of
from alerts.rendering import templates_in
from config import Config, ConfigError
from storage.archive import Archive, Transaction
from storage.problems import Problem

RULE = "digest"


class AlreadySent(Problem):
    """The digest of these days went out before."""

    kind: ClassVar[str] = "already-sent"


def channels_for(config: Config, named: Sequence[str]) -> tuple[str, ...]:
    """The channels that were named, or those of [digest]. Raises ConfigError."""
    wanted = tuple(dict.fromkeys(named)) or config.digest.channels
    if not wanted:
        raise ConfigError("no channel to send the digest to: name some in [digest] or --channel")
    declared = sorted(one.id for one in config.channels)
    for name in wanted:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise ConfigError(f"no channel {name!r} under [[channels]]; there are: {known}")
    return wanted


def send(
    archive: Archive,
    config: Config,
    digest: Digest,
    channels: Sequence[str],
    now: datetime,
    *,
    again: bool = False,
) -> int:
    """Write a digest to the outbox, from where it is delivered; gives the alert's number.

    Raises AlreadySent when these days were told before, unless `again`.
    """
    body = body_of(digest, config)
    with archive.transaction() as tx:
        key = _free_key(tx, base_key(digest), again)
        alert = tx.outbox.raise_alert(
            key,
            rule=RULE,
            severity="minor",
            subject="digest",
            thread="digest",
            title=title_of(digest),
            body=body,
            channels=channels,
            at=now,
        )
        if alert is None:
            raise _already(key)
        return alert.id


def base_key(digest: Digest) -> str:
    """The key of a digest's first sending; of a day that goes on, it is not the day's own."""
    return f"digest:{digest.day}" + ("" if digest.is_over else ":so-far")


def body_of(digest: Digest, config: Config) -> dict[str, Any]:
    """What the channels are given: the digest in each of its renderings, and its chart."""
    chart: Chart = drawn(digest.days, digest.weeks_before)
    page = html_of(digest, chart, templates_in(config.templates.folder), is_mail=True)
    problem = f"\n{page.problem}\n" if page.problem else ""
    return {
        "about": "digest",
        "gist": gist_of(digest),
        "text": text_of(digest, chart.text) + problem,
        "markdown": markdown_of(digest, chart.text) + problem,
        "html": page.text,
        "png_base64": base64.b64encode(chart.png).decode("ascii"),
        "day": digest.day,
        "counts": {one.label: one.now for one in digest.numbers},
        "sources_in_trouble": [one.id for one in digest.troubled],
        "document": json_of(digest),
    }


def _free_key(tx: Transaction, key: str, again: bool) -> str:
    if tx.outbox.by_key(key) is None:
        return key
    if not again:
        raise _already(key)
    number = 2
    while tx.outbox.by_key(f"{key}:{number}") is not None:
        number += 1
    return f"{key}:{number}"


def _already(key: str) -> AlreadySent:
    day = key.removeprefix("digest:").removesuffix(":so-far")
    return AlreadySent(f"the digest of {day} was sent before; --again sends it once more")

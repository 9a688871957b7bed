"""An item's topics and labels, as JSON and as tables."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from storage.archive import Transaction
    from storage.models import Item
    from storage.models_topics import Label


def shown_item(tx: "Transaction", item: "Item") -> dict[str, Any]:
    """An item with its topics and what people say of them, in JSON."""
    latest = tx.items.latest(item)
    tags = tx.findings.tags(latest.id) if latest else []
    return {
        "item": item.id,
        "url": item.url,
        "title": latest.title if latest else "",
        "classified": latest is not None and bool(tx.readings.of([latest.id])),
        "tags": [
            {
                "topic": tag.topic,
                "score": round(tag.score, 4),
                "threshold": round(tag.threshold, 4),
                "passage": tag.passage,
                "nearest": tag.nearest,
                "model": tag.model,
            }
            for tag in tags
        ],
        "labels": [label_json(one) for one in tx.labels.of(item.id)],
    }


def label_json(label: "Label") -> dict[str, Any]:
    """What a person said of an item's topics, in JSON."""
    return {
        "id": label.id,
        "item": label.item_id,
        "revision": label.revision_id,
        "verdict": label.verdict,
        "topic": label.topic,
        "passage": label.passage,
        "by": label.by,
        "at": label.at.isoformat(),
        "note": label.note,
    }


def print_item(shown: dict[str, Any], zone: "ZoneInfo") -> None:
    """Print an item as `shown_item` gives it."""
    print(visible(f"item {shown['item']}: {shown['title']}\n{shown['url']}"))
    if shown["tags"]:
        table(
            "Topics",
            ["topic", "score", "passage", "nearest example"],
            [
                [tag["topic"], f"{tag['score']:.2f}", tag["passage"], tag["nearest"]]
                for tag in shown["tags"]
            ],
        )
    else:
        print("off-topic" if shown["classified"] else "not classified yet")
    if shown["labels"]:
        print_labels(shown["labels"], zone)


def print_labels(labels: list[dict[str, Any]], zone: "ZoneInfo") -> None:
    """Print labels as `label_json` gives them."""
    table(
        "Labels",
        ["label", "item", "verdict", "topic", "by", "at", "note"],
        [
            [
                str(one["id"]),
                str(one["item"]),
                one["verdict"] if one["topic"] else "off-topic",
                one["topic"] or "",
                one["by"],
                f"{datetime.fromisoformat(one['at']).astimezone(zone):%Y-%m-%d %H:%M}",
                one["note"],
            ]
            for one in labels
        ],
    )

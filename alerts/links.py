"""Where an alert leads besides the page itself: into the archive's own pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode


def archive_links(address: str, body: Mapping[str, Any], subject: str) -> list[list[str]]:
    """Return pairs of label and address: the comparison or the edit, the capture, the whole.

    Args:
        address: where readers reach the archive's pages; "" is nowhere, and leads nowhere.
        body: the alert's body; its `ids` name rows of the archive.
        subject: what the alert is about, such as `instrument:platforms`.
    """
    if not address:
        return []
    kind, _, name = subject.partition(":")
    named, ids = quote(name, safe=""), body.get("ids", {})
    item, revision, previous = (ids.get(one) for one in ("item", "revision", "previous"))
    found = []
    if "comparison" in ids and kind == "instrument":
        sides = urlencode({"old": previous, "new": revision})
        found.append(["Comparison", f"instruments/{named}/compare?{sides}"])
    if body.get("about") == "edit":
        found.append(["Edit", f"items/{item}/revisions/{revision}"])
    if "capture" in ids:
        found.append(["Capture", f"items/{item}/captures/{ids['capture']}"])
    if kind in ("instrument", "source"):
        found.append(["In the archive", f"{kind}s/{named}"])
    elif item is not None:
        found.append(["In the archive", f"items/{item}"])
    return [[label, f"{address.rstrip('/')}/{path}"] for label, path in found]


def alert_link(address: str, alert_id: int) -> list[list[str]]:
    """Return the pair of label and address of an alert's own page, where it is acknowledged."""
    return [["Alert", f"{address.rstrip('/')}/alerts/{alert_id}"]] if address else []

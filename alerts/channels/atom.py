"""An Atom feed in a file (RFC 4287), which a web server or a feed reader may be pointed at.

The file holds the newest alerts. An entry keeps its id, which comes from the message's key; an
update takes the place of the entry that it speaks of. The file is replaced in one step, so
that a reader never sees half of one.
"""

import os
import tempfile
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from lxml import etree

from alerts.atom_xml import add, clean, element, moment, tag, written
from alerts.channels.channel import TIMEOUT_S, Answer, DeliveryError
from alerts.gist import gist
from alerts.message import Message
from alerts.phrases import is_digest, web_address
from alerts.rendering import BUILT_IN, rendered_html, rendered_subject
from alerts.templating import Templates
from alerts.wording import one_line
from config import AtomChannel as Declared

_IDS = uuid.UUID("5b1f6a52-6c5e-4f0e-9c39-0a1d7f7f7d1e")
_LARGEST = 50_000_000


class AtomChannel:
    """Writes each message as an entry of a feed."""

    def __init__(
        self,
        declared: Declared,
        templates: Templates = BUILT_IN,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.id = declared.id
        self.can_edit = True
        self._declared = declared
        self._templates = templates
        self._clock = clock

    def send(self, message: Message) -> Answer:
        """Write a message into the feed; a group as one entry for each of its alerts.

        A feed that cannot be read is set aside, and a new one begun. Raises DeliveryError.
        """
        warnings: list[str] = []
        path = self._declared.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock", timeout=TIMEOUT_S):
                feed = self._feed(warnings)
                ids = [self._put(feed, one, warnings) for one in message.group or (message,)]
                for old in feed.findall(tag("entry"))[self._declared.newest :]:
                    feed.remove(old)
                _replace(path, written(feed))
        except (OSError, Timeout) as error:
            said = one_line(getattr(error, "strerror", None) or str(error))
            raise DeliveryError(f"the feed {path} cannot be written: {said}") from error
        alerts = [str(one.alert) for one in message.group or (message,)]
        return Answer({"entries": dict(zip(alerts, ids, strict=True))}, tuple(warnings))

    def _feed(self, warnings: list[str]) -> Any:
        """A feed with the entries that stand in the file, as far as they are ours."""
        path = self._declared.path
        feed = self._new_feed()
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            return feed
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            if len(found) > _LARGEST:
                raise ValueError("larger than a feed of ours can be")
            before = etree.fromstring(found, parser)
            if before.tag != tag("feed"):
                raise ValueError("not an Atom feed")
        except (etree.XMLSyntaxError, ValueError) as error:
            aside = path.with_name(f"{path.name}.broken")
            path.replace(aside)
            said = one_line(str(error))
            warnings.append(f"{path} was not to be read ({said}); it is now {aside}")
            return feed
        wanted = (tag("id"), tag("published"))
        kept = [one for one in before.findall(tag("entry")) if all(map(one.findtext, wanted))]
        feed.extend(kept[: self._declared.newest])
        return feed

    def _new_feed(self) -> Any:
        feed = element("feed")
        add(feed, "id", f"urn:uuid:{uuid.uuid5(_IDS, f'feed:{self.id}')}")
        add(feed, "title", self._declared.title)
        add(feed, "updated", moment(self._clock()))
        add(add(feed, "author"), "name", "Decree Watch")
        add(feed, "generator", "Decree Watch")
        return feed

    def _put(self, feed: Any, message: Message, warnings: list[str]) -> str:
        """Write an entry, at the top or in the place of the one with its id; gives the id."""
        entry, problem = self._entry(message)
        if problem:
            warnings.append(problem)
        wanted = entry.findtext(tag("id"))
        for old in feed.findall(tag("entry")):
            if old.findtext(tag("id")) == wanted:
                entry.find(tag("published")).text = old.findtext(tag("published"))
                feed.replace(old, entry)
                return str(wanted)
        first = feed.find(tag("entry"))
        if first is None:
            feed.append(entry)
        else:
            first.addprevious(entry)
        return str(wanted)

    def _entry(self, message: Message) -> tuple[Any, str]:
        subject = rendered_subject(message, self._templates)
        html = rendered_html(message, self._templates)
        own = _digest_page(message) if is_digest(message) else ""
        entry = etree.Element(tag("entry"))
        add(entry, "id", _entry_id(message))
        add(entry, "title", subject.text)
        add(entry, "published", moment(message.raised_at))
        add(entry, "updated", moment(self._clock()))
        page = web_address(message.links[0].url) if message.links else ""
        if page:
            add(entry, "link", rel="alternate", href=page)
        for term in (message.severity, message.rule, *_topics(message)):
            if clean(term):
                add(entry, "category", term=term)
        said = gist(message)
        if said:
            add(entry, "summary", said)
        add(entry, "content", own or html.text, type="html")
        return entry, html.problem or subject.problem


def open_atom(declared: Declared, templates: Templates = BUILT_IN) -> AtomChannel:
    """The channel of a declaration."""
    return AtomChannel(declared, templates)


def _digest_page(message: Message) -> str:
    """A digest's own page, its picture inside, as a feed has no parts to refer to."""
    page = str(message.body.get("html", ""))
    picture = f"data:image/png;base64,{message.body.get('png_base64', '')}"
    return page.replace("cid:chart", picture)


def _entry_id(message: Message) -> str:
    entries = (message.edits or {}).get("entries", {})
    known = entries.get(str(message.alert)) if isinstance(entries, Mapping) else None
    return str(known) if known else f"urn:uuid:{uuid.uuid5(_IDS, message.key)}"


def _topics(message: Message) -> list[str]:
    topics = message.body.get("topics", [])
    return [str(one["topic"]) for one in topics if isinstance(one, dict) and one.get("topic")]


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step, readable by whoever could read a new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        written.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise

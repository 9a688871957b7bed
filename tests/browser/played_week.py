"""The invented newsroom's week, gathered in few rounds: an archive to be read in a browser."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal

import hostile_article
from playing import MODELS

from commands.rounds import assemble
from commands.seven_days import write_config
from config import load
from newsroom import truth
from newsroom.calendar import at
from newsroom.server import Newsroom
from storage.archive import Archive
from storage.credentials import hash_password
from storage.roles import Role

DAYS = (2, 3, 4, 6)
"""The days that change what was there: first texts, an edit, a removal, an enactment."""
EVENING = 21
PEOPLE: dict[str, Role] = {"lan": "analyst", "minh": "reader"}
PASSWORD = "bến phà mở lại sáng nay"


@dataclass(frozen=True, slots=True)
class Week:
    """The configurations that serve it, without a login and with one, and its pages by name."""

    config: Path
    guarded: Path
    pages: dict[str, str]


def play(folder: Path) -> Week:
    """Gather, understand and index the week below `folder`, with a hostile article in it."""
    stop = Signal()
    with Newsroom() as newsroom:
        path = write_config(folder, MODELS, newsroom.url)
        with closing(Archive.open(folder / "archive")) as archive:
            rounds = assemble(load(path), archive)
            for day in DAYS:
                newsroom.day, now = day, at(day, EVENING)
                rounds.gather(stop, all_sources=True, now=now)
            hostile = hostile_article.appears(archive, now - timedelta(hours=1))
            for report in rounds.understand(now, stop):
                assert not report.problem, report
            hostile_article.disappears(archive, now)
            rounds.understand(now, stop)
            rounds.watch(now, stop)
            rounds.index(now, stop)
            rounds.embed(now, stop)
            with archive.transaction() as tx:
                for name, role in PEOPLE.items():
                    tx.people.add(name, role, now, password_hash=hash_password(PASSWORD))
            pages = _pages(archive, hostile)
    guarded = folder / "guarded.toml"
    guarded.write_text(f'{path.read_text("utf-8")}\n[web]\nauth = "users"\n', encoding="utf-8")
    return Week(path, guarded, pages)


def _pages(archive: Archive, hostile: int) -> dict[str, str]:
    with archive.reading() as tx:
        numbers = {item.url.split("/", 3)[3]: item.id for item, _ in tx.items.every()}
        edited = numbers[truth.path_by_key()[truth.EDITED][1:]]
        removed = numbers[truth.path_by_key()[truth.REMOVED][1:]]
        law = next(n for url, n in numbers.items() if url.startswith("congthu/van-ban/"))
        first, second = tx.items.revisions(edited)
        harm, _ = tx.items.revisions(hostile)
        alerts = {one.rule: one.id for one in tx.outbox.alerts()}
        odd = [one.id for one in tx.outbox.alerts() if "<script>" in one.title]
        told = tx.stories.of_item(numbers[truth.path_by_key()[truth.TRANSLATION][1:]])
        alone = tx.stories.of_item(hostile)
        versions = [one.revision_id for one in tx.findings.versions(truth.PLATFORM_DECREE)]
    law_at = f"/instruments/{truth.PLATFORM_DECREE}"
    return {
        "today": "/?since=30d",
        "search": "/search?q=xac+thuc",
        "nothing found": "/search?q=khongcogi&mode=words",
        "unclear query": '/search?q="never closed',
        "item": f"/items/{edited}",
        "revision": f"/items/{edited}/revisions/{first.id}",
        "capture": f"/items/{edited}/captures/{second.capture_id}",
        "removed": f"/items/{removed}",
        "law": f"/items/{law}",
        "story": f"/stories/{told.story_id if told else 0}",
        "instruments": "/instruments",
        "instrument": law_at,
        "comparison": f"{law_at}/compare?old={versions[0]}&new={versions[-1]}",
        "alerts": "/alerts",
        "alert": f"/alerts/{alerts['enacted']}",
        "sources": "/sources",
        "source": f"/sources/{hostile_article.SOURCE}",
        "status": "/status",
        "saved": "/saved",
        "audit": "/audit",
        "no such page": "/items/999999",
        "hostile item": f"/items/{hostile}",
        "hostile revision": f"/items/{hostile}/revisions/{harm.id}",
        "hostile capture": f"/items/{hostile}/captures/{harm.capture_id}",
        "hostile search": "/search?q=xac+thuc+tai+khoan&source=songviet",
        "hostile story": f"/stories/{alone.story_id if alone else 0}",
        **{f"hostile alert {n}": f"/alerts/{one}" for n, one in enumerate(odd, 1)},
    }

"""The way into a crawl's process: light to import, because the parent imports it too."""

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from config import Documents, Politeness, SourceDeclaration


def crawl_in_child(
    source: SourceDeclaration,
    politeness: Politeness,
    documents: Documents,
    root: Path,
    database: str,
    now: datetime | None,
    since: datetime | None,
    parent: Connection,
) -> None:
    """Crawl one source and send the report through `parent`."""
    from spiders.child import Task, run

    run(Task(source, politeness, documents, root, database, now, since), parent)

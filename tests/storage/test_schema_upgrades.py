"""An archive of an earlier program keeps everything when this one opens it."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from archives import NOON, Places, everything, observe, seen
from sqlalchemy import Connection, inspect, text

from storage.archive import Archive
from storage.engine import connect, sqlite_url
from storage.findings import FoundTag
from storage.schema import MIGRATIONS

MODEL = "m" * 100


def opened_at(places: Places, version: str) -> tuple[Path, str]:
    """The folder and database of a new archive whose tables are of an earlier version."""
    root = places.root("old")
    root.mkdir()
    url = places.url_without_tables("old") or sqlite_url(root / "archive.db")
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    engine = connect(url)
    with engine.execution_options(writes=True).begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, version)
    engine.dispose()
    return root, url


def filled(connection: Connection) -> None:
    """Two tagged and two untagged texts, as the first version wrote them; three were read."""
    at = {"at": NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON}
    for n in range(1, 5):
        for statement in (
            "INSERT INTO items (id, url, source_id, kind, first_seen, last_seen, language, latest)"
            f" VALUES ({n}, 'https://press.example/{n}', 'press', 'article', :at, :at, 'vi', 1)",
            "INSERT INTO revisions (id, item_id, number, cause, extractor, extractor_version,"
            " method, seen_at, title, summary, text, byline, language, fields, notes,"
            f" content_sha256) VALUES ({n}, {n}, 1, 'first', 'test', 1, '', :at, 'Bến phà', '',"
            " 'Bến phà mở lại.', '[]', 'vi', '{}', '[]', '')",
            f"INSERT INTO events (seq, kind, at, subject, data) VALUES ({n}, 'item.appeared', :at,"
            f""" 'item:{n}', '{{"item"\\: {n}, "revision"\\: {n}}}')""",
        ):
            connection.execute(text(statement), at)
    connection.execute(
        text("INSERT INTO cursors (reader, seq, moved_at) VALUES ('topics', 3, :at)"), at
    )
    for statement in (
        "INSERT INTO alerts (id, key, rule, severity, subject, title, body, seq, raised_at, state,"
        " acknowledged_by) VALUES (1, 'a', 'r', 'major', 'item:1', 'Bến phà', '{}', 1, :at,"
        " 'open', '')",
        "INSERT INTO deliveries (id, alert_id, channel, key, state, attempts, due_at, answer,"
        " error) VALUES (1, 1, 'slack', 'k', 'pending', 0, :at, '{}', '')",
    ):
        connection.execute(text(statement), at)
    tag = (
        "INSERT INTO tags (revision_id, topic, score, threshold, passage, model)"
        f" VALUES (:revision, :topic, 0.75, 0.5, 'đoạn', '{MODEL}')"
    )
    for revision, topic in ((1, "telecom"), (1, "livestream"), (2, "telecom")):
        connection.execute(text(tag), {"revision": revision, "topic": topic})


def rows(archive: Archive) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with archive.reading() as tx:
        connection = tx.session.connection()
        return {
            table: sorted(
                (
                    dict(row)
                    for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()
                ),
                key=str,
            )
            for table in inspect(connection).get_table_names()
            if table != "alembic_version"
        }


def test_an_archive_of_the_first_version_keeps_everything(places: Places) -> None:
    root, url = opened_at(places, "0001")
    before_migration = Archive(connect(url), root)
    with before_migration.transaction() as tx:
        filled(tx.session.connection())
    before = rows(before_migration)
    before_migration.close()
    archive = Archive.open(root, url)
    after = rows(archive)
    for tag in after["tags"]:
        assert tag.pop("nearest") == ""
    for table, kept in before.items():
        columns = set().union(*kept)
        found = [{name: row[name] for name in row.keys() & columns} for row in after[table]]
        assert found == kept if columns else after[table] == []
    assert [row["thread"] for row in after["alerts"]] == ["item:1"]
    assert len(everything(archive)) == 12
    archive.close()


def test_what_the_first_version_had_read_is_read_again_and_what_waited_still_waits(
    places: Places,
) -> None:
    root, url = opened_at(places, "0001")
    old = Archive(connect(url), root)
    with old.transaction() as tx:
        filled(tx.session.connection())
    old.close()
    archive = Archive.open(root, url)
    with archive.reading() as tx:
        assert [one.revision.id for one in tx.readings.stale("new", 10)] == [3, 2, 1]
        assert tx.readings.present() is None
    archive.close()


def test_an_upgraded_archive_takes_what_a_new_one_takes(places: Places) -> None:
    root, url = opened_at(places, "0001")
    archive = Archive.open(root, url)
    (recorded,) = observe(archive, seen())
    found = FoundTag("telecom", 0.9, 0.5, "đoạn", "gần nhất")
    with archive.transaction() as tx:
        tx.findings.tag(recorded.revision_id, [found], "long" * 100)
    with archive.reading() as tx:
        (tag,) = tx.findings.tags(recorded.revision_id)
        assert (tag.nearest, tag.model) == ("gần nhất", "long" * 100)
    archive.close()

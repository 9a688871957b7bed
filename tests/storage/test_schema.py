"""The tables: what migrations make is what the models say, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from archives import Places, everything, observe, seen
from sqlalchemy import text

from storage.archive import Archive
from storage.columns import Base
from storage.engine import ArchiveUnreachable
from storage.schema import HEAD, MIGRATIONS, SchemaTooNew

OPEN = "import sys; from pathlib import Path; from storage.archive import Archive; \
Archive.open(Path(sys.argv[1]), sys.argv[2] or None).close()"


def test_the_migrations_make_exactly_the_tables_of_the_models(places: Places) -> None:
    archive = Archive.open(places.root("new"), places.url_without_tables("new"))
    with archive.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    archive.close()


def test_the_program_knows_the_newest_migration() -> None:
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert newest.split("_")[0] == HEAD


def test_an_archive_opened_again_is_as_it_was(places: Places) -> None:
    archive = places.open()
    observe(archive, seen())
    before = everything(archive)
    archive.close()
    again = places.open()
    assert everything(again) == before
    again.close()


def test_an_archive_of_a_newer_program_is_refused_in_one_line_and_left_alone(
    places: Places,
) -> None:
    archive = places.open()
    observe(archive, seen())
    before = everything(archive)
    with archive.transaction() as tx:
        tx.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match=r"9999.*Install a newer") as refused:
        places.open()
    assert "\n" not in str(refused.value)
    assert everything(archive) == before
    archive.close()


def test_several_processes_may_open_a_new_archive_at_once(places: Places) -> None:
    url = places.url_without_tables("new") or ""
    command = [sys.executable, "-c", OPEN, str(places.root("new")), url]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(120) for process in started] == [0, 0]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"a diary, not a database\n" * 100)
    with pytest.raises(ArchiveUnreachable, match=r"archive\.db cannot be used"):
        Archive.open(tmp_path)
    assert (tmp_path / "archive.db").read_bytes().startswith(b"a diary")


def test_an_archive_below_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnreachable, match="cannot be used"):
        Archive.open(tmp_path / "file" / "archive")


@pytest.mark.parametrize("name", ["what?", "100%", "a#b", "with space", "bến phà"])
def test_the_folder_of_an_archive_may_have_any_name(tmp_path: Path, name: str) -> None:
    Archive.open(tmp_path / name).close()
    assert (tmp_path / name / "archive.db").is_file()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be used"),
        ("postgresql+nosuchdriver://host/db", "not understood"),
        ("somewhere else", "not understood"),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_in_one_line(
    tmp_path: Path, url: str, says: str
) -> None:
    with pytest.raises(ArchiveUnreachable, match=says) as refused:
        Archive.open(tmp_path, url)
    assert "\n" not in str(refused.value)


def test_a_missing_driver_is_named_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ArchiveUnreachable, match=r"pip install 'decreewatch\[postgres\]'"):
        Archive.open(tmp_path, "postgresql+psycopg://host/db")


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreachable) as refused:
        Archive.open(tmp_path, "postgresql+psycopg://me:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(refused.value)


def test_housekeeping_leaves_everything_in_place(archive: Archive) -> None:
    observe(archive, seen())
    before = everything(archive)
    archive.tidy()
    assert everything(archive) == before

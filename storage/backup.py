"""A copy of the archive while it is in use, and the way back.

The database is copied as it is at one moment; then the WARC files, each as far as that database
knows it. Both only ever grow at their ends, so the copy is whole whatever is written meanwhile.
A manifest with the hash of every file is written last and in one step: a backup that was
interrupted is the one before it.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, ClassVar

from sqlalchemy import func, select

from storage.archive import Archive
from storage.engine import refused_by_system
from storage.housekeeping import undisturbed
from storage.models import Capture
from storage.postgres_dump import dump, load
from storage.problems import Problem

MANIFEST = "backup.json"
CHUNK = 1 << 20
Tell = Callable[[int, int], None]


class BackupRefused(Problem):
    """A folder that cannot take a backup, or does not hold one."""

    kind: ClassVar[str] = "backup-refused"


class BackupDamaged(Problem):
    """A backup whose files are not what its manifest says."""

    kind: ClassVar[str] = "backup-damaged"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup or a restoration wrote: files copied, files that were there, bytes copied."""

    copied: int
    kept: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a backup."""

    bytes: int
    sha256: str


def backup(
    archive: Archive,
    folder: Path,
    at: datetime,
    *,
    extra: tuple[Path, ...] = (),
    on_progress: Tell = lambda _done, _total: None,
) -> BackupReport:
    """Copy an archive that may be in use into `folder`.

    What an earlier backup in that folder holds already is not copied again. `extra` files (the
    configuration) are copied too. `on_progress` is told files done and files in all.

    Raises BackupRefused when the folder is something else or lies in the archive, ArchiveFull
    or ArchiveUnreachable when it cannot be written.
    """
    _refuse_inside(archive.root, folder)
    before = _entries(folder) if (folder / MANIFEST).is_file() else {}
    if not before and folder.is_dir() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} holds something that is not a backup; name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with undisturbed(archive):
            report = _copied(archive, folder, before, at, extra, on_progress)
    except OSError as error:
        raise refused_by_system(error, folder) from error
    return report


def _copied(
    archive: Archive,
    folder: Path,
    before: dict[str, _Entry],
    at: datetime,
    extra: tuple[Path, ...],
    on_progress: Tell,
) -> BackupReport:
    database, ends = _copied_database(archive, folder)
    files: dict[str, _Entry] = {database.name: _entry(database)}
    copied, kept, size = 1, 0, files[database.name].bytes
    for number, (path, end) in enumerate(sorted(ends.items()), 1):
        name = f"captures/{path}"
        old = before.get(name)
        if old is not None and old.bytes == end and (folder / name).is_file():
            files[name], kept = old, kept + 1
        else:
            files[name] = _copy(archive.captures_root / path, folder / name, end)
            copied, size = copied + 1, size + end
        on_progress(number, len(ends))
    for beside in extra:
        files[beside.name] = _copy(beside, folder / beside.name, beside.stat().st_size)
    _write_manifest(folder, files, at)
    for stale in set(before) - set(files):
        (folder / stale).unlink(missing_ok=True)
    return BackupReport(copied, kept, size)


def restore(
    folder: Path,
    root: Path,
    url: str | None = None,
    *,
    on_progress: Tell = lambda _done, _total: None,
) -> BackupReport:
    """Bring the archive of a backup into the folder `root`, which must not hold one.

    Every file is checked against the manifest on its way, and the database, without which there
    is no archive, comes last: a restoration that was interrupted can be begun again. `url` names
    the PostgreSQL database of the archive, where it has one.

    Raises BackupRefused, BackupDamaged, or the archive's own errors.
    """
    files = _entries(folder)
    database = next((n for n in files if n.startswith("archive-")), "")
    if not database:
        raise BackupDamaged(f"{folder / MANIFEST} names no database")
    if (root / "archive.db").exists():
        raise BackupRefused(f"{root} holds an archive already; name an empty folder")
    if database.endswith(".dump") != bool(url):
        kind = "a PostgreSQL" if database.endswith(".dump") else "the embedded"
        raise BackupRefused(f"{folder} is a backup of {kind} database, the configuration is not")
    names = [name for name in files if name.startswith("captures/")]
    size = 0
    try:
        for number, name in enumerate(sorted(names), 1):
            _copy_checked(folder / name, root / name, files[name])
            size += files[name].bytes
            on_progress(number, len(names))
        target = root / ("archive.dump" if url else "archive.db")
        _copy_checked(folder / database, target, files[database])
        if url:
            load(url, target)
            target.unlink()
    except OSError as error:
        raise refused_by_system(error, root) from error
    return BackupReport(len(names) + 1, 0, size + files[database].bytes)


def _refuse_inside(root: Path, folder: Path) -> None:
    if folder.resolve().is_relative_to(root.resolve()):
        raise BackupRefused(f"{folder} lies in the archive itself; name a folder elsewhere")


def _copied_database(archive: Archive, folder: Path) -> tuple[Path, dict[str, int]]:
    """The database as it is now, named after its content, and how far it knows each WARC file."""
    part = folder / ".database.part"
    part.unlink(missing_ok=True)
    if archive.engine.dialect.name == "sqlite":
        suffix = "db"
        _copy_sqlite(Path(str(archive.engine.url.database)), part)
    else:
        suffix = "dump"
        dump(archive.engine.url, part)
    with archive.reading() as tx:
        end = func.max(Capture.warc_offset + Capture.warc_length)
        query = select(Capture.warc_path, end).group_by(Capture.warc_path)
        ends = {path: int(at) for path, at in tx.session.execute(query) if path}
    if suffix == "db":
        ends = _ends_of(part)
    target = folder / f"archive-{_entry(part).sha256[:16]}.{suffix}"
    part.replace(target)
    return target, ends


def _copy_sqlite(path: Path, part: Path) -> None:
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(part)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
        found = target.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupDamaged(f"{path} could not be copied: {error}") from error
    finally:
        target.close()
        source.close()
    if found != "ok":
        raise BackupDamaged(f"{path} is damaged: {found}")


def _ends_of(database: Path) -> dict[str, int]:
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute(
            "SELECT warc_path, MAX(warc_offset + warc_length) FROM captures "
            "WHERE warc_path <> '' GROUP BY warc_path"
        ).fetchall()
    finally:
        connection.close()
    return {str(path): int(end) for path, end in rows}


def _copy(source: Path, target: Path, length: int) -> _Entry:
    """Copy the first `length` bytes; the file appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    digest = hashlib.sha256()
    with source.open("rb") as read, part.open("wb") as written:
        left = length
        while left and (block := read.read(min(CHUNK, left))):
            digest.update(block)
            written.write(block)
            left -= len(block)
        _flush(written)
    if left:
        part.unlink()
        raise BackupDamaged(f"{source} is {left} bytes shorter than the archive knows it")
    part.replace(target)
    return _Entry(length, digest.hexdigest())


def _copy_checked(source: Path, target: Path, expected: _Entry) -> None:
    try:
        found = _copy(source, target, expected.bytes)
    except FileNotFoundError as error:
        raise BackupDamaged(f"{source} is missing from the backup") from error
    if found != expected:
        target.unlink()
        raise BackupDamaged(f"{source} is not what was backed up: its hash differs")


def _write_manifest(folder: Path, files: dict[str, _Entry], at: datetime) -> None:
    said: dict[str, Any] = {
        "made_at": at.isoformat(),
        "files": {n: {"bytes": one.bytes, "sha256": one.sha256} for n, one in files.items()},
    }
    part = folder / f".{MANIFEST}.part"
    with part.open("wb") as stream:
        stream.write(json.dumps(said, indent=2, ensure_ascii=False).encode())
        _flush(stream)
    part.replace(folder / MANIFEST)


def _entries(folder: Path) -> dict[str, _Entry]:
    path = folder / MANIFEST
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        found = {name: _Entry(int(f["bytes"]), str(f["sha256"])) for name, f in files.items()}
    except FileNotFoundError as error:
        raise BackupRefused(f"{folder} holds no backup: there is no {MANIFEST}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged(f"{path} cannot be read: {error}") from error
    for name in found:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise BackupDamaged(f"{path} names a file outside of the backup: {name}")
    return found


def _entry(path: Path) -> _Entry:
    with path.open("rb") as stream:
        return _Entry(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _flush(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())

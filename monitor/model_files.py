"""A model folder's files and the version that their hashes make."""

import hashlib
from collections.abc import Mapping
from pathlib import Path


def folder_version(folder: Path) -> str:
    """Return a hash of all files of a model folder; hidden files and manifest.json do not count."""
    return digest({name: sha256(folder / name) for name in file_names(folder)})


def file_names(folder: Path) -> list[str]:
    """Return the paths of a model's files inside its folder, in order."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    return [name for name in names if name != "manifest.json" and not name.startswith(".")]


def digest(hashes: Mapping[str, str]) -> str:
    """Return one short name for a folder's files, given the hash of each."""
    lines = "\n".join(f"{name} {value}" for name, value in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

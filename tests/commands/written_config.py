"""The configuration that the commands' tests begin with: one invented source, one channel."""

from pathlib import Path

_SHARED = """
[storage]
path = "{folder}/archive"

[politeness]
contact = "desk@example.org"

[[sources]]
id = "tin-moi"
name = "Tin Mới"
kind = "state"
language = "vi"
homepage = "https://tinmoi.example/"
feeds = ["https://tinmoi.example/rss"]

[[channels]]
id = "terminal"
kind = "console"
"""


def written(folder: Path, more: str = "") -> Path:
    """Write the configuration into a folder, with more sections below; returns its path."""
    path = folder / "config.toml"
    path.write_text(_SHARED.format(folder=folder) + more, encoding="utf-8")
    return path

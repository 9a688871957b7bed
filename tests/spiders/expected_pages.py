"""The pages written in each family's structure, and what is expected of each."""

import json
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parent / "pages"


def pages(suffix: str) -> list[str]:
    """Give the names of the pages: those with a `suffix` file, and those with none at all."""
    portal = suffix == ".portal.json"
    return sorted(
        page.stem for page in PAGES.glob("*.html") if page.stem.startswith("portal-") == portal
    )


def expected(name: str, suffix: str, found: dict[str, Any]) -> dict[str, Any]:
    """Give what is expected of a page; where nothing is, write what was found and fail."""
    path = PAGES / f"{name}{suffix}"
    if not path.exists():
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path} was missing and has been written: review it, then run again")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def page(name: str) -> bytes:
    return (PAGES / f"{name}.html").read_bytes()


def address(name: str, suffix: str) -> str:
    path = PAGES / f"{name}{suffix}"
    if not path.exists():
        return f"https://{name}.example.vn/a.html"
    return str(json.loads(path.read_text(encoding="utf-8"))["url"])

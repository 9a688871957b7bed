"""Whether the optional browser is installed."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

MISSING = "pip install 'decreewatch[browser]', and install Chromium"


def browser_missing() -> str:
    """Why no page can be rendered here, in one line; "" where it can."""
    if find_spec("scrapy_playwright") is None:
        return f"browser = true, and scrapy-playwright is not installed: {MISSING}"
    if installed_browser() is None and not _has_own_browser():
        return f"browser = true, and Chromium is not installed: {MISSING}"
    return ""


def installed_browser() -> str | None:
    """Give the path of the system's Chromium or Chrome, None where there is none."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def _has_own_browser() -> bool:
    """Whether `playwright install chromium` has been run."""
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return any(Path(kept).glob("chromium*"))

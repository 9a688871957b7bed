"""A page in a real browser, watched: errors, broken rules, and requests to anywhere else."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Request, Response

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
EXPECTED = (400, 401, 403, 404, 422)
"""Refusals that a browser writes to its console, and that are right."""
AXE = Axe()


class Reading:
    """A reader's browser at one address; `page` is what is open.

    `how` is what the browser's context takes. `wrong` are messages of the console, errors of
    scripts, requests to other hosts and answers that say that the server failed.
    """

    def __init__(self, browser: Browser, base: str, **how: Any) -> None:
        self.base = base
        self.wrong: list[str] = []
        self.context = browser.new_context(
            base_url=base, **{"viewport": DESKTOP, "locale": "en-GB", **how}
        )
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda one: self.wrong.append(f"script: {one.error}"))
        self.context.on("dialog", lambda one: self._opened(one.message, one.dismiss))
        self.page = self.context.new_page()

    def open(self, path: str) -> None:
        """Go to a page of ours."""
        self.page.goto(path)

    def words(self) -> str:
        """What the main part of the page says, on one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def close(self) -> None:
        self.context.close()

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def barriers(self) -> list[str]:
        """What axe-core finds in the page that would keep readers out."""
        found = AXE.run(self.page, options={"resultTypes": ["violations"]})
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]}"
            for one in found.response["violations"]
            for node in one["nodes"][:3]
        ]

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "data:", "blob:", "about:")):
            self.wrong.append(f"asked elsewhere: {request.url[:200]}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} from {response.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {code}" in message.text for code in EXPECTED)
        if message.type in ("error", "warning") and not expected:
            self.wrong.append(
                f"{message.type}: {message.text[:300]} ({message.page and message.page.url})"
            )

    def _opened(self, message: str, dismiss: Any) -> None:
        self.wrong.append(f"dialog: {message}")
        dismiss()

"""One side of the ingest benchmark, run in a process of its own; prints its figures as JSON."""

import json
import logging
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.ingest_pages import FEED
from benchmarks.memory import memory

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)


def bare(_folder: Path, url: str, number: int) -> dict[str, Any]:
    """Fetch the pages with plain Scrapy and read each with trafilatura; nothing is kept."""
    import trafilatura
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response

    times: list[tuple[float, float]] = []
    articles: list[Any] = []

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Any]:
            times.append(_now())
            for one in range(number):
                yield Request(f"{url}/{one}")

        def parse(self, response: Response) -> None:
            found = trafilatura.bare_extraction(response.text, url=response.url)
            if found is not None:
                articles.append(found)
            times.append(_now())

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "LOG_INSTALL_ROOT_HANDLER": False,
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Bare)
    process.start()
    return {"pages": number, "articles": len(articles)} | _spent(times)


def ours(folder: Path, url: str, number: int) -> dict[str, Any]:
    """Crawl the pages into an archive, in a process that has loaded what crawls are forked with."""
    import spiders.preload  # noqa: F401 - loading is what it does
    from config import Politeness, SourceDeclaration
    from spiders.child import crawl
    from spiders.visit import Visit
    from storage.archive import Archive

    host = url.removeprefix("http://")
    politeness = Politeness(
        contact="benchmark", delay=0.000001, max_pages=number, allow_private=(host,),
        round_limit=3600.0,
    )  # fmt: skip
    source = SourceDeclaration(
        id="bench", name="Bench", kind="independent", language="en", homepage=url,
        feeds=(url + FEED,),
    )  # fmt: skip
    archive = Archive.open(folder / "archive")
    times: list[tuple[float, float]] = []
    visit = Visit(
        source,
        politeness,
        archive,
        clock=lambda: NOW,
        say=lambda asked: None if asked.endswith(FEED) else times.append(_now()),
    )
    report = crawl(visit)
    times.append(_now())
    visit.close()
    archive.close()
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"pages": number, "articles": report.new, "stored": stored} | _spent(times)


def importing(folder: Path, _url: str, number: int) -> dict[str, Any]:
    """Import items of a title and a summary, and then the same once more."""
    from storage.archive import Archive
    from storage.importing import import_file

    path = folder / "items.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for n in range(number):
            line = {
                "url": f"https://bao.example/tin-{n}.html",
                "title": f"Tin số {n}: một việc bịa ra ở làng Cói",
                "summary": "Một câu tóm tắt chừng hai mươi chữ, không nói về điều gì có thật. " * 2,
                "source": f"bao-{n % 20}",
                "language": "vi",
            }
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    archive = Archive.open(folder / "archive")
    start = time.monotonic()
    import_file(archive, path, NOW)
    middle = time.monotonic()
    import_file(archive, path, NOW)
    end = time.monotonic()
    archive.close()
    return {"items": number, "seconds": middle - start, "again_seconds": end - middle}


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _spent(times: list[tuple[float, float]]) -> dict[str, float]:
    """Seconds and processor seconds from the first page asked to the last one done."""
    (start, start_cpu), (end, end_cpu) = times[0], times[-1]
    return {"seconds": end - start, "cpu": end_cpu - start_cpu}


ROLES = {"bare": bare, "ours": ours, "import": importing}


def main(role: str, folder: str, url: str, number: str) -> None:
    """Run one role and print its figures."""
    logging.disable(logging.ERROR)
    result = ROLES[role](Path(folder), url, int(number))
    result["peak_mb"] = memory("VmHWM")
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A collection of real size: years of news feeds, imported whole and again."""

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from storage.verification import verify

MEMORY = 500 * 1024
"""Kilobytes that an import may need, whatever the size of its file."""
IMPORT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.archive import Archive
from storage.importing import import_file
archive = Archive.open(Path(sys.argv[1]))
report = import_file(archive, Path(sys.argv[2]), datetime.now(UTC))
# Not getrusage: its peak is that of whichever process this one was forked from.
memory = Path("/proc/self/status").read_text().splitlines()
peak = next(int(line.split()[1]) for line in memory if line.startswith("VmHWM:"))
print(json.dumps(report.to_json() | {"peak": peak}))
"""


def feed_items(corpus: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(corpus / "news/feed_items.tsv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {
                "url": row["link"],
                "title": row["title"],
                "summary": row["summary"],
                "seen_at": row["first_fetched"] + "+07:00",
                "source": row["source"].lower(),
                "language": "vi",
            }


def imported(folder: Path, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", IMPORT, str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.slow
def test_every_real_feed_item_is_taken_and_taking_them_again_changes_nothing(
    corpus: Path, tmp_path: Path
) -> None:
    path = tmp_path / "items.jsonl"
    with path.open("w", encoding="utf-8") as out:
        number = sum(out.write(json.dumps(item) + "\n") > 0 for item in feed_items(corpus))
    first = imported(tmp_path / "archive", path)
    assert (first["read"], first["errors"]) == (number, [])
    assert first["new"] + first["revised"] + first["unchanged"] == number
    again = imported(tmp_path / "archive", path)
    assert (again["new"], again["revised"], again["unchanged"]) == (0, 0, number)
    assert max(first["peak"], again["peak"]) < MEMORY
    archive = Archive.open(tmp_path / "archive")
    with archive.reading() as tx:
        assert tx.items.counts()["articles"] == first["new"]
        assert tx.events.last() <= first["new"] + first["revised"]
    assert verify(archive).bad == []
    archive.close()

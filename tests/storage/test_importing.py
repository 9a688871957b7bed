"""An existing collection taken in: every line counted, named when faulty, never twice."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import NOON, Places, everything, observe, seen

from storage import importing
from storage.archive import Archive
from storage.importing import ImportUnreadable, import_file

LATER = NOON + timedelta(days=9)


def line(n: int = 1, **said: Any) -> dict[str, Any]:
    return {
        "url": f"https://press.example/{n}",
        "title": f"Bến phà số {n}",
        "text": "Bến phà mở lại.",
        "seen_at": "2031-06-01T08:00:00+07:00",
        "source": "press",
        "language": "vi",
    } | said


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file of these lines: objects are written as JSON, bytes as they are."""

    def write(*lines: dict[str, Any] | bytes, name: str = "items.jsonl") -> Path:
        content = b"".join(
            (one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines
        )
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


Written = Callable[..., Path]


def texts(archive: Archive) -> list[tuple[str, int, str, str]]:
    with archive.reading() as tx:
        urls = {item.id: item.url for item, _ in tx.items.every()}
        return [(urls[r.item_id], r.number, r.cause, r.text) for r in tx.items.every_revision()]


@pytest.mark.parametrize("name", ["items.jsonl", "items.jsonl.gz", "compressed-without-saying"])
def test_a_collection_becomes_items_with_what_its_lines_say(
    archive: Archive, written: Written, name: str
) -> None:
    path = written(
        line(1, published_at="2031-05-30T23:30:00.000+07:00", summary="Tóm tắt"), line(2), name=name
    )
    if name == "compressed-without-saying":
        path.write_bytes(gzip.compress(path.read_bytes()))
    report = import_file(archive, path, LATER)
    assert report.to_json() == {"read": 2, "new": 2, "revised": 0, "unchanged": 0, "errors": []}
    with archive.reading() as tx:
        (item, revision), _ = tx.items.every()
    assert (item.url, item.source_id, item.kind) == ("https://press.example/1", "press", "article")
    assert item.first_seen == datetime(2031, 6, 1, 1, tzinfo=UTC)
    assert item.published_at == datetime(2031, 5, 30, 16, 30, tzinfo=UTC)
    assert (revision.title, revision.summary) == ("Bến phà số 1", "Tóm tắt")
    assert revision.extractor == "import"


def test_what_is_imported_is_understood_but_marked_as_old(
    archive: Archive, written: Written
) -> None:
    import_file(archive, written(line()), LATER)
    with archive.reading() as tx:
        (event,) = tx.events.after(0)
    assert (event.kind, event.data["backfill"]) == ("item.appeared", True)


def test_the_file_itself_is_kept_as_a_capture(archive: Archive, written: Written) -> None:
    path = written(line(), name="items.jsonl.gz")
    import_file(archive, path, LATER)
    with archive.reading() as tx:
        ((_, revision),) = tx.items.every()
    assert revision.capture_id is not None
    assert archive.read_capture(revision.capture_id).body == path.read_bytes()


def test_importing_again_changes_nothing(archive: Archive, written: Written) -> None:
    path = written(line(1), line(2, seen_at=None), line(1, text="Sửa."), line(3, seen_at=""))
    import_file(archive, path, LATER)
    before = everything(archive)
    report = import_file(archive, path, LATER + timedelta(days=30))
    assert (report.read, report.unchanged) == (4, 4)
    assert everything(archive) == before


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"not json", "not JSON"),
        (b'{"url": "https://press.example/x", "title": "half', "not JSON"),
        (b"\xff\xfe{}", "not"),
        (b'{"title": "\xff"}', "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[1]", "expected a JSON object"),
        (b"{}", "url: expected a text"),
        (line(title=" "), "title: expected a text"),
        (line(url="ftp://press.example/x"), "url: expected an address"),
        (line(url="https://[::1"), "not an address"),
        (line(url="https://press.example/" + "a" * 3000), "characters long"),
        (line(text=5), "text: expected a text"),
        (line(source="s" * 101), "source: expected at most 100"),
        (line(kind="video"), "kind: expected article or document"),
        (line(byline="Lý Bịa"), "byline: expected a list of texts"),
        (line(fields=[1]), "fields: expected an object"),
        (line(fields={"number": 9}), "fields.number: expected a text"),
        (line(fields={"relations": [["replaces"]]}), "fields.relations: expected a list of pairs"),
        (line(fields={"attachments": [{}]}), "fields.attachments: expected a list of objects"),
        (line(seen_at="2031-06-01T08:00:00"), "seen_at: expected a time with its zone"),
        (line(published_at="2031-06-01"), "published_at: expected a time with its zone"),
        (line(seen_at="yesterday"), "seen_at: expected an ISO 8601 time"),
        (line(seen_at="0001-01-01T00:00:00+14:00"), "seen_at: expected a time"),
        (line(seen_at=1), "seen_at: expected a text"),
    ],
)
def test_a_faulty_line_is_named_and_the_others_are_taken(
    archive: Archive, written: Written, bad: dict[str, Any] | bytes, says: str
) -> None:
    report = import_file(archive, written(line(1), b"", bad, line(2)), LATER)
    assert (report.read, report.new, report.faulty) == (3, 2, 1)
    ((fault),) = report.to_json()["errors"]
    assert fault["line"] == 3
    assert says in fault["message"]
    assert "\n" not in fault["message"]


def test_an_endless_line_is_one_fault_and_the_count_goes_on(
    archive: Archive, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_LINE_BYTES", 1000)
    endless = line(7, text="dài " * 2000)
    report = import_file(archive, written(line(1), endless, b"{", line(2)), LATER)
    assert [fault["line"] for fault in report.errors] == [2, 3]
    assert report.new == 2


def test_many_faults_are_counted_and_the_first_hundred_named(
    archive: Archive, written: Written
) -> None:
    report = import_file(archive, written(*[b"?"] * 150), LATER)
    errors = report.to_json()["errors"]
    assert len(errors) == 101
    assert errors[-1] == {"line": None, "message": "50 more faults"}


def test_hostile_characters_in_a_line_stop_nothing(archive: Archive, written: Written) -> None:
    hostile = (
        b'{"url": "https://press.example/h", "title": "a\\u0000b \\ud800", "source": "s\\u0000", \
"language": "vi\\u0000\\ud800"}'
    )
    assert import_file(archive, written(hostile, line(2)), LATER).new == 2
    with archive.reading() as tx:
        (item, revision), _ = tx.items.every()
    assert (item.source_id, revision.title) == ("s", "ab \N{REPLACEMENT CHARACTER}")


def test_one_address_with_several_texts_becomes_a_history(
    archive: Archive, written: Written
) -> None:
    path = written(
        line(1, text="một"),
        line(2),
        line(1, text="hai", seen_at="2031-06-03T08:00:00+07:00"),
        line(1, text="trước", seen_at="2031-05-01T08:00:00+07:00"),
        line(1, text="hai", seen_at="2031-06-04T08:00:00+07:00"),
        line(1, url="https://press.example/1#top", text="hai"),
    )
    report = import_file(archive, path, LATER)
    assert (report.new, report.revised, report.unchanged) == (2, 2, 2)
    first = "https://press.example/1"
    assert [said for said in texts(archive) if said[0] == first] == [
        (first, 1, "first", "một"),
        (first, 2, "edit", "hai"),
        (first, 3, "late", "trước"),
    ]
    with archive.reading() as tx:
        item = tx.items.by_url(first)
    assert item is not None
    assert (item.latest, item.first_seen.month, item.last_seen.day) == (2, 5, 4)


def test_a_collection_older_than_what_we_saw_does_not_replace_it(
    archive: Archive, written: Written
) -> None:
    url = "https://press.example/1"
    observe(archive, seen(url), seen(url, hour=300))
    between = (NOON + timedelta(hours=100)).isoformat()
    import_file(archive, written(line(1, text="", seen_at=between)), LATER)
    with archive.reading() as tx:
        ((item, newest),) = tx.items.every()
    assert (item.latest, newest.extractor) == (1, "test")


def test_a_truncated_archive_gives_what_came_before_and_one_clear_line(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 100)
    noisy = [line(n, text=hashlib.sha512(b"%d" % n).hexdigest() * 4) for n in range(600)]
    content = b"".join(json.dumps(one).encode() + b"\n" for one in noisy)
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(gzip.compress(content)[:-20_000])
    with pytest.raises(ImportUnreadable, match="lines were taken before") as refused:
        import_file(archive, path, LATER)
    assert "\n" not in str(refused.value)
    taken = int(str(refused.value).split(" lines were")[0].rsplit(" ", 1)[1])
    assert len(texts(archive)) == taken > 200


def test_a_damaged_archive_is_said_in_one_line(archive: Archive, written: Written) -> None:
    path = written(*[line(n) for n in range(50)], name="items.jsonl.gz")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ImportUnreadable, match="mend the file"):
        import_file(archive, path, LATER)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_said_in_one_line(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ImportUnreadable, match=r"(No such file|Is a directory)"):
        import_file(archive, tmp_path / name, LATER)


def test_an_empty_file_holds_nothing(archive: Archive, written: Written) -> None:
    assert import_file(archive, written(), LATER).read == 0


def test_progress_ends_at_the_size_of_the_file(
    archive: Archive, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 100)
    told: list[tuple[int, int]] = []
    path = written(*[line(n) for n in range(250)])
    import_file(archive, path, LATER, on_progress=lambda done, of: told.append((done, of)))
    size = path.stat().st_size
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (size, size)


IMPORT = """
import sys
from datetime import datetime
from pathlib import Path
from storage import importing
from storage.archive import Archive
importing.BATCH = 100
archive = Archive.open(Path(sys.argv[1]), sys.argv[2] or None)
tell = lambda done, of: print(done, flush=True)
now = datetime.fromisoformat(sys.argv[4])
importing.import_file(archive, Path(sys.argv[3]), now, on_progress=tell)
"""


def test_a_killed_import_is_resumed_by_running_it_again(places: Places, written: Written) -> None:
    path = written(*[line(n) for n in range(3000)])
    archive = places.open()
    command = [
        sys.executable, "-c", IMPORT, str(archive.root), places.url("archive") or "",
        str(path), LATER.isoformat(),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    stored = len(texts(archive))
    assert 0 < stored < 3000
    report = import_file(archive, path, LATER)
    assert (report.new, report.unchanged) == (3000 - stored, stored)
    with archive.reading() as tx:
        assert tx.events.last() == 3000
        assert tx.captures.counts()["captures"] == 1
    archive.close()

"""Is everything still there and as it was written?"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from archives import NOON, capture, exchange, observe, seen
from sqlalchemy import text

from storage.archive import Archive
from storage.captures import Stored
from storage.importing import import_file
from storage.log import Outcome
from storage.models import Event, Revision
from storage.problems import Problem
from storage.status import status
from storage.verification import verify

PAGE = b"<p>" + bytes(range(32, 127)) * 40


class Stage:
    """A stage that has read one event and is behind by the rest."""

    name = "stage"
    kinds = ("item.appeared",)
    batch = 1

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        return [None for _ in events]


def fill(archive: Archive) -> list[int]:
    """Two pages, a copy of the first, and their revisions."""
    numbers = capture(
        archive,
        exchange(PAGE),
        exchange(PAGE + b"two", "https://press.example/b"),
        exchange(PAGE, "https://press.example/c", hour=1),
    )
    for n, number in enumerate(numbers):
        observe(archive, seen(f"https://press.example/{n}", capture_id=number, text=f"{n}"))
    return numbers


def warc(archive: Archive) -> Path:
    (path,) = archive.captures_root.rglob("*.gz")
    return path


def bad(archive: Archive) -> list[tuple[str, int]]:
    return [(one["kind"], one["id"]) for one in verify(archive).bad]


def test_nothing_is_wrong_with_a_sound_archive(archive: Archive) -> None:
    fill(archive)
    said: list[tuple[int, int]] = []
    found = verify(archive, on_progress=lambda done, of: said.append((done, of)))
    assert found.to_json() == {"captures": 3, "bad": []}
    assert found.revisions == 3
    assert said[-1] == (6, 6)


def test_an_empty_archive_is_sound(archive: Archive) -> None:
    assert verify(archive).to_json() == {"captures": 0, "bad": []}


@pytest.mark.parametrize("capture_of", [0, 2])
@pytest.mark.parametrize("record", ["response", "request"])
@pytest.mark.parametrize("share", [0, 1])
def test_a_flipped_byte_is_found(
    archive: Archive, capture_of: int, record: str, share: float
) -> None:
    number = fill(archive)[capture_of]
    with archive.reading() as tx:
        row = tx.captures.get(number)
    assert row is not None
    content = bytearray(warc(archive).read_bytes())
    start, end = row.warc_offset, row.warc_offset + row.warc_length
    second = content.index(b"\x1f\x8b\x08", start + 3)
    start, end = (start, second) if record == "response" else (second, end)
    # Between the header, whose time means nothing, and the checksum after the last bits.
    first, last = start + 10, end - 10
    content[first + int((last - first) * share)] ^= 0x04
    warc(archive).write_bytes(content)
    assert bad(archive) == [("capture", number)]


def test_a_missing_file_is_found(archive: Archive) -> None:
    numbers = fill(archive)
    warc(archive).unlink()
    found = verify(archive)
    assert [(one["kind"], one["id"]) for one in found.bad] == [("capture", n) for n in numbers]
    assert "No such file" in found.bad[0]["message"]


def test_a_torn_file_is_found(archive: Archive) -> None:
    numbers = fill(archive)
    warc(archive).write_bytes(warc(archive).read_bytes()[:-1])
    assert bad(archive) == [("capture", numbers[-1])]


@pytest.mark.parametrize("column", ["text", "title", "summary"])
def test_an_altered_text_is_found(archive: Archive, column: str) -> None:
    fill(archive)
    with archive.transaction() as tx:
        tx.session.execute(text(f"UPDATE revisions SET {column} = 'altered' WHERE id = 2"))
    assert bad(archive) == [("revision", 2)]


def test_verifying_changes_nothing_and_says_nothing(
    archive: Archive, capfd: pytest.CaptureFixture[str]
) -> None:
    fill(archive)
    content = bytearray(warc(archive).read_bytes())
    content[len(content) // 2] ^= 0xFF
    warc(archive).write_bytes(content)
    verify(archive)
    assert warc(archive).read_bytes() == content
    assert capfd.readouterr() == ("", "")


def test_a_revision_that_its_capture_no_longer_gives_is_found(archive: Archive) -> None:
    fill(archive)

    def derive(revision: Revision, stored: Stored) -> str | None:
        if revision.id == 1:
            return None
        if revision.id == 3:
            raise Problem("no container matches")
        return revision.text if stored.body == PAGE else "something else"

    found = verify(archive, derive=derive)
    assert [(one["kind"], one["id"]) for one in found.bad] == [("revision", 2), ("revision", 3)]
    assert found.bad[1]["message"] == "no container matches"


def test_a_copy_of_a_damaged_payload_is_not_derived_from_it(archive: Archive) -> None:
    first, _, copy = fill(archive)
    with archive.reading() as tx:
        row = tx.captures.get(first)
    assert row is not None
    content = bytearray(warc(archive).read_bytes())
    content[row.warc_offset + row.warc_length // 3] ^= 0x04
    warc(archive).write_bytes(content)
    found = verify(archive, derive=lambda revision, stored: revision.text)
    assert [(one["kind"], one["id"]) for one in found.bad] == [
        ("capture", first),
        ("revision", copy),
    ]


def test_what_was_imported_is_not_derived_again(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"url": "https://press.example/i", "title": "Tin"}\n')
    import_file(archive, path, NOON)
    asked: list[int] = []

    def derive(revision: Revision, stored: Stored) -> str | None:
        asked.append(revision.id)
        return None

    assert verify(archive, derive=derive).to_json() == {"captures": 1, "bad": []}
    assert asked == []


def test_the_status_counts_what_there_is(archive: Archive) -> None:
    fill(archive)
    with archive.transaction() as tx:
        tx.events.move("stage", 1, NOON)
        tx.events.keep_failure("stage", 1, ValueError("no"), NOON)
        tx.sources.trouble("press", "https://press.example/x", "empty-body", "leer", NOON)
    said = status(archive, [Stage()])
    counts = said["counts"]
    assert (counts["articles"], counts["revisions"], counts["captures"]) == (3, 3, 3)
    assert (counts["events"], counts["failures"], counts["troubles"]) == (3, 1, 1)
    assert said["cursors"] == {"stage": {"seq": 1, "behind": 2}}
    assert said["failures"][0]["kind"] == "ValueError"
    assert said["troubles"][0]["kind"] == "empty-body"
    assert said["bytes"]["captures"] == warc(archive).stat().st_size
    assert "postgres:" not in said["database"] or "***" in said["database"]

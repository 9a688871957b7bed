"""The archive for other programs, and what comes back from them."""

import csv
import errno
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import FEW, NOON, Places, capture, emptied, exchange, observe, seen
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.archive import Archive
from storage.captures import CaptureDamaged
from storage.engine import ArchiveFull, ArchiveUnreachable
from storage.exporting import Selection, export_csv, export_jsonl, export_warc, whole_file
from storage.findings import FoundCitation, FoundTag
from storage.importing import import_file
from storage.observations import Observation

ALL = Selection()
FIELDS = {
    "number": "9/2031/NĐ-CP",
    "status": None,
    "issued_on": "2031-06-01",
    "relations": [["replaces", "7/2024/NĐ-CP"], ["amends", "8/2024/NĐ-CP"]],
    "attachments": [
        {"url": "https://press.example/9.pdf", "name": "9", "media_type": "", "sha256": "ab"}
    ],
}
LATER = NOON + timedelta(days=9)


def exported(archive: Archive, selection: Selection = ALL) -> list[dict[str, Any]]:
    out = io.StringIO()
    written = export_jsonl(archive, selection, out)
    rows = [json.loads(row) for row in out.getvalue().splitlines()]
    assert len(rows) == written
    return rows


def test_every_item_is_exported_with_what_is_known_of_it(archive: Archive) -> None:
    document = {"kind": "document", "fields": FIELDS, "notes": ("ocr:tesseract vie",)}
    said = {"summary": "Tóm tắt", "byline": ("Lý Bịa", "Mai Thử"), "modified_at": NOON}
    (recorded,) = observe(archive, seen(published_at=NOON, **said, **document))
    tag = FoundTag("livestream", 0.9, 0.5, "đoạn")
    named = FoundCitation(3, 15, "Nghị định 9", "9/2031/NĐ-CP", "decree", "9", 2031, None, None)
    with archive.transaction() as tx:
        tx.findings.tag(recorded.revision_id, [tag], "model")
        tx.findings.cite(recorded.revision_id, [named])
    assert exported(archive) == [
        {
            "url": "https://press.example/a",
            "title": "Bến phà mở lại",
            "summary": "Tóm tắt",
            "text": "Bến phà mở lại sau ba ngày.",
            "published_at": "2031-06-02T05:00:00+00:00",
            "seen_at": "2031-06-02T05:00:00+00:00",
            "source": "press",
            "language": "vi",
            "topics": ["livestream"],
            "kind": "document",
            "byline": ["Lý Bịa", "Mai Thử"],
            "modified_at": "2031-06-02T05:00:00+00:00",
            "instruments": ["9/2031/NĐ-CP"],
            "fields": FIELDS,
            "notes": ["ocr:tesseract vie"],
        }
    ]


def test_a_table_has_a_column_for_what_a_portal_states(archive: Archive) -> None:
    document = {"kind": "document", "fields": FIELDS, "notes": ("no-text", "undated")}
    observe(archive, seen(byline=("Lý Bịa", "=Mai"), **document))
    out = io.StringIO(newline="")
    export_csv(archive, ALL, out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert (row["number"], row["status"], row["issued_on"]) == ("9/2031/NĐ-CP", "", "2031-06-01")
    assert row["relations"] == "replaces: 7/2024/NĐ-CP\namends: 8/2024/NĐ-CP"
    assert row["attachments"] == "https://press.example/9.pdf"
    assert (row["byline"], row["notes"]) == ("Lý Bịa\n=Mai", "no-text\nundated")


def test_a_selection_chooses_by_source_topic_and_time(archive: Archive) -> None:
    a, *_ = observe(
        archive,
        seen(),
        seen("https://press.example/b", 10),
        seen("https://other.example/c", 20, source_id="other"),
    )
    with archive.transaction() as tx:
        tx.findings.tag(a.revision_id, [FoundTag("telecom", 0.9, 0.5, "")], "model")

    def chosen(**said: Any) -> list[str]:
        return [row["url"][-1] for row in exported(archive, Selection(**said))]

    assert chosen(source="other") == ["c"]
    assert chosen(topic="telecom") == ["a"]
    assert chosen(since=NOON + timedelta(hours=10)) == ["b", "c"]
    assert chosen(until=NOON + timedelta(hours=10)) == ["a"]


def test_all_versions_of_an_item_are_exported_from_the_oldest_on(archive: Archive) -> None:
    before = seen(hour=-5, text="Trước.", backfill=True)
    observe(archive, seen(), seen(hour=9, text="Sửa."), before)
    assert [row["text"] for row in exported(archive)] == [
        "Trước.",
        "Bến phà mở lại sau ba ngày.",
        "Sửa.",
    ]


def test_a_text_that_stayed_the_newest_is_the_newest_after_export_and_import(
    archive: Archive, places: Places
) -> None:
    observe(archive, seen(), seen(hour=48), seen(hour=20, text="Bản khác.", backfill=True))
    other = imported(archive, places, "other")
    with other.reading() as tx:
        ((_, newest),) = tx.items.every()
    assert newest.text == "Bến phà mở lại sau ba ngày."
    other.close()


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
LOOKS = st.lists(
    st.builds(
        lambda n, hour, title, text, summary, published, document: seen(
            f"https://press.example/{n}",
            hour,
            title=f"Tin {title}",
            text=text,
            summary=summary,
            published_at=NOON + timedelta(seconds=published) if published is not None else None,
            modified_at=NOON if published else None,
            byline=(summary,),
            notes=(title,),
            kind="document" if document else "article",
            fields=FIELDS | {"signer": title} if document else {},
            extractor="import",
            method="import",
            backfill=True,
        ),
        st.integers(0, 2),
        st.integers(0, 5),
        TEXTS,
        TEXTS,
        TEXTS,
        st.none() | st.integers(-(10**8), 10**8),
        st.booleans(),
    ),
    max_size=7,
)


@FEW
@given(looks=LOOKS)
def test_export_import_export_gives_the_same(
    archive: Archive, places: Places, looks: list[Observation]
) -> None:
    emptied(archive)
    observe(archive, *looks)
    rows = exported(archive)
    second = imported(archive, places, "other")
    assert exported(second) == rows
    again = import_file(second, places.folder / "rows.jsonl", LATER)
    assert (again.new, again.revised, again.faulty) == (0, 0, 0)
    assert exported(second) == rows
    second.close()


def imported(archive: Archive, places: Places, name: str) -> Archive:
    path = places.folder / "rows.jsonl"
    with path.open("w", encoding="utf-8") as out:
        export_jsonl(archive, ALL, out)
    other = places.open(name)
    emptied(other)
    assert import_file(other, path, LATER).faulty == 0
    return other


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_of_a_table_is_a_formula(archive: Archive, start: str) -> None:
    observe(archive, seen(title=f'{start}HYPERLINK("https://evil.example";"x")'))
    out = io.StringIO(newline="")
    assert export_csv(archive, ALL, out) == 1
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert row["title"].startswith(f"'{start}")
    assert row["url"] == "https://press.example/a"


def test_a_table_keeps_quotes_line_breaks_and_commas(archive: Archive) -> None:
    observe(archive, seen(text='một, "hai"\nba; bốn'))
    out = io.StringIO(newline="")
    export_csv(archive, ALL, out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert row["text"] == 'một, "hai"\nba; bốn'


def test_exported_captures_are_read_by_any_warc_tool(archive: Archive) -> None:
    capture(archive, exchange(b"one"), exchange(b"two"))
    capture(archive, exchange(b"three"), source="other")
    out = io.BytesIO()
    assert export_warc(archive, Selection(source="press"), out) == 2
    bodies = [
        record.content_stream().read()
        for record in ArchiveIterator(io.BytesIO(out.getvalue()))
        if record.rec_type == "response"
    ]
    assert bodies == [b"one", b"two"]


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_damaged_file_is_not_exported_as_if_it_were_whole(archive: Archive, damage: str) -> None:
    capture(archive, exchange(b"one"))
    (path,) = archive.captures_root.rglob("*.gz")
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(CaptureDamaged, match="Restore the file"):
        export_warc(archive, ALL, io.BytesIO())


def test_an_export_that_fails_leaves_the_file_of_before(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before")
    with pytest.raises(RuntimeError), whole_file(path) as out:
        out.write(b"half")
        raise RuntimeError("power cut")
    with pytest.raises(ArchiveFull, match="Free some space"), whole_file(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out.csv", "before")]
    with whole_file(path) as out:
        out.write(b"after")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out.csv", "after")]


def test_an_export_into_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(ArchiveUnreachable, match="No such file"),
        whole_file(tmp_path / "none" / "out.csv"),
    ):
        pass


def test_times_are_exported_in_utc(archive: Archive) -> None:
    zoned = datetime.fromisoformat("2031-06-01T08:00:00+07:00")
    observe(archive, seen(seen_at=zoned, published_at=zoned))
    (row,) = exported(archive)
    assert row["seen_at"] == row["published_at"] == "2031-06-01T01:00:00+00:00"

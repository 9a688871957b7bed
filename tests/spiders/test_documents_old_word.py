"""Old Word documents as LibreOffice reads them, and what it must never do on the way."""

import io
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from old_word_file import doc

from spiders import old_word, programs
from spiders.documents import read_document
from spiders.old_word import old_word_readers
from spiders.problems import OldWord
from spiders.programs import Bounds, run_program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "libreoffice" not in old_word_readers(), reason="LibreOffice is not installed"
    ),
]
ADDRESS = "https://cong.example.vn/tep/toan-van.doc"
ROWS = (
    ("TT", "Hành vi", "Mức phạt"),
    ("1", "Không thắp đèn sau sáu giờ chiều", "Từ 2.000.000 đồng đến 3.000.000 đồng"),
    ("2", "Neo ngang luồng", "5.000.000 đồng"),
)
CLAUSES = ("Khoản bịa ra thứ nhất", "Khoản bịa ra thứ hai")
TABLE = [" | ".join(row) for row in ROWS]


@pytest.fixture
def watched_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that a reading makes stays in the folders of temporary files."""
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    before = set(Path("/tmp").glob("OSL_PIPE_*"))
    yield
    assert set(Path("/tmp").glob("OSL_PIPE_*")) <= before
    assert list(own.iterdir()) == []


def made(tmp_path: Path, form: str, source: bytes, name: str = "source.docx") -> bytes:
    """Give a document that LibreOffice wrote in an old form."""
    (tmp_path / name).write_bytes(source)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office is not None
    own = f"-env:UserInstallation={(tmp_path / 'own').as_uri()}"
    web = ["--infilter=HTML (StarWriter)"] if name.endswith("html") else []
    argv = [office, own, "--headless", *web, "--convert-to", form, name]
    run_program(argv, tmp_path, Bounds(memory=4_000_000_000))
    return (tmp_path / name).with_suffix(f".{form[:3]}").read_bytes()


def law() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_paragraph("Điều 1. Phạm vi điều chỉnh")
    for clause in CLAUSES:
        document.add_paragraph(clause, style="List Number")
    table = document.add_table(rows=0, cols=3)
    for row in ROWS:
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    document.add_paragraph("Điều 2. Hiệu lực thi hành")
    document.save(out)
    return out.getvalue()


def test_an_old_document_keeps_its_table_and_the_numbers_that_word_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched_folders: None
) -> None:
    body = made(tmp_path, "doc:MS Word 97", law())
    text = read_document(body, "application/msword", ADDRESS)
    monkeypatch.setattr("spiders.old_word._office", lambda: None)
    plain = read_document(body, "application/msword", ADDRESS)

    numbered = [f"{number}. {clause}" for number, clause in enumerate(CLAUSES, 1)]
    first, last = "Điều 1. Phạm vi điều chỉnh", "Điều 2. Hiệu lực thi hành"
    assert text.text.split("\n") == [first, *numbered, *TABLE, last]
    assert text.notes == ("numbering:automatic", "read-by:libreoffice")
    assert plain.text.split("\n") == [first, *CLAUSES, *TABLE, last]
    assert plain.notes == ("numbering-lost:2", "read-by:antiword")


def test_rich_text_is_read_too(tmp_path: Path, watched_folders: None) -> None:
    text = read_document(made(tmp_path, "rtf", law()), "application/rtf", ADDRESS)

    assert (text.method, text.text.split("\n")[3:6]) == ("doc", TABLE)


@pytest.mark.parametrize("seconds", [0.3, 0.6])
def test_a_reading_that_takes_too_long_leaves_nothing_behind(
    seconds: float, monkeypatch: pytest.MonkeyPatch, watched_folders: None
) -> None:
    monkeypatch.setattr(old_word, "OFFICE", replace(old_word.OFFICE, seconds=seconds))
    monkeypatch.setattr(shutil, "which", lambda name, _which=shutil.which: (
        None if name == "antiword" else _which(name)
    ))  # fmt: skip
    with pytest.raises(OldWord, match=f"did not end within {seconds} seconds"):
        read_document(doc("Điều 1. Phạm vi\n"), "application/msword", ADDRESS)


def test_a_reading_that_takes_too_much_memory_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, watched_folders: None
) -> None:
    monkeypatch.setattr(old_word, "OFFICE", replace(old_word.OFFICE, memory=300_000_000))
    monkeypatch.setattr(shutil, "which", lambda name, _which=shutil.which: (
        None if name == "antiword" else _which(name)
    ))  # fmt: skip
    with pytest.raises(OldWord) as caught:
        read_document(doc("Điều 1. Phạm vi\n"), "application/msword", ADDRESS)
    said = str(caught.value)
    assert "\n" not in said and "0x" not in said


def test_nothing_that_a_document_links_to_is_fetched_even_with_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched_folders: None
) -> None:
    asked: list[str] = []

    class Tracker(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            asked.append(self.rfile.readline().decode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    picture = f"<img src='http://127.0.0.1:{server.server_port}/seen.png'>"
    page = f"<p>Điều 1. Phạm vi</p>{picture}<p>Điều 2. Hiệu lực</p>".encode()
    monkeypatch.setattr(programs, "_BOUNDED", programs._BOUNDED.replace("0x40000000", "0"))
    body = made(tmp_path, "doc:MS Word 97", page, "source.html")
    assert asked
    asked.clear()

    text = read_document(body, "application/msword", ADDRESS)

    server.shutdown()
    server.server_close()
    assert text.text.split("\n") == ["Điều 1. Phạm vi", "Điều 2. Hiệu lực"]
    assert not asked

"""What meaning is asked for where a question was typed without marks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from archives import Places, observe, seen
from indexed_archives import index

from storage import index_vectors
from storage.archive import Archive
from storage.index_folder import folder_of, written_alone
from storage.search import Request, Searcher, open_searcher

NEWS = (
    seen("https://press.example/1", 1, title="Định danh tài khoản trước tháng bảy", text="Tin."),
    seen("https://press.example/2", 2, title="Vé phà", summary="Phải định danh tài khoản."),
    seen("https://press.example/3", 3, title="Đình danh tiếng ở Cồn Én", text="Chuyện đình làng."),
    seen("https://wire.example/4", 4, source_id="wire", language="en",
         title="Ferry operators must verify accounts", text="Operators must verify accounts."),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path, sqlite_file: Path) -> Iterator[Archive]:
    with Places(tmp_path, sqlite_file) as places:
        opened = places.open()
        observe(opened, *NEWS)
        index(opened)
        folder = folder_of(opened.root)
        with written_alone(opened.root, "vectors"):
            mark = index_vectors.begun(folder, "test", -1.0, 4, 1, "", 0)
            numbers = range(1, len(NEWS) + 1)
            vectors = np.eye(4, dtype=np.float32)
            index_vectors.Writer(folder, mark).add(numbers, numbers, vectors, mark)
        yield opened
        opened.close()


@pytest.fixture
def meant(archive) -> tuple[Searcher, list[str]]:
    """A searcher, and the texts that it had encoded."""
    encoded: list[str] = []

    def encode(text: str, _language: str) -> np.ndarray:
        encoded.append(text)
        return np.eye(4, dtype=np.float32)[0]

    return open_searcher(archive, encode), encoded


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("dinh danh tai khoan", "định danh tài khoản"),
        ("Dinh danh tieng", "đình danh tiếng"),
        ("dinh danh bang ve pha", "định danh bang vé phà"),
        ("định danh tai khoan", "định danh tai khoan"),
        ("khoan tai danh dinh", "khoan tai danh dinh"),
        ("operators must verify accounts", "operators must verify accounts"),
        ("danh", "danh"),
    ],
)
def test_bare_words_get_the_marks_that_texts_have_where_they_stand_side_by_side(
    meant, typed: str, taken: str
) -> None:
    searcher, encoded = meant
    notes = searcher.search(Request(typed)).notes
    assert encoded == [taken]
    assert any(taken in note for note in notes) == (typed != taken)


def test_words_alone_are_looked_for_as_typed(meant) -> None:
    searcher, encoded = meant
    found = searcher.search(Request("dinh danh tai khoan", mode="words"))
    assert encoded == []
    assert found.notes == ()
    assert [hit.item_id for hit in found.hits] == [1, 2]

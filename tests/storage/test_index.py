"""The index as a projection of the archive: kept up, built anew, and never wrong in silence."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from archives import NOON, observe, seen
from indexed_archives import asked, cite, index, tag

from storage import index_building, index_writing
from storage.index import keep_up
from storage.index_checking import faults, standing_of
from storage.index_folder import (
    NEXT_WORDS,
    WORDS,
    IndexHeld,
    IndexTorn,
    WordsMark,
    folder_of,
    read_mark,
    write_mark,
    written_alone,
)
from storage.search import Request, open_searcher
from storage.verification import verify

ROOT = Path(__file__).parents[2]


def mark_of(archive) -> WordsMark:
    mark = read_mark(folder_of(archive.root) / WORDS, WordsMark)
    assert mark is not None
    return mark


def articles(first: int, last: int):
    return [
        seen(f"https://press.example/{n}", n, title=f"Phà số {n}", text=f"Tin {n}.")
        for n in range(first, last + 1)
    ]


def test_what_appears_changes_and_goes_is_followed(archive):
    observe(archive, *articles(1, 3))
    assert index(archive).rebuilt == "there was none"
    searcher = open_searcher(archive, None)
    assert len(asked(searcher, "phà")) == 3
    observe(archive, *articles(4, 4), seen("https://press.example/1", 9, title="Đò", text="Đò."))
    caught = index(archive)
    assert (caught.rebuilt, caught.behind) == ("", 0)
    assert set(asked(searcher, "phà")) == {"Phà số 2", "Phà số 3", "Phà số 4"}
    assert asked(searcher, "đò") == ["Đò"]
    assert faults(archive) == []


def test_what_a_stage_finds_after_the_index_passed_is_written_again(archive):
    observe(archive, *articles(1, 2))
    index(archive, stages=("topics", "citations"))
    searcher = open_searcher(archive, None)
    tag(archive, 1, "telecom")
    with archive.transaction() as tx:
        tx.events.move("topics", tx.events.last(), NOON)
    index(archive, stages=("topics", "citations"))
    assert asked(searcher, "topic:telecom") == ["Phà số 1"]
    cite(archive, 2, "901/2031/NĐ-CP")
    with archive.transaction() as tx:
        tx.events.move("citations", tx.events.last(), NOON)
    index(archive, stages=("topics", "citations"))
    assert asked(searcher, "decree:901/2031") == ["Phà số 2"]


def test_a_kill_between_the_commit_and_the_watermark_repeats_nothing(archive, monkeypatch):
    observe(archive, *articles(1, 2))
    index(archive)
    before = mark_of(archive)
    observe(archive, *articles(3, 5))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("storage.index.write_mark", killed)
        with pytest.raises(KeyboardInterrupt):
            index(archive)
    assert mark_of(archive) == before
    assert index(archive).rebuilt == ""
    assert len(asked(open_searcher(archive, None), "phà")) == 5
    assert faults(archive) == []


def test_a_build_that_was_stopped_is_taken_up_where_it_was(archive, monkeypatch):
    observe(archive, *articles(1, 7))
    monkeypatch.setattr(index_building, "AT_ONCE", 3)
    stop = Signal()
    stop.set()
    assert keep_up(archive, NOON, stop=stop).items == 3
    assert (folder_of(archive.root) / NEXT_WORDS).exists()
    assert index(archive).items == 4
    assert len(asked(open_searcher(archive, None), "phà")) == 7
    assert not (folder_of(archive.root) / NEXT_WORDS).exists()


def test_a_rebuild_serves_the_old_index_until_the_new_one_is_whole(archive, monkeypatch):
    observe(archive, *articles(1, 4))
    index(archive)
    monkeypatch.setattr(index_building, "AT_ONCE", 2)
    stop = Signal()
    stop.set()
    keep_up(archive, NOON, rebuild=True, stop=stop)
    searcher = open_searcher(archive, None)
    assert len(asked(searcher, "phà")) == 4
    index(archive, rebuild=True)
    assert len(asked(searcher, "phà")) == 4
    assert len(list(folder_of(archive.root).glob("words-*"))) == 1


@pytest.mark.parametrize("harm", ["segment", "meta", "watermark", "format", "another"])
def test_a_torn_or_foreign_index_is_noticed_and_built_anew(archive, harm):
    observe(archive, *articles(1, 3))
    index(archive)
    folder = folder_of(archive.root)
    words = folder / mark_of(archive).folder
    if harm == "segment":
        next(words.glob("*.store")).unlink()
    elif harm == "meta":
        (words / "meta.json").write_text("{", encoding="utf-8")
    elif harm == "watermark":
        (folder / WORDS).write_text("{", encoding="utf-8")
    elif harm == "format":
        write_mark(folder / WORDS, replace(mark_of(archive), format=0))
    else:
        write_mark(folder / WORDS, replace(mark_of(archive), event="another archive's"))
    if harm != "format":
        found = verify(archive)
        assert found.index == 1
        assert found.bad[0]["kind"] == "index"
    assert index(archive).rebuilt
    assert len(asked(open_searcher(archive, None), "phà")) == 3
    assert verify(archive).bad == []


def test_a_searcher_says_that_the_index_is_damaged_and_what_to_do(archive):
    observe(archive, *articles(1, 1))
    index(archive)
    next((folder_of(archive.root) / mark_of(archive).folder).glob("*.idx")).unlink()
    with pytest.raises(IndexTorn, match=r"index --rebuild"):
        asked(open_searcher(archive, None), "phà")


def test_an_item_that_the_index_lost_or_holds_in_an_old_text_is_told(archive):
    observe(archive, *articles(1, 3))
    index(archive)
    opened = index_writing.opened(folder_of(archive.root), mark_of(archive))
    writer = opened.writer(15_000_000, 1)
    writer.delete_documents_by_term("item", 2)
    writer.commit()
    assert [(one.item, one.message) for one in faults(archive)] == [
        (2, "the index does not hold this item")
    ]
    observe(archive, seen("https://press.example/3", 9, title="Mới", text="Mới."))
    assert [one.item for one in faults(archive)] == [2]


def test_two_writers_are_kept_apart_with_one_clear_line(archive):
    with written_alone(archive.root, "words"), pytest.raises(IndexHeld) as held:
        index(archive)
    assert str(os.getpid()) in str(held.value)
    assert "\n" not in str(held.value)
    index(archive)


def test_another_process_may_be_killed_at_any_moment_while_it_writes(places, archive):
    observe(archive, *articles(1, 40))
    index(archive)
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'tests');"
        "from archives import NOON, observe, seen; from storage.archive import Archive;"
        "from storage.index import keep_up;"
        "archive = Archive.open(Path(sys.argv[1]), sys.argv[2] or None); print('go', flush=True)\n"
        "for n in range(41, 400):\n"
        "    observe(archive, seen(f'https://press.example/{n}', n, title=f'Phà {n}'))\n"
        "    keep_up(archive, NOON)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(archive.root), places.url() or ""],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    searcher = open_searcher(archive, None)
    seen_before = 0
    while seen_before < 45:
        found = len(asked(searcher, "phà", limit=200))
        assert found >= seen_before
        seen_before = found
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert index(archive).rebuilt == ""
    assert faults(archive) == []
    with archive.reading() as tx:
        items = tx.items.counts()["articles"]
    assert len(asked(searcher, "phà", limit=200)) == items


def test_how_far_the_index_is_can_be_told(archive):
    observe(archive, *articles(1, 2))
    assert standing_of(archive)["words"]["behind"] == 2
    index(archive)
    found = standing_of(archive)
    assert (found["words"]["items"], found["words"]["behind"]) == (2, 0)
    assert found["bytes"] > 0
    assert json.dumps(found)


def test_many_threads_may_ask_while_the_index_grows(archive):
    observe(archive, *articles(1, 3))
    index(archive)
    searcher = open_searcher(archive, None)
    stop, counts, problems = Signal(), [], []

    def read() -> None:
        while not stop.is_set():
            try:
                counts.append(searcher.search(Request("phà", mode="words")).total)
            except Exception as problem:
                problems.append(problem)

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(4, 10):
        observe(archive, *articles(number, number))
        index(archive)
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert set(counts) <= set(range(3, 10))
    assert searcher.search(Request("phà", mode="words")).total == 9

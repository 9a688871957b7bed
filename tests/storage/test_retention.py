"""Old captures go by age and size; the evidence of what was told never does."""

from datetime import timedelta

import pytest
from archives import NOON, capture, exchange, observe, seen

from storage.archive import Archive
from storage.captures import CaptureDropped
from storage.retention import retain
from storage.verification import verify

LATER = NOON + timedelta(days=400)
YEAR = timedelta(days=365)


def told(archive: Archive, **ids: int) -> None:
    with archive.transaction() as tx:
        tx.outbox.raise_alert(
            "told", rule="r", severity="major", subject="item:1", title="Told",
            body={"ids": ids}, channels=["terminal"], at=NOON,
        )  # fmt: skip


def held(archive: Archive) -> list[int]:
    with archive.reading() as tx:
        return [one.id for one in tx.captures.every()]


def test_what_is_old_goes_and_what_is_young_stays(archive: Archive) -> None:
    old = capture(archive, exchange(b"old"), exchange(b"older", "https://press.example/b"))
    young = capture(archive, exchange(b"young", hour=24 * 300))
    assert retain(archive, LATER, older_than=YEAR).captures == 2
    assert held(archive) == young
    assert archive.read_capture(young[0]).body == b"young"
    with pytest.raises(CaptureDropped, match="let go on"):
        archive.read_capture(old[0])
    assert verify(archive).bad == []


def test_the_text_of_what_goes_is_kept(archive: Archive) -> None:
    number = capture(archive, exchange(b"old"))[0]
    observe(archive, seen(capture_id=number))
    retain(archive, LATER, older_than=YEAR)
    with archive.reading() as tx:
        assert [r.text for r in tx.items.every_revision()] == [seen().text]
        assert tx.captures.get(number).payload_sha256


def test_the_evidence_of_an_alert_stays(archive: Archive) -> None:
    numbers = capture(archive, exchange(b"told"), exchange(b"other", "https://press.example/b"))
    recorded = observe(archive, seen(capture_id=numbers[0]))[0]
    told(archive, revision=recorded.revision_id)
    assert retain(archive, LATER, older_than=YEAR).captures == 1
    assert held(archive) == [numbers[0]]
    assert archive.read_capture(numbers[0]).body == b"told"


def test_a_legal_document_stays(archive: Archive) -> None:
    number = capture(archive, exchange(b"decree"))[0]
    observe(archive, seen(kind="document", capture_id=number))
    retain(archive, LATER, older_than=YEAR)
    assert held(archive) == [number]


def test_a_payload_that_a_kept_capture_shares_stays(archive: Archive) -> None:
    first, _ = capture(archive, exchange(b"same"), exchange(b"gone", "https://press.example/g"))
    again = capture(archive, exchange(b"same", hour=24 * 390))[0]
    retain(archive, LATER, older_than=YEAR)
    assert held(archive) == [first, again]
    assert archive.read_capture(again).body == b"same"


def test_a_page_met_again_after_it_went_is_kept_anew(archive: Archive) -> None:
    capture(archive, exchange(b"page"))
    retain(archive, LATER, older_than=YEAR)
    number = capture(archive, exchange(b"page", hour=24 * 401))[0]
    assert archive.read_capture(number).body == b"page"


def test_beyond_a_size_the_oldest_go_first(archive: Archive) -> None:
    numbers = [
        capture(archive, exchange(bytes([n]) * 50, f"https://press.example/{n}", 24 * n))[0]
        for n in range(5)
    ]
    size = sum(path.stat().st_size for path in archive.captures_root.rglob("*.warc.gz"))
    retain(archive, LATER, most_bytes=size // 2)
    left = held(archive)
    assert left == numbers[-len(left) :] and 0 < len(left) < 5
    assert verify(archive).bad == []


def test_nothing_goes_unless_asked(archive: Archive) -> None:
    numbers = capture(archive, exchange(b"old"))
    assert retain(archive, LATER).captures == 0
    assert held(archive) == numbers


def test_files_of_the_last_weeks_are_left_alone(archive: Archive) -> None:
    numbers = capture(archive, exchange(b"new"))
    retain(archive, NOON + timedelta(days=10), older_than=timedelta(days=1), most_bytes=0)
    assert held(archive) == numbers


@pytest.mark.parametrize("at", ["_copy_records", "os.fsync"])
def test_a_kill_in_between_loses_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    numbers = capture(
        archive, exchange(b"old"), exchange(b"young", "https://press.example/b", 24 * 300)
    )

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"storage.retention.{at}", killed)
        with pytest.raises(KeyboardInterrupt):
            retain(archive, LATER, older_than=YEAR)
    assert held(archive) == numbers
    assert verify(archive).bad == []
    assert retain(archive, LATER, older_than=YEAR).captures == 1
    assert len(list(archive.captures_root.rglob("*.warc.gz"))) == 1
    assert verify(archive).bad == []

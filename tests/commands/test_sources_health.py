"""How a source that drifts is shown: by `sources list`, in the digest and on the pages."""

from collections.abc import Iterator

import pytest
from archives import NOON, Places

from alerts.digest_sources import sources
from commands.sources import health, print_what_holds
from config import Config
from storage.archive import Archive

CONFIG = Config.model_validate(
    {
        "politeness": {"contact": "desk@example.org"},
        "sources": [
            {
                "id": name,
                "name": name.title(),
                "kind": "state",
                "language": "vi",
                "homepage": f"https://{name}.example/",
                "feeds": [f"https://{name}.example/rss"],
            }
            for name in ("press", "portal")
        ],
    }
)
WORDS = "the ims family's selectors matched 0 of 25 pages since 2 June"


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    with opened.transaction() as tx:
        for name in ("press", "portal"):
            tx.sources.round_ended(name, NOON, reasons=[], items=1)
    yield opened
    opened.close()


def tell(archive: Archive, kind: str, sort: str, words: str = "") -> None:
    with archive.transaction() as tx:
        tx.events.append(kind, "source:press", NOON, {"sort": sort, "words": words})


def shown(archive: Archive) -> list[tuple[str, list[str]]]:
    with archive.reading() as tx:
        parts = sources(tx, CONFIG, (), NOON)
    listed = [(one["status"], one["reasons"]) for one in health(CONFIG, archive)]
    on_pages = [(one.status.replace("ok", "working"), list(one.reasons)) for one in parts]
    assert listed == on_pages
    return listed


def test_a_source_drifts_with_its_reasons_until_all_of_it_is_mended(archive: Archive) -> None:
    tell(archive, "source.drifted", "selectors", WORDS)
    tell(archive, "source.drifted", "byline", "25 of 25 pages have no byline")
    both = [WORDS, "25 of 25 pages have no byline"]
    assert shown(archive) == [("drifting", both), ("working", [])]
    tell(archive, "source.mended", "byline")
    assert shown(archive)[0] == ("drifting", [WORDS])
    tell(archive, "source.mended", "selectors")
    assert shown(archive) == [("working", []), ("working", [])]


def test_a_source_that_fails_altogether_says_that_first(archive: Archive) -> None:
    tell(archive, "source.drifted", "selectors", WORDS)
    with archive.transaction() as tx:
        tx.sources.round_ended("press", NOON, reasons=["the server answered 503"], items=0)
    assert shown(archive)[0] == ("failing", ["the server answered 503"])


def test_a_check_of_several_ends_with_which_declarations_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def address(certainty: str, answer: str) -> dict[str, str]:
        return {"url": "https://a.example/", "certainty": certainty, "answer": answer, "robots": ""}

    print_what_holds(
        [
            {
                "id": "press",
                "status": "working",
                "addresses": [address("seen", "read"), address("reported", "it answered 404")],
                "sample": [{"method": "selectors:ims"}, {"method": "trafilatura"}],
            },
            {
                "id": "portal",
                "status": "failing",
                "addresses": [address("reported", "not asked")],
                "sample": [{"method": "feed"}],
            },
        ]
    )
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "│ press │ working │ 1 of 2 │ 2, 1 by selectors │" in lines
    assert "│ portal │ failing │ 0 of 1 │ 0 │" in lines
    assert lines[-2:] == [
        "seen: 1 of 1 addresses were read",
        "reported: 0 of 2 addresses were read",
    ]

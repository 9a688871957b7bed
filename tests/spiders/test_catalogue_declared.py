"""The catalogue is valid, unambiguous, and names only families that exist."""

import re

import pytest

from config import SourceDeclaration, catalogue
from spiders.families import declared_family, family_names

ENTRIES = catalogue("sources")


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_an_entry_is_a_valid_declaration_of_a_known_family(entry: dict[str, object]) -> None:
    source = SourceDeclaration.model_validate(entry)

    assert source.family == "" or source.family in family_names()
    assert not source.portal or source.document_pattern


def test_the_catalogue_holds_press_in_both_languages_and_portals() -> None:
    sources = [SourceDeclaration.model_validate(entry) for entry in ENTRIES.values()]

    assert len(sources) >= 30
    assert sum(source.portal for source in sources) >= 6
    assert {source.kind for source in sources} == {
        "state",
        "independent",
        "international",
        "official",
    }
    assert {source.language for source in sources if source.kind == "state"} == {"vi", "en"}


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("vnexpress", "https://vnexpress.net/mot-bai-bao-4954454.html"),
        ("tuoitre", "https://tuoitre.vn/mot-bai-bao-20310307091503123.htm"),
        ("thanhnien", "https://thanhnien.vn/mot-bai-bao-18525101623132587.htm"),
        ("nhandan", "https://nhandan.vn/mot-bai-bao-post123456.html"),
        ("vietnamplus", "https://www.vietnamplus.vn/mot-bai-bao-post123456.vnp"),
        ("vietnamnews", "https://vietnamnews.vn/society/1234567/a-story.html"),
        ("chinhphu-documents", "https://vanban.chinhphu.vn/?pageid=27160&docid=1&classid=1"),
        ("chinhphu-drafts", "https://chinhphu.vn/du-thao-vbqppl/du-thao-nghi-dinh-7001"),
        ("vbpl", "https://vbpl.vn/TW/Pages/vbpq-toanvan.aspx?ItemID=1"),
        ("luatvietnam", "https://luatvietnam.vn/giao-thong/nghi-dinh-1-434169-d1.html"),
        ("thuvienphapluat", "https://thuvienphapluat.vn/van-ban/Dau-tu/Luat-1-280645.aspx"),
    ],
)
def test_the_patterns_match_the_addresses_they_are_for(source: str, address: str) -> None:
    entry = ENTRIES[source]

    assert re.search(entry.get("article_pattern") or entry["document_pattern"], address)


def test_a_host_tells_its_family() -> None:
    assert declared_family("vnexpress.net") == "vnexpress"
    assert declared_family("giaitri.vnexpress.net") == "vnexpress"
    assert declared_family("example.org") == ""

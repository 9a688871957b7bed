"""The catalogue is valid, unambiguous, and names only families that exist."""

import re
import tomllib

import pytest
from pydantic import ValidationError

from config import CATALOGUES, SourceDeclaration, catalogue
from spiders.addresses import host_of
from spiders.families import declared_family, family_names

ENTRIES = catalogue("sources")
OUTLETS = (
    "vnexpress", "vnexpress-english", "tuoitre", "thanhnien", "dantri", "vietnamnet", "nhandan",
    "vietnamplus", "vietnamplus-english", "vov", "vietnamnews", "baochinhphu", "tienphong", "sggp",
    "laodong", "qdnd", "cand", "vtv", "baotintuc",
    "reuters", "apnews", "bbc-vietnamese", "rfa-vietnamese", "rfi-vietnamese", "voa-vietnamese",
    "thediplomat", "scmp", "straitstimes-asia", "nikkei-asia", "techcrunch", "restofworld",
    "theregister", "thestar-malaysia", "fulcrum", "benarnews", "globalvoices",
)  # fmt: skip
PORTALS = (
    "chinhphu-documents", "chinhphu-drafts", "quochoi-drafts", "congbao", "vbpl", "vbpl-old", "mst",
    "bvhttdl", "bocongan", "thuvienphapluat", "luatvietnam",
)  # fmt: skip
ELSEWHERE = {"bbc-vietnamese": {"bbci.co.uk"}, "vbpl": {"moj.gov.vn"}}
"""Registered domains that belong to a source besides that of its front page."""


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_an_entry_is_a_valid_declaration_of_a_known_family(entry: dict[str, object]) -> None:
    source = SourceDeclaration.model_validate(entry)

    assert source.family == "" or source.family in family_names()
    assert not source.portal or source.document_pattern


def test_the_catalogue_holds_press_in_both_languages_and_portals() -> None:
    sources = [SourceDeclaration.model_validate(entry) for entry in ENTRIES.values()]

    assert sum(not source.portal for source in sources) >= 40
    assert sum(source.portal for source in sources) >= 8
    assert {source.kind for source in sources} == {
        "state",
        "independent",
        "international",
        "official",
    }
    assert {source.language for source in sources if source.kind == "state"} == {"vi", "en"}


@pytest.mark.parametrize("name", OUTLETS)
def test_an_outlet_that_a_watch_team_needs_is_declared(name: str) -> None:
    assert name in ENTRIES
    assert not ENTRIES[name].get("portal")


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_that_a_watch_team_needs_is_declared(name: str) -> None:
    assert ENTRIES[name]["portal"]


def test_no_id_stands_in_two_parts_of_the_catalogue() -> None:
    ids = [
        entry["id"]
        for path in CATALOGUES["sources"]
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    ]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_an_entry_says_how_sure_it_is_where_it_was_learned_and_what_it_yields(
    entry: dict[str, object],
) -> None:
    source = SourceDeclaration.model_validate(entry)

    assert source.certainty
    assert source.learned
    assert source.yields is not None
    assert set(source.certainty_of) <= set(source.addresses)
    assert all(source.certainty_about(address) for address in source.addresses)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_every_address_is_on_a_host_of_its_source(entry: dict[str, object]) -> None:
    source = SourceDeclaration.model_validate(entry)
    own = {registered(source.homepage), *ELSEWHERE.get(source.id, ())}

    assert {registered(address) for address in source.addresses} <= own


def registered(address: str) -> str:
    """The domain under which an address is registered: one label before a public suffix."""
    labels = host_of(address).split(".")
    shared = {"com.vn", "org.vn", "gov.vn", "com.my", "co.uk"}
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in shared else labels[-2:])


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("vnexpress", "https://vnexpress.net/mot-bai-bao-4954454.html"),
        ("tuoitre", "https://tuoitre.vn/mot-bai-bao-20310307091503123.htm"),
        ("thanhnien", "https://thanhnien.vn/mot-bai-bao-18525101623132587.htm"),
        ("nhandan", "https://nhandan.vn/mot-bai-bao-post123456.html"),
        ("vietnamplus", "https://www.vietnamplus.vn/mot-bai-bao-post123456.vnp"),
        ("vietnamnews", "https://vietnamnews.vn/society/1234567/a-story.html"),
        ("cand", "https://cand.com.vn/Su-kien/mot-bai-bao-i712345/"),
        ("thestar-malaysia", "https://www.thestar.com.my/tech/tech-news/2031/06/02/a-story"),
        ("globalvoices", "https://globalvoices.org/2031/06/02/a-story/"),
        ("scmp", "https://www.scmp.com/tech/policy/article/3300000/a-story"),
        ("chinhphu-documents", "https://vanban.chinhphu.vn/?pageid=27160&docid=1&classid=1"),
        ("chinhphu-drafts", "https://chinhphu.vn/du-thao-vbqppl/du-thao-nghi-dinh-7001"),
        ("congbao", "https://congbao.chinhphu.vn/van-ban/nghi-dinh-so-1-2031-nd-cp-470168.htm"),
        ("vbpl", "https://vbpl-bientap-gateway.moj.gov.vn/api/qtdc/public/doc/168340"),
        ("bvhttdl", "https://bvhttdl.gov.vn/van-ban-quan-ly/4321.htm"),
        ("bocongan", "https://vanban.bocongan.gov.vn/co-so-du-lieu-van-ban/luat-1753688803"),
        ("vbpl-old", "https://vbpl.vn/TW/Pages/vbpq-toanvan.aspx?ItemID=1"),
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


def test_what_is_said_of_single_addresses_goes_before_what_is_said_of_all() -> None:
    source = SourceDeclaration.model_validate(
        {
            "id": "thu",
            "name": "Thử",
            "kind": "state",
            "language": "vi",
            "homepage": "https://thu.example/",
            "feeds": ["https://thu.example/a.rss", "https://thu.example/b.rss"],
            "certainty": "reported",
            "certainty_of": {"https://thu.example/b.rss": "seen"},
        }
    )

    assert [source.certainty_about(one) for one in source.feeds] == ["reported", "seen"]


def test_a_certainty_that_is_no_word_of_ours_is_refused() -> None:
    entry = ENTRIES["vnexpress"] | {"certainty": "sure"}

    with pytest.raises(ValidationError):
        SourceDeclaration.model_validate(entry)

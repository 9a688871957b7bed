"""The search page: what it finds, every way to narrow it, and what is kept of a search."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from desk import NOW, TITLE, Desk, send
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from storage.archive import Archive
from storage.search import Surroundings, open_searcher
from web.app import create_app
from web.asking import Asked, asked_of, read, read_link


def found(desk: Desk, query: str) -> BeautifulSoup:
    answer = desk.browser().get(f"/search?{query}")
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def hits(page: BeautifulSoup) -> list[str]:
    return [str(a["href"]) for a in page.select("ol.hits p.title a")]


def item(desk: Desk, name: str) -> str:
    return f"/items/{desk.items[name]}"


def facet(page: BeautifulSoup, name: str, value: str) -> dict[str, list[str]]:
    """The search that the link of a facet's value leads to."""
    section = page.find(id=f"facet-{name}")
    assert section is not None
    links = section.find_parent("section").select("li a")
    link = next(a for a in links if a.text.startswith(value))
    return parse_qs(urlsplit(str(link["href"])).query)


def test_words_without_diacritics_find_the_article_and_are_marked(desk: Desk) -> None:
    page = found(desk, "q=dinh+danh+phat+truc+tiep")
    assert hits(page)[0] == item(desk, "live")
    marked = " ".join(one.text.lower() for one in page.select("ol.hits li")[0].select("mark"))
    assert "định danh" in marked


def test_a_number_in_any_form_finds_the_instrument_first(desk: Desk) -> None:
    page = found(desk, "q=nghi+dinh+147/2024/nd-cp")
    law = page.select(".found-law h2 a")
    assert [a["href"] for a in law] == ["/instruments/147/2024/N%C4%90-CP"]


def test_a_facet_keeps_the_rest_of_the_search_and_is_taken_off_again(desk: Desk) -> None:
    page = found(desk, "q=phà+OR+LinhChi&order=newest&by=published")
    wanted = facet(page, "sides", "independent")
    assert wanted == {
        "q": ["phà OR LinhChi"], "order": ["newest"], "by": ["published"], "side": ["independent"]
    }  # fmt: skip
    narrowed = found(desk, "q=LinhChi&side=independent")
    assert hits(narrowed) == [item(desk, "copy")]
    assert facet(narrowed, "sides", "independent") == {"q": ["LinhChi"]}
    assert [a["href"] for a in narrowed.select("ul.chips.set a")] == ["/search?q=LinhChi"] * 2


def test_the_counts_of_facets_are_those_of_what_is_found(desk: Desk) -> None:
    page = found(desk, "q=LinhChi&collapse=0")
    section = page.find(id="facet-sources")
    assert section is not None
    rows = [li.get_text(" ", strip=True) for li in section.find_parent("section").select("li")]
    assert sorted(rows) == ["Baomoi 1", "Press 1"]


def test_topics_are_called_what_the_reader_calls_them(desk: Desk) -> None:
    page = found(desk, "topic=livestream&lang=vi")
    names = [page.select("ul.chips.set a")[0], *page.select("#facet-topics + ul a")]
    assert all(one.get_text().startswith("Phát trực tiếp") for one in names[:2])


def test_a_story_shows_its_best_telling_unless_all_are_asked_for(desk: Desk) -> None:
    told = {item(desk, "told"), item(desk, "copy")}
    one = found(desk, "q=LinhChi")
    assert len(hits(one)) == 1 and "1 more of this story" in one.text
    assert set(hits(found(desk, "q=LinhChi&collapse=0"))) == told


def test_a_column_of_the_histogram_leads_to_its_days(desk: Desk) -> None:
    page = found(desk, "")
    bars = page.select("svg[data-days] a")
    assert bars and all(a["aria-label"] for a in bars)
    wanted = parse_qs(urlsplit(str(bars[-1]["href"])).query)
    narrowed = found(desk, urlsplit(str(bars[-1]["href"])).query)
    assert wanted["since"] == wanted["until"]
    assert hits(narrowed) == [item(desk, "english")]
    columns = page.select("svg[data-days] [data-first]")
    assert len(columns) == 3, "a day without any has a column to drag over, too"


def test_from_a_day_on_and_up_to_a_day(desk: Desk) -> None:
    assert hits(found(desk, "since=2031-06-04")) == [item(desk, "english")]
    assert item(desk, "english") not in hits(found(desk, "until=2031-06-03"))


def test_what_was_edited_or_is_gone_can_be_asked_for(desk: Desk) -> None:
    assert hits(found(desk, "removed=1")) == [item(desk, "gone")]
    assert item(desk, "live") in hits(found(desk, "edited=1"))
    assert item(desk, "gone") not in hits(found(desk, "removed=0"))


def test_an_unclear_query_is_answered_in_place_and_shows_where(desk: Desk) -> None:
    page = found(desk, "q=phà+%22bến")
    unclear = page.find(id="unclear")
    assert unclear is not None and unclear["role"] == "alert"
    assert unclear.select("mark")[0].text == '"'
    box = page.find(id="q")
    assert box is not None and box["value"] == 'phà "bến' and box["aria-describedby"] == "unclear"


def test_a_parameter_that_cannot_be_read_is_named_and_the_rest_is_searched(desk: Desk) -> None:
    page = found(desk, "q=LinhChi&since=tomorrow&mode=magic")
    notes = " ".join(one.text for one in page.select(".note.bad"))
    assert "since was left out" in notes and "mode was left out" in notes
    assert len(hits(page)) == 1


def test_nothing_found_says_what_to_do(desk: Desk) -> None:
    assert "Nothing in the archive fits" in found(desk, "q=xyzzyplugh").text
    assert "Take a filter off" in found(desk, "q=LinhChi&topic=minors").text


def test_a_hostile_article_among_the_hits_does_nothing(desk: Desk) -> None:
    page = found(desk, "q=onerror")
    assert item(desk, "hostile") in hits(page)
    assert not [n for one in page.find_all(True) for n in one.attrs if n.startswith("on")]
    assert not page.select("main img, main script")
    assert all(len(a.text) < 400 for a in page.select("p.title a"))


def test_more_like_an_item_leaves_it_out(desk: Desk) -> None:
    page = found(desk, f"like={desk.items['told']}")
    assert "More like this" in page.select("h1")[0].text
    assert item(desk, "told") not in hits(page)
    assert desk.browser().get("/search?like=999").status_code == 404


def test_before_the_archive_is_indexed_the_page_says_how(tmp_path: Path, desk: Desk) -> None:
    archive = Archive.open(tmp_path)
    app = create_app(
        desk.config, archive, open_searcher(archive, None, Surroundings()), now=lambda: NOW
    )
    app_before, desk.app = desk.app, app
    page = found(desk, "q=phà")
    desk.app = app_before
    archive.close()
    assert "decreewatch index" in page.text


def test_a_search_is_saved_run_again_and_forgotten(desk: Desk) -> None:
    browser = desk.browser()
    link = "/search?q=LinhChi&side=independent"
    assert send(browser, "/saved", link, name="Phạt LinhChi", search=link).status_code == 303
    page = BeautifulSoup(browser.get("/saved").text, "lxml")
    (row,) = page.select("main li[data-row]")
    assert row.select("p.title a")[0].text == "Phạt LinhChi"
    assert row.select("p.title a")[0]["href"] == link
    forget = row.select("form")[0]["action"]
    assert send(browser, str(forget), "/saved").status_code == 303
    assert "Nobody has saved a search yet" in browser.get("/saved").text
    acts = [action for _, action, _ in desk.changes()]
    assert acts[:2] == ["search.forgotten", "search.saved"]


def test_what_cannot_be_searched_cannot_be_saved(desk: Desk) -> None:
    browser = desk.browser()
    for search in ("/search?q=%22phà", "/search?since=tomorrow"):
        assert send(browser, "/saved", "/search", name="x", search=search).status_code == 422
    assert send(browser, "/saved", "/search", name=" ", search="/search?q=x").status_code == 422


def test_the_page_keeps_what_was_asked_in_its_form(desk: Desk) -> None:
    page = found(desk, "q=phà&topic=livestream&mode=words&edited=0")
    form = page.find(id="search")
    assert form is not None
    fields = {i["name"]: i.get("value") for i in form.select("input[name]")}
    assert fields["topic"] == "livestream" and fields["edited"] == "0"
    assert form.select("#mode option[selected]")[0]["value"] == "words"
    assert TITLE not in fields.values()


WORDS = st.text(min_size=1, max_size=8).filter(lambda one: one == one.strip() and one.isprintable())


@settings(max_examples=60)
@given(
    q=WORDS,
    topic=st.lists(WORDS, max_size=3, unique=True),
    since=st.none() | st.dates(),
    edited=st.none() | st.booleans(),
    collapse=st.booleans(),
)
def test_a_permalink_says_the_same_search_again(q, topic, since, edited, collapse) -> None:
    asked = Asked(q=q, topic=topic, since=since, edited=edited, collapse=collapse)
    again = read_link(asked.link())
    assert again.wrong == {}
    assert again.asked.link() == asked.link()
    assert asked_of(asked.request()).request() == asked.request()


@given(st.lists(st.tuples(st.sampled_from([*Asked.model_fields, "x"]), st.text(max_size=30))))
def test_any_address_can_be_read(pairs: list[tuple[str, str]]) -> None:
    said = read(QueryParams(pairs))
    said.asked.request()
    assert read_link(said.asked.link()).wrong == {}

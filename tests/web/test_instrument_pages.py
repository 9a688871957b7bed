"""An instrument's page: its life, its texts, what they say in figures, and who names it."""

from datetime import UTC, datetime, time

import pytest
from archives import seen
from hypothesis import given
from hypothesis import strategies as st
from watched_archive import ARTICLES, Browser, decree

from monitor.legal import parse
from storage.findings import FoundCitation
from storage.models_law import InstrumentVersion
from web.stated_values import statements
from web.timeline import drawn, steps


@pytest.fixture(scope="module")
def reader(watched):
    return Browser(watched)


def test_its_life_is_told_in_the_order_of_days(reader):
    said = [
        " ".join(one.p.get_text(" ").split())
        for one in reader.page("/instruments/lanterns").select("ol.steps > li")
    ]
    assert next(one for one in said if "draft" in one).endswith("draft 1")
    assert any("enacted text" in one for one in said)
    assert "takes effect" in said[-1] and "1 Jul" in said[-1]


def test_any_two_of_its_texts_are_compared_in_place(reader):
    page = reader.page("/instruments/lanterns")
    texts = [one["value"] for one in page.select("input[name=new]")]
    assert len(texts) == 3
    oldest, newest = texts[-1], texts[0]
    compared = reader.page(f"/instruments/lanterns/compare?old={oldest}&new={newest}")
    assert compared.find(id="c1").find("del").get_text() == "48 giờ"
    assert compared.find(id="c1").find("ins").get_text() == "24 giờ"
    assert len(compared.find_all("h1")) == 1
    assert compared.find("style") is None


def test_a_stored_comparison_is_found_by_its_number(reader):
    page = reader.page("/instruments/lanterns/compare?comparison=1")
    assert "deadline 48 hours → 36 hours" in page.main.get_text()


def test_only_its_own_texts_are_compared(reader):
    for query in ("old=1&new=999", "old=1", "comparison=999", ""):
        reader.page(f"/instruments/lanterns/compare?{query}", 404)
    reader.page("/instruments/x/compare?old=1&new=2", 404)


def test_what_its_provisions_say_in_figures_is_a_table(reader):
    rows = [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in reader.page("/instruments/lanterns").select("table.values tbody tr")
    ]
    assert ["deadline", "at most 24 hours"] in [row[1:3] for row in rows]
    assert ["penalty", "at least 10,000,000 dong"] in [row[1:3] for row in rows]
    only = reader.page("/instruments/lanterns?value=deadline").select("table.values tbody tr")
    assert len(only) == 1
    assert only[0].mark.get_text() == "chậm nhất là 24 giờ"


def test_the_figures_are_said_in_the_readers_language(watched):
    said = Browser(watched, "vi").words("/instruments/lanterns?value=deadline")
    assert "tối đa 24 giờ" in said


def test_a_number_in_any_form_leads_to_the_instrument(reader):
    for form in ("901/2031/nd-cp", "Nghị định 901/2031/NĐ-CP", "lanterns"):
        answer = reader.client.get("/instruments", params={"number": form})
        assert answer.url.path == "/instruments/lanterns"
        assert answer.status_code == 200


def test_coverage_names_the_articles_that_name_it(reader):
    said = reader.words("/instruments/lanterns")
    assert "2 articles" in said
    assert "Decree tightens lantern rules" in said


def test_what_nobody_names_has_no_page(reader):
    reader.page("/instruments/77/2024/NĐ-CP", 404)


def test_an_unwatched_instrument_that_is_named_has_a_page(copy):
    text = "Theo Nghị định 77/2024/NĐ-CP, đèn phải hạ."
    with copy.transaction() as tx:
        found = tx.items.observe(seen("https://press.example/77", 24, text=text))
        named = FoundCitation(0, 5, "77", "77/2024/NĐ-CP", "decree", None, None, None, None)
        tx.findings.cite(found.revision_id, [named])
    browser = Browser(copy)
    assert "Nothing is known of its drafts" in browser.words("/instruments/77/2024/NĐ-CP")
    assert "Decree 77/2024/NĐ-CP" in browser.words("/instruments")


@given(st.lists(st.sampled_from(ARTICLES), max_size=4))
def test_every_value_stands_in_its_provision_in_its_own_words(articles):
    text = decree() + "\n".join(f"Điều {n}. {one}" for n, one in enumerate(articles, 9))
    whole = parse(text).text
    for one in statements(text).values:
        assert one.before.strip("…").strip() in whole
        assert f"{one.text}{one.after.rstrip('…')}" in whole


@given(st.lists(st.dates(), max_size=30), st.dates())
def test_every_day_has_its_place_on_the_line_in_order(days, today):
    rows = [
        InstrumentVersion(
            stage="draft",
            item_id=n,
            revision_id=n,
            at=datetime.combine(day, time(12), UTC),
            reason="",
        )
        for n, day in enumerate(days)
    ]
    found = steps(rows, {}, [], [], today, UTC)
    line = drawn(found, today)
    assert (line is None) == (len(set(days)) < 2)
    if line is not None:
        places = [x for x, _ in line.days]
        assert places == sorted(places)
        assert all(0 <= x <= line.width for x in [*places, line.today])
        assert all(0 <= dot.y <= line.height for dot in line.dots)
        assert len(line.dots) + line.left_out == len(found)

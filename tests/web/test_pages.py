"""The pages over a small archive: what a reader is told, in both languages, without scripts."""

from pathlib import Path

import pytest
from archives import seen
from watched_archive import CONFIG, NOW, Browser

from storage.archive import Archive
from web.wording import LANGUAGES

PAGES = (
    "/",
    "/?since=30d",
    "/alerts",
    "/alerts?state=open&severity=major&rule=drafts&since=2031-06-01&until=2031-06-30",
    "/alerts/1",
    "/alerts/1?rules=1",
    "/sources",
    "/sources/press",
    "/sources/wire",
    "/sources/asleep",
    "/instruments",
    "/instruments/lanterns",
    "/instruments/lanterns?value=deadline",
    "/stories/1",
    "/status",
)


@pytest.fixture(scope="module")
def reader(watched):
    return Browser(watched)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_both_languages(watched, language, path):
    page = Browser(watched, language).page(path)
    assert page.html["lang"] == language
    assert page.title.get_text(strip=True).endswith("Decree Watch")
    assert len(page.find_all("h1")) == 1
    assert page.find("main") and page.find("nav") and page.find(class_="skip")["href"] == "#main"
    ids = [one["id"] for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    named = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    for field in page.select("input:not([type=hidden]), select"):
        assert field.get("id") in named or field.get("aria-label") or field.find_parent("label")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(reader, path):
    page = reader.page(path)
    assert [one for one in page.find_all("script") if not one.get("src")] == []
    assert page.find_all("style") == []
    marked = [
        (one.name, name)
        for one in page.find_all(True)
        for name in one.attrs
        if name == "style" or name.startswith("on")
    ]
    assert marked == []


@pytest.mark.parametrize("path", PAGES)
def test_every_table_that_may_be_wide_scrolls_by_itself_and_by_keyboard(reader, path):
    for one in reader.page(path).find_all(class_="wide"):
        assert one["tabindex"] == "0" and one["role"] == "group"
        assert one.get("aria-label") or one.get("aria-labelledby")


def test_today_tells_what_changed_who_wrote_of_it_and_what_comes_near(reader):
    said = reader.words("/?since=7d")
    assert "enacted text beside the draft before" in said
    assert "deadline 36 hours → 24 hours" in said
    assert "Nghị định 901/2031/NĐ-CP siết thả đèn lồng" in said
    assert "takes effect: Decree on lanterns" in said
    assert "edited Bến phà <b>mở</b> lại" in said
    assert "wire.example does not answer" in said
    assert "2 of 4 sources are well" in said


def test_changes_are_told_in_the_readers_language(copy):
    reader = Browser(copy, "vi")
    today = reader.page("/?since=7d")
    told = [one.text for one in today.select(".gravest [lang=vi]")]
    assert "khoản 1 Điều 2: thời hạn 36 giờ → 24 giờ" in told
    enacted = reader.page("/alerts?severity=critical").select_one(".rows a")["href"]
    assert "thời hạn 36 giờ → 24 giờ" in reader.words(enacted)


def test_today_begins_where_the_reader_last_looked(copy):
    browser = Browser(copy)
    assert "You look for the first time" in browser.words("/")
    with copy.transaction() as tx:
        tx.people.note_look("local", NOW)
        tx.people.look("local").at = NOW.replace(hour=4)
    said = browser.words("/")
    assert "Since you last looked" in said
    assert "enacted text beside" not in said


def test_an_empty_archive_says_what_to_do(tmp_path):
    archive = Archive.open(tmp_path / "empty")
    browser = Browser(archive)
    assert "decreewatch run" in browser.words("/")
    assert "decreewatch crawl" in browser.words("/sources")
    assert "decreewatch import FILE" in browser.words("/status")
    assert "[[rules]]" in browser.words("/alerts")
    assert "decreewatch crawl" in browser.words("/instruments/lanterns")
    archive.close()


def test_what_is_not_there_is_said_on_a_page_of_its_own(reader):
    for path in ("/nowhere", "/alerts/999", "/sources/nobody", "/stories/999", "/instruments/x"):
        assert "There is no such page" in reader.page(path, 404).h1.get_text()
    for path in ("/sources/%00", "/instruments/%00", "/instruments/a%0Ab"):
        reader.page(path, 404)
    for path in (f"/alerts/{10**20}", f"/stories/{10**20}", "/alerts/-1", "/alerts/0x7"):
        reader.page(path, 422)
    assert reader.page("/alerts/0x7", 422).h1.get_text() == "The address is not understood"


def test_an_address_may_ask_for_anything_and_gets_an_answer(reader):
    for path in (
        "/?since=%00",
        "/alerts?state=nonsense&severity=%3Cb%3E&since=31-31-31&until=9999-12-31&rule=%00",
        "/sources?side=%22%3E&status=x",
        "/instruments/lanterns?value=nonsense&text=999&every=true",
    ):
        reader.page(path)


def test_the_chosen_language_and_theme_stay_chosen(watched):
    browser = Browser(watched)
    browser.page("/status?lang=vi&theme=dark")
    page = browser.page("/")
    assert (page.html["lang"], page.html["data-theme"]) == ("vi", "dark")
    assert page.find("a", hreflang="en")["href"] == "/?lang=en"


def test_times_are_the_readers_and_exact_when_pointed_at(reader):
    time = reader.page("/alerts/1").select_one(".head time")
    assert time["datetime"] == "2031-06-03T11:00:00+00:00"
    assert time["title"] == "2031-06-03 18:00:00 +07"


def test_sources_in_trouble_come_first_with_their_reasons(reader):
    first, *_ = reader.page("/sources").select("tbody tr")
    assert "Far Wire" in first.get_text() and "does not answer" in first.get_text()
    assert "no answer in 30 s" in reader.words("/sources/wire")


def test_only_the_sources_asked_for_are_listed(reader):
    names = [one.a.get_text() for one in reader.page("/sources?side=official").select("tbody tr")]
    assert names == ["Cổng Văn bản"]


def test_a_story_tells_who_told_it(reader):
    page = reader.page("/stories/1")
    assert page.h1["lang"] == "vi"
    assert "Tin Mới" in page.main.get_text()


def test_a_source_of_which_only_items_are_kept_has_a_page(copy):
    with copy.transaction() as tx:
        tx.items.observe(seen("https://old.example/1", 1, source_id="old-paper"))
    assert "Not in the configuration" in Browser(copy).words("/sources/old-paper")


def test_status_says_how_far_each_stage_has_read(reader):
    said = reader.words("/status")
    assert "comparisons" in said
    assert str(Path("watched")) in said
    assert CONFIG.topics[0].name in said
    assert "decreewatch index" in said


def test_a_head_is_the_page_without_its_body(reader):
    answer = reader.client.head("/status")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/html")
    assert reader.client.head("/nowhere").status_code == 404


def test_what_pages_load_is_ours_and_may_be_kept(reader):
    page = reader.page("/")
    loaded = [one["href"] for one in page.find_all("link")]
    loaded += [one["src"] for one in page.find_all("script")]
    for address in loaded:
        assert address.startswith("/static/")
        answer = reader.client.get(address)
        assert answer.status_code == 200
        assert "max-age=2592000" in answer.headers["cache-control"]
    for hidden in ("__init__.py", "../app.py", "%2e%2e/app.py"):
        assert reader.client.get(f"/static/{hidden}").status_code == 404

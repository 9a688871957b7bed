"""The API: the abilities of the pages for programs, its errors, and its description."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from desk import HOSTILE_TEXT, NEW, NOW, TITLE, Desk, moment, tell
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from warcio.archiveiterator import ArchiveIterator

from storage.credentials import digest, new_token
from storage.tokens import SCOPES


def got(desk: Desk, path: str, status: int = 200) -> Any:
    answer = desk.browser().get(f"/api/v1{path}")
    assert answer.status_code == status, answer.text
    kind = "application/problem+json" if status >= 400 else "application/json"
    assert answer.headers["content-type"] == kind
    return answer.json()


def test_a_search_answers_as_the_page_does(desk: Desk) -> None:
    said = got(desk, "/search?q=LinhChi&collapse=0")
    assert {hit["item_id"] for hit in said["hits"]} == {desk.items["told"], desk.items["copy"]}
    assert said["total"] == 2 and said["next"] == ""
    assert {"value": "baomoi", "count": 1} in said["facets"]["sources"]
    assert sum(one["count"] for one in said["histogram"]) == 2
    assert any(piece["marked"] for piece in said["hits"][0]["snippet"])


def test_pages_of_a_search_hold_every_hit_once(desk: Desk) -> None:
    seen: list[int] = []
    token = ""
    for _ in range(20):
        said = got(desk, f"/search?limit=3&counted=0&page={token}")
        seen += [hit["item_id"] for hit in said["hits"]]
        token = said["next"]
        if not token:
            break
    assert len(seen) == len(set(seen)) == said["total"] - 1, "two of them are one story"


def test_an_item_comes_with_its_text_topics_citations_and_story(desk: Desk) -> None:
    said = got(desk, f"/items/{desk.items['live']}")
    assert (said["revision"]["title"], said["revision"]["text"]) == (TITLE, NEW)
    assert said["edits"] == 1 and said["revisions"] == 2 and said["side"] == "state"
    assert said["revision"]["changes"][0]["inline"].count(["-", "60"]) == 1
    assert [one["instrument"] for one in said["instruments"]] == ["147/2024/NĐ-CP"]
    (citation,) = said["revision"]["citations"]
    whole = f"{TITLE}\n{NEW}"
    assert whole[citation["start"] : citation["end"]] == citation["text"]
    assert said["revision"]["topics"][0]["topic"] == "livestream"


def test_items_are_read_page_by_page(desk: Desk) -> None:
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        said = got(desk, f"/items?limit=3&after={after}")
        seen += [one["id"] for one in said["items"]]
        after = said["next"]
    assert seen == sorted(desk.items.values())
    assert [one["id"] for one in got(desk, "/items?source=farwire")["items"]] == [
        desk.items["english"]
    ]


def test_revisions_and_captures_of_an_item(desk: Desk) -> None:
    item = desk.items["live"]
    newest, oldest = got(desk, f"/items/{item}/revisions")
    assert moment(newest["seen_at"]) > moment(oldest["seen_at"])
    first = got(desk, f"/items/{item}/revisions/{oldest['id']}")
    assert first["before"] is None and first["changes"] == []
    captures = got(desk, f"/items/{item}/captures")
    assert [one["id"] for one in captures] == [desk.captures["first"], desk.captures["again"]]
    assert captures[1]["revisit_of"] == captures[0]["id"]
    whole = got(desk, f"/items/{item}/captures/{captures[0]['id']}")
    assert ["Content-Type", "text/html; charset=utf-8"] in whole["headers"]
    warc = desk.browser().get(whole["warc"])
    records = [one.rec_type for one in ArchiveIterator(io.BytesIO(warc.content))]
    assert records == ["warcinfo", "response", "request"]


def test_labels_are_said_and_listed(desk: Desk) -> None:
    item = desk.items["copy"]
    words = {"words": [{"verdict": "also", "topic": "minors"}], "note": "see the third line"}
    answer = tell(desk.browser(), "POST", f"/items/{item}/labels", words)
    assert answer.status_code == 201 and answer.json()[0]["by"] == "local"
    assert desk.topics("copy") == {"minors"}
    assert got(desk, f"/items/{item}/labels") == answer.json()
    assert answer.json()[0] in got(desk, "/labels")["items"]
    both = {"words": [{"verdict": "wrong"}, {"verdict": "also", "topic": "minors"}]}
    refused = tell(desk.browser(), "POST", f"/items/{item}/labels", both)
    assert refused.status_code == 422 and refused.json()["kind"] == "label-refused"
    assert desk.topics("copy") == {"minors"}


def test_alerts_are_listed_explained_acknowledged_and_resolved(desk: Desk) -> None:
    (alert,) = got(desk, "/alerts")["items"]
    assert alert["state"] == "open" and alert["deliveries"][0]["channel"] == "slack"
    number = alert["id"]
    assert got(desk, f"/alerts/{number}")["event"] is None
    browser = desk.browser()
    assert tell(browser, "POST", f"/alerts/{number}/ack").json()["acknowledged_by"] == "local"
    assert got(desk, "/alerts?state=open")["items"] == []
    assert tell(browser, "POST", f"/alerts/{number}/resolve").json()["state"] == "resolved"
    acts = desk.changes()[:2]
    assert acts == [
        ("local", "alert.resolved", f"alert:{number}"),
        ("local", "alert.acknowledged", f"alert:{number}"),
    ]
    assert tell(browser, "POST", "/alerts/999/ack").status_code == 404


def test_a_silence_begins_and_ends(desk: Desk) -> None:
    browser = desk.browser()
    wanted = {"instrument": "147/2024/nd-cp", "hours": 2, "note": "holiday"}
    begun = tell(browser, "POST", "/silences", wanted)
    assert begun.status_code == 201 and begun.json()["instrument"] == "147/2024/NĐ-CP"
    number = begun.json()["id"]
    assert [one["id"] for one in got(desk, "/silences")["items"]] == [number]
    assert tell(browser, "DELETE", f"/silences/{number}").json()["holds"] is False
    assert tell(browser, "DELETE", f"/silences/{number}").status_code == 404
    assert got(desk, "/silences?over=1")["items"][0]["id"] == number
    for wrong in ({"hours": 2}, {"topic": "weather", "hours": 2}, {"everything": True, "hours": 0}):
        assert tell(browser, "POST", "/silences", wrong).status_code == 422


def test_a_search_is_saved_and_forgotten(desk: Desk) -> None:
    browser = desk.browser()
    saved = tell(browser, "POST", "/saved", {"name": "Phà", "search": "q=phà&side=state"})
    assert saved.status_code == 201
    number = saved.json()["id"]
    query = got(desk, f"/saved/{number}")["query"]
    assert got(desk, f"/search?{query}")["total"] > 0
    assert [one["name"] for one in got(desk, "/saved")["items"]] == ["Phà"]
    assert tell(browser, "DELETE", f"/saved/{number}").status_code == 204
    assert got(desk, f"/saved/{number}", 404)["kind"] == "not-found"
    unclear = tell(browser, "POST", "/saved", {"name": "x", "search": 'q="phà'})
    assert unclear.json()["kind"] == "query-unclear"


def test_stories_events_digest_and_what_is_watched(desk: Desk) -> None:
    (story,) = got(desk, "/stories?days=30")["items"]
    tellings = got(desk, f"/stories/{story['id']}")["items"]
    assert [one["item"]["id"] for one in tellings] == [desk.items["told"], desk.items["copy"]]
    first = got(desk, "/events?limit=2")
    rest = got(desk, f"/events?after={first['next']}")
    assert [one["seq"] for one in first["items"]] == [1, 2]
    assert (
        rest["items"][0]["seq"] == 3 and got(desk, f"/events?after={rest['next']}")["items"] == []
    )
    judged = got(desk, "/events/1/verdicts")
    assert judged["event"] == first["items"][0]
    assert (judged["read"], judged["alerts"]) == (False, [])
    got(desk, "/events/999999/verdicts", 404)
    assert got(desk, "/digest?day=2031-06-04")["day"] == "2031-06-04"
    assert [one["id"] for one in got(desk, "/sources")["items"]] == ["press", "baomoi", "farwire"]
    assert {one["id"] for one in got(desk, "/topics")["items"]} == {"livestream", "minors"}
    assert got(desk, "/status")["counts"]["articles"] == 7


def test_an_instrument_that_texts_name_and_two_texts_compared(desk: Desk) -> None:
    said = got(desk, "/instruments/147/2024/N%C4%90-CP")
    assert said["named_in"] == [desk.items["live"]] and not said["watched"]
    assert got(desk, "/instruments/147/2024/nd-cp") == said
    weeks = [week for week in said["coverage"] if week["by_kind"]]
    assert len(said["coverage"]) == 26
    assert [sum(week["by_kind"].values()) for week in weeks] == [1]
    listed = got(desk, "/instruments")["items"]
    assert [one["id"] for one in listed] == ["147/2024/NĐ-CP"]
    old, new = desk.revisions("law")
    assert got(desk, f"/compare?old={old}&new={new}")["changes"] == []
    assert got(desk, "/compare?old=999&new=1", 404)["detail"] == "There is no revision 999."


def test_two_texts_are_compared_once_for_all_who_ask(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = desk.revisions("live")
    wanted = got(desk, f"/compare?old={old}&new={new}")
    assert wanted["changes"][0]["values"][0]["new"]["text"] == "30 ngày"
    monkeypatch.setattr("web.legal_texts.compare", None)
    assert got(desk, f"/compare?old={old}&new={new}") == wanted


def test_a_source_comes_with_its_items_a_day_and_its_troubles(desk: Desk) -> None:
    with desk.archive.transaction() as tx:
        tx.sources.trouble("farwire", "https://farwire.example/rss", "timeout", "no answer", NOW)
    said = got(desk, "/sources/farwire")
    assert (said["side"], said["status"], said["waiting"]) == ("international", "never asked", 0)
    assert [one["id"] for one in said["items"]] == [desk.items["english"]]
    assert {"day": "2031-06-04", "items": 1} in said["a_day"] and len(said["a_day"]) == 60
    assert [one["message"] for one in said["troubles"]] == ["no answer"]
    assert got(desk, "/sources/nobody", 404)["kind"] == "not-found"


def test_what_a_text_says_in_figures(desk: Desk) -> None:
    _, newest = desk.revisions("live")
    (value,) = got(desk, f"/values?revision={newest}")["values"]
    assert (value["type"], value["english"], value["text"]) == ("duration", "30 days", "30 ngày")
    assert got(desk, "/values?revision=999", 404)["detail"] == "There is no revision 999."


def test_who_changed_what_is_told_page_by_page(desk: Desk) -> None:
    browser = desk.browser()
    for name in ("Đò", "Phà"):
        tell(browser, "POST", "/saved", {"name": name, "search": "q=phà"})
    first = got(desk, "/audit?action=search&limit=1")
    assert first["items"][0]["detail"]["name"] == "Phà" and first["items"][0]["by"] == "local"
    rest = got(desk, f"/audit?action=search&limit=1&before={first['next']}")
    assert rest["items"][0]["detail"]["name"] == "Đò"
    assert got(desk, "/audit?by=nobody")["items"] == []


def test_items_like_another(desk: Desk) -> None:
    said = got(desk, f"/items/{desk.items['told']}/similar?limit=3")
    assert desk.items["told"] not in [hit["item_id"] for hit in said["hits"]]


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/items/999", 404, "not-found"),
        ("/items/0", 422, "unclear"),
        ("/items/9223372036854775808", 422, "unclear"),
        ("/items/1/revisions/999", 404, "not-found"),
        ("/items/1/captures/999/warc", 404, "not-found"),
        ("/instruments/nope", 404, "not-found"),
        ("/search?q=%22pha", 422, "query-unclear"),
        ("/search?limit=0", 422, "unclear"),
        ("/search?mode=magic", 422, "unclear"),
        ("/search?page=torn", 422, None),
        ("/alerts?state=lost", 422, "unclear"),
        ("/digest?day=2999-01-01", 422, "unclear"),
        ("/nowhere", 404, "not-found"),
    ],
)
def test_every_error_has_the_same_form(
    desk: Desk, path: str, status: int, kind: str | None
) -> None:
    said = got(desk, path, status)
    assert said["status"] == status and said["title"] and said["type"] == "about:blank"
    assert kind in (None, said["kind"])


def test_an_unclear_query_says_where(desk: Desk) -> None:
    assert got(desk, "/search?q=pha+%22ben", 422)["at"] == 4


def test_a_change_without_the_token_of_a_form_is_refused(desk: Desk) -> None:
    answer = desk.browser().post("/api/v1/alerts/1/ack")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_in_the_json_can_steer_a_terminal_and_nothing_is_lost(desk: Desk) -> None:
    answer = desk.browser().get(f"/api/v1/items/{desk.items['hostile']}")
    assert not {c for c in answer.text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0}
    assert not set(answer.text) & set("\u202e\u2066\u2069")
    assert answer.json()["revision"]["text"] == HOSTILE_TEXT
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_answer_is_as_the_openapi_document_says(desk: Desk) -> None:
    document = got(desk, "/openapi.json")
    schemas = document["components"]
    operations = {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(ids) == len(set(ids))
    filled = {
        "item_id": desk.items["live"],
        "revision_id": desk.revisions("live")[0],
        "capture_id": desk.captures["first"],
        "instrument": "147/2024/NĐ-CP",
        "alert_id": 1,
        "story_id": 1,
        "source_id": "press",
        "seq": 1,
    }
    seen = 0
    for (path, method), operation in operations.items():
        answers = operation["responses"]
        assert all("application/problem+json" in answers[s]["content"] for s in answers if s >= "4")
        content = answers.get("200", {}).get("content", {})
        if method != "get" or "application/json" not in content or "saved" in path:
            continue
        query = {"/compare": "?old=1&new=1", "/values": "?revision=1"}.get(path, "")
        said = got(desk, path.format(**filled) + query)
        schema = content["application/json"]["schema"] | {"components": schemas}
        Draft202012Validator(json.loads(json.dumps(schema))).validate(said)
        seen += 1
    assert seen > 20


@pytest.mark.slow
def test_no_input_makes_the_server_fail_or_answer_otherwise_than_described(desk: Desk) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    headers = {"Host": "127.0.0.1:8420", "Authorization": f"Bearer {token_of(desk)}"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", desk.app, headers=headers)
    asked = 0
    for found in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(max_examples=15, suppress_health_check=list(HealthCheck))
            @given(found.ok().as_strategy(generation_mode=mode))
            def probe(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.validate_response(case.call(headers=headers), checks=checks)

            with suppress(Unsatisfiable):
                probe()
    assert asked > 500


def token_of(desk: Desk) -> str:
    """A token that may everything."""
    token = new_token()
    with desk.archive.transaction() as tx:
        tx.people.add("root", "admin", NOW)
        tx.tokens.add("root", "probe", SCOPES, digest(token), NOW)
    return token

"""Seven days of the newsroom, end to end: what was gathered, understood and told."""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from playing import Played, decreewatch

from newsroom import truth
from newsroom.calendar import ZONE, date_of, days
from newsroom.script import FEED_BROKEN_ON
from storage.models import Event, Item

RELEVANCE_FLOOR = 0.9
"""F1 of telling articles about Vietnam's rules from all others, over the invented press."""
TOPIC_FLOOR = 0.75
"""Share of on-topic articles whose first topic is one that a reader gave them."""


def events(played: Played, *kinds: str) -> list[Event]:
    with played.archive.reading() as tx:
        return tx.events.after(0, kinds)


def item(played: Played, key: str) -> Item:
    path = truth.path_by_key()[key]
    with played.archive.reading() as tx:
        return next(i for i, _ in tx.items.every() if i.url.endswith(path))


def tagged(played: Played) -> dict[str, list[str]]:
    """The topics of each article, best first, by key."""
    keys = {path: key for key, path in truth.path_by_key().items()}
    found: dict[str, list[str]] = {}
    with played.archive.reading() as tx:
        for one, revision in list(tx.items.every()):
            path = "/" + one.url.split("/", 3)[3]
            if path in keys:
                found[keys[path]] = [tag.topic for tag in tx.findings.tags(revision.id)]
    return found


def local_day(at: datetime) -> int:
    return (at.astimezone(ZONE).date() - date_of(1)).days + 1


def test_every_article_is_gathered_on_its_day(played: Played) -> None:
    appeared = Counter(
        (local_day(event.at), event.data["source"])
        for event in events(played, "item.appeared")
        if event.data["kind"] == "article"
    )
    late = {FEED_BROKEN_ON: {"nhipdo"}, FEED_BROKEN_ON + 1: {"nhipdo"}}
    for day in days():
        for outlet, expected in truth.new_articles(day).items():
            if outlet not in late.get(day, ()):
                assert appeared[day, outlet] == expected, (day, outlet)
    assert sum(appeared.values()) == len(truth.path_by_key())


def test_titles_bodies_dates_and_bylines_are_as_printed(played: Played) -> None:
    from newsroom.press import articles

    printed = {article.key: article for article in articles()}
    keys = {path: key for key, path in truth.path_by_key().items()}
    with played.archive.reading() as tx:
        found = {
            keys["/" + one.url.split("/", 3)[3]]: tx.items.revisions(one.id)[0]
            for one, _ in list(tx.items.every())
            if one.kind == "article"
        }
    assert set(found) == set(printed)
    for key, revision in found.items():
        assert revision.title == printed[key].title, key
        assert revision.text, key
        assert (revision.published_at is None) == (key == truth.UNDATED), key


def test_the_silent_edit_is_a_second_revision_with_its_own_capture(played: Played) -> None:
    edited = item(played, truth.EDITED)
    with played.archive.reading() as tx:
        first, second = tx.items.revisions(edited.id)
    assert second.cause == "edit"
    assert local_day(second.seen_at) == truth.EDITED_ON
    assert first.text != second.text
    assert first.capture_id != second.capture_id
    assert second.capture_id is not None
    assert played.archive.read_capture(second.capture_id).body


def test_a_changed_related_box_is_no_revision(played: Played) -> None:
    assert item(played, truth.RELATED_CHANGED).latest == 1


def test_only_what_really_changed_is_said_to_have_changed(played: Played) -> None:
    revised = [e for e in events(played, "item.revised") if e.data["kind"] == "article"]
    assert [e.data["url"].rsplit("/", 1)[1] for e in revised] == [
        truth.path_by_key()[truth.EDITED].rsplit("/", 1)[1]
    ]


def test_the_removed_article_is_said_to_be_removed_once_and_kept(played: Played) -> None:
    [removed] = events(played, "item.removed")
    gone = item(played, truth.REMOVED)
    assert removed.data["item"] == gone.id
    assert gone.removed_at is not None
    with played.archive.reading() as tx:
        kept = tx.items.latest(gone)
    assert kept is not None and kept.text


def test_the_broken_feed_is_named_and_its_mending_too(played: Played) -> None:
    [failing] = events(played, "source.failing")
    [recovered] = events(played, "source.recovered")
    assert failing.subject == recovered.subject == "source:nhipdo"
    assert local_day(failing.at) == FEED_BROKEN_ON
    assert local_day(recovered.at) == FEED_BROKEN_ON + 1


def test_relevant_articles_are_told_from_the_others(played: Played) -> None:
    found = tagged(played)
    relevant = set(truth.expected_topics())
    said = {key for key, topics in found.items() if topics}
    right = len(said & relevant)
    precision, recall = right / len(said), right / len(relevant)
    f1 = 2 * precision * recall / (precision + recall)
    assert f1 >= RELEVANCE_FLOOR, (precision, recall, said ^ relevant)


def test_the_first_topic_is_one_a_reader_would_give(played: Played) -> None:
    found, expected = tagged(played), truth.expected_topics()
    right = [key for key, topics in expected.items() if found[key] and found[key][0] in topics]
    assert len(right) / len(expected) >= TOPIC_FLOOR, sorted(set(expected) - set(right))


def test_the_stories_told_more_than_once_are_those_declared(played: Played) -> None:
    keys = {path: key for key, path in truth.path_by_key().items()}
    members: dict[int, set[str]] = {}
    with played.archive.reading() as tx:
        for one, _ in list(tx.items.every()):
            row = tx.stories.of_item(one.id)
            if row is not None:
                key = keys["/" + one.url.split("/", 3)[3]]
                members.setdefault(row.story_id, set()).add(key)
    told_often = [keys for keys in members.values() if len(keys) > 1]
    assert told_often == [{truth.WIRE_STORY, truth.NEAR_COPY, truth.TRANSLATION}]


def test_the_decree_is_followed_from_draft_to_enactment(played: Played) -> None:
    versions = [(e.data["stage"], e.data["ordinal"]) for e in events(played, "instrument.version")]
    assert sorted(versions) == [("base", 1), ("draft", 1), ("draft", 2), ("enacted", 1)]
    compared = {(e.data["stage"], e.data["against"]) for e in events(played, "instrument.compared")}
    assert {("draft", "draft"), ("enacted", "draft"), ("enacted", "base")} <= compared


def enactment(played: Played) -> dict[str, Any]:
    [event] = [
        e
        for e in events(played, "instrument.compared")
        if (e.data["stage"], e.data["against"]) == ("enacted", "draft")
    ]
    with played.archive.reading() as tx:
        row = tx.findings.comparison(event.data["comparison"])
    assert row is not None
    return row.result


def test_every_changed_deadline_and_threshold_of_the_enacted_decree_is_found(
    played: Played,
) -> None:
    values = [v for change in enactment(played)["changes"] for v in change["values"]]
    pairs = {(v["old"]["value"], v["new"]["value"]) for v in values if v["old"] and v["new"]}
    expected = [
        (v.old_value, v.new_value)
        for v in truth.enactment().values
        if v.change == "changed" and isinstance(v.old_value, int) and isinstance(v.new_value, int)
    ]
    assert expected
    assert [pair for pair in expected if pair not in pairs] == []


def test_each_alert_is_told_exactly_once_and_all_are_delivered(played: Played) -> None:
    with played.archive.reading() as tx:
        alerts = tx.outbox.alerts()
        deliveries = [d for alert in alerts for d in tx.outbox.deliveries(alert.id)]
    rules = Counter(alert.rule for alert in alerts)
    assert rules["enacted"] >= 1
    assert rules["new-draft"] >= 1
    assert rules["silent-edit"] == 1
    assert rules["taken-down"] == 1
    troubles = [alert.title for alert in alerts if alert.rule == "source-trouble"]
    assert sorted(troubles) == ["Nhịp Đô can be read again", "Nhịp Đô cannot be read"]
    assert rules["dates"] == len(truth.TOLD_DUE)
    assert rules["standing"] == 1
    assert {d.state for d in deliveries} == {"sent"}
    assert len({alert.key for alert in alerts}) == len(alerts)


def test_what_falls_due_is_found_in_the_texts_that_stand(played: Played) -> None:
    with played.archive.reading() as tx:
        rows = [row for row in tx.deadlines.since(date(2024, 1, 1)) if row.gone_at is None]
    assert {(r.instrument, r.kind, r.on_date.isoformat()) for r in rows} == truth.DUE
    assert all(row.text and row.place and row.confidence == "certain" for row in rows)


def test_days_that_come_near_are_told_on_their_day(played: Played) -> None:
    told = [
        (local_day(e.at), e.data["instrument"], e.data["kind"], e.data["left"])
        for e in events(played, "deadline.near")
    ]
    assert tuple(told) == truth.TOLD_DUE


def test_the_status_of_each_instrument_is_followed(played: Played) -> None:
    with played.archive.reading() as tx:
        found = {one: tuple(row.status for row in tx.statuses.of(one)) for one in truth.STANDING}
        (alert,) = [one for one in tx.outbox.alerts() if one.rule == "standing"]
    assert found == truth.STANDING
    assert "will be replaced" in alert.title


def test_the_demo_shows_each_day_and_ends_with_three_commands_that_work(played: Played) -> None:
    for day in days():
        assert f"Day {day}" in played.shown
    assert "CRITICAL" in played.shown
    commands = re.findall(r"^\s+\S*decreewatch\S* (--config .+?)\s+#", played.shown, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        ended = decreewatch(*command.split())
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout


def test_the_archive_is_whole(played: Played) -> None:
    ended = decreewatch("verify", "--deep", "--json", "--config", str(played.config_path))
    assert json.loads(ended.stdout)["bad"] == []


def test_a_demo_leaves_a_folder_that_is_not_its_own_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    ended = decreewatch("demo", "--folder", str(tmp_path))
    assert ended.returncode == 1
    assert "not a demo's" in ended.stderr
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize(
    "reader", ["topics", "citations", "lineage", "compare", "deadlines", "statuses", "alerts"]
)
def test_every_stage_has_read_the_whole_log(played: Played, reader: str) -> None:
    with played.archive.reading() as tx:
        pending = tx.events.after(tx.events.cursor(reader))
        assert not pending
        assert tx.events.failures(reader) == []

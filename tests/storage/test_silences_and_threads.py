"""Silences hold for a while and are never forgotten; a thread keeps its first message."""

from datetime import timedelta

from raised_alerts import NOW, raise_alerts

HOUR = timedelta(hours=1)


def silence(archive, **said):
    with archive.transaction() as tx:
        return tx.silences.add(until=NOW + HOUR, by="lan", at=NOW, **said).id


def holding(archive, moment):
    with archive.reading() as tx:
        return [one.id for one in tx.silences.at(moment)]


def test_a_silence_holds_from_when_it_was_made_until_its_end(archive):
    silence(archive, topic="minors", note="election week")
    assert holding(archive, NOW - HOUR) == []
    assert holding(archive, NOW) == [1]
    assert holding(archive, NOW + HOUR - timedelta(seconds=1)) == [1]
    assert holding(archive, NOW + HOUR) == []


def test_a_silence_that_was_ended_early_holds_no_longer_and_is_still_listed(archive):
    silence(archive, source="tin-moi")
    with archive.transaction() as tx:
        assert tx.silences.end(1, NOW + HOUR / 2).ended_at == NOW + HOUR / 2
        assert tx.silences.end(1, NOW + HOUR).ended_at == NOW + HOUR / 2
        assert tx.silences.end(7, NOW) is None
    assert holding(archive, NOW + HOUR / 4) == [1]
    assert holding(archive, NOW + HOUR / 2) == []
    with archive.reading() as tx:
        assert [(one.source, one.by) for one in tx.silences.all()] == [("tin-moi", "lan")]


def test_the_first_message_of_a_thread_stays_the_first_of_its_channel(archive):
    raise_alerts(archive, "a", "a")
    with archive.transaction() as tx:
        for alert, channel, ts in ((1, "slack", "1"), (2, "slack", "2"), (2, "mail", "3")):
            tx.threads.begin(channel, "story:1", alert_id=alert, answer={"ts": ts}, at=NOW)
    with archive.reading() as tx:
        assert tx.threads.first("slack", "story:1").answer == {"ts": "1"}
        assert tx.threads.first("mail", "story:1").answer == {"ts": "3"}
        assert tx.threads.first("slack", "story:2") is None

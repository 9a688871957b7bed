"""Alerts on sources that are not what they were: one until it is mended."""

DRIFT = {"id": "drifts", "on": "source-drift", "severity": "major"}
TROUBLE = "selectors:2031-06-02T05:00:00+00:00"
WORDS = "the ims family's selectors matched 0 of 25 pages since 2 June; trafilatura reads them"


def drifts(desk, sort="selectors", words=WORDS, source="tin-moi", **said):
    since = desk.now.isoformat()
    data = {"sort": sort, "since": since, "words": words, "reasons": [words], "trouble": TROUBLE}
    desk.happens("source.drifted", f"source:{source}", thread="source:tin-moi", **data | said)


def mended(desk, sort="selectors", trouble=TROUBLE, source="tin-moi"):
    reasons = ["the family's selectors match again"]
    said = {"sort": sort, "trouble": trouble, "reasons": reasons, "thread": "source:tin-moi"}
    desk.happens("source.mended", f"source:{source}", **said)


def test_a_source_that_drifts_is_told_in_words_with_all_that_changed(desk):
    others = "25 of 25 pages since 2 June have no byline; before, 3 of 300 had none"
    drifts(desk, reasons=[WORDS, others])
    (alert,) = desk.alerts(DRIFT)
    assert alert.title == f"Tin Mới: {WORDS}"
    assert (alert.severity, alert.thread) == ("major", "source:tin-moi")
    assert ["Reason", others] in alert.body["facts"]


def test_one_alert_stands_however_much_more_drifts_and_ends_with_the_last(desk):
    drifts(desk)
    drifts(desk, "byline", "25 of 25 pages since 2 June have no byline")
    mended(desk, "byline", trouble="")
    (alert,) = desk.alerts(DRIFT)
    assert alert.state == "open"
    assert "mended in one respect" in desk.reasons("source.mended", DRIFT)
    mended(desk)
    first, well = desk.alerts(DRIFT)
    assert first.state == "resolved"
    assert (well.title, well.severity) == ("Tin Mới: the family's selectors match again", "minor")


def test_a_family_that_drifts_on_several_sources_is_one_alert_over_with_the_last(desk):
    drifts(desk, sources=["tin-moi", "song-xanh"])
    drifts(desk, source="song-xanh", sources=["tin-moi", "song-xanh"])
    mended(desk, trouble="")
    (alert,) = desk.alerts(DRIFT)
    assert alert.state == "open"
    assert alert.title.startswith("Tin Mới, ") and alert.title.endswith(f": {WORDS}")
    mended(desk, source="song-xanh")
    assert [one.state for one in desk.alerts(DRIFT)] == ["resolved", "open"]


def test_what_drifts_anew_after_it_was_mended_is_told_anew(desk):
    drifts(desk)
    mended(desk)
    drifts(desk, trouble="selectors:2031-07-02T05:00:00+00:00")
    assert [one.state for one in desk.alerts(DRIFT)] == ["resolved", "open", "open"]


def test_a_source_that_recovers_or_speaks_does_not_end_its_drift(desk):
    drifts(desk)
    desk.happens("source.recovered", "source:tin-moi")
    desk.happens("source.spoke", "source:tin-moi", reasons=["something new came"])
    (alert,) = desk.alerts(DRIFT)
    assert alert.state == "open"

"""Alerts and silences from the command line: what they show, change and refuse."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from written_config import written

from decreewatch import main
from storage.archive import Archive
from storage.observations import Observation

RULES = """
[[topics]]
id = "livestream"

[[instruments]]
id = "ferry-decree"
name = "The ferry decree"
number = "901/2031/NĐ-CP"

[[rules]]
id = "gone"
on = "removed"
channels = ["terminal"]

[[rules]]
id = "later"
on = "removed"
channels = ["terminal"]
sources = ["tin-moi"]
enabled = false
"""
NOW = datetime.now(UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return written(tmp_path, RULES)


@pytest.fixture
def desk(config: Path, tmp_path: Path) -> Path:
    """An archive with two alerts: one given up, one on its way; and an event that raised one."""
    archive = Archive.open(tmp_path / "archive")
    with archive.transaction() as tx:
        seen = tx.items.observe(
            Observation(
                url="https://tinmoi.example/a", source_id="tin-moi", kind="article", seen_at=NOW,
                title="Bến phà", extractor="test", extractor_version=1, text="Phà.", language="vi",
            )
        )  # fmt: skip
        gone = {"item": seen.item_id, "revision": seen.revision_id, "source": "tin-moi"}
        gone |= {"missing_since": NOW.isoformat(), "status": 410, "title": "Bến phà"}
        event = tx.events.append("item.removed", f"item:{seen.item_id}", NOW, gone)
        assert event is not None
        for number, severity in ((1, "major"), (2, "critical")):
            tx.outbox.raise_alert(
                f"gone:removed:{seen.item_id}:{NOW.isoformat()}" if number == 1 else "k2",
                rule="gone", severity=severity, subject="item:1", title=f"Alert {number}",
                body={"facts": [["Answer", "HTTP 410"]]}, channels=["terminal"], at=NOW,
                seq=event.seq if number == 1 else None,
                decisions=[{"step": "group", "verdict": "pass", "reason": "groups nothing"}],
            )  # fmt: skip
        claimed = tx.outbox.claim(1, NOW, timedelta(minutes=3))
        assert claimed is not None
        tx.outbox.failed(claimed, "the channel is gone", None)
    archive.close()
    return config


def said(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> Any:
    capsys.readouterr()
    assert main(["--config", str(config), "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def shown(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> str:
    capsys.readouterr()
    assert main(["--config", str(config), *words]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> str:
    capsys.readouterr()
    assert main(["--config", str(config), *words]) in (1, 2)
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


def test_alerts_are_listed_with_thread_times_decisions_and_deliveries(desk, capsys) -> None:
    newest, oldest = said(capsys, desk, "alerts", "list")
    assert set(newest) == {
        "id", "rule", "severity", "subject", "thread", "title", "state", "raised_at",
        "acknowledged_at", "acknowledged_by", "resolved_at", "decisions", "deliveries",
    }  # fmt: skip
    assert (newest["id"], oldest["thread"], oldest["raised_at"]) == (2, "item:1", NOW.isoformat())
    assert oldest["deliveries"][0]["error"] == "the channel is gone"
    assert oldest["decisions"][0]["step"] == "group"
    assert "terminal failed" in re.sub(r"\s+", " ", shown(capsys, desk, "alerts", "list"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--limit", "1"], [2]),
        (["--state", "acknowledged"], []),
        (["--state", "open", "--state", "resolved"], [2, 1]),
        (["--since", (NOW + timedelta(hours=1)).isoformat()], []),
        (["--since", (NOW - timedelta(hours=1)).isoformat()], [2, 1]),
    ],
)
def test_alerts_are_chosen_by_state_time_and_number(desk, capsys, words, found) -> None:
    assert [one["id"] for one in said(capsys, desk, "alerts", "list", *words)] == found


def test_several_alerts_are_acknowledged_at_once_by_whom_one_says(desk, capsys) -> None:
    found = said(capsys, desk, "alerts", "ack", "1", "2", "--by", "lan")
    assert [(one["state"], one["acknowledged_by"]) for one in found] == [
        ("acknowledged", "lan")
    ] * 2
    assert shown(capsys, desk, "alerts", "resolve", "1") == "alert 1 is resolved by lan\n"


def test_of_alerts_one_of_which_does_not_exist_none_is_changed(desk, capsys) -> None:
    assert "there is no alert 7, 9;" in refused(capsys, desk, "alerts", "ack", "1", "7", "9")
    assert {one["state"] for one in said(capsys, desk, "alerts", "list")} == {"open"}


def test_what_was_given_up_is_sent_again_by_number_or_all_at_once(desk, capsys) -> None:
    assert "1 message will be tried again" in shown(capsys, desk, "alerts", "resend", "1")
    _, again = said(capsys, desk, "alerts", "list")
    assert (again["deliveries"][0]["state"], again["deliveries"][0]["attempts"]) == ("pending", 0)
    assert said(capsys, desk, "alerts", "resend", "--failed") == []
    assert "no message of these alerts was given up" in refused(
        capsys, desk, "alerts", "resend", "1"
    )


@pytest.mark.parametrize("words", [[], ["1", "--failed"]])
def test_resend_wants_numbers_or_all(desk, capsys, words) -> None:
    assert "by their numbers, or all with --failed" in refused(
        capsys, desk, "alerts", "resend", *words
    )


def test_an_alert_is_explained_with_its_event_steps_and_messages(desk, capsys) -> None:
    found = said(capsys, desk, "alerts", "explain", "1")
    assert found["event"]["kind"] == "item.removed"
    assert found["evidence"]["facts"] == [["Answer", "HTTP 410"]]
    text = shown(capsys, desk, "alerts", "explain", "1")
    for line in (
        "event 2: item.removed of item:1",
        "Answer: HTTP 410",
        "group: pass, groups nothing",
        "terminal: failed, 1 attempt",
        "the channel is gone",
    ):
        assert line in text
    assert "none: raised by delivery itself" in shown(capsys, desk, "alerts", "explain", "2")


def test_an_event_is_explained_by_what_each_rule_makes_of_it(desk, capsys) -> None:
    found = said(capsys, desk, "alerts", "explain", "--event", "2")
    raised, disabled, standing = found["verdicts"]
    assert (raised["rule"], raised["raises"], raised["alert"]) == ("gone", True, 1)
    assert (disabled["enabled"], disabled["raises"], disabled["alert"]) == (False, True, None)
    assert "if the rule were enabled" in disabled["reason"]
    assert (standing["rule"], standing["raises"]) == ("delivery", False)
    assert found["alerts"] == [1]
    assert found["read"] is False
    silent = said(capsys, desk, "alerts", "explain", "--event", "1")["verdicts"]
    reasons = [one["reason"] for one in silent]
    assert reasons == [
        f"{on} does not speak of item.appeared" for on in ("removed",) * 2 + ("delivery",)
    ]
    assert "the rules have not come to it yet" in shown(
        capsys, desk, "alerts", "explain", "--event", "1"
    )


def test_a_silence_is_begun_listed_and_ended(desk, capsys) -> None:
    words = ["--topic", "livestream", "--for", "2d", "--note", "holiday", "--by", "lan"]
    begun = said(capsys, desk, "alerts", "silence", *words)
    assert (begun["id"], begun["topic"], begun["holds"]) == (1, "livestream", True)
    assert timedelta(days=2) <= datetime.fromisoformat(begun["until"]) - NOW < timedelta(days=3)
    assert [one["id"] for one in said(capsys, desk, "alerts", "silences")] == [1]
    assert "holiday" in shown(capsys, desk, "alerts", "silences")
    assert shown(capsys, desk, "alerts", "unsilence", "1") == "silence 1 has ended\n"
    assert said(capsys, desk, "alerts", "silences") == []
    (over,) = said(capsys, desk, "alerts", "silences", "--all")
    assert over["ended_at"] is not None
    assert "no silence 1 that holds" in refused(capsys, desk, "alerts", "unsilence", "1")


@pytest.mark.parametrize(
    ("given", "kept"), [("8/2031/nd-cp", "08/2031/NĐ-CP"), ("ferry-decree", "ferry-decree")]
)
def test_an_instrument_is_silenced_by_its_id_or_number_however_it_is_written(
    desk, capsys, given, kept
) -> None:
    found = said(capsys, desk, "alerts", "silence", "--instrument", given, "--until", "2999-01-01")
    assert found["instrument"] == kept


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["silence", "--for", "1d"], "say what to be silent about"),
        (["silence", "--everything", "--topic", "livestream", "--for", "1d"], "say what to be"),
        (["silence", "--topic", "ferries", "--for", "1d"], "no topic 'ferries' is declared"),
        (["silence", "--rule", "x", "--for", "1d"], "there are: gone, later"),
        (["silence", "--source", "x", "--for", "1d"], "there are: tin-moi"),
        (["silence", "--instrument", "x", "--for", "1d"], "neither a number such as"),
        (["silence", "--everything", "--until", "2020-01-01"], "is in the past"),
        (["unsilence", "3"], "no silence 3 that holds"),
        (["explain", "9"], "there is no alert 9"),
        (["explain", "--event", "9"], "there is no event 9"),
        (["resolve", "9"], "there is no alert 9"),
        (["test", "pigeon"], "there are: terminal"),
    ],
)
def test_a_mistake_is_answered_with_one_line(config, capsys, words, line) -> None:
    assert line in refused(capsys, config, "alerts", *words)


@pytest.mark.parametrize(
    "words",
    [
        ["ack"],
        ["ack", "one"],
        ["ack", "-1"],
        ["ack", "9" * 30],
        ["list", "--limit", "0"],
        ["list", "--state", "lost"],
        ["list", "--since", "yesterday"],
        ["list", "--since", "0001-01-01T00:00+14:00"],
        ["silence", "--everything"],
        ["silence", "--everything", "--for", "long"],
        ["silence", "--everything", "--for", "1d", "--until", "2999-01-01"],
        ["explain"],
        ["explain", "1", "--event", "2"],
    ],
)
def test_a_wrong_argument_ends_with_two(config, capsys, words) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(config), "alerts", *words])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err

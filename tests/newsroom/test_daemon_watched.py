"""A daemon that can be watched: health, metrics, heartbeat, and a configuration taken anew."""

import json
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from daemons import daemon, free_port, quick_config, wait_for

from newsroom.server import Newsroom


@pytest.fixture
def config_path(tmp_path: Path) -> Iterator[Path]:
    with Newsroom() as served:
        yield quick_config(tmp_path, served.url)


def listening(config_path: Path, **more: str) -> str:
    address = f"127.0.0.1:{free_port()}"
    lines = [f'listen = "{address}"', *(f'{name} = "{value}"' for name, value in more.items())]
    text = config_path.read_text(encoding="utf-8")
    config_path.write_text(text + "\n[daemon]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return f"http://{address}"


def ask(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_a_monitor_learns_that_the_daemon_is_well_and_how_far_it_is(config_path: Path) -> None:
    url = listening(config_path)
    with daemon(config_path):
        wait_for(lambda: 'job_success_age_seconds{job="crawl"}' in ask(f"{url}/metrics")[1])
        assert json.loads(ask(f"{url}/healthz")[1]) == {"status": "ok", "reasons": []}
        _, metrics = ask(f"{url}/metrics")
        for name in (
            'stage_lag_events{stage="citations"}',
            'stage_lag_events{stage="alerts"}',
            'source_success_age_seconds{source="',
            "outbox_overdue_seconds",
            "uptime_seconds",
        ):
            assert f"decreewatch_{name}" in metrics
        assert ask(f"{url}/etc/passwd")[0] == 404


def test_an_address_that_is_taken_is_named(config_path: Path) -> None:
    url = listening(config_path)
    with daemon(config_path) as first:
        wait_for(lambda: ask(f"{url}/healthz")[0] == 200)
        text = config_path.read_text(encoding="utf-8")
        other = config_path.with_name("other.toml")
        other.write_text(text.replace("/archive", "/other-archive"), encoding="utf-8")
        with daemon(other) as second:
            _, said = second.communicate(timeout=60)
            assert second.returncode == 1
            assert "cannot be served" in said and "[daemon] listen" in said
        assert first.poll() is None


def test_a_good_round_is_told_to_the_heartbeat(
    config_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[str] = []

    class Heart(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            beats.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Heart)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DECREEWATCH_HEARTBEAT_URL", f"http://127.0.0.1:{server.server_port}/s3cret")
    with daemon(config_path) as running:
        wait_for(lambda: len(beats) >= 2)
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=60)
    server.shutdown()
    server.server_close()
    assert set(beats) == {"/s3cret"}
    assert "s3cret" not in said


def test_a_reloaded_configuration_is_taken_whole_or_not_at_all(config_path: Path) -> None:
    url = listening(config_path, log="json")
    text = config_path.read_text(encoding="utf-8")
    with daemon(config_path) as running:
        wait_for(lambda: ask(f"{url}/healthz")[0] == 200)
        config_path.write_text(text.replace('crawl = "2s"', 'crawl = "soon"'), encoding="utf-8")
        running.send_signal(signal.SIGHUP)
        said = _line_with(running.stderr, "not reloaded")
        assert said["level"] == "ERROR" and "schedule.crawl" in said["message"]
        config_path.write_text(text.replace('crawl = "2s"', 'crawl = "3s"'), encoding="utf-8")
        running.send_signal(signal.SIGHUP)
        assert _line_with(running.stderr, "reloaded the configuration")["level"] == "INFO"
        assert ask(f"{url}/healthz")[0] == 200


def _line_with(stream: object, words: str) -> dict[str, str]:
    for line in stream:
        if line.startswith("{") and words in line:
            return json.loads(line)
    raise AssertionError(f"the daemon never said {words!r}")

"""The digest from the command line: shown, written, sent, and what is refused."""

import json
from pathlib import Path

import pytest
from written_config import written

from decreewatch import main


@pytest.fixture
def asked(tmp_path: Path, capsys):
    """Runs `decreewatch digest` and gives its exit status, output and errors."""
    config = written(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["--config", str(config), "digest", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_a_day_is_shown_as_markdown_and_as_json(asked):
    status, out, _ = asked("--day", "2026-03-02")
    assert (status, out.splitlines()[0]) == (0, "# Digest of Monday 2 March 2026")
    status, out, _ = asked("--day", "2026-03-02", "--json")
    said = json.loads(out)
    assert (status, said["day"]) == (0, "2026-03-02")
    assert {"topics", "changes", "deadlines", "sources"} <= set(said)


def test_a_page_is_written(asked, tmp_path: Path):
    status, out, err = asked(
        "--from", "2026-03-02", "--to", "2026-03-08", "--html", str(tmp_path / "d.html")
    )
    assert (status, out) == (0, "")
    assert "wrote" in err
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<svg" in page
    assert "Digest of 2 March 2026 to 8 March 2026" in page


def test_it_is_sent_once_unless_asked_for_again(asked):
    status, out, err = asked("--day", "2026-03-02", "--send", "--channel", "terminal")
    assert (status, "Digest of Monday 2 March 2026" in out) == (0, True)
    assert "1 of 1 channels took it" in err
    status, out, err = asked("--day", "2026-03-02", "--channel", "terminal")
    assert (status, out) == (1, "")
    assert (
        err == "decreewatch: the digest of 2026-03-02 was sent before; --again sends it once more\n"
    )
    assert asked("--day", "2026-03-02", "--channel", "terminal", "--again")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--day", "2026-03-02", "--from", "2026-03-01"), "not both"),
        (("--to", "2026-03-02"), "--to needs --from"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "before its first day"),
        (("--from", "2020-01-01", "--to", "2026-03-01"), "366 days"),
        (("--day", "9999-12-31"), "nothing to tell of"),
        (("--day", "2026-03-02", "--send"), "name some in [digest] or --channel"),
        (("--day", "2026-03-02", "--channel", "attic"), "no channel 'attic'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_two(asked, arguments, said):
    status, out, err = asked(*arguments)
    assert (status, out, said in err) == (2, "", True), err


def test_a_day_that_is_none_is_a_wrong_argument(asked):
    with pytest.raises(SystemExit) as ended:
        asked("--day", "yesterday")
    assert ended.value.code == 2

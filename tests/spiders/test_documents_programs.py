"""A program that reads hostile files is held to its bounds."""

import sys
import time
from pathlib import Path

import pytest

from spiders.programs import Bounds, ProgramFailed, run_program


def script(folder: Path, text: str) -> list[str]:
    (folder / "program.py").write_text(text, encoding="utf-8")
    return [sys.executable, "-I", "program.py"]


def test_what_a_program_says_is_given(tmp_path: Path) -> None:
    assert run_program(script(tmp_path, "print('điều 1')"), tmp_path, Bounds()) == (
        "điều 1\n".encode()
    )


@pytest.mark.parametrize(
    ("text", "bounds", "said"),
    [
        ("import time; time.sleep(600)", Bounds(seconds=0.5), "did not end within"),
        ("b = bytearray(900_000_000)", Bounds(memory=300_000_000), "MemoryError"),
        ("open('big', 'wb').write(bytes(9_000))", Bounds(written=1_000), "File too large"),
        ("import sys; sys.exit('no such form')", Bounds(), "no such form"),
        ("import os; os.abort()", Bounds(), "SIGABRT"),
    ],
    ids=["endless", "greedy", "verbose", "unwilling", "crashing"],
)
def test_a_program_that_goes_too_far_ends_with_one_clear_line(
    tmp_path: Path, text: str, bounds: Bounds, said: str
) -> None:
    with pytest.raises(ProgramFailed, match=said) as caught:
        run_program(script(tmp_path, text), tmp_path, bounds)

    assert "\n" not in str(caught.value)


def test_what_a_stopped_program_had_started_ends_with_it(tmp_path: Path) -> None:
    late = tmp_path / "late"
    child = f"import time; time.sleep(1); open({str(late)!r}, 'w')"
    text = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    with pytest.raises(ProgramFailed):
        run_program(script(tmp_path, text), tmp_path, Bounds(seconds=0.5))
    time.sleep(0.9)

    assert not late.exists()


def test_a_program_is_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECREEWATCH_SLACK_TOKEN", "xoxb-invented")

    said = run_program(
        script(tmp_path, "import os; print(dict(os.environ))"), tmp_path, Bounds()
    ).decode()

    assert "xoxb" not in said
    assert str(tmp_path) in said

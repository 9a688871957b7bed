"""PostgreSQL's own tools, which alone copy a database that is in use: pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from sqlalchemy import URL, make_url

from storage.problems import Problem


class PostgresToolFailed(Problem):
    """pg_dump or pg_restore is missing, or did not do its work."""

    kind: ClassVar[str] = "postgres-tool"


def dump(url: URL, target: Path) -> None:
    """Write the database as one file in PostgreSQL's custom format.

    Raises PostgresToolFailed.
    """
    _run("pg_dump", url, ["--format=custom", "--no-owner", f"--file={target}"])


def load(url: str, source: Path) -> None:
    """Fill an empty database from such a file, whole or not at all.

    Raises PostgresToolFailed.
    """
    arguments = ["--no-owner", "--exit-on-error", "--single-transaction", str(source)]
    _run("pg_restore", make_url(url), arguments)


def _run(tool: str, url: URL, arguments: list[str]) -> None:
    path = shutil.which(tool)
    if path is None:
        raise PostgresToolFailed(
            f"{tool} is not to be found: install PostgreSQL's client programs of the server's "
            "version, and see that they are on the PATH"
        )
    plain = url.set(drivername="postgresql", password=None)
    named = f"--dbname={plain.render_as_string(hide_password=False)}"
    # The password goes by the environment: the command line is seen by everyone on the machine.
    secret = {"PGPASSWORD": url.password} if isinstance(url.password, str) else {}
    done = subprocess.run(
        [path, named, *arguments], env=os.environ | secret, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[0]
        raise PostgresToolFailed(f"{tool}: {said}")

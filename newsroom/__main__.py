"""`python -m newsroom --port 8421 --day 3`: serve one of the seven days until Ctrl-C."""

import argparse
import re
import sys

from newsroom.calendar import date_of
from newsroom.script import happenings
from newsroom.server import Newsroom

FAULT = re.compile(
    r"(?P<path>/[^=]*)=(?P<status>\d{3})(,(?P<after>\d{1,5}))?(,(?P<times>\d{1,5}))?"
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m newsroom",
        description="Serve one day of an invented press and legal portal, for trying things out.",
    )
    parser.add_argument("--day", type=int, default=1, help="day to serve, 1 to 7 (default 1)")
    parser.add_argument("--port", type=int, default=8421, help="port (default 8421; 0: a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default 127.0.0.1)")
    parser.add_argument(
        "--fail",
        action="append",
        default=[],
        metavar="PATH=STATUS[,RETRY_AFTER[,TIMES]]",
        help="answer a failure under PATH, for instance /tinsang/=429,5,2",
    )
    return parser


def _apply_fault(newsroom: Newsroom, wish: str) -> None:
    match = FAULT.fullmatch(wish)
    if match is None:
        raise ValueError(f"--fail {wish}: expected PATH=STATUS[,RETRY_AFTER[,TIMES]]")
    after, times = match["after"], match["times"]
    newsroom.fail(
        match["path"],
        int(match["status"]),
        int(after) if after else None,
        int(times) if times else None,
    )


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 0 when stopped, 1 or 2 with one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        newsroom = Newsroom(options.day, options.host, options.port)
        for wish in options.fail:
            _apply_fault(newsroom, wish)
    except (ValueError, OverflowError) as error:
        print(f"newsroom: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"newsroom: cannot listen on {options.host}:{options.port}: {error.strerror}; "
            "give another --port or --host",
            file=sys.stderr,
        )
        return 1
    print(f"Day {newsroom.day}, {date_of(newsroom.day):%A %d %B %Y}, at {newsroom.url}/")
    for line in happenings(newsroom.day):
        print(f"  {line}")
    print("Everything on it is invented. Ctrl-C stops it.", flush=True)
    try:
        newsroom.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        newsroom.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The demo: seven days of the invented newsroom, gathered, understood and told."""

import argparse
from pathlib import Path

from commands.session import for_json_alone, print_json

FOLDER = Path("var/demo")
MODELS = Path("var/models")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    showing = commands.add_parser("demo", help="seven days of an invented newsroom, end to end")
    showing.add_argument(
        "--folder", type=Path, default=FOLDER, help=f"where its archive is made (default {FOLDER})"
    )
    showing.add_argument(
        "--models", type=Path, default=MODELS, help=f"where models are kept (default {MODELS})"
    )
    showing.set_defaults(run=demo)


def demo(args: argparse.Namespace) -> int:
    """Play the seven days."""
    from commands.seven_days import play

    with for_json_alone(args):
        config = play(args.folder, args.models)
    if args.json:
        print_json({"config": str(config), "archive": str(args.folder / "archive")})
    return 0

"""The demo: seven days of the invented newsroom, gathered, understood and told."""

import argparse
from pathlib import Path

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

    return play(args.folder, args.models)

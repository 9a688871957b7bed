"""Learning from labels on the command line: train a head, list heads, put one to use."""

import argparse
from datetime import datetime, tzinfo
from math import isfinite
from typing import TYPE_CHECKING, Any

from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    now,
    preparing,
    print_json,
    progress_bar,
    say,
    table,
)

if TYPE_CHECKING:
    from monitor.training import Report, Trial
    from monitor.training_heads import Examined, Kept
    from storage.models_topics import Head

USED = (
    "The daemon takes it at its next round; `decreewatch reclassify` brings the archive up to date."
)
UNTAUGHT = "the configuration"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    training = commands.add_parser("train", help="learn from labels how to tell topics apart")
    training.add_argument(
        "--folds",
        choices=("outlet", "time"),
        help="what cross-validation keeps together (default: outlet where the labels allow)",
    )
    deciding = training.add_mutually_exclusive_group()
    deciding.add_argument("--dry-run", action="store_true", help="show the figures, keep nothing")
    deciding.add_argument(
        "--switch", action="store_true", help="use the best new head even if it is no better"
    )
    training.set_defaults(run=train)

    heads = commands.add_parser("heads", help="what was learned: list it, go back to an older one")
    heads.set_defaults(run=list_heads)
    actions = heads.add_subparsers(metavar="ACTION", parser_class=CommandParser)
    actions.add_parser("list", help="all heads with their figures (the default)").set_defaults(
        run=list_heads
    )
    using = actions.add_parser("use", help="put a head to use")
    using.add_argument("number", type=int, help="as `heads` shows it; 0: the configuration alone")
    using.set_defaults(run=use)


def train(args: argparse.Namespace) -> int:
    """Learn from the labels, and switch to what was learned where it does better."""
    from monitor.classifier import classifiers_of
    from monitor.training_heads import Kept, examine, keep

    config = config_of(args)
    with archive_of(config) as archive:
        with archive.reading() as tx:
            has_labels = tx.labels.last() > 0
        if not has_labels:
            return _nothing_to_learn_from(args)
        classifiers = classifiers_of(config, progress=preparing)
        with progress_bar("learning") as tell:
            examined = examine(
                archive,
                config.topics,
                classifiers.embedder(),
                gate=classifiers.gate(),
                by=args.folds,
                progress=tell,
            )
        if args.dry_run:
            kept = Kept(None, examined.head, False)
        else:
            kept = keep(archive, examined, now(), switch=args.switch)
    if args.json:
        print_json(_as_json(examined, kept))
        return 0
    _print_report(examined)
    print(_in_words(examined, kept, args.dry_run))
    return 0


def list_heads(args: argparse.Namespace) -> int:
    """Show all heads, the configuration alone first."""
    config = config_of(args)
    with archive_of(config) as archive, archive.reading() as tx:
        heads = tx.heads.all()
        active = tx.heads.active()
        shown = [_head_json(None, active)] + [_head_json(head, active) for head in heads]
    if args.json:
        print_json(shown)
        return 0
    table(
        "Heads",
        ["", "in use", "made", "how", "labels", "F1", "macro-F1"],
        [
            [
                str(head["number"]),
                "yes" if head["in_use"] else "",
                _day(head["made_at"], config.zone),
                head["note"],
                str(head["figures"].get("labels", "")) if head["labels_upto"] else "none",
                _shown(head["figures"].get("relevance", {}).get("f1")),
                _shown(head["figures"].get("macro_f1")),
            ]
            for head in shown
        ],
    )
    return 0


def use(args: argparse.Namespace) -> int:
    """Put a head to use."""
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        active = tx.heads.active()
        before = active.number if active else 0
        tx.heads.use(args.number, now())
    switched = before != args.number
    if args.json:
        print_json({"in_use": args.number, "switched": switched})
    elif switched:
        print(f"{_at_start(args.number)} is in use. {USED}")
    else:
        print(f"{_at_start(args.number)} is in use already.")
    return 0


def _nothing_to_learn_from(args: argparse.Namespace) -> int:
    if args.json:
        print_json({"labels": 0, "current": None, "candidates": [], "switched": False})
    say("there are no labels to learn from yet: `decreewatch label ITEM --right TOPIC` gives one")
    return 0


def _print_report(examined: "Examined") -> None:
    from monitor.training import CONFIGURATION

    report, current = examined.report, examined.report.current
    if current is None:
        return
    table(
        f"{report.labels} labelled items, {report.relevant} on topic, {report.off_topic} off "
        f"topic; tested by {report.by} in {report.folds} folds",
        ["head", "precision", "recall", "F1", "macro-F1", "gain"],
        [
            _trial_row(f"in use: {_named(examined.head)}", current, ""),
            *(
                _trial_row(
                    UNTAUGHT if trial.method == CONFIGURATION else trial.method.in_words(),
                    trial,
                    f"{trial.gain:+.3f} ± {trial.error:.3f}".replace("inf", "∞"),
                )
                for trial in report.candidates
            ),
        ],
    )
    if report.best is not None:
        _print_topics(current, report.best)


def _trial_row(name: str, trial: "Trial", gain: str) -> list[str]:
    scored = trial.figures.relevance
    shown = (scored.precision, scored.recall, scored.f1, trial.figures.macro)
    return [name, *(_shown(figure) for figure in shown), gain]


def _print_topics(current: "Trial", best: "Trial") -> None:
    old, new = current.figures.topics, best.figures.topics
    table(
        f"By topic: in use → {best.method.in_words()}",
        ["topic", "labels", "precision", "recall", "F1"],
        [
            [
                topic,
                str(score.count),
                f"{old[topic].precision:.2f} → {score.precision:.2f}",
                f"{old[topic].recall:.2f} → {score.recall:.2f}",
                f"{old[topic].f1:.2f} → {score.f1:.2f}",
            ]
            for topic, score in new.items()
        ],
    )


def _in_words(examined: "Examined", kept: "Kept", dry_run: bool) -> str:
    """What the figures mean, what was kept, and what to do next."""
    report = examined.report
    if report.too_few:
        judged = f"The labels are too few to judge by: {report.too_few}."
    elif report.is_better:
        judged = "The best new head does better by more than the standard error of its gain."
    else:
        judged = "No new head does better by more than the standard error of its gain."
    if dry_run:
        return f"{judged} Nothing was kept."
    if kept.number is None:
        return f"{judged} Nothing was kept: {_named(kept.in_use)} stays in use."
    if kept.switched:
        return f"{judged} {_at_start(kept.number)} is in use now. {USED}"
    if kept.number == kept.in_use:
        return f"{judged} {_at_start(kept.number)} stays in use."
    return (
        f"{judged} {_at_start(kept.in_use)} stays in use; the new one can be put to use "
        f"all the same: `decreewatch heads use {kept.number}`."
    )


def _as_json(examined: "Examined", kept: "Kept") -> dict[str, Any]:
    report = examined.report
    return {
        "labels": report.labels,
        "relevant": report.relevant,
        "off_topic": report.off_topic,
        "folds": {"by": report.by, "number": report.folds},
        "too_few": report.too_few,
        "better": report.is_better,
        "current": _trial_json(report.current, report) | {"number": examined.head}
        if report.current
        else None,
        "candidates": [_trial_json(trial, report) for trial in report.candidates],
        "kept": kept.number,
        "in_use": kept.in_use,
        "switched": kept.switched,
    }


def _trial_json(trial: "Trial", report: "Report") -> dict[str, Any]:
    from monitor.training_heads import figures_of, recipe_of

    return {
        "recipe": recipe_of(trial),
        "labels_upto": trial.method.labels_upto,
        "figures": figures_of(trial, report),
        "gain": round(trial.gain, 4),
        "error": round(trial.error, 4) if isfinite(trial.error) else None,
    }


def _head_json(head: "Head | None", active: "Head | None") -> dict[str, Any]:
    """A head as JSON; None is the configuration alone."""
    if head is None:
        return {
            "number": 0, "in_use": active is None, "made_at": None, "used_at": None, "model": "",
            "recipe": {}, "labels_upto": 0, "figures": {}, "note": UNTAUGHT,
        }  # fmt: skip
    return {
        "number": head.number,
        "in_use": active is not None and active.number == head.number,
        "made_at": head.made_at.isoformat(),
        "used_at": head.used_at.isoformat() if head.used_at else None,
        "model": head.model,
        "recipe": head.recipe,
        "labels_upto": head.labels_upto,
        "figures": head.figures,
        "note": head.note,
    }


def _named(number: int) -> str:
    return f"head {number}" if number else UNTAUGHT


def _at_start(number: int) -> str:
    return _named(number).capitalize()


def _day(moment: str | None, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"

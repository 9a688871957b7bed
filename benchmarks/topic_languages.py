"""Does what is learned in one language hold in the other?"""

from collections.abc import Mapping, Sequence

from rich.table import Table

from benchmarks.topic_scores import Scores, scored
from benchmarks.topic_sets import Labelled, TestSet
from benchmarks.topic_systems import Language, Setting, System

OTHER: Mapping[Language, Language] = {"vi": "en", "en": "vi"}
NAMES: Mapping[Language, str] = {"vi": "Vietnamese", "en": "English"}


def crossed(
    systems: Mapping[str, System],
    setting: Setting,
    sets: Sequence[TestSet],
    lessons: Sequence[Labelled],
) -> Table:
    """Compare what learned from the examples of the tested language with what did not.

    The labels are Vietnamese: with them a system is taught Vietnamese examples and labels and
    tested in English.
    """
    table = Table(
        title="learned in one language, tested in the other: the blind test sets",
        caption="loss: F1 learned in the tested language less F1 learned in the other",
    )
    for heading in ("system", "set", "tested in"):
        table.add_column(heading)
    headings = ("F1 both", "F1 the same", "F1 the other", "loss", "macro same", "macro other")
    for heading in headings:
        table.add_column(heading, justify="right")
    blind = [one for one in sets if one.name.startswith("blind")]
    for name, system in systems.items():
        if not system.crosses:
            continue
        for one in blind:
            for language in OTHER:
                rows = [row for row in one.rows if row.item.language == language]
                both, same, other = (
                    _score(system, setting, rows, (), learned)
                    for learned in ("", language, OTHER[language])
                )
                table.add_row(name, one.name[16:], NAMES[language], *_cells(both, same, other))
                if system.learns and lessons and language == "en":
                    other = _score(system, setting, rows, lessons, "vi")
                    both = _score(system, setting, rows, lessons, "")
                    cells = _cells(both, same, other)
                    table.add_row(f"{name} + labels", one.name[16:], NAMES[language], *cells)
    return table


def _score(
    system: System,
    setting: Setting,
    rows: Sequence[Labelled],
    lessons: Sequence[Labelled],
    language: Language,
) -> Scores:
    found = system.learn(setting, lessons, language)([row.item for row in rows])
    return scored(rows, found, setting.ids)


def _cells(both: Scores, same: Scores, other: Scores) -> list[str]:
    measures = (both.f1, same.f1, other.f1, same.f1 - other.f1)
    macros = (same.macro, other.macro)
    return [
        *(f"{value:.3f}" for value in measures),
        *("-" if value is None else f"{value:.3f}" for value in macros),
    ]

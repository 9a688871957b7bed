"""Labelled articles as the lessons of a head, chosen the way `decreewatch train` chooses it."""

import hashlib
import json
from dataclasses import asdict
from functools import cache

from benchmarks.topic_sets import ROOT, Labelled
from benchmarks.topic_systems import Language, Setting, only_examples_in
from monitor.topic_head import Example, Recipe
from monitor.training import lessons_of, train
from storage.labels import LabelledItem


@cache
def taught(
    setting: Setting, rows: tuple[Labelled, ...], language: Language
) -> tuple[list[Example], Recipe]:
    """Return the lessons and the recipe of the head that training on these articles would use.

    The head is chosen and its thresholds are calibrated within these articles and the
    configuration's examples in `language`.
    """
    items = [_labelled_item(number, row) for number, row in enumerate(rows, start=1)]
    path = setting.vectors / f"head-{_digest(setting, rows, language)}.json"
    if not path.is_file():
        with only_examples_in(language, setting.ids):
            report = train(items, setting.model("e5"), setting.topics, upto=len(items))
        best = report.best if report.is_better else report.current
        chosen = (best.method.labels_upto > 0, asdict(best.recipe)) if best else (False, {})
        path.write_text(json.dumps(chosen), encoding="utf-8")
    learns, recipe = json.loads(path.read_text(encoding="utf-8"))
    return lessons_of(items, setting.topics) if learns else [], Recipe(**recipe)


def _digest(setting: Setting, rows: tuple[Labelled, ...], language: Language) -> str:
    """Name all that the choice of a head depends on: it takes minutes, so it is remembered."""
    labels = [(row.item, sorted(row.topics), row.kind) for row in rows]
    digest = hashlib.sha256(repr((labels, language, setting.model("e5").version)).encode())
    for path in sorted((ROOT / "monitor").iterdir()):
        if path.suffix in (".py", ".toml", ".tsv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _labelled_item(number: int, row: Labelled) -> LabelledItem:
    return LabelledItem(
        item_id=number,
        revision_id=number,
        title=row.title,
        summary=row.summary,
        text=row.item.text,
        language=row.item.language,
        source_id=row.source_id,
        published_at=row.published_at,
        right=row.topics,
        wrong=frozenset(),
        off_topic=not row.relevant,
        passages=(),
    )

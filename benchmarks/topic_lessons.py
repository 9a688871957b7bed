"""Labelled articles as the lessons of a head, chosen the way `decreewatch train` chooses it."""

from functools import cache

from benchmarks.topic_sets import Labelled
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
    upto = len(items)
    with only_examples_in(language, setting.ids):
        report = train(items, setting.model("e5"), setting.topics, upto=upto)
    best = report.best if report.is_better else report.current
    if best is None or best.method.labels_upto == 0:
        return [], best.recipe if best else Recipe()
    return lessons_of(items, setting.topics), best.recipe


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

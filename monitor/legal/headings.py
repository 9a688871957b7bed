"""Which lines open a part, chapter, section or article, and what they are called."""

from collections.abc import Sequence
from itertools import pairwise

from .numbering import Candidate, best_run, follows
from .patterns import Label, Language, article_label, division_label
from .rows import Reading, Row, complete_before
from .text import ends_sentence, join_lines, starts_low

Head = tuple[int, Label]
_REFERENCE_STARTS = {
    "vi": ("Luật", "Bộ luật", "Nghị định", "Thông tư", "Pháp lệnh", "Quyết định", "Hiến pháp",
           "Nghị quyết", "Điều lệ", "Quy chế", "Quy định"),
    "en": ("of ", "and ", "or ", "thereof", "shall", "to "),
}  # fmt: skip
_NEAR = 7
_LONGEST_HEADING = 6


def outline(rows: Sequence[Row], reading: Reading, *, quoted: bool = False) -> list[Head]:
    """Find the headings of a region in the order of the text.

    A line counts by its form (a stop, a capital after it, a finished sentence before it) and
    by whether its number runs on; a reference that a line break put first does not.
    """
    articles: list[tuple[Head, float]] = []
    divisions: list[Head] = []
    for index, row in enumerate(rows):
        if row.block and not quoted:
            continue
        label = article_label(row.text, reading.language)
        if label is not None:
            weight = _article_weight(rows, index, label, reading)
            if weight > -2:
                articles.append(((index, label), weight))
            continue
        label = division_label(row.text, reading.language)
        if label is not None:
            divisions.append((index, label))
    chosen = _articles(articles, reading, quoted)
    starts = {index for index, _ in chosen} | {index for index, _ in divisions}
    kept = [
        (head, weight) for head in divisions if (weight := _division_weight(rows, head, starts)) > 0
    ]
    return sorted(chosen + _divisions(kept, quoted), key=lambda head: head[0])


def _article_weight(rows: Sequence[Row], index: int, label: Label, reading: Reading) -> float:
    rest = label.rest
    weight = 2.0 if label.firm else -0.5
    if rest:
        weight += -3.0 if rest[0].islower() else 1.0
    if not label.firm and rest.startswith(_REFERENCE_STARTS[reading.language]):
        weight -= 2.5
    if complete_before(rows, index):
        return weight + 1.0
    if rows[index].line.gap and label.firm:
        return weight
    return weight - (2.5 if reading.wrapped else 1.0)


def _articles(found: Sequence[tuple[Head, float]], reading: Reading, quoted: bool) -> list[Head]:
    candidates = [Candidate(head[0], head[1].key, weight) for head, weight in found]
    run = best_run(candidates, from_one=not quoted)
    chosen = set(run)
    present = {candidates[place].key for place in run}
    for place, candidate in enumerate(candidates):
        if place in chosen or candidate.weight < 2.5:
            continue
        num = found[place][0][1].num
        if candidate.key not in present and _swapped(place, run, candidates):
            chosen.add(place)
            present.add(candidate.key)
            reading.warn(f"Article {num} stands out of order")
        elif not quoted:
            reading.warn(f"a second heading of Article {num} was kept as text")
    return [found[place][0] for place in sorted(chosen)]


def _swapped(place: int, run: Sequence[int], candidates: Sequence[Candidate]) -> bool:
    """Tell whether a heading left out fills a gap next to where it stands."""
    key = candidates[place].key
    near = [other for other in run if abs(candidates[other].index - candidates[place].index) < 400]
    keys = [candidates[other].key for other in near]
    return any(follows(other, key) for other in keys) and any(
        key[0] < other[0] <= key[0] + 1 for other in keys
    )


def _division_weight(rows: Sequence[Row], head: Head, starts: set[int]) -> float:
    index, label = head
    weight = 1.0
    if label.rest:
        if starts_low(label.rest):
            return -1.0
        weight += 1.5 if label.rest.isupper() else (0.5 if label.firm else -2.0)
        if ends_sentence(label.rest) or len(label.rest) > 220:
            weight -= 1.2
    else:
        weight += 1.5
    if not complete_before(rows, index) and not rows[index].line.gap:
        weight -= 1.0 if label.rest.isupper() else 1.7
    if not any(index + step in starts for step in range(1, _NEAR + 1)):
        weight -= 2.0
    return weight


def _divisions(found: Sequence[tuple[Head, float]], quoted: bool) -> list[Head]:
    """Keep the divisions whose numbers run on: chapters in the document or in their part,
    sections in their chapter, and titles in capitals even where the first was lost."""
    chosen: list[Head] = []
    kinds = ("part", "chapter", "section", "subsection")
    bounds: list[int] = []
    for kind in kinds:
        level = [item for item in found if item[0][1].kind == kind]
        edges = [-1, *sorted(bounds), 1 << 60]
        place = 0
        for low, high in pairwise(edges):
            group = []
            while place < len(level) and level[place][0][0] < high:
                group.append(level[place])
                place += 1
            chosen += _run_of(group, quoted or (kind == "chapter" and low >= 0))
        bounds += [index for index, label in chosen if label.kind == kind]
    return chosen


def _run_of(group: Sequence[tuple[Head, float]], free: bool) -> list[Head]:
    candidates = [Candidate(head[0], head[1].key, weight) for head, weight in group]
    run = set(best_run(candidates, from_one=not free))
    return [
        head
        for place, (head, _) in enumerate(group)
        if place in run or (head[1].kind != "chapter" and head[1].rest.isupper())
    ]


def division_heading(label: Label, rows: Sequence[Row]) -> tuple[str, int]:
    """Give a division's title and the number of rows that it takes, the label's included."""
    parts = [label.rest] if label.rest else []
    used = 1
    for row in rows[1:_LONGEST_HEADING]:
        if row.block or (ends_sentence(row.text) and not row.text.isupper()):
            break
        if parts and not row.text.isupper() and (parts[-1].isupper() or len(rows) > 4):
            break
        parts.append(row.text)
        used += 1
    return join_lines(parts, 1).replace("\n", " "), used


def split_heading(
    label: Label, rows: Sequence[Row], reading: Reading
) -> tuple[str, list[tuple[Row, str]], int]:
    """Tell an article's heading from its text.

    Gives the heading, the rows of text that stand in its place with what is left of them, and
    the number of rows taken.
    """
    rest = label.rest
    if not rest:
        return _heading_below(rows, reading)
    if not reading.wrapped:
        if _is_text(rest, rows):
            return "", [(rows[0], rest)], 1
        return rest, [], 1
    parts = [rest]
    used = 1
    while used < min(len(rows), _LONGEST_HEADING):
        row = rows[used]
        if (
            row.block != rows[0].block
            or ends_sentence(parts[-1])
            or not _flows_on(parts[-1], row.text)
        ):
            break
        parts.append(row.text)
        used += 1
    if _is_text(parts[-1], rows[used - 1 :]):
        return "", [(rows[0], rest), *((row, row.text) for row in rows[1:used])], used
    return join_lines(parts, 1).replace("\n", " "), [], used


def _flows_on(before: str, text: str) -> bool:
    if text[:1].isdigit() or (len(text) > 1 and text[1] in ".)"):
        return False
    if starts_low(text):
        return True
    if before.endswith((",", "-", "–")) or before.split()[-1].lower() in _CONNECTING:
        return True
    last = before.split()[-1]
    # A name broken over two lines goes on with a capital; a full line tells it from a title.
    return last[0].isupper() and len(before) > 55 and not ends_sentence(text)


_CONNECTING = {
    "và", "của", "về", "bộ", "theo", "với", "hoặc", "trong", "cho", "tại", "do", "các", "số",
    "luật", "định", "người", "of", "and", "the", "for", "to", "in", "or", "on", "with",
}  # fmt: skip


def _is_text(rest: str, rows: Sequence[Row]) -> bool:
    """Tell whether what stands after the label is the article's text and no title."""
    if rest.endswith((":", ";", "./.", "…")):
        return True
    if rest.endswith("."):
        return len(rows) == 1 or len(rest) > 160
    return len(rest) > 400


def _heading_below(rows: Sequence[Row], reading: Reading) -> tuple[str, list[tuple[Row, str]], int]:
    """A title on the line after "Điều 5" or "Article 5"."""
    if len(rows) < 2 or rows[1].block != rows[0].block:
        return "", [], 1
    title = rows[1].text
    if ends_sentence(title) or title[:1].isdigit() or len(title) > 220 or len(rows) == 2:
        return "", [], 1
    if not reading.wrapped or ends_sentence(title):
        return title, [], 2
    used = 2
    while used < min(len(rows), 5) and starts_low(rows[used].text):
        if ends_sentence(rows[used].text):
            return "", [], 1
        used += 1
    return join_lines([row.text for row in rows[1:used]], 1), [], used


def language_of(text: str) -> Language:
    """Tell Vietnamese from English by headings and by the letters only Vietnamese has."""
    sample = text[:60_000]
    marks = sum(1 for char in sample if char in _VIETNAMESE)
    return "vi" if marks * 50 > len(sample) else "en"


_VIETNAMESE = frozenset(
    "ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
)

"""A legal text in, its provision tree out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from . import furniture
from .appendices import grow_appendices
from .footnotes import footnotes
from .headings import language_of, outline
from .metadata import read_metadata
from .model import Kind, LegalText, LegalTextError, Removed
from .numbering import follows, number_key
from .patterns import Language
from .quoted import mark_quoted
from .regions import appendix_starts, back_matter
from .rows import Draft, Reading, Row, complete_before, freeze, mend_letters
from .sources import to_text
from .text import Line, join_lines, normalise, split_lines, starts_low, wrap_width
from .tree import fill, grow

_LIMIT = 64_000_000


def parse(source: str, *, media_type: str = "text/plain") -> LegalText:
    """Read a legal text to its provision tree.

    `source` is plain text, Markdown, HTML (a whole portal page too) or Akoma Ntoso or Formex
    XML, already decoded; `media_type` says which, and "" lets the text itself say it. Offsets
    are characters of the normalised text that comes back as `text`. A text with no articles is
    read by its lists or paragraphs, with a warning.

    An unnumbered paragraph is part of the text of the provision before it, behind a line break.
    Forms are appendices with eids of their own ("app_1__form_02"); a number that comes twice
    in one place gets "_2" behind its eid.

    Raises LegalTextError where there is nothing to read: an empty or binary source, a source
    that is not what `media_type` says, or one of more than 64 million characters.
    """
    if len(source) > _LIMIT:
        raise LegalTextError(f"the text has {len(source):,} characters, the limit is {_LIMIT:,}")
    plain = to_text(source, media_type)
    if isinstance(plain, LegalText):
        return plain
    text = normalise(plain)
    if not text:
        raise LegalTextError("the text is empty: there is nothing to read")
    return read_text(text)


def read_text(text: str) -> LegalText:
    """Read a normalised plain text to its provision tree."""
    lines = split_lines(text)
    reading = Reading(language_of(text), wrap_width(lines))
    removed = furniture.page_furniture(lines)
    if reading.wrapped:
        furniture.stray_numbers(lines, removed, _body_lines(lines, removed, reading.language))
    notes = footnotes(lines, removed)
    rows = mark_quoted(
        [
            Row(line, notes.bare.get(index, line.text))
            for index, line in enumerate(lines)
            if index not in removed and not furniture.is_rule(line.text)
        ],
        reading,
    )
    rows = mend_letters(rows)
    body, appendices, reasons = _document(rows, reading)
    if not body:
        body, appendices, reasons = _unstructured(rows, reading), [], {}
    if not body:
        raise LegalTextError("the text holds nothing but page numbers, running heads or rules")
    _warn_gaps(body, reading)
    lead = [row.text for row in rows if reasons.get(row.line.start) == "lead-in"]
    ending = [
        row.text for row in rows if reasons.get(row.line.start) in ("signature", "authentication")
    ]
    metadata = read_metadata(
        lead, join_lines([row.text for row in rows], reading.width), ending, reading.language
    )
    return LegalText(
        text=text,
        provisions=freeze([*body, *appendices], reading.width),
        removed=_removed(lines, removed, reasons, notes.marks),
        title=metadata.title,
        number=metadata.number,
        type=metadata.type,
        issuer=metadata.issuer,
        date=metadata.date,
        effective_date=metadata.effective_date,
        language=reading.language,
        draft=metadata.draft,
        warnings=tuple(reading.warnings),
    )


def _body_lines(lines: Sequence[Line], removed: dict[int, str], language: Language) -> int:
    """Where the body certainly still runs: before the first appendix."""
    reading = Reading(language, 1)
    rows, places = [], []
    for index, line in enumerate(lines):
        if index not in removed:
            rows.append(Row(line, line.text))
            places.append(index)
    starts = appendix_starts(rows, reading)
    return places[starts[0][0]] if starts else len(lines)


def _document(
    rows: Sequence[Row], reading: Reading
) -> tuple[list[Draft], list[Draft], dict[int, str]]:
    """Grow the body and the appendices; give also the rows left out, by offset, and why."""
    starts = appendix_starts(rows, reading)
    body = rows[: starts[0][0]] if starts else rows
    reasons: dict[int, str] = {}
    articles = [index for index, label in outline(body, reading) if label.kind == "article"]
    if articles:
        back = back_matter(body, articles[-1], reading.language)
        for row, reason in zip(body[articles[-1] :], back, strict=True):
            if reason:
                reasons[row.line.start] = reason
        body = [row for row in body if row.line.start not in reasons]
    lead, drafts = grow(body, reading)
    if not drafts:
        return [], [], {}
    for row in body[:lead]:
        reasons[row.line.start] = "lead-in"
    return drafts, grow_appendices(rows, starts, reading), reasons


def _unstructured(rows: Sequence[Row], reading: Reading) -> list[Draft]:
    """A text without articles: its lists if it has them, else a provision for each paragraph."""
    rows = [replace(row, block=0) for row in rows]
    root = Draft("appendix", "", "", 0, 0)
    fill(root, rows, reading, frozenset())
    if not root.children:
        reading.warn("no articles or numbers were found; the text is read paragraph by paragraph")
        return _paragraphs(rows, "paragraph", reading)
    reading.warn("no articles were found; the text is read by its numbered paragraphs")
    first = root.children[0].start
    before = [row for row in rows if row.line.start < first]
    return _paragraphs(before, "intro", reading) + root.children


def _paragraphs(rows: Sequence[Row], kind: Kind, reading: Reading) -> list[Draft]:
    drafts: list[Draft] = []
    for index, row in enumerate(rows):
        starts = not reading.wrapped or row.line.gap or complete_before(rows, index)
        if not drafts or (starts and not (reading.wrapped and starts_low(row.text))):
            drafts.append(Draft(kind, "", "", row.line.start, row.line.end))
        drafts[-1].take(row)
    return drafts


def _removed(
    lines: Sequence[Line],
    furniture_reasons: dict[int, str],
    reasons: dict[int, str],
    marks: Sequence[tuple[int, int]],
) -> tuple[Removed, ...]:
    """Everything that belongs to no provision, in order, neighbours of one reason joined."""
    spans: list[Removed] = []
    inner = [Removed(start, end, "footnote") for start, end in marks]
    last: Removed | None = None
    for index, line in enumerate(lines):
        reason = furniture_reasons.get(index) or reasons.get(line.start, "")
        if not reason and furniture.is_rule(line.text):
            reason = "blank"
        if not reason:
            last = None
        elif last is not None and last.reason == reason:
            spans[-1] = last = Removed(last.start, line.end, reason)
        else:
            last = Removed(line.start, line.end, reason)
            spans.append(last)
    starts = [span.start for span in spans]
    for mark in inner:
        place = bisect_right(starts, mark.start) - 1
        if place < 0 or spans[place].end <= mark.start:
            spans.append(mark)
    return tuple(sorted(spans, key=lambda span: span.start))


def _warn_gaps(drafts: Sequence[Draft], reading: Reading) -> None:
    """Warn of numbers that are missing between neighbours in the body."""
    articles = [node for node in _walk(drafts) if node.kind == "article"]
    _warn_missing("Article", "", articles, reading)
    for article in articles:
        numbered = [child for child in article.children if child.kind == "paragraph"]
        _warn_missing("paragraph", f" in Article {article.num}", numbered, reading)


def _warn_missing(what: str, where: str, nodes: Sequence[Draft], reading: Reading) -> None:
    keyed = [(node.num, key) for node in nodes if (key := number_key(node.num)) is not None]
    for (before, key), (after, next_key) in pairwise(keyed):
        if next_key > key and not follows(key, next_key):
            reading.warn(f"numbers are missing between {what} {before} and {after}{where}")


def _walk(drafts: Sequence[Draft]) -> Iterator[Draft]:
    for draft in drafts:
        yield draft
        if draft.kind != "quoted":
            yield from _walk(draft.children)

"""A comparison of texts that were not read for certain: which of its changes are certain.

Nothing is left out: what a misread letter or a page that was not read may explain is probable,
so that it is listed for review and raises no alert.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.misread import Reading, is_misreading
from storage.doubts import OCR_MARK, Doubts, doubts_of

if TYPE_CHECKING:
    from monitor.legal.model import Change, Comparison, Link, Piece


LONGEST_LABEL = 2


def weighed(
    comparison: "Comparison", old_notes: Sequence[str], new_notes: Sequence[str]
) -> "Comparison":
    """A comparison with what is in doubt made probable, marked and warned of.

    `old_notes` and `new_notes` are those of the revisions compared. Texts without doubts give
    the comparison itself.
    """
    old, new = doubts_of(old_notes), doubts_of(new_notes)
    warnings = [*_warnings("old", old), *_warnings("new", new)]
    if not warnings:
        return comparison
    weighing = _Weighing(old, new, Reading(comparison.old.text), Reading(comparison.new.text))
    changes = tuple(weighing.change(one) for one in comparison.changes)
    doubtful = [one for one in changes if one.confidence == "probable"]
    before = sum(one.confidence == "probable" for one in comparison.changes)
    if len(doubtful) > before:
        number = len(doubtful) - before
        said = "1 change" if number == 1 else f"{number} changes"
        warnings.append(f"mistakes of reading may explain {said}: to be reviewed")
    links = tuple(_link(one, doubtful) for one in comparison.links)
    every = (*comparison.warnings, *warnings)
    return replace(comparison, links=links, changes=changes, warnings=every)


def _warnings(side: str, doubts: Doubts) -> Iterator[str]:
    if doubts.guessed:
        yield f"the {side} text was read from pictures (OCR): a change may be a letter misread"
    if doubts.unread:
        yield (
            f"the {side} text lacks pages that are pictures, {doubts.unread}: what stands there "
            f"is not known, and nothing counts as {'added' if side == 'old' else 'removed'} for "
            "certain"
        )
    if doubts.unnumbered:
        yield f"paragraphs of the {side} text lost their numbers when it was read"
    for said in doubts.disagreements:
        yield f"the portal's page and the {side} text's own head disagree on the {said}"


@dataclass(frozen=True, slots=True)
class _Weighing:
    """What is in doubt of both texts, and where to look for their passages."""

    old: Doubts
    new: Doubts
    old_text: Reading
    new_text: Reading

    def change(self, change: "Change") -> "Change":
        guessed = self.old.guessed or self.new.guessed
        mark = f" {OCR_MARK}" if guessed else ""
        change = replace(
            change,
            summary=f"{change.summary}{mark}",
            summary_vi=f"{change.summary_vi}{mark}" if change.summary_vi else "",
        )
        if not (self.old.wording or self.new.wording):
            return change
        is_spelling = guessed and change.severity == "editorial"
        # Where pages lack, an article may stand beside another one's remains.
        is_astray = bool(self.old.unread or self.new.unread) and _is_elsewhere(change)
        if (
            is_spelling
            or is_astray
            or all(
                self._explains(*pair) or (guessed and _is_label(change, *pair))
                for pair in _differences(change.inline)
            )
        ):
            return replace(change, confidence="probable")
        return change

    def _explains(self, lost: str, gained: str) -> bool:
        """Whether a difference may lie in the reading alone."""
        if (self.old.guessed or self.new.guessed) and is_misreading(lost, gained):
            return True
        gone = not lost.strip() or self.new_text.holds(lost)
        came = not gained.strip() or self.old_text.holds(gained)
        # A page that was not read hides what stood there, and so what is missing now.
        return (gone or (came and bool(self.new.unread))) and (
            came or (gone and bool(self.old.unread))
        )


def _is_label(change: "Change", lost: str, gained: str) -> bool:
    """Whether all that was lost or gained where provisions merged or split is the label of one,
    which counts as words where it is misread."""
    joins = change.kind in ("merged", "split")
    return joins and max(len(lost.split()), len(gained.split())) <= LONGEST_LABEL


def _is_elsewhere(change: "Change") -> bool:
    return bool(change.old and change.new) and change.old != change.new


def _differences(pieces: "Sequence[Piece]") -> Iterator[tuple[str, str]]:
    """Each stretch of what only the old and what only the new text says, side by side."""
    lost = gained = ""
    for sign, text in (*pieces, ("=", "")):
        if sign == "-":
            lost += text
        elif sign == "+":
            gained += text
        elif lost or gained:
            yield lost, gained
            lost = gained = ""


def _link(link: "Link", doubtful: "Sequence[Change]") -> "Link":
    if any(set(link.old) <= set(one.old) and set(link.new) <= set(one.new) for one in doubtful):
        return replace(link, confidence="probable")
    return link

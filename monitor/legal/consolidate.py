"""Working an amending text into the text that it amends.

Every instruction is either applied or refused with a reason; nothing is guessed. They are
applied in their order, so that a later one finds what an earlier one left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .amendment import Address, Applied, ChangeKind, Consolidation, Instruction, Refused
from .edits import Edited, article_home, find, insert, parent_of, refreeze, thaw, walk
from .instrument import is_for, most_named
from .model import LegalText, Provision

_INNER = ("subpoint", "point", "paragraph")


@dataclass(slots=True)
class _Work:
    """The tree while instructions are worked into it."""

    roots: list[Edited]
    done: list[tuple[Instruction, ChangeKind, list[str], list[Edited]]] = field(
        default_factory=list
    )
    refused: list[Refused] = field(default_factory=list)

    def note(
        self, instruction: Instruction, kind: ChangeKind, old: list[str], new: list[Edited]
    ) -> None:
        self.done.append((instruction, kind, old, new))
        for node in new:
            node.notes.append(len(self.done))


def apply(base: LegalText, instructions: Sequence[Instruction]) -> Consolidation:
    """Carry out the instructions on the base text.

    Refused are instructions whose target is not there, whose addition is there already, or whose
    words are not found. Those for another instrument than the base are set apart. Where the base
    does not say its number, the instrument that most instructions name is taken for it.
    """
    work = _Work([thaw(provision) for provision in base.provisions])
    wanted = base.number or most_named([one.instrument for one in instructions])
    elsewhere = tuple(one for one in instructions if not is_for(one.instrument, wanted, base.title))
    for instruction in instructions:
        if is_for(instruction.instrument, wanted, base.title):
            reason = _carry_out(work, instruction)
            if reason:
                work.refused.append(Refused(instruction, reason))
    text, eids = refreeze(base, work.roots)
    kept = {node.origin: eids[id(node)] for node in walk(work.roots) if node.origin}
    applied = tuple(
        Applied(instruction, kind, tuple(old), tuple(eids[id(n)] for n in new if id(n) in eids))
        for instruction, kind, old, new in work.done
    )
    warnings = tuple(f"{one.instruction.source}: {one.reason}" for one in work.refused)
    return Consolidation(base, text, applied, tuple(work.refused), elsewhere, kept, warnings)


def _carry_out(work: _Work, instruction: Instruction) -> str:
    """Carry out one instruction; give the reason where it cannot be, "" where it was."""
    action, target = instruction.action, instruction.target
    if action == "unread":
        return "the instruction could not be read with certainty"
    if action == "replace-words":
        return _replace_words(work, instruction)
    node = find(work.roots, target)
    if target == Address():
        return "the instruction names no provision"
    if action == "add":
        return f"{target} is already there" if node is not None else _add(work, instruction)
    if node is None:
        if action == "amend-or-add":
            return _add(work, instruction)
        return f"{target} is not in the base text"
    if action == "repeal":
        parent_of(work.roots, node).remove(node)
        work.note(instruction, "removed", [node.origin] if node.origin else [], [])
        return ""
    if action == "title":
        if instruction.body is None and not instruction.text:
            return "no new title is quoted"
        node.heading = _bare_title(instruction.text) or node.heading
        work.note(instruction, "title", _origins(node), [node])
        return ""
    return _amend(work, instruction, node)


def _amend(work: _Work, instruction: Instruction, node: Edited) -> str:
    body = instruction.body
    if instruction.target.part_of == "intro":
        text = instruction.text or (body.text if body else "")
        if not text:
            return "no new opening passage is quoted"
        node.text = text
    elif body is not None:
        _overwrite(node, body)
    elif instruction.text:
        node.text, node.children = instruction.text, []
    else:
        return "no new text is quoted"
    work.note(instruction, "modified", _origins(node), [node])
    return ""


def _overwrite(node: Edited, body: Provision) -> None:
    """Give a node the quoted content; children that keep their number keep their origin."""
    old = {(child.kind, child.num.lower()): child for child in node.children}
    node.heading = body.heading or (node.heading if node.kind != "article" else "")
    node.text = body.text
    node.children = []
    for fresh in body.children:
        known = old.get((fresh.kind, fresh.num.lower()))
        if known is None:
            node.children.append(thaw(fresh, new=True))
        else:
            _overwrite(known, fresh)
            node.children.append(known)


def _add(work: _Work, instruction: Instruction) -> str:
    target, body = instruction.target, instruction.body
    kind = next((level for level in (*_INNER, "article") if getattr(target, level)), "")
    if target.appendix or target.form:
        kind = "appendix"
    if body is None and not instruction.text:
        return "no text to add is quoted"
    if not kind:
        return f"where to add {target} is not clear"
    if body is not None:
        node = thaw(body, new=True)
    else:
        # `kind` is a field of Address, all of which name kinds; mypy sees only a str.
        node = Edited(kind, getattr(target, kind), "", instruction.text)  # type: ignore[arg-type]
    if kind == "appendix":
        work.roots.append(node)
    elif kind == "article":
        insert(article_home(work.roots, node), node)
    else:
        home = find(work.roots, _without(target, kind))
        if home is None:
            return f"{_without(target, kind)}, where it belongs, is not in the base text"
        insert(home.children, node)
    work.note(instruction, "added", [], [node])
    return ""


def _without(target: Address, kind: str) -> Address:
    return replace(target, **{kind: ""})


def _replace_words(work: _Work, instruction: Instruction) -> str:
    old, new = instruction.words
    if instruction.target == Address():
        nodes = list(work.roots)
    else:
        node = find(work.roots, instruction.target)
        if node is None:
            return f"{instruction.target} is not in the text"
        nodes = [node]
    pattern = _words(old)
    titled = instruction.target.part_of == "title"
    changed = [
        node
        for node in (nodes if titled else walk(nodes))
        if pattern.search(node.heading) or (not titled and pattern.search(node.text))
    ]
    if not changed:
        return f"the words “{old}” are not found in {instruction.target}"
    for node in changed:
        node.text = node.text if titled else _tidy(pattern.sub(lambda _: new, node.text))
        node.heading = _tidy(pattern.sub(lambda _: new, node.heading))
        work.note(instruction, "term_replaced", _origins(node), [node])
    return ""


def _words(old: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in old.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)


def _tidy(text: str) -> str:
    return re.sub(r" +(?=[ ,.;:])", "", text).strip(" ")


def _bare_title(text: str) -> str:
    return re.sub(r"^(?:Điều|Article|Chương|Chapter|Mục)\s+\w+[.:]?\s*", "", text).strip()


def _origins(node: Edited) -> list[str]:
    return [node.origin] if node.origin else []


def consolidated_text(consolidation: Consolidation) -> str:
    """Write the consolidated text with a numbered mark at each change and the notes below.

    What was not applied stands at the end with its reason.
    """
    text = consolidation.text
    vietnamese = text.language == "vi"
    marks: dict[str, list[int]] = {}
    for number, one in enumerate(consolidation.applied, 1):
        for eid in one.new:
            marks.setdefault(eid, []).append(number)
    inserts: list[tuple[int, str]] = []
    for provision in _all(text.provisions):
        if provision.eid in marks:
            line_end = text.text.index("\n", provision.start)
            shown = "".join(f" [{number}]" for number in marks[provision.eid])
            inserts.append((line_end, shown))
    written = text.text
    for place, shown in sorted(inserts, reverse=True):
        written = written[:place] + shown + written[place:]
    lines = [written.rstrip("\n"), "", "GHI CHÚ" if vietnamese else "NOTES"]
    for number, one in enumerate(consolidation.applied, 1):
        lines.append(f"[{number}] {_note(one, vietnamese)}")
    if consolidation.refused:
        lines += ["", "KHÔNG ÁP DỤNG ĐƯỢC" if vietnamese else "NOT APPLIED"]
        for refused in consolidation.refused:
            sentence = refused.instruction.sentence
            source = _spoken(refused.instruction.source, vietnamese)
            lines.append(f"- {source}: {sentence[:300]} — {refused.reason}")
    return "\n".join(lines) + "\n"


_KINDS_VI = {"modified": "được sửa đổi", "added": "được bổ sung", "removed": "được bãi bỏ",
             "term_replaced": "được thay cụm từ", "title": "được đổi tên"}  # fmt: skip
_KINDS_EN = {"modified": "amended", "added": "added", "removed": "repealed",
             "term_replaced": "words replaced", "title": "title changed"}  # fmt: skip


def _note(one: Applied, vietnamese: bool) -> str:
    target = one.instruction.target
    if not vietnamese:
        return f"{target}: {_KINDS_EN[one.kind]} by {_spoken(one.instruction.source, False)}"
    words = (("tiết", target.subpoint), ("điểm", target.point), ("khoản", target.paragraph),
             ("Điều", target.article), ("Mục", target.section), ("Chương", target.chapter),
             ("Mẫu số", target.form), ("Phụ lục", target.appendix))  # fmt: skip
    named = " ".join(f"{word} {label}" for word, label in words if label) or "toàn văn bản"
    return f"{named}: {_KINDS_VI[one.kind]} theo {_spoken(one.instruction.source, True)}"


def _spoken(eid: str, vietnamese: bool) -> str:
    """Say an identifier: art_1__para_2 → "khoản 2 Điều 1"."""
    words = {"art": "Điều", "para": "khoản", "point": "điểm", "subpoint": "tiết"}
    if not vietnamese:
        words = {"art": "Article", "para": "paragraph", "point": "point", "subpoint": "subpoint"}
    parts = [part.partition("_") for part in eid.split("__")]
    named = [f"{words[kind]} {num}" for kind, _, num in reversed(parts) if kind in words]
    return (" " if vietnamese else " of ").join(named)


def _all(provisions: Sequence[Provision]) -> list[Provision]:
    return [one for p in provisions for one in (p, *_all(p.children))]

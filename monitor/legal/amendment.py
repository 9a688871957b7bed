"""What an amending text tells to do to another text, and what came of it."""

from dataclasses import dataclass, field
from typing import Literal

from .model import LegalText, Provision

Action = Literal["amend", "add", "amend-or-add", "repeal", "replace-words", "title", "unread"]
ChangeKind = Literal["modified", "added", "removed", "term_replaced", "title"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provision stands, by the labels that an instruction names; "" where it does not.

    `part_of` is "intro" for an opening passage only ("đoạn mở đầu"), "title" for the heading.
    """

    article: str = ""
    paragraph: str = ""
    point: str = ""
    subpoint: str = ""
    chapter: str = ""
    section: str = ""
    appendix: str = ""
    form: str = ""
    part_of: str = ""

    def __str__(self) -> str:
        words = (
            ("subpoint", "subpoint"), ("point", "point"), ("paragraph", "paragraph"),
            ("article", "Article"), ("section", "Section"), ("chapter", "Chapter"),
            ("form", "Form"), ("appendix", "Appendix"),
        )  # fmt: skip
        named = [f"{word} {getattr(self, key)}" for key, word in words if getattr(self, key)]
        return " of ".join(named) or "the whole text"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing that an amending text tells to do to one target.

    `source` is the eid of the amending provision and `sentence` its words. `body` is the new
    provision as quoted (None for repeals and words), `text` a quoted text without a label.
    `words` are the old and the new words of a replacement. `instrument` is the number of the
    text to amend, or its name where it is named without one; "" where nothing says it.
    """

    source: str
    action: Action
    target: Address
    sentence: str
    body: Provision | None = None
    text: str = ""
    words: tuple[str, str] = ("", "")
    after: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """An instruction carried out: eids in the base text and in the consolidated one.

    `old` is empty for what was added, `new` for what was removed. `kind` "title" means that
    only the heading changed, "term_replaced" that words inside were exchanged.
    """

    instruction: Instruction
    kind: ChangeKind
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An instruction that could not be carried out, and why in one line."""

    instruction: Instruction
    reason: str


@dataclass(frozen=True, slots=True)
class Consolidation:
    """A base text with an amending text worked into it.

    `text` is the consolidated text; `kept` maps each eid of the base that is still there to
    its eid in `text`. `applied`, `refused` and `elsewhere` (what other instruments are told)
    together hold every instruction.
    """

    base: LegalText
    text: LegalText
    applied: tuple[Applied, ...] = ()
    refused: tuple[Refused, ...] = ()
    elsewhere: tuple[Instruction, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

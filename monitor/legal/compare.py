"""Two legal texts compared."""

import re
from dataclasses import replace

from monitor.legal.align import Alignment, align
from monitor.legal.amend import is_amending, read_instructions
from monitor.legal.amended import compare_amended
from monitor.legal.changes import find_changes
from monitor.legal.consolidate import apply
from monitor.legal.evidence import values_of
from monitor.legal.linking import link_all
from monitor.legal.model import Comparison, LegalText, LegalTextError, Link, Provision
from monitor.legal.nodes import Nodes, own_text
from monitor.legal.scope import article_heading

_LANGUAGES = {"vi": "Vietnamese", "en": "English"}
_GLOSSED = re.compile(r"\d\s*\([^\W\d]|[^\W\d]\s*\(\d")
_COMMONPLACE = re.compile(
    r"phạm\s+vi\s+điều\s+chỉnh|đối\s+tượng\s+(?:áp\s+dụng|điều\s+chỉnh)|hiệu\s+lực|thi\s+hành"
    r"|tổ\s+chức\s+thực\s+hiện|giải\s+thích\s+(?:từ|thuật)\s+ngữ|chuyển\s+tiếp"
    r"|^(?:subject\s+matter|scope|definitions|entry\s+into\s+force)",
    re.IGNORECASE,
)
_LEAST_COMMON = 0.03
_NAMED_WARNINGS = 20


def compare(old: LegalText, new: LegalText) -> Comparison:
    """Tell what changed between two parsed texts of one language.

    Every article, paragraph and point of both is in exactly one link; the changes come most
    severe first. Texts that share nothing give two links, no changes and a warning. Where the
    new text amends the old one, its instructions are carried out, and the new side is the
    consolidated text.

    Raises LegalTextError where the two are in different languages.
    """
    if old.language != new.language:
        raise LegalTextError(
            f"the old text is {_named(old.language)} and the new one {_named(new.language)}: "
            "compare two texts of one language"
        )
    if is_amending(new) and not is_amending(old):
        consolidation = apply(old, read_instructions(new))
        if consolidation.applied:
            return compare_amended(consolidation, new)
    old, new, warnings = _with_paragraphs(old, new)
    alignment = align(old, new)
    if _nothing_in_common(alignment):
        warnings.append(
            "the two texts have nothing in common: no changes are listed; check that both are "
            "versions of one regulation"
        )
        return Comparison(old, new, _apart(alignment), (), tuple(warnings))
    bare = [side for side, nodes in (("old", alignment.old), ("new", alignment.new))
            if not nodes.containers()]  # fmt: skip
    if len(bare) == 1:
        warnings.append(f"the {bare[0]} text has no chapters: those of the other are not compared")
    linked = link_all(alignment)
    changes = find_changes(alignment, linked)
    warnings += _figures_and_words(old, "old") + _figures_and_words(new, "new")
    return Comparison(old, new, tuple(one.link for one in linked), tuple(changes), tuple(warnings))


def _named(language: str) -> str:
    return _LANGUAGES.get(language, language or "of unknown language")


def _with_paragraphs(old: LegalText, new: LegalText) -> tuple[LegalText, LegalText, list[str]]:
    """Give a text without provisions one for each of its paragraphs; warn where articles lack."""
    warnings = []
    for side, text in (("old", old), ("new", new)):
        warnings += [f"{side} text: {warning}" for warning in text.warnings]
        if not any(_has_articles(provision) for provision in text.provisions):
            warnings.append(f"the {side} text has no articles: compared paragraph by paragraph")
    old = old if old.provisions else replace(old, provisions=_paragraphs(old.text))
    new = new if new.provisions else replace(new, provisions=_paragraphs(new.text))
    return old, new, warnings


def _has_articles(provision: Provision) -> bool:
    return provision.kind == "article" or any(map(_has_articles, provision.children))


def _paragraphs(text: str) -> tuple[Provision, ...]:
    found: list[Provision] = []
    at = 0
    for line in text.splitlines(keepends=True):
        said = line.strip()
        if said:
            start = at + line.index(said)
            number = str(len(found) + 1)
            found.append(
                Provision(f"para_{number}", "paragraph", number, "", said, start, start + len(said))
            )
        at += len(line)
    return tuple(found)


def _nothing_in_common(alignment: Alignment) -> bool:
    """Tell whether the paired provisions are too small a part of either text to mean anything.

    What every regulation has (scope, entry into force) does not count.
    """
    own = [_standing(nodes) for nodes in (alignment.old, alignment.new)]
    if not all(own):
        return False
    shared = [0.0, 0.0]
    for pairing in alignment.pairings:
        for side, indexes in enumerate((pairing.old, pairing.new)):
            shared[side] += pairing.score**2 * sum(own[side].get(index, 0) for index in indexes)
    return all(
        part < _LEAST_COMMON * sum(whole.values()) for part, whole in zip(shared, own, strict=True)
    )


def _standing(nodes: Nodes) -> dict[int, int]:
    """Give for each provision outside of commonplace articles how many words it says."""
    return {
        node.index: len(node.words)
        for node in nodes.all
        if not _COMMONPLACE.search(article_heading(nodes, node.index))
    }


def _apart(alignment: Alignment) -> tuple[Link, ...]:
    gone = tuple(node.provision.eid for node in alignment.old.all)
    come = tuple(node.provision.eid for node in alignment.new.all)
    links = (
        Link(gone, (), "removed", "certain", 0.0), Link((), come, "added", "certain", 0.0),
    )  # fmt: skip
    return tuple(link for link in links if link.old or link.new)


def _figures_and_words(text: LegalText, side: str) -> list[str]:
    """Warn where a figure and the words in brackets beside it disagree."""
    found = []
    stack = list(reversed(text.provisions))
    while stack:
        provision = stack.pop()
        stack += reversed(provision.children)
        own = own_text(provision)
        if _GLOSSED.search(own):
            _, warnings = values_of(own, text.language)
            found += [f"{side} text, {provision.eid}: {warning}" for warning in warnings]
    if len(found) > _NAMED_WARNINGS:
        rest = len(found) - _NAMED_WARNINGS
        found = [*found[:_NAMED_WARNINGS], f"{side} text: {rest} more figures disagree with words"]
    return found

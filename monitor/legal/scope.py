"""Who is addressed and what a term means."""

import re

from monitor.legal.canon import words
from monitor.legal.modality import find_modality
from monitor.legal.model import Quantity, ValueChange
from monitor.legal.nodes import Nodes

_DEFINITIONS = re.compile(r"giải\s+thích\s+(?:từ|thuật)\s+ngữ|(?<!\w)definitions?(?!\w)", re.I)
_APPLICATION = re.compile(
    r"đối\s+tượng\s+(?:áp\s+dụng|điều\s+chỉnh)|phạm\s+vi\s+(?:điều\s+chỉnh|áp\s+dụng)"
    r"|(?<!\w)(?:subject\s+matter|scope)(?!\w)",
    re.I,
)
_TERM = {
    "vi": re.compile(
        r"\s*(?P<term>[^:.;\n]{2,120}?)\s+(?:là|được\s+hiểu\s+là|bao\s+gồm|gồm)(?!\w)"
    ),
    "en": re.compile(
        r"\s*[‘'“\"]?(?P<term>[^:.;\n’'”\"]{2,120}?)[’'”\"]?\s+(?:means?|is|are)(?!\w)"
    ),
}
_ACTOR = {
    "vi": re.compile(
        r"(?<!\w)(?:cơ\s+quan|tổ\s+chức|doanh\s+nghiệp|cá\s+nhân|người|chủ|bộ|sở|ủy\s+ban"
        r"|nhà\s+(?:đăng\s+ký|cung\s+cấp|xuất\s+bản)|đơn\s+vị|công\s+ty|hộ|nền\s+tảng|đại\s+lý)(?!\w)",
        re.I,
    ),
    "en": re.compile(
        r"(?<!\w)(?:providers?|platforms?|persons?|states?|authorit(?:y|ies)|commission|users?"
        r"|compan(?:y|ies)|enterprises?|organi[sz]ations?|individuals?|recipients?|traders?"
        r"|coordinators?|board|agenc(?:y|ies)|undertakings?)(?!\w)",
        re.I,
    ),
}
_LISTED = re.compile(r",|;|\s(?:và|hoặc|hay|and|or)\s", re.I)
_SENTENCE = re.compile(r"[.;:](?=\s)|\n")
_FIGURE = re.compile(r"\d[\d.,]*(?:\s*\([^()]*\))?")
_LONGEST_SUBJECT = 40


def article_heading(nodes: Nodes, index: int) -> str:
    """Give the heading of the article that holds a provision."""
    while index >= 0:
        if nodes[index].provision.kind == "article":
            return nodes[index].provision.heading
        index = nodes[index].parent
    return ""


def defined_term(text: str, language: str) -> str:
    """Give the term that a definition defines: what stands before "là" or "means"."""
    found = _TERM[language].match(text)
    return " ".join(found["term"].split()) if found else ""


def _subject(text: str, language: str) -> str:
    """Give what stands before the first modal word in its sentence."""
    modal = next((m for m in find_modality(text, language) if not m.weak), None)
    if modal is None:
        return ""
    return _SENTENCE.split(text[: modal.start])[-1].strip()


def _actors(subject: str, language: str) -> frozenset[tuple[str, ...]]:
    plain = _FIGURE.sub(" ", subject)
    parts = (part for part in _LISTED.split(plain) if _ACTOR[language].search(part))
    return frozenset(tuple(words(part)) for part in parts)


def scope_changes(old: str, new: str, heading: str, language: str) -> list[ValueChange]:
    """Compare whom two wordings of a provision address, or what they define.

    `heading` is that of the article: in one of definitions or on the field of application every
    change of the wording is one of scope.
    """
    if _DEFINITIONS.search(heading):
        before, after = defined_term(old, language), defined_term(new, language)
        if before and after:
            return [
                ValueChange("scope", "changed", Quantity(before, value="definition"),
                            Quantity(after, value="definition"))
            ]  # fmt: skip
        return []
    if _APPLICATION.search(heading):
        return [
            ValueChange("scope", "changed", Quantity(_brief(old), value="application"),
                        Quantity(_brief(new), value="application"))
        ]  # fmt: skip
    before, after = _subject(old, language), _subject(new, language)
    if not before or not after or max(len(before.split()), len(after.split())) > _LONGEST_SUBJECT:
        return []
    ours, theirs = _actors(before, language), _actors(after, language)
    if not ours or not theirs or ours == theirs:
        return []
    return [
        ValueChange("scope", "changed", Quantity(before, value="addressee"),
                    Quantity(after, value="addressee"))
    ]  # fmt: skip


def _brief(text: str, longest: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rsplit(" ", 1)[0] + "…"

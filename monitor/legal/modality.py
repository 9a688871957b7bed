"""Who must, must not, may or is encouraged to: the modality of a provision's sentences."""

import re
from dataclasses import dataclass
from typing import Literal

Modal = Literal["duty", "prohibition", "permission", "restriction", "encouragement"]

_VI: tuple[tuple[str, Modal | None], ...] = (
    (r"(?:nghiêm|bị|tuyệt\s+đối)\s+cấm|cấm(?!\s+(?:vận|địa))", "prohibition"),
    (r"không\s+được(?:\s+phép)?(?!\s+(?:cấp|cung\s+cấp\s+bởi|chấp\s+thuận|coi|xem|tính|công\s+nhận"
     r"|quá|vượt|dưới|ít|muộn|chậm|sớm|thấp|cao|gia\s+hạn|quy\s+định|bảo\s+đảm))", "prohibition"),
    (r"không\s+được(?:\s+phép)?", None),
    (r"không\s+có\s+(?:quyền)", "prohibition"),
    (r"không\s+(?:phải|bắt\s+buộc|cần)(?!\s+chịu)", None),
    (r"(?:bên|vừa|mắc|gặp|vấp|phía|tay)\s+phải", None),
    (r"chỉ\s+được(?:\s+phép)?|mới\s+được(?:\s+phép)?|chỉ\s+(?=[^.;\n]{1,200}?\s+mới\s+được)"
     r"|chỉ\s+có\s+quyền", "restriction"),
    (r"(?:được\s+)?khuyến\s+khích", "encouragement"),
    (r"(?:bắt\s+)?buộc\s+phải|cần\s+phải|phải|có\s+(?:trách\s+nhiệm|nghĩa\s+vụ|bổn\s+phận)"
     r"|bắt\s+buộc|chịu\s+trách\s+nhiệm", "duty"),
    (r"có\s+(?:toàn\s+)?quyền|được\s+(?:phép|quyền)|có\s+thể|cho\s+phép", "permission"),
)  # fmt: skip
_EN: tuple[tuple[str, Modal | None], ...] = (
    (r"(?:shall|must|may|can)\s*not(?:\s+be\s+required\s+to)|not\s+(?:be\s+)?required\s+to", None),
    (r"(?:shall|must|may|can)\s*not|(?:is|are|be)\s+prohibited|prohibit(?:s|ed)?|no\s+\w+\s+shall"
     r"|forbidden", "prohibition"),
    (r"(?:may|shall|can)\s+only|only\s+(?:if|where|when)\b", "restriction"),
    (r"(?:is|are|be)\s+encouraged\s+to|(?:shall\s+)?encourages?", "encouragement"),
    (r"(?:shall\s+)?(?:be|is|are)\s+(?:entitled|allowed|permitted|authorised|free)\s+to"
     r"|(?:shall\s+)?(?:have|has)\s+the\s+(?:right|power|possibility)\s+to", "permission"),
    (r"(?:shall|must)|(?:is|are)\s+(?:required|obliged|responsible)"
     r"|(?:have|has)\s+(?:the|an)\s+(?:duty|obligation)", "duty"),
    (r"may(?!\s+\d)", "permission"),
)  # fmt: skip
_WEAK = {"vi": re.compile(r"(?<!\w)được(?!\w)", re.IGNORECASE)}


def _compiled(rules: tuple[tuple[str, Modal | None], ...]) -> re.Pattern[str]:
    named = (f"(?P<m{place}>(?:{pattern}))" for place, (pattern, _) in enumerate(rules))
    return re.compile(rf"(?<!\w)(?:{'|'.join(named)})(?!\w)", re.IGNORECASE)


_RULES = {"vi": _VI, "en": _EN}
_PATTERNS = {language: _compiled(rules) for language, rules in _RULES.items()}


@dataclass(frozen=True, slots=True)
class ModalWord:
    """A word that says what one must or may do.

    `weak` marks a bare "được", which is permission or only passive ("được cấp"): it counts
    where it stands in the place of another modal word, never by itself.
    """

    start: int
    end: int
    modal: Modal
    text: str
    weak: bool = False


def find_modality(text: str, language: str) -> list[ModalWord]:
    """Find the modal words of a text in order; `language` is "vi" or "en"."""
    rules = _RULES[language]
    found, taken = [], []
    for match in _PATTERNS[language].finditer(text):
        modal = rules[int((match.lastgroup or "m0")[1:])][1]
        taken.append(match.span())
        if modal is not None:
            said = " ".join(match.group().split())
            found.append(ModalWord(match.start(), match.end(), modal, said))
    if language in _WEAK:
        ends = iter([*taken, (len(text) + 1, 0)])
        span = next(ends)
        for match in _WEAK[language].finditer(text):
            while span[0] <= len(text) and span[1] <= match.start():
                span = next(ends)
            if not span[0] <= match.start() < span[1]:
                found.append(
                    ModalWord(match.start(), match.end(), "permission", match.group(), weak=True)
                )
        found.sort(key=lambda m: m.start)
    return found

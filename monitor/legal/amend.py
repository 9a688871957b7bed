"""The instructions of an amending text, read off its sentences and quoted bodies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .amendment import Action, Address, Instruction
from .instrument import instrument_for, instruments
from .model import LegalText, Provision
from .patterns import Language
from .targets import Named, read_targets
from .wording import clauses, mask_quotes, without_history, word_changes

_AMENDING_TITLE = re.compile(
    r"sửa đổi|bãi bỏ (?:một số|các)|\bamending\b|\bamends\b|\brepealing\b", re.IGNORECASE
)
_AMENDING_ARTICLE = re.compile(
    r"(?:sửa đổi|bổ sung|bãi bỏ|thay thế)\b.*\b(?:điều|khoản|điểm|của|phụ lục)\b|"
    r".*\b(?:is|are) (?:hereby )?(?:amended|replaced|repealed)\b|amendments? (?:to|of)\b",
    re.IGNORECASE | re.DOTALL,
)
_VAGUE = re.compile(r"một số (?:điều|khoản|điểm)|as follows", re.IGNORECASE)
_SOMEWHERE = re.compile(r"\b(?:tại|ở|trong|in|of)\b", re.IGNORECASE)
_EVERYWHERE = re.compile(
    r"toàn bộ|các điều|mọi|"
    r"(?:trong|tại|ở)\s+(?:nghị định|luật|thông tư|quyết định|bộ luật|pháp lệnh)|"
    r"throughout|in the (?:regulation|law|decree|circular|directive)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\W*(?:sửa|bổ sung|thay|bãi|hủy|huỷ|bỏ|đổi|amend|replace|insert|add|delete|repeal)\b",
    re.IGNORECASE,
)
# Places finer or coarser than the tree holds; an instruction for one is not applied by guess.
_FINER = re.compile(
    r"tiểu mục|\bphần\s+(?:thứ\s|[A-ZĐIVX\d])|gạch đầu dòng|"
    r"\b(?:dòng|cột|đoạn|câu)\s+(?:thứ|cuối)\b|"
    r"\b(?:first|second|third|last) (?:sub-?paragraph|sentence|indent)"
)
_KINDS = ("article", "paragraph", "point", "subpoint")


def is_amending(text: LegalText) -> bool:
    """Tell whether a text is there to change others: by its title, or by its first articles."""
    lead = re.sub(r"\s+", " ", text.title)
    if re.match(r"(?:[A-ZĐÀ-Ỹ ]+ )?(?:sửa đổi|bãi bỏ)", lead, re.IGNORECASE):
        return True
    if _AMENDING_TITLE.search(lead[:160]) and "hợp nhất" not in lead.lower():
        named = re.search(r"\b(?:về|quy định|on)\b", lead[:160])
        found = _AMENDING_TITLE.search(lead[:160])
        if found and (named is None or found.start() < named.start()):
            return True
    first = next((p for p in _walk(text.provisions) if p.kind == "article"), None)
    if first is None:
        return False
    return bool(_AMENDING_ARTICLE.match(f"{first.heading} {first.text}".strip()[:300]))


def read_instructions(amending: LegalText) -> list[Instruction]:
    """Read every instruction of an amending text, one for each target, in the text's order.

    A sentence that speaks of amending but cannot be read comes back with the action "unread",
    so that nothing is passed over in silence.
    """
    language: Language = "vi" if amending.language == "vi" else "en"
    titled = next((name for _, name in instruments(amending.title, language, amending.number)), "")
    found: list[Instruction] = []
    for provision in amending.provisions:
        if provision.kind != "appendix":
            found += _read(provision, Address(), titled, language, amending)
    return found


def _walk(provisions: Sequence[Provision]) -> Iterator[Provision]:
    for provision in provisions:
        yield provision
        if provision.kind != "quoted":
            yield from _walk(provision.children)


@dataclass(frozen=True, slots=True)
class _Told:
    """One target of a sentence: what to do to it, behind which label, in which instrument."""

    action: Action
    target: Address
    after: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of one amending provision, quotes masked, and what holds around it."""

    source: str
    words: str
    masked: str
    quotes: tuple[str, ...]
    context: Address
    language: Language
    named: tuple[tuple[int, str], ...]


def _read(
    provision: Provision, context: Address, instrument: str, language: Language, amending: LegalText
) -> list[Instruction]:
    words = " ".join(f"{provision.heading} {provision.text}".split())
    masked, quotes = mask_quotes(words)
    named = tuple(instruments(without_history(masked), language, amending.number))
    sentence = _Sentence(provision.eid, words, masked, tuple(quotes), context, language, named)
    inner = [child for child in provision.children if child.kind != "quoted"]
    instrument = named[0][1] if named else instrument
    found: list[Instruction] = []
    # A heading above whole chapters of instructions names none itself.
    if words and provision.kind not in ("part", "chapter", "section", "subsection"):
        found = _word_instructions(sentence) or _provision_instructions(
            sentence, provision, amending
        )
        if _FINER.search(masked):
            found = [replace(one, action="unread") for one in found]
    found = [replace(one, instrument=one.instrument or instrument) for one in found]
    below = context
    if inner:
        told = _told(sentence)
        below = told[0].target if len(told) == 1 else context
    for child in inner:
        found += _read(child, below, instrument, language, amending)
    return found


def _told(sentence: _Sentence) -> list[_Told]:
    """Every target of a sentence with what to do to it."""
    text = without_history(sentence.masked)
    targets = read_targets(text, sentence.language, sentence.context)
    found: list[_Told] = []
    for clause in clauses(text, sentence.language):
        inside = [target for target in targets if clause.start <= target.start < clause.end]
        after = _anchor_label([target.address for target in inside if target.anchor])
        for target in inside:
            if not target.anchor:
                action = "title" if target.address.part_of == "title" else clause.action
                instrument = instrument_for(target.start, sentence.named)
                found.append(_Told(action, target.address, after, instrument))
    return found


def _word_instructions(sentence: _Sentence) -> list[Instruction]:
    found: list[Instruction] = []
    for old, new, place in word_changes(sentence.masked, sentence.quotes):
        plain = without_history(place)
        targets = read_targets(plain, sentence.language, sentence.context)
        named = instruments(plain, sentence.language)
        lost = not targets and _SOMEWHERE.search(place) and not _EVERYWHERE.search(place)
        action: Action = "unread" if lost else "replace-words"
        for target in targets or [Named(0, sentence.context)]:
            one = Instruction(
                sentence.source, action, target.address, sentence.words, words=(old, new)
            )
            found.append(replace(one, instrument=instrument_for(target.start, named)))
    return found


def _provision_instructions(
    sentence: _Sentence, provision: Provision, amending: LegalText
) -> list[Instruction]:
    quoted = [child for child in provision.children if child.kind == "quoted"]
    bodies = [child for block in quoted for child in block.children]
    loose = [block.text for block in quoted if block.text and not block.children]
    told = _told(sentence)
    if not quoted and provision.children:
        # A lead over a list of instructions says only where they apply.
        told = [one for one in told if one.action in ("repeal", "title") and sentence.quotes]
    found: list[Instruction] = []
    unused = list(bodies)
    replaced = _appendix_pairs(sentence.masked, told, amending)
    for place, one in enumerate(told):
        made = Instruction(sentence.source, one.action, one.target, sentence.words, after=one.after)
        if one.action == "repeal":
            answers = [made]
        elif place in replaced:
            answers = [replace(made, body=replaced[place])]
        elif one.target.appendix or one.target.form:
            answers = [] if replaced else [replace(made, action="unread")]
        else:
            answers = _with_body(made, unused, loose, sentence.quotes, len(told))
        # Without a quoted body, only a sentence that begins by telling tells anything.
        if not quoted and not _TELLS.match(sentence.masked):
            answers = [answer for answer in answers if answer.action != "unread"]
        found += [replace(answer, instrument=one.instrument) for answer in answers]
    if not told and bodies and _VAGUE.search(sentence.masked) and sentence.context != Address():
        return [
            _for_body(sentence, "amend-or-add", _under(sentence.context, body), body)
            for body in bodies
        ]
    return found + _left_over(sentence, unused, told)


def _for_body(sentence: _Sentence, action: Action, target: Address, body: Provision) -> Instruction:
    return Instruction(sentence.source, action, target, sentence.words, body=body)


def _anchor_label(anchors: Sequence[Address]) -> str:
    if not anchors:
        return ""
    last = anchors[-1]
    return last.subpoint or last.point or last.paragraph or last.article


def _with_body(
    made: Instruction,
    unused: list[Provision],
    loose: list[str],
    quotes: Sequence[str],
    count: int,
) -> list[Instruction]:
    """Find the quoted body of one target; the bodies stand in the order of the targets."""
    kind, num = _innermost(made.target)
    if made.action == "title":
        body = next((one for one in unused if one.num.lower() == num and one.heading), None)
        if body is not None:
            unused.remove(body)
            return [replace(made, text=body.heading)]
        text = loose.pop(0) if loose else (quotes[-1] if quotes else "")
        return [replace(made, text=text, action="title" if text else "unread")]
    body = next((one for one in unused if one.kind == kind and one.num.lower() == num), None)
    if body is not None:
        unused.remove(body)
        return [replace(made, body=body)]
    deeper = [one for one in unused if kind in _KINDS and _depth(one.kind) > _depth(kind)]
    if deeper and count == 1:
        unused.clear()
        partly: Action = "add" if made.action == "add" else "amend-or-add"
        return [
            replace(made, action=partly, target=_under(made.target, one), body=one)
            for one in deeper
        ]
    if loose and count == 1:
        return [replace(made, text="\n".join(loose))]
    return [replace(made, action="unread")]


def _left_over(
    sentence: _Sentence, unused: Sequence[Provision], told: Sequence[_Told]
) -> list[Instruction]:
    """Quoted bodies that no target names: read by their own labels only where one can be sure."""
    articles = {one.target.article for one in told}
    base = told[0].target if len(articles) == 1 else sentence.context
    found: list[Instruction] = []
    for body in unused:
        sure = body.kind == "article" and not told
        action: Action = "amend-or-add" if sure else "unread"
        target = Address(article=body.num.lower()) if sure else _under(base, body)
        found.append(_for_body(sentence, action, target, body))
    return found


def _innermost(target: Address) -> tuple[str, str]:
    for kind in ("subpoint", "point", "paragraph", "article", "section", "chapter"):
        if getattr(target, kind):
            return kind, getattr(target, kind)
    return "", ""


def _depth(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else -1


def _under(target: Address, body: Provision) -> Address:
    if body.kind == "article":
        return Address(article=body.num.lower())
    if body.kind in _KINDS:
        return replace(target, **{body.kind: body.num.lower()})
    return target


def _appendix_pairs(
    masked: str, told: Sequence[_Told], amending: LegalText
) -> dict[int, Provision]:
    """Pair "Phụ lục II … bằng Phụ lục II ban hành kèm theo" with the amending text's own."""
    split = re.search(r"\b(?:bằng|thành|by)\b", masked)
    if split is None:
        return {}
    own = {
        (p.num.lower(), p.eid.rsplit("__", 1)[-1].startswith("form_")): p
        for p in _walk(amending.provisions)
        if p.kind == "appendix"
    }
    wanted = [place for place, one in enumerate(told) if one.target.appendix or one.target.form]
    half = len(wanted) // 2
    if not half or len(wanted) % 2:
        return {}
    pairs: dict[int, Provision] = {}
    for old, new in zip(wanted[:half], wanted[half:], strict=True):
        target = told[new].target
        body = own.get(((target.form or target.appendix).lower(), bool(target.form)))
        if body is not None:
            pairs[old] = body
    return pairs

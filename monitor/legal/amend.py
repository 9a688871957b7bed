"""The instructions of an amending text, read off its sentences and quoted bodies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .amendment import Action, Address, Instruction
from .model import LegalText, Provision
from .patterns import Language
from .targets import read_targets
from .wording import clauses, instrument_of, mask_quotes, without_history, word_changes

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
    titled = instrument_of(amending.title, language, amending.number)
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


def _read(
    provision: Provision, context: Address, instrument: str, language: Language, amending: LegalText
) -> list[Instruction]:
    sentence = " ".join(f"{provision.heading} {provision.text}".split())
    quoted = [child for child in provision.children if child.kind == "quoted"]
    inner = [child for child in provision.children if child.kind != "quoted"]
    instrument = instrument_of(sentence, language, amending.number) or instrument
    found: list[Instruction] = []
    masked, quotes = mask_quotes(sentence)
    # A heading above whole chapters of instructions names none itself.
    if sentence and provision.kind not in ("part", "chapter", "section", "subsection"):
        words = word_changes(masked, quotes)
        if words:
            found += _word_instructions(words, context, provision.eid, sentence, language)
        else:
            found += _provision_instructions(
                provision, masked, quotes, quoted, context, language, amending
            )
    found = [replace(one, instrument=instrument) for one in found]
    below = _inherited(masked, language, context) if inner else context
    for child in inner:
        found += _read(child, below, instrument, language, amending)
    return found


def _inherited(masked: str, language: Language, context: Address) -> Address:
    """What a lead names for the items below it: "Sửa đổi một số khoản của Điều 5 như sau:"."""
    named = [target for _, target, _ in _named(masked, language, context)]
    return named[0] if len(named) == 1 else context


def _named(masked: str, language: Language, context: Address) -> list[tuple[Action, Address, str]]:
    """Every target of a sentence with what to do to it and the label it goes behind."""
    text = without_history(masked)
    targets = read_targets(text, language, context)
    found: list[tuple[Action, Address, str]] = []
    for clause in clauses(text, language):
        inside = [target for target in targets if clause.start <= target.start < clause.end]
        after = _anchor_label([target.address for target in inside if target.anchor])
        found += [(clause.action, target.address, after) for target in inside if not target.anchor]
    return found


def _word_instructions(
    words: Sequence[tuple[str, str, str]],
    context: Address,
    source: str,
    sentence: str,
    language: Language,
) -> list[Instruction]:
    found: list[Instruction] = []
    for old, new, place in words:
        targets = [target.address for target in read_targets(place, language, context)]
        lost = not targets and _SOMEWHERE.search(place) and not _EVERYWHERE.search(place)
        action: Action = "unread" if lost else "replace-words"
        for target in targets or [context]:
            found.append(Instruction(source, action, target, sentence, words=(old, new)))
    return found


def _provision_instructions(
    provision: Provision,
    masked: str,
    quotes: Sequence[str],
    quoted: Sequence[Provision],
    context: Address,
    language: Language,
    amending: LegalText,
) -> list[Instruction]:
    bodies = [child for block in quoted for child in block.children]
    loose = [block.text for block in quoted if block.text and not block.children]
    sentence = " ".join(f"{provision.heading} {provision.text}".split())
    named = _named(masked, language, context)
    if not quoted and any(child.kind != "quoted" for child in provision.children):
        # A lead over a list of instructions says only where they apply.
        named = [one for one in named if one[0] in ("repeal", "title") and quotes]
    found: list[Instruction] = []
    unused = list(bodies)
    replaced = _appendix_pairs(masked, named, amending)
    for place, (action, target, after) in enumerate(named):
        if action == "repeal":
            found.append(Instruction(provision.eid, "repeal", target, sentence))
            continue
        if place in replaced:
            found.append(Instruction(provision.eid, action, target, sentence, body=replaced[place]))
            continue
        if target.appendix or target.form:
            continue
        found += _with_body(
            provision.eid, action, target, after, sentence, unused, loose, quotes, len(named)
        )
    if not named and bodies and _VAGUE.search(masked) and context != Address():
        return [
            Instruction(provision.eid, "amend-or-add", _under(context, body), sentence, body=body)
            for body in bodies
        ]
    if bodies and unused:
        found += _left_over(provision.eid, sentence, unused, named, context)
    return found


def _anchor_label(anchors: Sequence[Address]) -> str:
    if not anchors:
        return ""
    last = anchors[-1]
    return last.subpoint or last.point or last.paragraph or last.article


def _with_body(
    source: str,
    action: Action,
    target: Address,
    after: str,
    sentence: str,
    unused: list[Provision],
    loose: list[str],
    quotes: Sequence[str],
    count: int,
) -> list[Instruction]:
    """Find the quoted body of one target; the bodies stand in the order of the targets."""
    kind, num = _innermost(target)
    if action == "title":
        heading = next((body.heading for body in unused if body.num == num and body.heading), "")
        if heading:
            unused.remove(next(b for b in unused if b.num == num and b.heading))
        text = heading or (loose.pop(0) if loose else (quotes[-1] if quotes else ""))
        return [Instruction(source, "title" if text else "unread", target, sentence, text=text)]
    body = next((one for one in unused if one.kind == kind and one.num.lower() == num), None)
    if body is not None:
        unused.remove(body)
        return [Instruction(source, action, target, sentence, body=body, after=after)]
    deeper = [one for one in unused if kind in _KINDS and _depth(one.kind) > _depth(kind)]
    if deeper and count == 1:
        for one in deeper:
            unused.remove(one)
        partly: Action = "add" if action == "add" else "amend-or-add"
        return [
            Instruction(source, partly, _under(target, one), sentence, body=one) for one in deeper
        ]
    if loose and count == 1:
        return [Instruction(source, action, target, sentence, text="\n".join(loose), after=after)]
    if unused or loose or action in ("amend", "add", "amend-or-add"):
        return [Instruction(source, "unread", target, sentence)]
    return []


def _left_over(
    source: str,
    sentence: str,
    unused: Sequence[Provision],
    named: Sequence[tuple[Action, Address, str]],
    context: Address,
) -> list[Instruction]:
    """Quoted bodies that no target names: read by their own labels only where one can be sure."""
    base = named[0][1] if len({_article(target) for _, target, _ in named}) == 1 else context
    found: list[Instruction] = []
    for body in unused:
        if body.kind == "article" and not named:
            target = Address(article=body.num.lower())
            found.append(Instruction(source, "amend-or-add", target, sentence, body=body))
        else:
            found.append(Instruction(source, "unread", _under(base, body), sentence, body=body))
    return found


def _article(target: Address) -> str:
    return target.article


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
    masked: str, named: Sequence[tuple[Action, Address, str]], amending: LegalText
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
    wanted = [place for place, (_, target, _) in enumerate(named) if target.appendix or target.form]
    half = len(wanted) // 2
    if not half or len(wanted) % 2:
        return {}
    pairs: dict[int, Provision] = {}
    for old, new in zip(wanted[:half], wanted[half:], strict=True):
        target = named[new][1]
        label = target.form or target.appendix
        body = own.get((label.lower(), bool(target.form)))
        if body is not None:
            pairs[old] = body
    return pairs

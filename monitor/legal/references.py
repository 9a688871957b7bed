"""References from one provision to others: found in the text and resolved in the tree."""

import re
from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["point", "paragraph", "article"]
THIS = "this"


@dataclass(frozen=True, slots=True)
class Target:
    """Labels of what a reference names; "" where it does not say, THIS for "Điều này"."""

    article: str = ""
    paragraph: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference in a text; `instrument` is the other instrument it points into, or "".

    `reach` is where the other instrument's name ends, `end` where the labels end.
    """

    start: int
    end: int
    targets: tuple[Target, ...]
    instrument: str = ""
    reach: int = 0


@dataclass(frozen=True, slots=True)
class _Segment:
    level: Level
    labels: tuple[str, ...]
    start: int
    end: int


_VI_JOIN = r"\s*(?:,\s*và|,|;|và|hoặc|hay|đến|tới)\s*(?:(?:các|từ)\s+)?"
_EN_JOIN = r"\s*(?:,\s*and|,\s*or|,|and|or|to)\s*"


def _listed(keyword: str, label: str, join: str) -> str:
    return rf"{label}(?:{join}(?:{keyword}\s+)?{label})*"


def _vietnamese(keyword: str, label: str, name: str) -> str:
    return rf"{keyword}\s+(?P<{name}>này|{_listed(keyword, label, _VI_JOIN)})"


_VI_POINT = r"[a-zđ]\d?(?![^\W_]|[’'])"
_VI_NUMBER = r"\d+[a-zđ]{0,2}(?![^\W_]|[./]\d)"
_EN_INNER = r"(?:\s?\(\w{1,4}\))*"
_EN_ARTICLE = rf"\d+[a-z]?(?![^\W_]|[./]\d){_EN_INNER}"
_EN_PARAGRAPH = rf"\(?\d+[a-z]?\)?(?![^\W_]|[./]\d){_EN_INNER}"
_EN_POINT = r"(?:\([a-z]{1,4}\)|[a-z]\)?(?![^\W_]))"

_SEGMENTS = {
    "vi": re.compile(
        r"(?<!\w)(?:(?:các|từ)\s+)?(?:"
        + "|".join(
            (
                _vietnamese(r"điểm", _VI_POINT, "point"),
                _vietnamese(r"khoản", _VI_NUMBER, "paragraph"),
                _vietnamese(r"điều", _VI_NUMBER, "article"),
            )
        )
        + r")(?!\w)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!\w)(?:"
        rf"points?\s+(?P<point>{_EN_POINT}(?:{_EN_JOIN}{_EN_POINT})*)"
        rf"|(?:paragraphs?|clauses?)\s+(?P<paragraph>{_EN_PARAGRAPH}(?:{_EN_JOIN}{_EN_PARAGRAPH})*)"
        rf"|articles?\s+(?P<article>{_EN_ARTICLE}(?:{_EN_JOIN}{_EN_ARTICLE})*)"
        r"|(?P<this>this\s+(?:article|paragraph|clause|point))(?!\w)"
        r")",
        re.IGNORECASE,
    ),
}
_CHAINED = {
    "vi": re.compile(r"\s*,?\s*(?:(?:của|tại|thuộc)\s+)?"),
    "en": re.compile(r"\s*,?\s*(?:(?:of|in)\s+)?"),
}
_SHARED = {
    "vi": re.compile(r"\s*(?:,|;|,?\s*và|,?\s*hoặc|,?\s*hay)\s*"),
    "en": re.compile(r"\s*(?:,|,?\s*and|,?\s*or)\s*"),
}
_OTHER_INSTRUMENT = {
    "vi": re.compile(
        r"\s*,?\s*(?:(?:của|tại)\s+)?(?P<name>(?:Bộ\s+luật|Luật|Nghị\s+định|Thông\s+tư"
        r"(?:\s+liên\s+tịch)?|Pháp\s+lệnh|Quyết\s+định|Nghị\s+quyết|Hiến\s+pháp|Hiệp\s+định"
        r"|Công\s+ước|Quy\s+chế|Chỉ\s+thị)(?!\s+này)(?:\s+(?:số\s+)?[^\s,;:.()]+){0,6})"
    ),
    "en": re.compile(
        r"\s*,?\s*(?:of|to|in)\s+(?:the\s+)?(?P<name>(?:Regulations?|Directives?|Decisions?|Decree"
        r"|Law|Circular|Treaty|Charter|Framework|TFEU|TEU|Convention|Agreement|Protocol|Code)"
        r"(?:\s+[^\s,;:.]+){0,4})"
    ),
}
_NAME_ENDS = {
    "vi": frozenset(
        {
            "chậm", "và", "hoặc", "hay", "quy", "theo", "thì", "khi", "được", "phải", "có", "trong",
            "để", "cần", "nếu", "của", "tại", "không", "do", "bị", "cho", "đã", "sẽ", "đối", "với",
            "trừ", "như", "từ", "đến", "trước", "sau", "là",
        }
    ),
    "en": frozenset(
        {"and", "or", "shall", "may", "must", "is", "are", "where", "which", "that", "if", "as",
         "in", "on", "for", "with"}
    ),
}  # fmt: skip
_LABEL = re.compile(r"\d+[a-zđ]{0,2}|[a-zđ]\d?(?![^\W_])", re.IGNORECASE)
_EN_ITEM = re.compile(r"(?P<label>\(?\w+\)?)(?P<inner>(?:\s?\(\w{1,4}\))*)")
_INNER_LABEL = re.compile(r"\((\w{1,4})\)")
_RANGE = re.compile(r"(\d+)\s*(?:đến|tới|to)\s*(?:(?:khoản|điều|điểm)\s+)?(\d+)", re.IGNORECASE)
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_LETTER_RANGE = re.compile(
    r"(?<!\w)\(?([a-zđ])\)?\s+(?:đến|tới|to)\s+(?:điểm\s+)?\(?([a-zđ])\)?(?!\w)", re.IGNORECASE
)
_LONGEST_RANGE = 60
INSTRUMENT_NUMBER = re.compile(
    r"(?<!\w)(?:số\s+)?\d+\s?/\s?(?:\d{4}\s?/\s?)?[A-ZĐ][A-ZĐ0-9]*(?:\s?-\s?[A-ZĐ]+)*(?!\w)"
    r"|\((?:EU|EC|EEC)\)\s*(?:No\s*)?\d+/\d+(?!\w)|(?<!\w)\d{2,4}/\d+/(?:EU|EC|EEC)(?!\w)"
)


def _expanded(text: str, labels: list[str]) -> tuple[str, ...]:
    """Give the labels with the ranges ("1 đến 4", "a đến d") written out."""
    for low, high in _RANGE.findall(text):
        span = range(int(low) + 1, int(high))
        if len(span) <= _LONGEST_RANGE:
            labels += [str(n) for n in span]
    for low, high in _LETTER_RANGE.findall(text):
        first, last = _LETTERS.find(low.lower()), _LETTERS.find(high.lower())
        if first >= 0:
            labels += list(_LETTERS[first + 1 : last])
    return tuple(dict.fromkeys(label.lower() for label in labels))


_LEVELS: dict[str, Level] = {
    "point": "point", "paragraph": "paragraph", "clause": "paragraph", "article": "article",
}  # fmt: skip


def _segments(text: str, language: str) -> list[_Segment]:
    found = []
    for match in _SEGMENTS[language].finditer(text):
        group = match.lastgroup or ""
        said = match[group] if group else ""
        level = _LEVELS.get(group if group != "this" else said.split()[-1].lower())
        if group == "this":
            labels: tuple[str, ...] = (THIS,)
        elif said.lower() == "này":
            labels = (THIS,)
        elif language == "en":
            labels = _expanded(said, _english_labels(said))
        else:
            bare = re.sub(
                r"(?i)(?<!\w)(?:khoản|điều|điểm|các|từ|đến|tới|và|hoặc|hay)(?!\w)", " ", said
            )
            labels = _expanded(said, _LABEL.findall(bare))
        if level is not None:
            found.append(_Segment(level, labels, match.start(), match.end()))
    return found


def _english_labels(said: str) -> list[str]:
    """Give labels with what stands in brackets behind them: "5(2)(b)" stays one label."""
    labels = []
    for match in _EN_ITEM.finditer(said):
        if match["label"].lower() in ("and", "or", "to"):
            continue
        labels.append("/".join([match["label"].strip("()"), *_INNER_LABEL.findall(match["inner"])]))
    return labels


_ORDER = {"point": 0, "paragraph": 1, "article": 2}


def _chains(text: str, segments: list[_Segment], language: str) -> list[list[_Segment]]:
    chains: list[list[_Segment]] = []
    for segment in segments:
        last = chains[-1][-1] if chains else None
        if (
            last is not None
            and _CHAINED[language].fullmatch(text, last.end, segment.start)
            and segment.level not in {s.level for s in chains[-1]}
            and (language == "en" or _ORDER[segment.level] > _ORDER[last.level])
        ):
            chains[-1].append(segment)
        else:
            chains.append([segment])
    return chains


def _targets(chain: list[_Segment]) -> tuple[Target, ...]:
    by_level = {segment.level: segment.labels for segment in chain}
    targets = []
    for article in by_level.get("article", ("",)):
        for paragraph in by_level.get("paragraph", ("",)):
            for point in by_level.get("point", ("",)):
                named = [part for part in (article, paragraph, point) if part]
                parts = "/".join(named).split("/") if "/" in "".join(named) else []
                if article and parts:
                    padded = [*parts, "", ""]
                    targets.append(Target(padded[0], padded[1], padded[2]))
                elif paragraph and parts:
                    targets.append(Target("", parts[0], parts[1] if len(parts) > 1 else point))
                else:
                    targets.append(Target(article, paragraph, point))
    return tuple(targets)


def _trimmed(name: str, language: str) -> str:
    """Give an instrument's name without the words of the sentence that goes on behind it."""
    words = name.split()
    for place, word in enumerate(words[2:], start=2):
        if word.lower() in _NAME_ENDS[language]:
            return " ".join(words[:place])
    return " ".join(words)


def find_references(text: str, language: str) -> list[Reference]:
    """Find the references of one provision's text, in order, unresolved.

    `language` is "vi" or "en". What a text lists in one go is one reference: "điểm a khoản 1 và
    điểm b khoản 2 Điều 5" names two targets, both in Article 5.
    """
    chains = _chains(text, _segments(text, language), language)
    found: list[Reference] = []
    for chain in chains:
        end = chain[-1].end
        other = _OTHER_INSTRUMENT[language].match(text, end)
        name = _trimmed(other["name"], language) if other else ""
        reach = other.start("name") + len(name) if other else end
        found.append(Reference(chain[0].start, end, _targets(chain), name, reach))
    for index in range(len(found) - 2, -1, -1):
        this, following = found[index], found[index + 1]
        if not _SHARED[language].fullmatch(text, this.end, following.start):
            continue
        article = following.targets[0].article
        targets, instrument = this.targets, this.instrument
        if article and not any(t.article for t in targets):
            targets = tuple(replace(t, article=article) for t in targets)
            instrument = instrument or following.instrument
        if instrument == following.instrument:
            joined = tuple(dict.fromkeys((*targets, *following.targets)))
            found[index : index + 2] = [
                Reference(this.start, following.end, joined, instrument, following.reach)
            ]
    return found


def instrument_spans(text: str) -> list[tuple[int, int]]:
    """Give where instruments' numbers stand (72/2013/NĐ-CP), so that no figure is read there."""
    if "/" not in text:
        return []
    return [match.span() for match in INSTRUMENT_NUMBER.finditer(text)]

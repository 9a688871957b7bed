"""Invented stories told in several ways, with the truth of which tellings belong together."""

import random
import zlib
from dataclasses import dataclass

FIRMS = ("LinhChi", "BaoLam", "MaiAnh", "NgọcLam", "SôngTrăng", "GióĐồng", "HoaCau", "TreXanh")
BODIES = (
    ("Cục Bến Bãi", "the Ferry Bureau"),
    ("Sở Mạng Lưới", "the Network Office"),
    ("Thanh tra Kênh Rạch", "the Canal Inspectorate"),
    ("Ủy ban Âm Thanh", "the Sound Commission"),
)
PLACES = (
    ("Cồn Én", "Con En"),
    ("Bãi Vàng", "Bai Vang"),
    ("Rạch Tre", "Rach Tre"),
    ("Đồi Sim", "Doi Sim"),
)
OPENINGS = (
    (
        "{body} phạt {firm} {money} triệu đồng vì để {count} tài khoản không xác thực",
        "{body} fines {firm} {money} million dong over {count} unverified accounts",
    ),
    (
        "{body} yêu cầu {firm} gỡ {count} video quảng cáo sai sự thật trong {money} giờ",
        "{body} tells {firm} to remove {count} false video advertisements within {money} hours",
    ),
    (
        "{firm} làm lộ dữ liệu của {count} khách hàng, {body} mở cuộc thanh tra {money} ngày",
        "{firm} leaks records of {count} customers, {body} opens a {money}-day inspection",
    ),
    (
        "{body} cấp phép cho {firm} phát hành {money} trò chơi với {count} người chơi thử",
        "{body} licenses {firm} to publish {money} games with {count} trial players",
    ),
)
SENTENCES = (
    ("Quyết định được công bố tại {place} vào {day}.", "The decision was announced in {place}."),
    (
        "Người phát ngôn nói công ty đã nhận {small} lần nhắc nhở từ {month}.",
        "A spokesman said the company had received {small} warnings.",
    ),
    (
        "Theo hồ sơ, {share}% người dùng ở {place} bị ảnh hưởng và {half} đã khiếu nại.",
        "The file says {share}% of users in {place} were affected.",
    ),
    (
        "{firm} hứa lập tổ kỹ thuật {small} người để rà soát {thing} và báo cáo hằng tuần.",
        "{firm} promised a team of {small} engineers.",
    ),
    (
        "{body} sẽ kiểm tra lại sau {later} ngày và công khai kết quả về {thing}.",
        "{body} will look again in {later} days.",
    ),
    (
        "Một chuyên gia tại {place} cho rằng {thing} mới là điều đáng lo, không phải khoản tiền.",
        "An expert in {place} was more worried about the rules than the money.",
    ),
    (
        "Nếu còn vi phạm, {firm} có thể bị dừng {thing} trong {small} tháng.",
        "If it happens again {firm} may be suspended for {small} months.",
    ),
)
THINGS = (
    "tính năng phát trực tiếp",
    "kho lưu trữ",
    "bộ lọc nội dung",
    "ví trả trước",
    "bản đồ phà",
)
DAYS = ("sáng thứ hai", "chiều thứ ba", "trưa thứ tư", "tối thứ năm", "cuối tuần")
MONTHS = ("đầu mùa mưa", "cuối mùa khô", "tháng trước", "sau Tết", "đầu quý")
HALVES = ("một nửa", "phần lớn", "một số ít", "gần hết")
SWAPS = (
    ("yêu cầu", "đề nghị"),
    ("công bố", "thông báo"),
    ("Theo hồ sơ", "Hồ sơ cho biết"),
    ("cho rằng", "nhận xét"),
    ("hứa", "cam kết"),
    ("Nếu còn vi phạm", "Trường hợp tái phạm"),
    ("Người phát ngôn nói", "Đại diện công ty cho hay"),
)
HEADLINES = ("Vì sao {firm} gặp rắc rối?", "Chuyện của {firm} ở {place}", "{firm}: điều cần biết")
KINDS = ("copied", "trimmed", "re-titled", "rewritten", "translated")


@dataclass(frozen=True, slots=True)
class Telling:
    """One article: the number of its story, how it was made of the original, and when (hours)."""

    story: int
    kind: str
    title: str
    summary: str
    text: str
    language: str
    hour: float


def tellings(stories: int, seed: int = 7) -> list[Telling]:
    """Tellings of so many stories, in the order of their time: originals, rewrites, round-ups.

    Three round-ups in ten stories hold two or three of the originals before them; each is a story
    of its own. Firms, bodies, places and sentences recur, so that stories are like each other.
    """
    chance = random.Random(seed)
    found: list[Telling] = []
    for story in range(stories):
        facts = _facts(chance)
        hour = story * 1.7
        original = _original(story, facts, chance, hour)
        found.append(original)
        for kind in chance.sample(KINDS, 3):
            found.append(_retold(original, kind, facts, chance, hour + chance.uniform(0.2, 30)))
        if story > 3 and chance.random() < 0.3:
            found.append(_round_up(stories + story, found, chance, hour))
    return sorted(found, key=lambda telling: telling.hour)


def _facts(chance: random.Random) -> dict[str, tuple[str, str]]:
    def number(low: int, high: int) -> tuple[str, str]:
        value = f"{chance.randint(low, high):,}"
        return value.replace(",", "."), value

    def word(choice: tuple[str, ...]) -> tuple[str, str]:
        chosen = chance.choice(choice)
        return chosen, chosen

    return {
        "firm": word(FIRMS),
        "body": chance.choice(BODIES),
        "place": chance.choice(PLACES),
        "money": number(11, 240),
        "count": number(1_100, 98_000),
        "small": number(2, 9),
        "share": number(12, 88),
        "later": number(10, 90),
        "thing": word(THINGS),
        "day": word(DAYS),
        "month": word(MONTHS),
        "half": word(HALVES),
        "opening": (str(chance.randrange(len(OPENINGS))),) * 2,
    }


def _said(pattern: tuple[str, str], facts: dict[str, tuple[str, str]], tongue: int) -> str:
    said = pattern[tongue].format(**{name: both[tongue] for name, both in facts.items()})
    return said[0].upper() + said[1:]


def _original(
    story: int, facts: dict[str, tuple[str, str]], chance: random.Random, hour: float
) -> Telling:
    opening = _said(OPENINGS[int(facts["opening"][0])], facts, 0)
    body = [_said(one, facts, 0) for one in chance.sample(SENTENCES, len(SENTENCES))]
    summary = f"{opening}, theo văn bản công bố {facts['day'][0]}."
    return Telling(story, "original", opening, summary, " ".join(body), "vi", hour)


def _retold(
    of: Telling, kind: str, facts: dict[str, tuple[str, str]], chance: random.Random, hour: float
) -> Telling:
    title, summary, text, language = of.title, of.summary, of.text, of.language
    if kind == "trimmed":
        sentences = text.split(". ")
        text = ". ".join(sentences[: max(len(sentences) * 6 // 10, 1)]) + "."
    elif kind == "re-titled":
        title = _said((chance.choice(HEADLINES),) * 2, facts, 0)
    elif kind == "rewritten":
        for old, new in SWAPS:
            summary, text = summary.replace(old, new), text.replace(old, new)
    elif kind == "translated":
        title = _said(OPENINGS[int(facts["opening"][0])], facts, 1)
        summary = f"{title}, according to a document released this week."
        text = " ".join(_said(one, facts, 1) for one in SENTENCES)
        language = "en"
    return Telling(of.story, kind, title, summary, text, language, hour)


def _round_up(story: int, before: list[Telling], chance: random.Random, hour: float) -> Telling:
    originals = [one for one in before[-40:] if one.kind == "original"]
    held = chance.sample(originals, min(3, len(originals)))
    headline = f"Bên sông tuần này, số {zlib.crc32(str(story).encode()) % 900}"
    text = " ".join(f"{one.summary} {one.text}" for one in held)
    return Telling(story, "round-up", headline, "", text, "vi", hour + 1)

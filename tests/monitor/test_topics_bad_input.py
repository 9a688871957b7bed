"""Texts and topics as nobody should write them, and somebody does."""

import pytest

from config import Bilingual, Topic
from monitor import signals
from monitor.embedding import Embedder
from monitor.topics import Example, TaggedText, TopicTagger, TopicUnclear


def topic(name: str, en: str, vi: str, *examples: str) -> Topic:
    # A configuration refuses empty descriptions; other callers may not.
    description = Bilingual.model_construct(en=en, vi=vi)
    return Topic.model_construct(
        id=name, name=name, description=description, examples=examples, threshold=0.5
    )


SIGNATURES = topic(
    "signatures",
    "Vietnam's rules on electronic signatures and those who certify them",
    "Quy định của Việt Nam về chữ ký điện tử và tổ chức chứng thực",
)


def test_an_empty_article_is_off_topic(tagger: TopicTagger) -> None:
    (reading,) = tagger.read([TaggedText("", " ", "\n", "")])
    assert reading.tags == []
    assert not reading.is_relevant


@pytest.mark.parametrize("text", ["x" * 20_000_000, "a | " * 5_000_000, " \n" * 10_000_000])
def test_an_enormous_text_is_read_in_part(tagger: TopicTagger, text: str) -> None:
    for item in (TaggedText("", "", text, ""), TaggedText(text, text, "", "")):
        (reading,) = tagger.read([item])
        assert reading.tags == []


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("fr", "Le gouvernement français interdit les réseaux sociaux aux enfants", ""),
        ("zh", "中国加强网络直播管理", "国家互联网信息办公室发布新规定，要求平台核实用户身份。"),
        ("km", "រដ្ឋាភិបាលកម្ពុជាប្រកាសច្បាប់ថ្មី", ""),
        ("ru", "Погода на завтра: дождь и ветер", ""),
        ("", "🙂🙂🙂 \u202e\u0000 ---", "\ufffd" * 500),
    ],
)
def test_other_languages_are_read_without_complaint_and_off_topic(
    tagger: TopicTagger, language: str, title: str, text: str
) -> None:
    (reading,) = tagger.read([TaggedText(title, "", text, language)])
    assert reading.tags == []


def test_a_text_in_decomposed_letters_reads_like_a_composed_one(tagger: TopicTagger) -> None:
    import unicodedata

    title = "Thuê bao không chính chủ bị khóa chiều gọi đi theo quy định mới"
    composed, decomposed = tagger.read(
        [TaggedText(unicodedata.normalize(form, title), "", "", "vi") for form in ("NFC", "NFD")]
    )
    assert composed.scored == decomposed.scored
    assert composed.tags != []


def test_a_topic_that_says_nothing_is_refused_by_name(embedder: Embedder) -> None:
    with pytest.raises(TopicUnclear, match="'mute'"):
        TopicTagger(embedder, [topic("mute", " ", "")])


def test_a_topic_without_a_description_is_learned_from_its_examples(embedder: Embedder) -> None:
    examples = ("Doanh nghiệp dùng chữ ký số từ xa", "Vietnam licenses provider of e-signatures")
    tagger = TopicTagger(embedder, [topic("signatures", "", "", *examples)])
    (reading,) = tagger.read([TaggedText(examples[0], "", "", "vi")])
    assert reading.scored[0].topic == "signatures"


def test_two_topics_that_say_the_same_are_refused_by_name(embedder: Embedder) -> None:
    twin = SIGNATURES.model_copy(update={"id": "twin"})
    with pytest.raises(TopicUnclear, match="'signatures' and 'twin'"):
        TopicTagger(embedder, [SIGNATURES, twin])


def test_topics_that_share_a_description_are_told_apart_by_their_examples(
    embedder: Embedder,
) -> None:
    seals = SIGNATURES.model_copy(
        update={"id": "seals", "examples": ("Doanh nghiệp tự quyết định con dấu của mình",)}
    )
    tagger = TopicTagger(embedder, [SIGNATURES, seals])
    (reading,) = tagger.read([TaggedText("Con dấu của doanh nghiệp", "", "", "vi")])
    assert reading.scored[0].topic == "seals"


def test_an_example_given_twice_counts_once(embedder: Embedder) -> None:
    text = "Vietnam licenses a provider of electronic signatures"
    once = SIGNATURES.model_copy(update={"examples": (text,)})
    twice = SIGNATURES.model_copy(update={"examples": (text, f" {text} ", text)})
    item = TaggedText("Vietnam certifies digital signatures", "", "", "en")
    assert TopicTagger(embedder, [once]).read([item])[0].scored == (
        TopicTagger(embedder, [twice]).read([item])[0].scored
    )


def test_a_lesson_for_a_topic_no_longer_declared_changes_no_other(embedder: Embedder) -> None:
    lesson = Example(
        "Ferry tickets go on sale", "en", frozenset({"ferries"}), None, frozenset({"signatures"})
    )
    item = TaggedText("Vietnam certifies digital signatures", "", "", "en")
    plain = TopicTagger(embedder, [SIGNATURES]).read([item])[0]
    taught = TopicTagger(embedder, [SIGNATURES], lessons=[lesson]).read([item])[0]
    assert taught.scored[0].score == pytest.approx(plain.scored[0].score, abs=0.05)
    assert [tag.topic for tag in taught.scored] == ["signatures"]


def test_topics_described_in_one_language_are_found_in_the_other(
    embedder: Embedder, topics: list[Topic]
) -> None:
    english = [
        topic(
            one.id,
            one.description.en,
            "",
            *(text for text in one.examples if signals.language_of(text, "") == "en"),
        )
        for one in topics
    ]
    tagger = TopicTagger(embedder, english)
    titles = {
        "telecom": "Thuê bao không chính chủ bị nhà mạng khóa theo quy định mới",
        "platform-blocking": "Việt Nam yêu cầu nhà mạng chặn một ứng dụng nhắn tin",
        "personal-data": "Công ty bị phạt vì làm lộ dữ liệu cá nhân của khách hàng",
        "online-games": "Nhà phát hành game không phép tại Việt Nam bị xử phạt",
    }
    readings = tagger.read([TaggedText(title, "", "", "vi") for title in titles.values()])
    assert [reading.scored[0].topic for reading in readings] == list(titles)
    assert sum(reading.is_relevant for reading in readings) >= 3


def test_without_topics_nothing_is_tagged(embedder: Embedder) -> None:
    (reading,) = TopicTagger(embedder, []).read([TaggedText("Vietnam blocks app", "", "", "en")])
    assert reading.scored == ()

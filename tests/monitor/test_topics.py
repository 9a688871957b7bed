from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from config import Bilingual, Topic
from monitor.embedding import Embedder
from monitor.topic_examples import gathered
from monitor.topics import PassageVectors, TaggedText, TopicTagger


def names(tagger: TopicTagger, title: str, text: str = "", language: str = "") -> set[str]:
    (tags,) = tagger.tag([TaggedText(title, "", text, language)])
    return {tag.topic for tag in tags}


HEADLINES = {
    "identity-verification": "Muốn bình luận trên mạng phải có số điện thoại đã xác minh",
    "livestream": "Người phát trực tiếp có đông người xem phải đăng ký với cơ quan quản lý",
    "content-takedown": "Mạng xã hội chậm xóa bài vi phạm quá một ngày sẽ bị phạt nặng",
    "data-localisation": "Doanh nghiệp xuyên biên giới phải đặt máy chủ dữ liệu ở Việt Nam",
    "personal-data": "Lộ thông tin khách hàng, công ty bị phạt theo luật dữ liệu cá nhân",
    "telecom": "Thuê bao không chính chủ bị khóa chiều gọi đi từ tuần sau",
    "fake-news": "Bị phạt 10 triệu đồng vì đăng tin bịa đặt về vỡ đê trên Zalo",
    "online-games": "Vietnam gives game publishers until June to check the age of players",
    "speech-prosecution": "Hanoi court jails woman for Facebook posts that mocked the party",
    "minors": "Vietnamese parents to hold the accounts of children under fourteen",
    "platform-blocking": "Vietnam's phone companies told to cut off a chat app",
    "app-stores": "Vietnam tells Apple to drop apps that lack a permit from its store",
    "cybersecurity-law": "Vietnam's assembly votes on stricter cybersecurity law",
}


@pytest.mark.parametrize(("topic", "title"), HEADLINES.items(), ids=HEADLINES)
def test_every_topic_is_found_in_headlines_that_no_example_gives(
    tagger: TopicTagger, topic: str, title: str
) -> None:
    assert topic in names(tagger, title)


@pytest.mark.parametrize(
    "title",
    [
        "Hàn Quốc buộc mạng xã hội xác minh tuổi người dùng",
        "Canada orders platforms to remove hateful posts within a day",
        "Nhóm nhạc khoe ảnh hậu trường trên Facebook, người hâm mộ thích thú",
        "Doanh thu quảng cáo của YouTube tăng quý thứ ba liên tiếp",
        "Nghị định mới về giá điện sinh hoạt có hiệu lực",
        "Bắt nhóm trộm chó nhờ camera của người dân",
        "Vietnam's under-23 team reach final after late goal",
        "Vietnam issues decree on land prices",
        "",
    ],
)
def test_other_countries_rules_and_bare_mentions_are_off_topic(
    tagger: TopicTagger, title: str
) -> None:
    assert names(tagger, title) == set()


def test_one_item_of_a_round_up_is_found_and_kept_as_evidence(tagger: TopicTagger) -> None:
    item = "Mạng xã hội phải gỡ bài vi phạm trong 24 giờ theo yêu cầu của bộ"
    title = f"Điểm tin: Giá vàng lập đỉnh mới phiên sáng nay | {item} | Mỹ áp thuế với thép"
    (tags,) = tagger.tag([TaggedText(title, "", "", "vi")])
    assert [tag.topic for tag in tags][:1] == ["content-takedown"]
    assert tags[0].passage == item


def test_the_body_counts_where_the_headline_says_little(tagger: TopicTagger) -> None:
    filler = "Phiên họp kéo dài trong hai ngày với nhiều nội dung về kinh tế, giáo dục và y tế. "
    rule = (
        "Dự thảo buộc người dùng mạng xã hội tại Việt Nam xác thực tài khoản bằng số điện thoại, "
        "tài khoản chưa xác thực không được đăng bài, bình luận. Cơ quan soạn thảo cho biết quy "
        "định định danh người dùng áp dụng cho cả nền tảng nước ngoài. "
    )
    text = filler * 8 + rule * 3 + filler * 3
    assert "identity-verification" in names(tagger, "Chính phủ họp phiên thường kỳ", text, "vi")


def test_tags_come_best_first_and_reach_their_threshold(tagger: TopicTagger) -> None:
    title = "Vietnam decree: verified accounts only, posts removed in 24 hours, livestreams limited"
    (tags,) = tagger.tag([TaggedText(title, "", "", "en")])
    scores = [tag.score for tag in tags]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= tag.threshold <= tag.score <= 1 for tag in tags)


def test_a_batch_gives_what_single_items_give(tagger: TopicTagger) -> None:
    items = [
        TaggedText("Siết quản lý livestream trên mạng xã hội tại Việt Nam", "", "", "vi"),
        TaggedText("", "", "", ""),
        TaggedText("Vietnam tightens data localisation for tech firms", "", "Details. " * 9, "en"),
    ]
    together = tagger.tag(items)
    apart = [tags for item in items for tags in tagger.tag([item])]
    assert [[tag.topic for tag in tags] for tags in together] == [
        [tag.topic for tag in tags] for tags in apart
    ]
    assert tagger.tag([]) == []


def test_equal_topics_and_model_give_an_equal_version(
    embedder: Embedder, tagger: TopicTagger, topics: list[Topic]
) -> None:
    assert TopicTagger(embedder, topics).version == tagger.version
    fewer = TopicTagger(embedder, topics[:-1])
    assert fewer.version != tagger.version


def test_a_topic_of_ones_own_works_with_a_few_examples(
    embedder: Embedder, topics: list[Topic]
) -> None:
    signatures = Topic(
        id="digital-signatures",
        name="Digital signatures",
        description=Bilingual(
            en="Vietnam's rules on electronic signatures and the providers that certify them",
            vi="Quy định của Việt Nam về chữ ký điện tử, chữ ký số và tổ chức chứng thực",
        ),
        examples=(
            "Doanh nghiệp được dùng chữ ký số từ xa khi kê khai",
            "Vietnam licenses a provider of electronic signatures",
        ),
    )
    tagger = TopicTagger(embedder, [*topics, signatures])
    title = "Nghị định mới về chữ ký số và dịch vụ chứng thực chữ ký điện tử"
    assert "digital-signatures" in names(tagger, title)


def test_the_seeds_get_the_topics_that_they_are_about(tagger: TopicTagger, corpus: Path) -> None:
    about = {
        "2021-livestream-draft": {"livestream", "content-takedown"},
        "2022-decree-53-fulcrum": {"data-localisation", "content-takedown"},
        "2023-05-compulsory-verification": {"identity-verification"},
        "2023-05-registration-the-register": {"identity-verification"},
        "2024-11-decree-147-identities": {"identity-verification", "content-takedown"},
    }
    for seed, expected in about.items():
        text = (corpus / "seeds" / f"{seed}.txt").read_text(encoding="utf-8")
        assert expected <= names(tagger, "", text, "en"), seed


def test_a_reading_says_how_relevant_an_article_is_and_scores_every_topic(
    tagger: TopicTagger, topics: list[Topic]
) -> None:
    about, elsewhere = tagger.read(
        [
            TaggedText("Vietnam orders carriers to block a messaging app", "", "", "en"),
            TaggedText("Nhật Bản buộc nền tảng gỡ bài vu khống trong bảy ngày", "", "", "vi"),
        ]
    )
    assert about.is_relevant
    assert not elsewhere.is_relevant
    assert {tag.topic for tag in about.scored} == {topic.id for topic in topics}
    assert about.relevance >= max(tag.score for tag in about.scored)
    assert elsewhere.tags == []


def test_a_tag_names_the_nearest_example_of_its_topic(
    tagger: TopicTagger, topics: list[Topic]
) -> None:
    title = "Người chơi game phải xác thực bằng số điện thoại di động"
    (reading,) = tagger.read([TaggedText(title, "", "", "vi")])
    about = {one.text: one.topics for one in gathered(topics, [])}
    assert all(tag.topic in about[tag.nearest] for tag in reading.scored)
    assert reading.tags[0].topic == "online-games"
    assert "game" in reading.tags[0].nearest


def test_kept_vectors_give_the_same_reading_without_the_model(
    tagger: TopicTagger, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    title = "Vietnam fines publisher of unlicensed game"
    body = "The regulator withdrew the permit. " * 30
    items = [TaggedText(title, "", body, "en"), TaggedText("Giá vàng tăng", "", "", "vi")]
    first = tagger.read(items)
    told: list[tuple[int, int]] = []
    encoded: list[str] = []
    monkeypatch.setattr(embedder, "encode", lambda texts: encoded.extend(texts))
    again = tagger.read(
        items, [reading.vectors for reading in first], lambda *done: told.append(done)
    )
    assert [reading.scored for reading in again] == [reading.scored for reading in first]
    assert encoded == []
    assert told == []


def test_vectors_of_too_few_passages_are_not_used(tagger: TopicTagger) -> None:
    item = TaggedText("Việt Nam siết livestream", "", "Dự thảo nghị định mới. " * 40, "vi")
    (whole,) = tagger.read([item])
    assert whole.vectors is not None
    part = PassageVectors(whole.vectors.passages[:1], whole.vectors.vectors[:1])
    (again,) = tagger.read([item], [part])
    assert again.vectors is not None
    assert again.vectors.passages == whole.vectors.passages


def test_many_passages_are_encoded_a_bounded_number_at_a_time(
    tagger: TopicTagger, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    sizes: list[int] = []
    lengths: list[int] = []
    told: list[tuple[int, int]] = []

    def encode(texts: Sequence[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        sizes.append(len(texts))
        lengths.extend(len(text) for text in texts)
        return np.full((len(texts), embedder.dimensions), 0.05, np.float32)

    monkeypatch.setattr(embedder, "encode", encode)
    items = [TaggedText(f"Tin số {n} {'dài ' * (n % 50)}", "", "", "vi") for n in range(1_300)]
    tagger.read(items, progress=lambda done, total: told.append((done, total)))
    assert max(sizes) <= 512
    assert lengths == sorted(lengths)
    assert told[-1] == (1_300, 1_300)

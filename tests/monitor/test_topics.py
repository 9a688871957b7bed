import tomllib
from pathlib import Path

import pytest

from config import Bilingual, Topic
from monitor.embedding import Embedder
from monitor.topics import TaggedText, TopicTagger, TopicUnclear

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    declared = tomllib.loads((ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8"))
    return [Topic.model_validate(topic) for topic in declared["topics"]]


@pytest.fixture(scope="module")
def tagger(embedder: Embedder, topics: list[Topic]) -> TopicTagger:
    return TopicTagger(embedder, topics)


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


def test_an_enormous_text_is_tagged_by_an_even_choice_of_its_passages(
    tagger: TopicTagger,
) -> None:
    assert names(tagger, "", "x" * 2_000_000) == set()


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


def test_two_topics_that_say_the_same_get_the_same_score(
    embedder: Embedder, topics: list[Topic]
) -> None:
    first = topics[0].model_copy(update={"threshold": 0.0})
    twin = first.model_copy(update={"id": "twin"})
    tagger = TopicTagger(embedder, [first, *topics[1:], twin])
    title = "Người dùng mạng xã hội tại Việt Nam phải xác thực tài khoản"
    (tags,) = tagger.tag([TaggedText(title, "", "", "vi")])
    scores = {tag.topic: tag.score for tag in tags}
    assert scores["twin"] == pytest.approx(scores[first.id], abs=1e-3)


def test_a_topic_that_says_nothing_is_refused_by_name(embedder: Embedder) -> None:
    mute = Topic(id="mute", name="Mute", description=Bilingual(en=" ", vi=" "))
    with pytest.raises(TopicUnclear, match="'mute'"):
        TopicTagger(embedder, [mute])


def test_the_newsrooms_headlines_are_told_apart(tagger: TopicTagger) -> None:
    from newsroom import press, truth

    expected = truth.expected_topics()
    articles = press.articles()
    tagged = tagger.tag([TaggedText(a.title, a.sapo, "", "") for a in articles])
    right = sum(bool(tags) == (a.key in expected) for a, tags in zip(articles, tagged, strict=True))
    assert right >= 0.93 * len(articles)


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


@pytest.mark.slow
def test_labelled_feed_items_are_told_apart(tagger: TopicTagger, corpus: Path) -> None:
    lines = (corpus / "news" / "labelled_items.tsv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=False)) for line in lines[1:]]
    rows = [row for row in rows if not row["label"].startswith("border:")]
    tagged = tagger.tag([TaggedText(row["title"], row["summary"], "", "vi") for row in rows])
    truth = [row["label"].startswith("on:") for row in rows]
    hits = sum(bool(tags) and yes for tags, yes in zip(tagged, truth, strict=True))
    assert hits / sum(bool(tags) for tags in tagged) >= 0.88
    assert hits / sum(truth) >= 0.85

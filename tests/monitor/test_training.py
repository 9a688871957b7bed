"""A head learns from labels, and is judged on labels that it was not taught."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Topic
from monitor.embedding import Embedder
from monitor.topics import Example, TaggedText, TopicTagger
from monitor.training import CONFIGURATION, Method, lessons_of, train
from monitor.training_figures import Score, figures, gain
from monitor.training_folds import By, split
from monitor.training_labels import Truth
from monitor.training_thresholds import calibrated
from storage.labels import LabelledItem

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime(2031, 6, 2, 5, 0, tzinfo=UTC)
OUTLETS = ("bo-nam", "ben-pha", "cua-song")

RUMOURS = (
    "Bị phạt 7,5 triệu đồng vì đăng tin sai sự thật về giá cá trên Facebook",
    "Tung tin đồn cá lồng nhiễm độc trên mạng, chủ tài khoản bị phạt",
    "Xử phạt người đăng tin bịa đặt về dịch bệnh trên đàn cá bè",
    "Đăng tin thất thiệt về giá tôm lên Zalo, một người bị phạt 5 triệu đồng",
    "Chủ trang cá nhân bị phạt vì loan tin sai về chợ cá đầu mối",
    "Phạt tài khoản Facebook đăng tin giả về nước mắm nhiễm chì",
)
FERRIES = (
    "Bến phà Cồn Én mở cửa trở lại sau hai tuần sửa chữa",
    "Giá vé phà qua sông tăng từ tháng sau",
    "Phà Cồn Én thêm chuyến đêm phục vụ chợ nổi",
    "Chủ bến phà phải trang bị áo phao cho hành khách",
    "Ferry across the delta runs at night from next month",
    "New life jackets on every ferry of the delta",
)


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    declared = tomllib.loads((ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8"))
    return [Topic.model_validate(topic) for topic in declared["topics"]]


def labelled(
    title: str,
    *right: str,
    number: int = 1,
    wrong: tuple[str, ...] = (),
    outlet: str = OUTLETS[0],
    days: int = 0,
    summary: str = "",
    text: str = "",
    passages: tuple[str, ...] = (),
) -> LabelledItem:
    return LabelledItem(
        item_id=number,
        revision_id=number,
        title=title,
        summary=summary,
        text=text,
        language="",
        source_id=outlet,
        published_at=MONDAY + timedelta(days=days),
        right=frozenset(right),
        wrong=frozenset(wrong),
        off_topic=not right and not wrong,
        passages=passages,
    )


def many(titles: tuple[str, ...], *right: str, after: int = 0) -> list[LabelledItem]:
    return [
        labelled(title, *right, number=after + n, outlet=OUTLETS[n % 3], days=n)
        for n, title in enumerate(titles, 1)
    ]


def score_of(tagger: TopicTagger, title: str, topic: str) -> float:
    (reading,) = tagger.read([TaggedText(title, "", "", "")])
    return next(tag.score for tag in reading.scored if tag.topic == topic)


class TestLessons:
    def test_a_right_topic_says_all_that_the_text_is_about(self, topics: list[Topic]) -> None:
        lessons = lessons_of([labelled("Siết livestream", "livestream")], topics)
        assert lessons == [Example("Siết livestream", "vi", frozenset({"livestream"}), True)]

    def test_off_topic_is_a_lesson_on_every_topic(self, topics: list[Topic]) -> None:
        lessons = lessons_of([labelled(FERRIES[0])], topics)
        assert lessons == [Example(FERRIES[0], "vi", frozenset(), False)]

    def test_a_wrong_topic_alone_says_nothing_of_the_others(self, topics: list[Topic]) -> None:
        (lesson,) = lessons_of([labelled("Siết livestream", wrong=("minors",))], topics)
        assert lesson.relevant is None
        assert lesson.topics == set()
        assert lesson.silent == {topic.id for topic in topics} - {"minors"}

    def test_a_topic_that_is_no_longer_declared_teaches_nothing(self, topics: list[Topic]) -> None:
        gone = labelled("Phà mới", wrong=("ferries",))
        assert lessons_of([gone], topics) == []
        (lesson,) = lessons_of([labelled("Phà mới", "ferries", "telecom")], topics)
        assert lesson.topics == {"telecom"}
        lessons = lessons_of([labelled("Phà mới", "ferries")], topics)
        assert lessons == [Example("Phà mới", "vi", frozenset(), None)]

    def test_evidence_in_the_body_is_taught_under_its_headline_and_the_headline_is_not(
        self, topics: list[Topic]
    ) -> None:
        text = "Mạng xã hội phải gỡ bài vi phạm trong 24 giờ."
        item = labelled("Chính phủ họp thường kỳ", "content-takedown", text=text, passages=(text,))
        (lesson,) = lessons_of([item], topics)
        assert lesson.text == f"Chính phủ họp thường kỳ. {text}"
        assert lesson.topics == {"content-takedown"}

    def test_what_is_off_topic_is_so_in_the_headline_and_in_the_evidence(
        self, topics: list[Topic]
    ) -> None:
        text = "Giá vé phà qua sông tăng từ tháng sau."
        item = labelled("Tin vắn", text=text, passages=(text,))
        assert [one.text for one in lessons_of([item], topics)] == ["Tin vắn", f"Tin vắn. {text}"]
        assert all(one.relevant is False for one in lessons_of([item], topics))

    def test_evidence_for_one_of_two_topics_is_taught_as_relevant_only(
        self, topics: list[Topic]
    ) -> None:
        text = "Mạng xã hội phải gỡ bài vi phạm trong 24 giờ."
        item = labelled("Tin vắn", "livestream", "minors", text=text, passages=(text,))
        (lesson,) = lessons_of([item], topics)
        assert lesson.relevant is True
        assert lesson.silent == {topic.id for topic in topics}

    def test_of_a_document_only_what_is_read_of_it_is_taught(self, topics: list[Topic]) -> None:
        far = "Mạng xã hội phải gỡ bài vi phạm trong 24 giờ."
        text = "Bến phà mở cửa trở lại. " * 600 + far
        item = replace(
            labelled("Nghị định", "content-takedown", text=text, passages=(far,)), kind="document"
        )
        assert [one.text for one in lessons_of([item], topics)] == ["Nghị định"]

    def test_an_item_without_a_word_teaches_nothing(self, topics: list[Topic]) -> None:
        assert lessons_of([labelled(" ", "telecom")], topics) == []


items = st.lists(
    st.builds(
        labelled,
        st.sampled_from(FERRIES + RUMOURS),
        outlet=st.sampled_from(("a", "b", "c", "d", "e", "f", "g")),
        days=st.integers(0, 9),
    ),
    min_size=1,
    max_size=30,
)


class TestFolds:
    @given(items, st.sampled_from(["outlet", "time", None]))
    def test_every_item_is_tested_once_and_never_by_a_head_that_saw_it_or_its_story(
        self, found: list[LabelledItem], by: By | None
    ) -> None:
        folds = split(found, by)
        assert sorted(place for part in folds.parts for place in part) == list(range(len(found)))
        for number, part in enumerate(folds.parts):
            trained = folds.outside(number)
            assert not set(trained) & set(part)
            assert not {found[place].title for place in trained} & {
                found[place].title for place in part
            }

    @given(items)
    def test_an_outlet_is_in_one_fold(self, found: list[LabelledItem]) -> None:
        folds = split(found, "outlet")
        outlets = [{found[place].source_id for place in part} for part in folds.parts]
        assert sum(len(part) for part in outlets) == len({item.source_id for item in found})

    @given(items)
    def test_spans_of_time_share_no_day_and_do_not_cross(self, found: list[LabelledItem]) -> None:
        spans = [
            [found[place].published_at for place in part] for part in split(found, "time").parts
        ]
        assert all(max(old) < min(new) for old, new in pairwise(spans))

    def test_copies_of_a_story_in_two_outlets_are_not_trained_on_when_one_is_tested(self) -> None:
        copied = "Bến phà Cồn Én mở cửa trở lại sau hai tuần sửa chữa, vé không đổi"
        found = [
            labelled(FERRIES[0], outlet="a"),
            labelled(copied, outlet="b"),
            labelled(RUMOURS[0], outlet="c"),
        ]
        folds = split(found, "outlet")
        assert folds.outside(0) == [2]

    def test_outlets_are_kept_together_where_none_has_most_of_the_items(self) -> None:
        spread = [labelled(FERRIES[n], outlet=OUTLETS[n % 3]) for n in range(6)]
        assert split(spread).by == "outlet"
        assert split([*spread, *(replace(spread[0], source_id="a") for _ in range(7))]).by == "time"


def about(*topics: str) -> Truth:
    return Truth(bool(topics), frozenset(topics))


def tags(*found: str) -> list[frozenset[str]]:
    return [frozenset(one.split()) for one in found]


class TestFigures:
    def test_they_are_those_recomputed_by_hand(self) -> None:
        truths = [about("a"), about("a", "b"), about(), about("b"), about()]
        got = figures(truths, tags("a", "a", "b", "", ""))
        assert got.relevance == Score(right=2, false=1, missed=1)
        assert got.relevance.precision == pytest.approx(2 / 3)
        assert got.relevance.recall == pytest.approx(2 / 3)
        assert got.topics == {"a": Score(2, 0, 0), "b": Score(0, 1, 2)}
        assert got.macro == pytest.approx((1 + 0) / 2)
        assert got.merit == pytest.approx((2 / 3 + 1 / 2) / 2)

    def test_what_a_label_is_silent_about_counts_neither_way(self) -> None:
        only_not_a = Truth(None, frozenset(), frozenset({"b"}))
        got = figures([about("a"), about("b"), only_not_a], tags("a", "b", "a b"))
        assert got.relevance == Score(2, 0, 0)
        assert got.topics == {"a": Score(1, 1, 0), "b": Score(1, 0, 0)}

    def test_the_error_of_a_gain_is_the_jackknifes(self) -> None:
        truths = [about("a"), about("a"), about("a")]
        old, new = tags("", "", ""), tags("a", "a", "")
        more, error = gain(truths, old, new, [[0], [1], [2]])
        assert more == pytest.approx(0.8)
        left_out = [2 / 3, 2 / 3, 1.0]
        mean = sum(left_out) / 3
        assert error == pytest.approx((2 / 3 * sum((one - mean) ** 2 for one in left_out)) ** 0.5)

    def test_of_one_fold_nothing_is_known_of_the_error(self) -> None:
        assert gain([about("a")], tags(""), tags("a"), [[0]]) == (1.0, float("inf"))


class TestThresholds:
    def test_a_topic_with_few_labels_keeps_its_threshold(self) -> None:
        scores = [{"a": 0.9}] * 4 + [{"a": 0.1}] * 20
        truths = [about("a")] * 4 + [about()] * 20
        assert calibrated(scores, truths, {"a": 0.5}) == {}

    def test_with_ten_labels_the_threshold_goes_half_the_way_to_the_best(self) -> None:
        scores = [{"a": 0.415}] * 10 + [{"a": 0.385}] * 10
        truths = [about("a")] * 10 + [about()] * 10
        assert calibrated(scores, truths, {"a": 0.5}) == {"a": 0.45}

    def test_what_the_gate_rejected_and_what_is_silent_count_as_they_should(self) -> None:
        scores = [{"a": 0.6}] * 10 + [{}] + [{"a": 0.6}] * 9
        silent = Truth(None, frozenset(), frozenset({"a"}))
        truths = [about("a")] * 10 + [about()] + [silent] * 9
        (moved,) = calibrated(scores, truths, {"a": 0.5}).values()
        assert moved < 0.6


class TestLearning:
    def test_labels_against_the_configuration_change_the_tags_of_unseen_similar_texts(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        unseen = "Đăng tin sai về giá cá tra trên mạng xã hội, chủ tài khoản bị phạt"
        other = "Siết quản lý livestream trên mạng xã hội"
        before = TopicTagger(embedder, topics)
        lessons = lessons_of(many(RUMOURS), topics)
        after = TopicTagger(embedder, topics, lessons=lessons)
        assert score_of(before, unseen, "fake-news") > 0.5
        assert score_of(after, unseen, "fake-news") < score_of(before, unseen, "fake-news") - 0.3
        assert [tag.topic for tag in after.tag([TaggedText(other, "", "", "vi")])[0]] == [
            tag.topic for tag in before.tag([TaggedText(other, "", "", "vi")])[0]
        ]

    def test_labels_teach_what_no_example_says(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        unseen = "Phà Cồn Én chạy lại từ thứ Hai, vé tăng nhẹ"
        taught = TopicTagger(embedder, topics, lessons=lessons_of(many(FERRIES, "telecom"), topics))
        before = score_of(TopicTagger(embedder, topics), unseen, "telecom")
        assert before < 0.2 < 0.5 < score_of(taught, unseen, "telecom")

    def test_nothing_that_is_reported_was_trained_on(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        unrelated = many(
            (
                "Giá vàng lập đỉnh mới trong phiên sáng nay",
                "Nhóm nhạc trẻ khởi động chuyến lưu diễn xuyên Việt",
                "Cách nấu lẩu mắm đúng vị miền Tây",
                "Đội tuyển bóng chuyền nữ vào chung kết",
                "Núi lửa phun trào, hàng nghìn người sơ tán",
                "Kính viễn vọng mới chụp được thiên hà xa",
            ),
            "livestream",
        )
        wanted = topics[:3]
        report = train(unrelated, embedder, wanted, upto=6)
        [taught] = [one for one in report.candidates if one.method == Method("svm", 6, False)]
        assert taught.figures.relevance == Score(right=0, false=0, missed=6)
        tagger = TopicTagger(embedder, wanted, lessons=lessons_of(unrelated, wanted))
        assert all(tagger.tag([TaggedText(item.title, "", "", "vi") for item in unrelated]))

    def test_few_labels_are_said_to_be_few_and_nothing_switches(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        report = train(many(RUMOURS) + many(FERRIES, after=6), embedder, topics[:2], upto=12)
        assert "12 labelled items; 30 are the fewest" in report.too_few
        assert not report.is_better
        assert report.best is not None
        assert report.best.method == Method("svm", 12, False)

    @pytest.mark.slow
    def test_better_heads_win_by_labels_that_repeat_themselves(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        places = ("Cồn Én", "Bãi Sậy", "Vàm Nao", "Cù Lao Dài", "Rạch Miễu", "Đình Khao")
        ferries = tuple(f"{place}: {title}" for place in places for title in FERRIES[:3])
        found = many(ferries, "telecom") + many(RUMOURS * 3, after=len(ferries))
        wanted = [topic for topic in topics if topic.id in ("fake-news", "telecom")]
        report = train(found, embedder, wanted, upto=len(found))
        assert report.current is not None and report.best is not None
        assert (report.relevant, report.off_topic, report.too_few) == (18, 18, "")
        assert report.current.method == CONFIGURATION
        assert report.is_better
        assert report.best.method.labels_upto == len(found)
        assert report.best.gain == pytest.approx(
            report.best.figures.merit - report.current.figures.merit
        )
        assert train(found, embedder, wanted, upto=len(found)) == report

    def test_without_labels_there_is_nothing_to_report(
        self, embedder: Embedder, topics: list[Topic]
    ) -> None:
        report = train([], embedder, topics, upto=0)
        assert (report.labels, report.current, report.best, report.is_better) == (
            0, None, None, False,
        )  # fmt: skip

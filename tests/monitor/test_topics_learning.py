"""What the classifier learns from: examples, lessons, recipes; and what its scores mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Topic
from monitor import calibration, learners
from monitor.embedding import Embedder
from monitor.learners import Question
from monitor.topics import Example, Recipe, TaggedText, TopicTagger

LINE = "Cư dân mạng bàn tán về vé phà đảo Mây"


def relevance_of(tagger: TopicTagger, title: str) -> float:
    return tagger.read([TaggedText(title, "", "", "vi")])[0].relevance


@pytest.mark.parametrize("kind", ["svm", "logistic"])
def test_a_lesson_is_learned_by_either_recipe(
    embedder: Embedder, topics: list[Topic], kind: learners.Kind
) -> None:
    lesson = Example(LINE, "vi", frozenset({"telecom"}), relevant=True)
    plain = TopicTagger(embedder, topics, recipe=Recipe(kind))
    taught = TopicTagger(embedder, topics, lessons=[lesson], recipe=Recipe(kind))
    assert plain.version != taught.version
    assert relevance_of(taught, LINE) > relevance_of(plain, LINE) + 0.1


def test_a_bare_no_lowers_that_topic_and_leaves_relevance(
    embedder: Embedder, topics: list[Topic]
) -> None:
    title = "Vietnam decree: verified accounts only, livestreams limited to identified users"
    others = frozenset(topic.id for topic in topics) - {"livestream"}
    lesson = Example(title, "en", frozenset(), relevant=None, silent=others)
    item = TaggedText(title, "", "", "en")
    plain = TopicTagger(embedder, topics).read([item])[0]
    taught = TopicTagger(embedder, topics, lessons=[lesson]).read([item])[0]
    before = {tag.topic: tag.score for tag in plain.scored}
    after = {tag.topic: tag.score for tag in taught.scored}
    assert after["livestream"] < before["livestream"] - 0.1
    assert taught.relevance == pytest.approx(plain.relevance, abs=0.05)


def test_the_later_lesson_on_a_text_has_the_word(embedder: Embedder, topics: list[Topic]) -> None:
    lessons = [
        Example(LINE, "vi", frozenset({"telecom"}), relevant=True),
        Example(LINE, "vi", frozenset(), relevant=False),
    ]
    corrected = TopicTagger(embedder, topics, lessons=lessons)
    assert corrected.version == TopicTagger(embedder, topics, lessons=lessons[1:]).version


def test_a_recipe_may_set_a_threshold_over_the_configurations(
    embedder: Embedder, topics: list[Topic]
) -> None:
    item = TaggedText("Vietnam blocks a messaging app", "", "", "en")
    strict = TopicTagger(embedder, topics, recipe=Recipe(thresholds={"platform-blocking": 1.0}))
    (reading,) = strict.read([item])
    blocking = next(tag for tag in reading.scored if tag.topic == "platform-blocking")
    assert blocking.threshold == 1.0
    assert blocking not in reading.tags


def circle(count: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Points on a circle, shape (count, 2)."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


@settings(max_examples=25)
@given(
    st.lists(st.booleans(), min_size=12, max_size=12).filter(lambda a: 1 < sum(a) < 11),
    st.lists(st.booleans(), min_size=12, max_size=12).filter(lambda a: sum(a) >= 8),
)
def test_the_margin_of_an_unseen_example_is_that_of_learning_without_it(
    answers: list[bool], answered: list[bool]
) -> None:
    features = circle(12)
    question = Question(np.array(answers), np.array(answered))
    learned = learners.learn(
        "svm", features, [question, Question(~question.answers, question.answered)]
    )
    for left_out in np.flatnonzero(answered):
        rest = question.answered.copy()
        rest[left_out] = False
        fewer = Question(question.answers, rest)
        if question.is_open and fewer.is_open:
            again = learners.learn("svm", features, [fewer]).boundary
            expected = again.margins(features[[left_out]])[0, 0]
            assert learned.unseen[left_out, 0] == pytest.approx(expected, abs=1e-6)


def test_a_question_with_one_answer_only_has_that_answer_everywhere() -> None:
    features = circle(6)
    nobody = Question(np.zeros(6, bool), np.ones(6, bool))
    everybody = Question(np.ones(6, bool), np.ones(6, bool))
    for kind in ("svm", "logistic"):
        margins = learners.learn(kind, features, [nobody, everybody]).boundary.margins(features)
        assert (margins[:, 0] < 0).all()
        assert (margins[:, 1] > 0).all()


def test_half_means_as_likely_as_not_for_every_question_wherever_its_margins_lie() -> None:
    noise = np.random.default_rng(1)
    relevant = np.repeat([True, False], [400, 600])
    topic = np.arange(1000) < 40
    low = np.where(topic, 0.0, -1.0) + noise.normal(0, 0.3, 1000)
    high = np.where(relevant, 3.0, 2.0) + noise.normal(0, 0.3, 1000)
    everyone = np.ones(1000, bool)
    questions = [Question(relevant, everyone), Question(topic, everyone)]
    scale = calibration.fit(np.stack([high, low], axis=1), questions)
    halfway = scale.chances(np.array([[2.5, -0.5]]))[0]
    assert halfway[0] == pytest.approx(0.5, abs=0.1)
    assert scale.chances(np.array([[3.0, 0.0]]))[0].min() > 0.7
    assert scale.chances(np.array([[2.0, -1.0]]))[0].max() < 0.15


def test_a_topic_of_two_examples_is_scaled_much_like_the_others() -> None:
    noise = np.random.default_rng(2)
    relevant = np.ones(200, bool)
    relevant[150:] = False
    many, few = np.arange(200) < 40, np.isin(np.arange(200), [148, 149])
    margins = np.stack(
        [
            np.where(answer, 0.5, -0.8) + noise.normal(0, 0.2, 200)
            for answer in (relevant, many, few)
        ],
        axis=1,
    )
    everyone = np.ones(200, bool)
    questions = [Question(answer, everyone) for answer in (relevant, many, few)]
    chances = calibration.fit(margins, questions).chances(np.array([[0.5, 0.5, 0.5]]))[0]
    assert chances[2] == pytest.approx(chances[1], abs=0.2)


def test_faint_margins_of_a_language_are_levelled_to_those_of_the_others() -> None:
    noise = np.random.default_rng(3)
    usual = np.where(np.arange(400) < 200, 0.6, -0.7)[:, None] + noise.normal(0, 0.2, (400, 1))
    faint = usual[:300] / 1.6 - 0.2
    levelled = calibration.level(faint, usual[:300]).of(faint)
    assert levelled == pytest.approx(usual[:300], abs=1e-6)
    one = calibration.level(np.array([[0.1]]), usual).of(np.array([[0.1]]))
    assert one[0, 0] == pytest.approx(usual.mean())

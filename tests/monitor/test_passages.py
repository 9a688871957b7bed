from hypothesis import given
from hypothesis import strategies as st

from monitor import passages

WORDS = st.text(alphabet=list("abc đế.!?|;\n "), max_size=4_000)


@given(title=WORDS, summary=WORDS, text=WORDS)
def test_passages_are_few_and_short_whatever_the_article(
    title: str, summary: str, text: str
) -> None:
    found = passages.of(title, summary, text)
    assert 1 <= len(found) <= passages.MOST
    assert all(len(one.text.split()) <= 2 * passages.WORDS for one in found if one.is_body)


def test_a_short_body_is_kept_whole_and_in_order() -> None:
    sentences = [f"Câu thứ {number} của bài viết này." for number in range(60)]
    found = passages.of("Tiêu đề", "", " ".join(sentences))
    body = " ".join(one.text for one in found if one.is_body)
    assert body == " ".join(sentences)


def test_body_passages_are_read_under_the_headline() -> None:
    head, body = passages.of("Tiêu đề bài.", "Tóm tắt.", "Nội dung.")
    assert head.in_context() == "Tiêu đề bài. Tóm tắt"
    assert body.in_context() == "Tiêu đề bài. Nội dung."
    assert body.about == "Tiêu đề bài. Tóm tắt"


def test_an_empty_article_is_one_empty_passage() -> None:
    assert [one.text for one in passages.of("", " ", "")] == [""]


def test_a_long_body_is_sampled_to_its_end() -> None:
    text = " ".join(f"Sentence number {number} stands here." for number in range(5_000))
    found = passages.of("", "", text)
    assert len(found) == passages.MOST
    assert any("number 4" in one.text and "number 49" not in one.text for one in found)


def test_the_items_of_a_round_up_stand_alone() -> None:
    title = "Điểm tin: một chuyện ở miền Bắc | Hai chuyện ở miền Nam hôm nay"
    found = passages.of(title, "Ba chuyện ở miền Trung hôm qua; Ngắn", "")
    assert [one.text for one in found[1:]] == [
        "Điểm tin: một chuyện ở miền Bắc",
        "Hai chuyện ở miền Nam hôm nay",
        "Ba chuyện ở miền Trung hôm qua",
    ]
    assert not any(one.about for one in found)

import csv
import gzip
import json
import subprocess
import sys
import tomllib
import unicodedata
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Bilingual, Topic
from monitor import gate, passages
from monitor.gate import WordGate
from monitor.topic_head import Example

ROOT = Path(__file__).resolve().parents[2]
ITEMS = ROOT / "benchmarks" / "topic_items"


def shipped() -> list[Topic]:
    declared = tomllib.loads((ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8"))
    return [Topic.model_validate(topic) for topic in declared["topics"]]


@pytest.fixture(scope="module")
def words() -> WordGate:
    return gate.fit(shipped())


def chosen(words: WordGate, title: str, summary: str = "", text: str = "") -> tuple[int, ...]:
    (places,) = words.choose([passages.of(title, summary, text)])
    return places


FILLER = {
    "vi": [
        "Giá rau ở chợ đầu mối sáng nay nhích nhẹ vì mưa kéo dài nhiều ngày tại các vùng trồng.",
        "Đội bóng của tỉnh thua trận thứ ba liên tiếp trên sân nhà trước hàng nghìn khán giả.",
        "Tuyến đường ven hồ được thảm nhựa lại, xe cộ qua lại dễ dàng hơn trước rất nhiều.",
        "Bệnh viện huyện khánh thành khu nhà mới với hai trăm giường và một phòng mổ.",
        "Nông dân xã bên chuyển sang trồng sen, mùa này hoa nở kín cả cánh đồng trũng.",
    ],
    "en": [
        "Vegetable prices at the wholesale market rose a little after a week of steady rain.",
        "The provincial football side lost at home for the third time before a large crowd.",
        "The lakeside road has been laid anew and is easier to drive on than it used to be.",
        "A hospital in the district opened its new wing with two hundred beds on Monday.",
        "Farmers in the next commune have turned to lotus, and the low fields are in bloom.",
    ],
}


def report(language: str, clause: str, *, at: int = 17) -> str:
    """A round-up of the week in which one sentence is about something else."""
    sentences = [FILLER[language][place % 5] for place in range(40)]
    return " ".join([*sentences[:at], clause, *sentences[at:]])


@pytest.mark.parametrize(
    "title",
    [
        "Tuyển nữ thắng trận thứ hai liên tiếp ở vòng loại",
        "Miền Trung mưa lớn, nhiều chuyến tàu phải hoãn",
        "Bắt người đàn ông trộm xe máy ở bãi giữ xe bệnh viện",
        "Nghị định mới về giá điện sinh hoạt có hiệu lực",
        "Ca sĩ kể chuyện làm mẹ ở tuổi bốn mươi",
        "Vietnam's coffee harvest hit by drought in the highlands",
        "Vietnam and Laos agree to build a railway",
        "Quake shakes island off Java, no damage reported",
    ],
)
def test_what_the_press_mostly_writes_about_is_rejected(words: WordGate, title: str) -> None:
    assert chosen(words, title) == ()


@pytest.mark.parametrize(
    "title",
    [
        "Trung Quốc buộc nền tảng video gỡ nội dung phản cảm trong 24 giờ",
        "Australia fines platform over posts that it did not remove",
    ],
)
def test_the_rules_of_other_countries_are_rejected(words: WordGate, title: str) -> None:
    assert chosen(words, title) == ()


@pytest.mark.parametrize(
    "title",
    [
        "Muốn bình luận trên mạng phải có số điện thoại đã xác minh",
        "Mạng xã hội chậm xóa bài vi phạm quá một ngày sẽ bị phạt nặng",
        "Thuê bao không chính chủ bị khóa chiều gọi đi từ tuần sau",
        "Bị phạt 10 triệu đồng vì đăng tin bịa đặt về vỡ đê trên Zalo",
        "Trẻ dưới 16 tuổi chỉ được mở tài khoản khi cha mẹ đồng ý",
        "Vietnam gives game publishers until June to check the age of players",
        "Hanoi court jails woman for Facebook posts that mocked the party",
        "Vietnam's phone companies told to cut off a chat app",
        "Vietnam tells Apple to drop apps that lack a permit from its store",
    ],
)
def test_headlines_on_the_topics_are_let_through_in_both_languages(
    words: WordGate, title: str
) -> None:
    assert chosen(words, title) == (0,)


@pytest.mark.parametrize(
    ("language", "title", "clause"),
    [
        (
            "vi",
            "Chuyện trong tuần ở tỉnh ven hồ",
            "Công an tỉnh xử phạt một chủ tài khoản Facebook 7,5 triệu đồng vì đăng tin sai sự "
            "thật về vụ vỡ đê và buộc gỡ bài viết.",
        ),
        (
            "en",
            "The week by the lake in northern Vietnam",
            "Police in Vietnam fined the owner of a Facebook account who had shared false news "
            "about a dyke and ordered the post removed.",
        ),
    ],
)
def test_one_sentence_in_a_round_up_is_found_and_its_passage_chosen(
    words: WordGate, language: str, title: str, clause: str
) -> None:
    parts = passages.of(title, "", report(language, clause))
    (places,) = words.choose([parts])
    assert any(clause[:40] in parts[place].text for place in places)
    assert chosen(words, title, "", report(language, FILLER[language][0])) == ()


def test_a_headline_comes_first_and_few_passages_follow(words: WordGate) -> None:
    clause = "Nghị định buộc mạng xã hội xác thực tài khoản người dùng bằng số điện thoại. " * 30
    places = chosen(words, "Mạng xã hội phải xác thực tài khoản người dùng", "", clause)
    assert places[0] == 0
    assert len(places) == gate.PASSAGES


LAND = [
    "Nghị định mới về giá đất: địa phương phải công bố bảng giá hằng năm",
    "Thu hồi đất làm dự án: mức bồi thường người dân được nhận",
    "Từ tháng 8, thủ tục cấp sổ đỏ lần đầu rút còn 20 ngày",
    "Đề xuất sửa Luật Đất đai, bỏ khung giá đất",
    "Bảng giá đất mới khiến tiền sử dụng đất tăng mạnh",
    "Vietnam's new land prices worry developers",
    "Farmers protest over compensation for seized land in Vietnam",
    "Vietnam amends land law to speed up site clearance",
    "New decree lets overseas Vietnamese own land-use rights",
    "Người dân được nhận đất tái định cư trước khi thu hồi đất",
    "Sổ đỏ ghi tên cả vợ và chồng theo luật mới",
    "Bồi thường đất nông nghiệp: giá đất tính thế nào?",
    "Chuyển mục đích sử dụng đất vườn sang đất ở phải nộp bao nhiêu tiền",
    "Tỉnh công bố bảng giá đất, đất mặt tiền tăng gấp ba",
    "Thu hồi đất của dự án bỏ hoang mười năm",
    "Land-use certificates in Vietnam to carry a code",
    "Compensation for land rises under Vietnam's new price tables",
    "Vietnam takes back land from idle projects",
    "Land users in Vietnam to pay by the new price table",
]


def land_law(examples: list[str]) -> Topic:
    described = Bilingual(
        en="Vietnam's land law: land-use rights, recovery of land, compensation, land prices.",
        vi="Luật Đất đai của Việt Nam: quyền sử dụng đất, thu hồi đất, bồi thường, bảng giá đất.",
    )
    return Topic(id="land-law", name="Land law", description=described, examples=examples)


UNSEEN_LAND = [
    "Người dân đồng ý giao đất sau khi tăng mức bồi thường",
    "Quốc hội sửa Luật Đất đai: thêm trường hợp Nhà nước thu hồi đất",
    "Thành phố công bố bảng giá đất năm tới",
    "Vietnam raises compensation for land taken for roads",
]


@pytest.mark.parametrize("title", UNSEEN_LAND)
@pytest.mark.parametrize("beside_shipped", [True, False])
def test_a_topic_of_another_field_is_judged_by_its_own_words(
    title: str, beside_shipped: bool
) -> None:
    own = gate.fit([*(shipped() if beside_shipped else []), land_law(LAND)])
    assert chosen(own, title) == (0,)
    assert chosen(own, "Tuyển nữ thắng trận thứ hai liên tiếp ở vòng loại") == ()


def test_a_topic_with_too_few_examples_lets_every_passage_through_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = gate.fit([*shipped(), land_law([])])
    assert "'land-law' has 2 descriptions" in caplog.text
    parts = passages.of("Tuyển nữ thắng trận thứ hai", "", report("vi", FILLER["vi"][0]))
    assert sorted(own.choose([parts])[0]) == list(range(len(parts)))


def test_topics_of_two_fields_do_not_crowd_each_other_out() -> None:
    land = "Bảng giá đất mới khiến tiền sử dụng đất tăng, người dân chờ bồi thường thu hồi đất."
    speech = "Một chủ tài khoản Facebook bị xử phạt vì đăng tin sai sự thật về vụ vỡ đê."
    text = " ".join([*[land] * 20, speech, *[FILLER["vi"][place % 5] for place in range(12)]])
    parts = passages.of("Chuyện trong tuần ở tỉnh ven hồ", "", text)
    (places,) = gate.fit([*shipped(), land_law(LAND)]).choose([parts])
    assert any(land in parts[place].text for place in places)
    assert any(speech in parts[place].text for place in places)


@pytest.mark.parametrize("count", range(0, len(LAND), 4))
def test_a_topic_of_few_examples_loses_nothing(count: int) -> None:
    own = gate.fit([*shipped(), land_law(LAND[:count])])
    assert [chosen(own, title) for title in UNSEEN_LAND] == [(0,)] * len(UNSEEN_LAND)


@pytest.mark.parametrize(
    "title",
    [
        "Le Viêt Nam oblige les réseaux sociaux à vérifier l'identité de leurs utilisateurs",
        "越南要求社交媒体平台核实用户身份",
        "Pemerintah mewajibkan semua media sosial memverifikasi identitas pengguna",
    ],
)
def test_a_language_of_no_example_is_let_through(words: WordGate, title: str) -> None:
    assert chosen(words, title) == (0,)


def labelled(*titles: str) -> list[Example]:
    return [Example(title, "vi", frozenset({"telecom"}), relevant=True) for title in titles]


def test_what_is_labelled_relevant_brings_back_its_like(words: WordGate) -> None:
    known = [
        f"Thẻ xanh cho {who} kể chuyện phố cổ"
        for who in ("bà bán trà", "thợ ảnh", "anh xe ôm", "cô giáo", "bác gác đình")
    ]
    like = "Thẻ xanh cho người chèo đò kể chuyện bến nước"
    other = "Cách nấu lẩu mắm đúng vị miền Tây"
    assert chosen(words, like) == ()

    taught = words.taught(labelled(*known))
    assert chosen(taught, like) == (0,)
    assert chosen(taught, other) == ()
    assert taught.version != words.version


def test_what_goes_through_already_and_too_few_labels_teach_a_gate_nothing(words: WordGate) -> None:
    through = [f"Siết quản lý livestream trên mạng xã hội lần {n}" for n in range(9)]
    assert words.taught(labelled(*through)) is words
    assert words.taught(labelled("Thẻ xanh cho thợ ảnh kể chuyện phố")) is words


def test_the_version_names_the_choice(words: WordGate) -> None:
    script = (
        "import tomllib; from config import Topic; from monitor import gate;"
        "t = tomllib.load(open('monitor/topics.toml', 'rb'))['topics'];"
        "g = gate.fit([Topic.model_validate(one) for one in t]);"
        "print(g.version, g.sieves[0].model.threshold)"
    )
    again = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    model = words.sieves[0].model
    assert model is not None
    assert again == [words.version, str(model.threshold)]
    assert gate.fit(shipped()[1:]).version != words.version
    assert gate.fit(shipped(), most=1).version != words.version


def test_decomposed_letters_make_no_difference(words: WordGate) -> None:
    title = "Thuê bao không chính chủ bị khóa chiều gọi đi từ tuần sau"
    assert chosen(words, unicodedata.normalize("NFD", title)) == chosen(words, title) == (0,)


@pytest.mark.parametrize("text", ["", " \n", "…!?", "\x00\ud800", "😀" * 5_000])
def test_what_has_no_words_is_rejected(words: WordGate, text: str) -> None:
    assert chosen(words, text) == ()


def test_no_article_gives_no_choice(words: WordGate) -> None:
    assert words.choose([]) == []
    assert words.choose([[]]) == [()]


@pytest.mark.parametrize(
    "unit",
    ["an ninh ", "a", "mạng xã ", "luật-", "điều 33 ", "\u0301", "ạ", "tài khoản phải "],
)
def test_hostile_texts_are_read_in_time_linear_in_them(words: WordGate, unit: str) -> None:
    text = unit * (400_000 // len(unit))
    for parts in (passages.of(text, "", ""), passages.of("", "", text)):
        (places,) = words.choose([parts])
        assert set(places) <= set(range(len(parts)))


@given(text=st.text(alphabet=st.sampled_from("aăạ ̣đ0.|;\n\U00010330Ⅳ"), max_size=300))
@settings(max_examples=60, deadline=None)
def test_the_choice_is_of_the_articles_own_passages_and_repeats(words: WordGate, text: str) -> None:
    parts = passages.of(text[:40], text[40:80], text)
    (places,) = words.choose([parts])
    assert len(set(places)) == len(places) <= gate.PASSAGES
    assert set(places) <= set(range(len(parts)))
    assert words.choose([parts, parts]) == [places, places]


def test_a_flood_of_invented_words_is_not_remembered(words: WordGate) -> None:
    words.terms.kinds_in([f"word{number}" for number in range(60_000)])
    assert words.terms.remembered() <= 50_000


@pytest.mark.parametrize("name", ["test_short", "test_long"])
def test_hardly_an_invented_article_on_the_topics_is_rejected(words: WordGate, name: str) -> None:
    rows = [json.loads(line) for line in (ITEMS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    kept = [
        bool(chosen(words, row["title"], row["summary"], row["text"]))
        for row in rows
        if row["topics"]
    ]
    assert sum(kept) >= 0.92 * len(kept)


def test_the_labelled_items_of_a_real_stream_are_kept_and_the_stream_is_rejected(
    words: WordGate, corpus: Path
) -> None:
    with (corpus / "news" / "labelled_items.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    kept = [
        bool(chosen(words, row["title"], row["summary"]))
        for row in rows
        if row["label"].startswith("on:")
    ]
    assert sum(kept) >= 0.97 * len(kept)
    with gzip.open(corpus / "news" / "feed_items.tsv.gz", "rt", encoding="utf-8") as lines:
        items = [line.rstrip("\n").split("\t")[4:6] for line in islice(lines, 1, 40_000, 20)]
    let_through = sum(bool(chosen(words, *item)) for item in items)
    assert let_through <= 0.04 * len(items)

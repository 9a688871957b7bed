"""The language of a text, without being told."""

import pytest

from spiders.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Chính phủ hư cấu vừa ban hành quy định mới về bến thuyền.", "vi"),
        ("Bến mới", "vi"),
        ("The made-up council said on Tuesday that the boat will call at nine villages.", "en"),
        ("Merchants sell tea, maps and lamps; customers pay cash and leave quickly.", "en"),
        ("Le gouvernement imaginaire a annoncé mardi que les nouvelles règles seront lues.", "fr"),
        ("虚构的政府宣布了新规定，所有商店须把客户数据保存在岛上两年，并向办公室报告。" * 2, "zh"),
    ],
)
def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_text_too_short_to_tell_has_the_language_the_page_declares() -> None:
    assert detect_language("OK 24", default="vi") == "vi"
    assert detect_language("") == ""

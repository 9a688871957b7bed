"""Amending texts: what they tell to do, what of it was done, and what could not be."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from trees import assert_lawful, eids, find, main_articles, walk

from monitor.legal import parse
from monitor.legal.amend import is_amending, read_instructions
from monitor.legal.amendment import Address, Consolidation, Instruction
from monitor.legal.consolidate import apply, consolidated_text
from monitor.legal.model import LegalText

Corpus = Callable[[str], LegalText]
Invented = Callable[[str], str]


def _consolidate(invented: Invented, base: str, amending: str) -> Consolidation:
    return apply(parse(invented(base)), read_instructions(parse(invented(amending))))


def _told(instructions: list[Instruction]) -> list[tuple[str, str]]:
    return [(one.action, str(one.target)) for one in instructions]


def test_an_amending_text_is_told_from_others(invented: Invented) -> None:
    amending = ["amending_decree.txt", "amending_broken_quotes.txt", "amending_circular_many.txt"]
    assert all(is_amending(parse(invented(name))) for name in amending)
    assert is_amending(parse(invented("amending_regulation_en.txt")))
    assert not is_amending(parse(invented("base_decree.txt")))
    assert not is_amending(parse(invented("base_regulation_en.txt")))


def test_every_target_of_a_sentence_is_an_instruction_of_its_own(invented: Invented) -> None:
    told = _told(read_instructions(parse(invented("amending_decree.txt"))))
    assert told[:6] == [
        ("amend", "paragraph 2 of Article 2"),
        ("add", "paragraph 4 of Article 2"),
        ("add", "paragraph 5 of Article 2"),
        ("amend", "point b of paragraph 1 of Article 3"),
        ("add", "point d of paragraph 1 of Article 3"),
        ("amend", "paragraph 2 of Article 3"),
    ]
    assert ("title", "Article 6") in told
    assert ("add", "paragraph 1a of Article 7") in told
    assert told[11:14] == [
        ("replace-words", "paragraph 1 of Article 4"),
        ("replace-words", "paragraph 4 of Article 5"),
        ("replace-words", "Article 9"),
    ]


def test_the_amended_text_says_what_it_was_told_to_say(invented: Invented) -> None:
    done = _consolidate(invented, "base_decree.txt", "amending_decree.txt")
    text = done.text
    assert find(text, "art_2__para_2").text.startswith("Chủ bến là doanh nghiệp")
    assert find(text, "art_2__para_5").text.endswith("hình gây sợ hãi.")
    assert find(text, "art_5__para_2").text.startswith("Gỡ bỏ diều vi phạm chậm nhất 24 giờ")
    assert find(text, "art_4__para_1").text.startswith("Bộ Gió và Mây cấp giấy phép")
    assert find(text, "art_5__para_4").text == "Báo cáo Bộ Gió và Mây."
    assert find(text, "art_6").heading == "Quyền và nghĩa vụ của người chơi"
    assert find(text, "art_6").text == "Người chơi được biết sức gió trước khi thả diều."
    assert main_articles(text) == ["1", "2", "3", "4", "5", "5a", "6", "7", "8", "9"]
    assert "chp_II__sec_2" in eids(text)
    assert "art_5__para_3__point_c" not in eids(text)
    assert [p.num for p in find(text, "art_7").children] == ["1", "1a"]
    assert_lawful(text)


def test_what_nobody_amended_stays_as_it_was(invented: Invented) -> None:
    done = _consolidate(invented, "base_decree.txt", "amending_decree.txt")
    touched = {eid for one in done.applied for eid in one.old}
    for eid, now in done.kept.items():
        if eid not in touched:
            before, after = find(done.base, eid), find(done.text, now)
            assert (before.num, before.heading, before.text) == (
                after.num, after.heading, after.text,
            )  # fmt: skip


def test_what_cannot_be_applied_is_reported_and_never_guessed(invented: Invented) -> None:
    done = _consolidate(invented, "base_decree.txt", "amending_decree.txt")
    assert [(str(one.instruction.target), one.reason) for one in done.refused] == [
        ("paragraph 3 of Article 2", "paragraph 3 of Article 2 is already there"),
        ("paragraph 9 of Article 4", "paragraph 9 of Article 4 is not in the base text"),
        ("Article 6", "the words “tàu bay” are not found in Article 6"),
    ]
    assert len(done.warnings) == 3
    assert find(done.text, "art_2__para_3").text == find(done.base, "art_2__para_3").text


def test_unclosed_and_stray_quotes_lose_no_instruction(invented: Invented) -> None:
    amending = parse(invented("amending_broken_quotes.txt"))
    assert _told(read_instructions(amending)) == [
        ("amend", "paragraph 1 of Article 5"),
        ("amend", "paragraph 2 of Article 4"),
        ("add", "paragraph 3 of Article 7"),
        ("add", "paragraph 4 of Article 7"),
        ("add", "paragraph 5 of Article 7"),
        ("amend", "point a of paragraph 3 of Article 5"),
        ("repeal", "Article 6"),
    ]
    assert len(amending.warnings) == 2
    done = _consolidate(invented, "base_decree.txt", "amending_broken_quotes.txt")
    assert find(done.text, "art_5__para_1").text == "Lưu nhật ký gió trong 12 tháng."
    assert find(done.text, "art_7__para_5").text == "Chủ bến phải gỡ biển hiệu."
    assert not done.refused


def test_a_circular_for_many_texts_changes_only_the_one_at_hand(invented: Invented) -> None:
    done = _consolidate(invented, "base_decree.txt", "amending_circular_many.txt")
    assert [one.new for one in done.applied] == [("art_7__para_1",)]
    assert sorted({one.instrument for one in done.elsewhere}) == [
        "12/2032/TT-BG", "15/2030/TT-BG",
    ]  # fmt: skip
    assert not done.refused


def test_an_english_regulation_is_amended(invented: Invented) -> None:
    done = _consolidate(invented, "base_regulation_en.txt", "amending_regulation_en.txt")
    assert [(one.kind, one.old, one.new) for one in done.applied] == [
        ("modified", ("art_2__para_2",), ("art_2__para_2",)),
        ("added", (), ("art_2a",)),
        ("term_replaced", ("art_3__para_1",), ("art_3__para_1",)),
        ("removed", ("art_4",), ()),
    ]
    assert find(done.text, "art_3__para_1").text.endswith("closing 60 days before.")
    assert find(done.text, "art_2a").heading == "Wind records"


def test_the_written_consolidation_marks_each_change_and_reads_back(invented: Invented) -> None:
    done = _consolidate(invented, "base_decree.txt", "amending_decree.txt")
    written = consolidated_text(done)
    assert "Điều 5a. Trách nhiệm của người trực gió [8]" in written
    assert "[8] Điều 5a: được bổ sung theo khoản 4 Điều 1" in written
    assert written.count("\n[") == len(done.applied)
    assert "KHÔNG ÁP DỤNG ĐƯỢC" in written
    assert main_articles(parse(written)) == main_articles(done.text)


@pytest.mark.parametrize(
    ("sentence", "targets"),
    [
        ("Bãi bỏ điểm a, điểm b khoản 1 Điều 4.", ["4 1 a", "4 1 b"]),
        ("Bãi bỏ các điểm a, b và d khoản 1, khoản 2 Điều 4.", ["4 1 a", "4 1 b", "4 1 d", "4 2"]),
        ("Bãi bỏ khoản 1 Điều 4 và Điều 6.", ["4 1", "6"]),
        ("Bãi bỏ các khoản 2, 3 và 5 Điều 7; điểm đ khoản 1 Điều 8.",
         ["7 2", "7 3", "7 5", "8 1 đ"]),
        ("Bãi bỏ từ khoản 2 đến khoản 4 Điều 9.", ["9 2", "9 3", "9 4"]),
        ("Bãi bỏ điểm 1 khoản 1 Điều 4.", ["4 1 l"]),
        ("Hủy bỏ Điều 23đ và khoản 4a Điều 24.", ["23đ", "24 4a"]),
    ],
)  # fmt: skip
def test_targets_are_read_from_lists_that_name_the_article_once(
    sentence: str, targets: list[str]
) -> None:
    source = (
        f"NGHỊ ĐỊNH\nSửa đổi Nghị định về diều\nĐiều 1. Bãi bỏ\n1. {sentence}\n2. Bãi bỏ Điều 9.\n"
    )
    found = [
        one.target for one in read_instructions(parse(source)) if one.source.endswith("para_1")
    ]
    named = [" ".join(filter(None, (t.article, t.paragraph, t.point))) for t in found]
    assert named == targets


def test_a_duty_to_amend_a_licence_is_no_instruction(invented: Invented) -> None:
    assert read_instructions(parse(invented("base_decree.txt"))) == []


def _unit(target: Address, title: bool) -> str:
    parts = (("Điều", target.article), ("khoản", target.paragraph), ("điểm", target.point))
    return " ".join(f"{word} {num}" for word, num in parts if num) + (" tên" if title else "")


_CHANGES = {"modified": "modified", "added": "added", "term_replaced": "term_replaced",
            "title": "modified", "removed": "removed"}  # fmt: skip


def test_the_real_amendment_of_the_spam_decree_is_applied(
    corpus_text: Corpus, corpus_path: Path
) -> None:
    base = corpus_text("vn-internet/90-2008-nd-cp.vbpl.txt")
    amending = corpus_text("vn-internet/77-2012-nd-cp.vbpl.txt")
    done = apply(base, read_instructions(amending))
    found = {
        (_unit(one.instruction.target, one.kind == "title"), _CHANGES[one.kind])
        for one in done.applied
    }
    with (corpus_path / "vn-internet" / "90-2008_77-2012.gold_changes.tsv").open() as file:
        rows = csv.DictReader(file, delimiter="\t")
        gold = {(row["unit_in_base"], row["change"]) for row in rows}
    score = 2 * len(found & gold) / (len(found) + len(gold))
    assert score >= 0.95
    assert any(one.reason.endswith("is already there") for one in done.refused)
    assert found <= gold
    assert_lawful(done.text)


def test_the_consolidation_equals_the_official_one(corpus_text: Corpus) -> None:
    base = corpus_text("vbhn-example/thong-tu-so-21-2021-tt-bldtbxh-36486.txt")
    for name in ("thong-tu-so-08-2023-tt-bldtbxh-40176", "thong-tu-so-02-2024-tt-bldtbxh-41394"):
        amending = corpus_text(f"vbhn-example/{name}.txt")
        done = apply(base, read_instructions(amending))
        assert done.applied and not done.refused
        base = done.text
    official = corpus_text("vbhn-example/van-ban-hop-nhat-so-2007-vbhn-bldtbxh-42065.txt")
    for eid in ("art_3__para_3", "art_3__para_5", "art_4", "art_5", "art_7"):
        ours, theirs = find(base, eid), find(official, eid)
        assert ours.heading == theirs.heading
        # Where a page broke the lines, a line's end need not tell a paragraph's.
        assert [one.text.split() for one in walk([ours])] == [
            one.text.split() for one in walk([theirs])
        ]


_SEVERAL = """LUẬT
Sửa đổi, bổ sung một số điều của các luật về diều
Điều 1. Thay thế một số cụm từ
1. Thay thế cụm từ “gió” bằng cụm từ “khí” tại khoản 1 Điều 4 của Luật Mây số 12/2030/QH19; \
khoản 2 Điều 7 của Luật Diều số 14/2031/QH19.
2. Bãi bỏ cụm từ “mạnh” tại tên Điều 5 và khoản 2 Điều 9 của Luật Dây diều.
3. Thay thế cụm từ “mây” bằng cụm từ “khói” tại tiểu mục 2 mục IV Phụ lục 01 của Luật Mây số \
12/2030/QH19.
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2042.
"""


def test_one_sentence_may_amend_several_laws() -> None:
    told = read_instructions(parse(_SEVERAL))
    assert [(str(one.target), one.instrument) for one in told[:2]] == [
        ("paragraph 1 of Article 4", "12/2030/QH19"),
        ("paragraph 2 of Article 7", "14/2031/QH19"),
    ]
    assert {one.instrument for one in told[2:4]} == {"Luật Dây diều"}


def test_words_in_a_title_are_replaced_there_alone() -> None:
    base = parse(
        "LUẬT\nDây diều\nĐiều 5. Gió mạnh\nGió mạnh thì nghỉ.\nĐiều 9. Gió\n1. Lặng.\n"
        "2. Gió mạnh.\n"
    )
    done = apply(base, read_instructions(parse(_SEVERAL)))
    assert (find(done.text, "art_5").heading, find(done.text, "art_5").text) == (
        "Gió", "Gió mạnh thì nghỉ.",
    )  # fmt: skip
    assert find(done.text, "art_9__para_2").text == "Gió."


def test_a_place_finer_than_the_tree_is_reported_and_not_guessed() -> None:
    told = [one for one in read_instructions(parse(_SEVERAL)) if one.source.endswith("para_3")]
    assert told and all(one.action == "unread" for one in told)

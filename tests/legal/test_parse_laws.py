"""Laws of parsing: whatever the text, nothing is lost and nothing stands twice."""

from hypothesis import given, settings
from hypothesis import strategies as st
from trees import TEXTS, assert_lawful, eids, walk

from monitor.legal.akoma import from_akn, to_akn
from monitor.legal.amend import read_instructions
from monitor.legal.consolidate import apply, consolidated_text
from monitor.legal.model import LegalText, LegalTextError
from monitor.legal.parse import parse
from monitor.legal.text import normalise, split_lines

_PIECES = st.sampled_from(
    [
        "Chương I", "CHƯƠNG II: MÁI", "Mục 1. NGÓI", "Phần thứ nhất", "NHỮNG QUY ĐỊNH CHUNG",
        "Điều 1. Phạm vi", "Điều 2. Đối tượng", "Điều 2a. Thợ", "Điều 3", "ĐIỀU 4: Ngói.",
        "Điều 9 Nghị định này", "1. Mái nhà.", "2. Mái hiên;", "2a. Mái tôn:", "10. Mái tranh",
        "a) Ngói;", "b) Rui.", "đ) Mè", "1) l", "m) Kèo", "1.1. Đòn tay.", "a1) Đinh", "i) Một",
        "ii) Hai", "- Gạch", "+ Vữa", "(1) Cát", "Mái không được dột.", "“Điều 5. Mái mới",
        "“1. Khoản mới.”", "c) Điểm cuối.”.", "\"Đoạn thẳng\"", "”", "“",
        "Sửa đổi khoản 1 Điều 2 như sau:",
        "3. Bãi bỏ điểm a khoản 2 Điều 1.", "4. Thay thế cụm từ “mái” bằng “nóc” tại Điều 2.",
        "Bổ sung Điều 6 như sau:", "PHỤ LỤC I", "PHỤ LỤC", "Mẫu số 01", "Mẫu số 02: ĐƠN",
        "(Ban hành kèm theo Nghị định này)", "QUY CHẾ MÁI", "Nơi nhận:", "TM. CHÍNH PHỦ",
        "Nghị định này có hiệu lực từ ngày 31 tháng 02 năm 2040./.", "NGHỊ ĐỊNH",
        "Số: 1/2040/NĐ-CP", "CÔNG BÁO/Số 1 + 2/Ngày 01-02-2040", "7", "- 12 -", "-----", "", "",
        "[1] Khoản này được bãi bỏ",
        "2 Điều này được sửa đổi theo quy định tại khoản 1", "như sau2", "I. CHUNG", "II. RIÊNG",
        "Article 5", "Article 6. Roofs", "(a) tiles;", "(ii) rafters", "CHAPTER I", "1. A roof.",
        "ANNEX I", "Done at Hue, 1 May 2040", "dài không quá mái nhà bên cạnh và không được che",
        "khuất gió của người dưới theo quy định tại Điều 3 của",
    ]
)  # fmt: skip
_DOCUMENTS = st.lists(_PIECES, min_size=1, max_size=40).map("\n".join)


_INVENTED = [
    (TEXTS / name).read_text(encoding="utf-8")
    for name in ("base_decree.txt", "amending_decree.txt", "base_regulation_en.txt")
]
_DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["drop", "twice", "swap", "split", "join", "cut", "lower", "quote"]),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=12,
)


def _damaged(source: str, damage: list[tuple[str, int]]) -> str:
    lines = source.split("\n")
    for kind, number in damage:
        place = number % (len(lines) - 1)
        if kind == "drop" and len(lines) > 3:
            del lines[place]
        elif kind == "twice":
            lines.insert(place, lines[number * 7 % len(lines)])
        elif kind == "swap":
            lines[place], lines[place + 1] = lines[place + 1], lines[place]
        elif kind == "split":
            middle = len(lines[place]) // 2
            lines[place : place + 1] = [lines[place][:middle], lines[place][middle:]]
        elif kind == "join" and len(lines) > 3:
            lines[place : place + 2] = [lines[place] + " " + lines[place + 1]]
        elif kind == "cut":
            lines[place] = lines[place][number % 9 :]
        elif kind == "lower":
            lines[place] = lines[place].lower()
        elif kind == "quote":
            lines[place] = "“" + lines[place]
    return "\n".join(lines)


def _read(source: str) -> LegalText | None:
    try:
        return parse(source)
    except LegalTextError:
        return None


@settings(max_examples=250, deadline=None)
@given(_DOCUMENTS)
def test_every_character_has_one_owner_whatever_the_order_of_lines(source: str) -> None:
    text = _read(source)
    if text is not None:
        assert_lawful(text)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_INVENTED), _DAMAGE)
def test_a_damaged_document_still_loses_nothing(source: str, damage: list[tuple[str, int]]) -> None:
    text = parse(_damaged(source, damage))
    assert_lawful(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_every_character_has_one_owner_in_any_text(source: str) -> None:
    text = _read(source)
    if text is not None:
        assert_lawful(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing_and_lines_cover_the_text(source: str) -> None:
    once = normalise(source)
    assert normalise(once) == once
    lines = split_lines(once)
    assert "".join(once[line.start : line.end] for line in lines) == once


@settings(max_examples=100, deadline=None)
@given(_DOCUMENTS)
def test_white_space_changes_no_provision(source: str) -> None:
    spaced = "\r\n".join(f"  {line}\u00a0 " for line in source.split("\n"))
    before, after = _read(source), _read(spaced)
    if before is not None and after is not None:
        assert [(p.eid, p.text) for p in walk(before.provisions)] == [
            (p.eid, p.text) for p in walk(after.provisions)
        ]


@settings(max_examples=100, deadline=None)
@given(_DOCUMENTS)
def test_akoma_ntoso_keeps_every_provision(source: str) -> None:
    text = _read(source)
    if text is None:
        return
    back = from_akn(to_akn(text))
    assert [(p.eid, p.kind, p.num, p.heading, p.text) for p in walk(back.provisions)] == [
        (p.eid, p.kind, p.num, p.heading, p.text) for p in walk(text.provisions)
    ]
    assert_lawful(back)


@settings(max_examples=100, deadline=None)
@given(_DOCUMENTS, _DOCUMENTS)
def test_every_instruction_is_applied_refused_or_for_another_text(one: str, two: str) -> None:
    base, amending = _read(one), _read("NGHỊ ĐỊNH\nSửa đổi Nghị định về mái\n" + two)
    if base is None or amending is None:
        return
    instructions = read_instructions(amending)
    done = apply(base, instructions)
    told = {id(item) for item in instructions}
    answered = {id(item.instruction) for item in done.applied}
    answered |= {id(item.instruction) for item in done.refused}
    assert told == answered | {id(item) for item in done.elsewhere}
    assert_lawful(done.text)
    assert set(done.kept.values()) <= set(eids(done.text))
    assert consolidated_text(done)

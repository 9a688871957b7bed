"""Days and fates read off real laws, held against what is known of them."""

from pathlib import Path

import pytest

from monitor.due_days import due_days
from monitor.fates import fates
from monitor.law_sentences import parsed

KNOWN = {
    "147-2024-nd-cp.txt": ("2024-12-25", {"72/2013/NĐ-CP", "27/2018/NĐ-CP"}),
    "24-2018-qh14.gazette.md": ("2019-01-01", set()),
    "20-2023-qh15.gazette.md": ("2024-07-01", {"51/2005/QH11"}),
    "13-2023-nd-cp.gazette.md": ("2023-07-01", set()),
    "91-2025-qh15.gazette.md": ("2026-01-01", set()),
    "41-2009-qh12.vbpl.txt": ("2010-07-01", set()),
    "77-2012-nd-cp.vbpl.txt": ("2013-01-01", set()),
    "72-2013-nd-cp.phapdien.txt": (
        "2013-09-01",
        {"97/2008/NĐ-CP", "02/2005/TTLT-BCVT-VHTT-CA-KHĐT", "60/2006/TTLT-BVHTT-BBCVT-BCA"},
    ),
    "tvpl_Luat-Vien-thong-24-2023-QH15-535782.txt": ("2024-07-01", {"41/2009/QH12"}),
    "116-2025-qh15.gazette.txt": ("2026-07-01", set()),
}
"""The day of effect of the whole, and the instruments that end with it. The last text lost the word
"hết" before "hiệu lực" when it was scanned, so that nothing is read off its clause on repeals."""


def law(corpus: Path, name: str):
    return parsed((corpus / "legal" / "vn-internet" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", KNOWN)
def test_the_day_of_effect_and_what_ends_with_it_are_those_of_the_law(
    corpus: Path, name: str
) -> None:
    text = law(corpus, name)
    effective, ended = KNOWN[name]
    days = [one for one in due_days(text, {}, draft=False) if one.kind == "effective"]
    assert [(one.on.isoformat(), one.confidence) for one in days] == [(effective, "certain")]
    found = fates(text, text.number)
    assert {one.number for one in found if one.change in ("repealed", "replaced")} == ended


def test_the_ninety_days_of_decree_147_end_on_25_march_2025(corpus: Path) -> None:
    days = due_days(law(corpus, "147-2024-nd-cp.txt"), {}, draft=False)
    periods = [one for one in days if one.kind in ("compliance", "transition")]
    assert {one.on.isoformat() for one in periods} == {"2025-03-25"}
    places = [one.place.removeprefix("art_82__para_") for one in periods]
    assert sorted(places, key=int) == ["1", "2", "5", "6", "8", "9", "10", "11"]


def test_the_telecom_law_takes_effect_in_two_steps(corpus: Path) -> None:
    text = law(corpus, "tvpl_Luat-Vien-thong-24-2023-QH15-535782.txt")
    parts = [one for one in due_days(text, {}, draft=False) if one.kind == "effective-part"]
    assert {(one.on.isoformat(), one.place) for one in parts} == {
        ("2025-01-01", "art_72__para_3"),
        ("2025-01-01", "art_72__para_4"),
    }

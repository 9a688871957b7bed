"""Real regulations compared, where the corpus is at hand; none of their text stands here."""

import re
from functools import cache
from pathlib import Path

import pytest

from monitor.legal import compare, parse
from monitor.legal.model import Change, Comparison, LegalText

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "legal"
VN = CORPUS / "vn-internet"

pytestmark = pytest.mark.skipif(
    not VN.is_dir(), reason="the corpus of real regulations (../shared/corpus) is not here"
)

OLD = "72-2013-nd-cp.phapdien.txt"
CIRCULAR = "38-2016-tt-btttt.phapdien.txt"
NEW = "147-2024-nd-cp.txt"


@cache
def text(name: str) -> LegalText:
    return parse((VN / name).read_text(encoding="utf-8"), media_type="")


@cache
def compared(old: str, new: str) -> Comparison:
    return compare(text(old), text(new))


def change(comparison: Comparison, old: str, new: str) -> Change | None:
    """The change of a pair of provisions; "" for a side that has none."""
    for one in comparison.changes:
        if (not old or old in one.old) and (not new or new in one.new):
            return one
    return None


def figures(one: Change | None) -> set[tuple[object, object]]:
    assert one is not None
    return {(v.old.value, v.new.value) for v in one.values if v.old and v.new}


@pytest.mark.parametrize(
    ("base", "old", "new", "figure"),
    [
        (CIRCULAR, "art_3__para_2", "art_23__para_3", (1_000_000, 100_000)),
        (CIRCULAR, "art_6__para_1", "art_23__para_6__point_a", (3, 24)),
        (CIRCULAR, "art_6__para_2__point_a", "art_23__para_6__point_c", (3, 24)),
        (OLD, "art_23d__para_2__point_c", "art_35__para_5", (3, 24)),
        (OLD, "art_23h__para_3__point_c", "art_32__para_3__point_c", (2, 1)),
    ],
)
def test_a_seed_change_is_found_at_the_right_provisions_with_the_right_figures(
    base, old, new, figure
):
    assert figure in figures(change(compared(base, NEW), old, new))


@pytest.mark.parametrize(
    ("base", "old", "new", "kept"),
    [
        (CIRCULAR, "art_5__para_1", "art_23__para_5__point_b", 24),
        (OLD, "art_23c__para_1__point_b", "art_27__para_2__point_b", 2),
        (OLD, "art_23c__para_1__point_a", "art_27__para_2__point_a", 90),
        (OLD, "art_32b__para_1__point_c", "art_39__para_1__point_e", 180),
    ],
)
def test_a_seed_value_that_was_kept_is_linked_and_not_told_as_changed(base, old, new, kept):
    comparison = compared(base, NEW)
    assert any(old in link.old and new in link.new for link in comparison.links)
    one = change(comparison, old, new)
    assert one is None or all(
        value.old is None or value.old.value != kept for value in one.values
    )  # fmt: skip


@pytest.mark.parametrize(
    ("provision", "hours"),
    [("art_23__para_3__point_i", 48), ("art_35__para_8", 48), ("art_23__para_3__point_e", None)],
)
def test_a_seed_addition_is_told_as_added(provision, hours):
    one = change(compared(OLD, NEW), "", provision)
    assert one is not None
    assert one.kind == "added"
    values = {value.new.value for value in one.values if value.new}
    assert hours is None or hours in values


def test_the_dropped_way_of_authenticating_is_shown():
    one = change(compared(OLD, NEW), "art_23c__para_2__point_b", "art_27__para_3__point_b")
    assert one is not None
    assert any(sign == "-" and "thư điện tử" in said for sign, said in one.inline)


def test_the_cap_for_each_game_is_told_as_added():
    one = change(compared(OLD, NEW), "art_32b__para_1__point_c", "art_39__para_1__point_e")
    assert one is not None
    assert 60 in {value.new.value for value in one.values if value.new}
    other = change(compared(OLD, NEW), "", "art_48__para_1__point_e")
    assert other is not None
    assert {60, 180} <= {value.new.value for value in other.values if value.new}


def test_the_amending_decree_is_told_as_the_hand_made_list_tells_it():
    said = set()
    rows = (VN / "90-2008_77-2012.gold_changes.tsv").read_text(encoding="utf-8").splitlines()
    for row in rows[1:]:
        unit, kind, _ = row.split("\t")
        found = re.match(r"Điều (\w+)(?: khoản (\w+))?(?: điểm (\w+))?", unit)
        assert found is not None
        parts = [f"art_{found[1]}", *(f"para_{found[2]}" for _ in [0] if found[2]),
                 *(f"point_{found[3]}" for _ in [0] if found[3])]  # fmt: skip
        said.add(("__".join(parts), "added" if kind == "added" else "modified"))
    comparison = compared("90-2008-nd-cp.vbpl.txt", "77-2012-nd-cp.vbpl.txt")
    got = {((one.old or one.new)[0], one.kind) for one in comparison.changes}
    right = len(said & got)
    assert 2 * right / (len(said) + len(got)) >= 0.95
    assert any("not applied" in warning for warning in comparison.warnings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24-2018-qh14.phapdien.txt", "24-2018-qh14.gazette.md"),
        ("24-2018-qh14.phapdien.txt", "tvpl_Luat-an-ninh-mang-2018-351416.txt"),
        ("13-2023-nd-cp.phapdien.txt", "13-2023-nd-cp.gazette.md"),
    ],
)
def test_the_same_law_from_two_sources_has_no_value_change_and_few_of_wording(one, other):
    comparison = compared(one, other)
    changes = [c for c in comparison.changes if not c.new or not c.new[0].startswith("app_")]
    assert [value for c in changes for value in c.values] == []
    assert sum(c.severity == "minor" for c in changes) <= 5


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("41-2009-qh12.vbpl.txt", "24-2018-qh14.phapdien.txt", True),
        ("90-2008-nd-cp.vbpl.txt", "13-2023-nd-cp.phapdien.txt", True),
        ("97-2008-nd-cp.vbpl.txt", OLD, False),
        ("24-2018-qh14.phapdien.txt", "116-2025-qh15.gazette.txt", False),
    ],
)
def test_unrelated_laws_are_told_apart_from_successors(one, other, apart):
    said = any("nothing in common" in warning for warning in compared(one, other).warnings)
    assert said == apart


ENACTED = {
    "1": {"1", "2"}, "2": {"3"}, "3": {"4"}, "4": {"5"}, "5": {"6"}, "6": {"7"}, "7": {"8"},
    "8": {"9"}, "9": {"10"}, "10": {"11"}, "11": {"13"}, "12": {"14"}, "13": {"15"}, "14": {"16"},
    "15": {"17"}, "16": {"19"}, "17": {"20"}, "18": {"21"}, "19": {"22"}, "20": {"23"},
    "21": {"18"}, "22": {"30"}, "23": {"24"}, "24": {"26"}, "25": {"33"}, "26": {"34"},
    "27": {"35"}, "28": {"37"}, "29": {"27", "38"}, "30": {"39"}, "31": {"40"}, "32": {"41"},
    "33": {"42"}, "34": {"44"}, "35": {"45"}, "36": {"46"}, "37": {"48"}, "38": {"49"},
    "39": {"50"}, "40": {"56"}, "41": {"51"}, "42": {"52"}, "43": {"53"}, "44": {"55"},
    "45": {"58", "59"}, "46": {"60"}, "47": {"61"}, "48": {"62"}, "49": {"63"}, "50": {"75"},
    "51": {"66"}, "52": {"67"}, "53": {"68"}, "54": {"69"}, "55": {"70"}, "56": {"71"},
    "57": {"72"}, "58": {"73"}, "59": {"74"}, "60": {"76"}, "61": {"77"}, "62": {"78"},
    "63": {"79", "84"}, "64": {"80"}, "65": {"82"}, "66": {"83"}, "67": {"85"}, "68": {"86"},
    "69": {"87"}, "70": {"88"}, "71": {"89"}, "72": {"90"}, "73": {"91"}, "74": {"93"},
}  # fmt: skip


def test_the_articles_of_the_eu_proposal_are_aligned_with_those_of_the_regulation():
    folder = CORPUS / "eu-dsa"
    sides = [
        parse((folder / name).read_text(encoding="utf-8"), media_type="")
        for name in (
            "digital-services-act.draft.52020PC0825.akn.xml",
            "digital-services-act.enacted.32022R2065.akn.xml",
        )
    ]
    true = {(old, new) for old, news in ENACTED.items() for new in news}
    got = {
        (old.removeprefix("art_"), new.removeprefix("art_"))
        for link in compare(*sides).links
        for old in link.old
        for new in link.new
        if "__" not in old + new and old.startswith("art_") and new.startswith("art_")
    }
    assert len(got - true) == 0
    assert len(true & got) >= 0.94 * len(true)

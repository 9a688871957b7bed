import unicodedata

import pytest
from invented_compare import (
    ARTICLES,
    FORCE,
    LICENCE,
    PENALTY,
    REMOVAL,
    SCOPE,
    STORAGE,
    SUBJECTS,
    UNRELATED,
    decree,
)  # fmt: skip

from monitor.legal import compare, parse
from monitor.legal.model import Comparison, LegalTextError


def compared(old: str, new: str) -> Comparison:
    return compare(parse(old), parse(new))


def kinds(comparison: Comparison) -> set[str]:
    return {link.kind for link in comparison.links}


def test_the_same_text_twice_has_no_changes():
    comparison = compared(decree(), decree())
    assert comparison.changes == ()
    assert kinds(comparison) == {"unchanged"}


def test_every_provision_of_both_sides_is_linked_once():
    comparison = compared(decree(), decree((SCOPE, STORAGE, UNRELATED, PENALTY, FORCE)))
    for side, text in (("old", comparison.old), ("new", comparison.new)):
        stack, eids = list(text.provisions), []
        while stack:
            provision = stack.pop()
            stack += provision.children
            eids.append(provision.eid)
        linked = [eid for link in comparison.links for eid in getattr(link, side)]
        assert sorted(linked) == sorted(eids)


def test_a_changed_deadline_is_critical_and_told_in_both_languages():
    comparison = compared(decree(), decree().replace("48 giờ", "24 giờ"))
    (change,) = comparison.changes
    assert (change.severity, change.kind, change.new) == (
        "critical", "modified", ("art_4__para_1",),
    )  # fmt: skip
    assert change.summary == "Art. 4(1): deadline 48 hours → 24 hours"
    assert change.summary_vi == "khoản 1 Điều 4: thời hạn 48 giờ → 24 giờ"
    (value,) = change.values
    assert value.type == "deadline"
    assert (value.old.value, value.new.value, value.new.unit) == (48, 24, "hour")


def test_an_unrelated_new_article_gives_exactly_one_added_change():
    comparison = compared(decree(), decree((*ARTICLES[:3], UNRELATED, *ARTICLES[3:])))
    assert [change.kind for change in comparison.changes] == ["added"]
    assert comparison.changes[0].new[0] == "art_4"


def test_references_that_follow_a_renumbering_are_silent():
    moved_up = (UNRELATED, *ARTICLES)
    new = decree(moved_up).replace("khoản 1 Điều 3", "khoản 1 Điều 4")
    comparison = compared(decree(), new)
    assert [change.kind for change in comparison.changes] == ["added"]


def test_a_reference_that_now_points_elsewhere_is_a_change():
    new = decree().replace("khoản 1 Điều 3", "khoản 2 Điều 3")
    (change,) = compared(decree(), new).changes
    (value,) = change.values
    assert (value.type, value.old.value, value.new.value) == (
        "reference", "art_3__para_1", "art_3__para_2",
    )  # fmt: skip


def test_a_moved_article_is_told_once_and_its_paragraphs_stay_silent():
    comparison = compared(
        decree(), decree((SCOPE, SUBJECTS, LICENCE, STORAGE, REMOVAL, PENALTY, FORCE)).replace(
            "khoản 1 Điều 3", "khoản 1 Điều 4"
        )
    )  # fmt: skip
    assert [(c.kind, c.old, c.new) for c in comparison.changes] == [
        ("moved", ("art_6",), ("art_3",))
    ]


def test_a_duty_that_becomes_a_right_is_critical():
    new = decree().replace("Chủ vườn đèn phải hạ", "Chủ vườn đèn có quyền hạ")
    (change,) = compared(decree(), new).changes
    (value,) = change.values
    assert change.severity == "critical"
    assert (value.type, value.old.value, value.new.value) == ("modality", "duty", "permission")


def test_unicode_form_white_space_and_tone_placement_change_nothing():
    old = decree().replace("thả đèn không có giấy", "hòa đèn không có giấy")
    new = unicodedata.normalize("NFD", old.replace("hòa", "hoà")).replace("; ", ";  ")
    assert compared(old, new).changes == ()


def test_texts_with_nothing_in_common_say_so_without_links_by_the_hundred():
    other = (
        "Điều 1. Công thức bánh\n1. Bột nếp trộn với nước dừa.\n2. Hấp bánh trong lá chuối.\n"
        "Điều 2. Nồi hấp\nNồi hấp bằng đồng, đáy dày, nắp kín.\n"
    )
    comparison = compared(decree(), other)
    assert len(comparison.links) == 2
    assert comparison.changes == ()
    assert "nothing in common" in comparison.warnings[0]


def test_two_languages_are_refused_with_one_clear_line():
    english = (
        "Article 1\nScope\nThis Regulation lays down rules on lantern gardens in the sky and on "
        "the persons who release lanterns.\nArticle 2\nDefinitions\nFor the purposes of this "
        "Regulation a lantern means a light that flies.\n"
    )
    with pytest.raises(LegalTextError, match="one language"):
        compared(decree(), english)


def test_a_text_without_structure_is_compared_paragraph_by_paragraph_with_a_warning():
    old = "Vườn đèn mở cửa lúc hoàng hôn.\n\nNgười thả đèn mang theo dây và nến.\n"
    new = old.replace("dây và nến", "dây, nến và diêm")
    comparison = compared(old, new)
    assert [change.kind for change in comparison.changes] == ["modified"]
    assert comparison.warnings

import io
import json

from invented_compare import ARTICLES, UNRELATED, decree

from monitor.legal import compare, parse
from monitor.legal.jsonform import comparison_as_json, parsed_as_json
from monitor.legal.model import Comparison
from monitor.legal.report import print_report, render


def changed() -> Comparison:
    new = decree((*ARTICLES, UNRELATED)).replace("48 giờ", "24 giờ").replace("tháp chuông", "chợ")
    return compare(parse(decree()), parse(new))


def test_the_report_begins_with_the_counts_and_the_critical_changes():
    lines = render(changed(), width=120).splitlines()
    at = {line: place for place, line in enumerate(lines)}
    assert at["SUMMARY"] < at["CRITICAL"] < at["DETAILS"]
    assert "    1  critical" in lines
    assert "• Art. 4(1): deadline 48 hours → 24 hours" in lines


def test_the_details_show_what_was_lost_and_gained():
    report = render(changed(), width=200)
    assert "chậm nhất là [-48 giờ-]{+24 giờ+} kể từ khi" in report
    assert "khoản 1 Điều 4: thời hạn 48 giờ → 24 giờ" in report


def test_no_line_is_wider_than_asked():
    assert max(map(len, render(changed(), width=60).splitlines())) <= 60


def test_a_piped_report_has_no_colour_codes():
    out = io.StringIO()
    print_report(changed(), out)
    assert "\x1b" not in out.getvalue()


def test_a_coloured_report_marks_by_colour_and_not_by_brackets():
    report = render(changed(), width=200, colour=True)
    assert "\x1b[" in report
    assert "[-48 giờ-]" not in report


def test_escapes_in_the_texts_never_reach_the_terminal():
    new = decree().replace("tháp chuông", "\x1b[2Jtháp \x1b]0;mèo\x07\u202e chuông")
    report = render(compare(parse(decree()), parse(new)), width=100)
    assert not {"\x1b", "\x07", "\u202e"} & set(report)


def test_markup_of_the_report_library_in_a_text_is_only_text():
    new = decree().replace("tháp chuông", "đền [red]đỏ[/red] :cat: lạ")
    assert "[red]đỏ[/red] :cat:" in render(compare(parse(decree()), parse(new)), width=200)


def test_a_comparison_without_changes_says_so():
    same = parse(decree())
    assert "No changes." in render(compare(same, same))


def test_the_json_of_a_comparison_has_exactly_the_promised_fields():
    comparison = changed()
    found = json.loads(json.dumps(comparison_as_json(comparison), ensure_ascii=False))
    assert list(found) == ["old", "new", "links", "changes", "warnings"]
    assert list(found["old"]) == ["title", "number", "date", "provisions"]
    link_fields = {"old", "new", "kind", "confidence", "score"}
    assert all(link_fields <= set(link) <= link_fields | {"moved", "renumbered"}
               for link in found["links"])  # fmt: skip
    change = next(c for c in found["changes"] if c["new"] == ["art_4__para_1"])
    assert list(change) == [
        "kind", "old", "new", "severity", "confidence", "summary", "values", "old_text",
        "new_text", "inline",
    ]  # fmt: skip
    assert change["values"][0] == {
        "type": "deadline", "change": "changed",
        "old": {"text": "48 giờ", "comparator": "<=", "value": 48, "unit": "hour", "per": None,
                "anchor": "kể từ khi nhận được yêu cầu của Trạm quan trắc"},
        "new": {"text": "24 giờ", "comparator": "<=", "value": 24, "unit": "hour", "per": None,
                "anchor": "kể từ khi nhận được yêu cầu của Trạm quan trắc"},
    }  # fmt: skip


def test_the_json_of_a_text_has_exactly_the_promised_fields():
    found = parsed_as_json(parse(decree()))
    assert list(found) == [
        "title", "number", "type", "issuer", "date", "language", "warnings", "provisions",
    ]  # fmt: skip
    assert list(found["provisions"][0]) == [
        "eid", "kind", "num", "heading", "text", "start", "end", "children",
    ]  # fmt: skip


def test_every_change_is_told_most_severe_first():
    order = ["critical", "major", "minor", "editorial"]
    ranks = [order.index(change.severity) for change in changed().changes]
    assert ranks == sorted(ranks)

"""Templates of a team's own, good and broken: a message always goes out, and says what is wrong."""

import logging
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import html
from messages import message, note

from alerts.rendering import rendered_html, rendered_subject, rendered_text, templates_in, text_of
from alerts.templating import LARGEST
from alerts.wording import visible

HOSTILE = '<script>alert(1)</script> & "x" \x1b[2J\u202e'
BROKEN = {
    "a syntax error": ("{{ message.title }", r"message\.txt\.j2 line 1: "),
    "an undefined variable": ("first\n{{ message.titel }}", r"line 2: .*titel"),
    "a file that is missing": ("{% include 'nowhere.j2' %}", "nowhere.j2"),
    "an endless loop": (
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "longer than 1 s",
    ),
    "a huge output": ("{% for a in range(99999) %}" + "x" * 50 + "{% endfor %}", "more than"),
    "a huge product": ("{{ 'x' * 10 ** 9 }}", "too large"),
    "a huge power": ("{{ 9 ** 9 ** 9 }}", "power that is too large"),
    "a huge format": ("{{ '%1000000000d' % 1 }}", "not formatted"),
    "a huge padding": ("{{ 'x'.ljust(1000000000) }}", "ljust"),
    "nothing printed": ("{# empty #}", "prints nothing"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", "__class__"),
    "bytes that are no text": (b"\xff\xfe\x00", "codec"),
}


@pytest.fixture
def team(tmp_path):
    """Writes templates of a team's own and opens them."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('_', '.')}.j2"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return templates_in(tmp_path)

    return write


@pytest.mark.parametrize(("template", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_template_gives_way_to_the_built_in_one_and_says_so(team, template, said, caplog):
    sent = message(title="Một tin", changes=(note(),))
    with caplog.at_level(logging.WARNING):
        told = rendered_text(sent, team(message_txt=template))
    assert told.text.startswith(text_of(sent).rstrip("\n"))
    last = told.text.rstrip("\n").splitlines()[-1]
    assert last == told.problem
    assert last.startswith("The team's template message.txt.j2 is broken (")
    assert re.search(said, last), last
    assert [one.getMessage() for one in caplog.records] == [told.problem]


def test_a_folder_that_is_missing_is_said_so(tmp_path):
    told = rendered_text(message(), templates_in(tmp_path / "nowhere"))
    assert "there is no folder" in told.problem
    assert text_of(message()).strip() in told.text


def test_a_broken_html_template_says_so_without_breaking_the_page(team):
    told = rendered_html(message(), team(message_html="{{ '<b>' ~ nothing }}"))
    assert told.text.endswith(f"<p>{told.problem.replace(chr(39), '&#39;')}</p>")


def test_the_same_problem_is_logged_once(team, caplog):
    templates = team(subject_txt="{{ nothing }}")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert rendered_subject(message(), templates).text == "[MAJOR] Edited: một bài báo"
    assert len(caplog.records) == 1


def test_a_teams_template_is_used_and_may_build_on_the_built_in_one(team):
    templates = team(
        subject_txt="Watch: {{ message.title | line }}",
        message_txt="From our desk\n{% include 'builtin/message.txt.j2' %}",
    )
    assert rendered_subject(message(), templates).text == "Watch: Edited: một bài báo"
    assert rendered_text(message(), templates).text == "From our desk\n" + text_of(message())


def test_a_template_can_be_mended_without_a_restart(team):
    templates = team(subject_txt="{{ nothing }}")
    assert rendered_subject(message(), templates).problem
    team(subject_txt="mended: {{ message.title }}")
    assert rendered_subject(message(), templates).text == "mended: Edited: một bài báo"


def test_a_teams_template_cannot_change_the_message(team):
    sent = message()
    assert rendered_text(sent, team(message_txt="{{ message.body.update({'a': 1}) }}")).problem
    assert sent.body == {}


def test_what_a_team_prints_carelessly_is_escaped_and_made_visible(team):
    careless = "{{ message.title }}"
    templates = team(message_html=careless, message_txt=careless)
    html = rendered_html(message(title=HOSTILE), templates).text
    assert html == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;x&#34; �[2J�"
    assert not set(rendered_text(message(title=HOSTILE), templates).text) & set("\x1b\u202e")


def test_a_subject_stays_one_short_line(team):
    said = rendered_subject(message(title="a\nb" * 500), team(subject_txt="{{ message.title }}"))
    assert "\n" not in said.text
    assert len(said.text) <= 200


WORDS = st.text(alphabet=st.sampled_from("ab <>&'\"\n\x1bế😀"), max_size=40)


@given(WORDS, WORDS)
def test_a_page_shows_both_texts_exactly_by_what_is_struck_out_and_added(old, new):
    assume(old != new)
    page = rendered_html(message(changes=(note(old, new),))).text
    quote = html.fragment_fromstring(page, create_parent="div").find(".//blockquote")
    said = [("=", quote.text or "")]
    for one in quote:
        said += [({"del": "-", "ins": "+"}[one.tag], one.text or ""), ("=", one.tail or "")]
    assert "".join(text for mark, text in said if mark != "+") == visible(old)
    assert "".join(text for mark, text in said if mark != "-") == visible(new)


def test_a_long_message_of_ours_is_not_refused_for_its_length():
    group = tuple(message(changes=(note("cũ " * 400, "mới " * 400),) * 20) for _ in range(60))
    assert len(text_of(message(group=group))) > LARGEST

"""The wording of the interface: whole in both languages, and safe to fill in."""

import re
import string
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from markupsafe import Markup

from config_sources import SourceDeclaration
from monitor.due_days import Kind as Due
from monitor.legal.model import LinkKind, Severity
from monitor.standing import Basis, Status
from storage.labels import Verdict
from web.pages.alerts import STATES
from web.stated_values import TYPES
from web.wording import LANGUAGES, wording

ROOT = Path(__file__).parents[2]
WEB, TOPICS = ROOT / "web", ROOT / "monitor" / "topics.toml"
TEXTS = wording().texts
USED = re.compile(r"""(?<![\w.])(tn|t)\(\s*["']([a-z0-9_.]+)["']\s*[,)]""")


def base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    keys = {language: {base(key) for key in TEXTS[language]} for language in LANGUAGES}
    assert keys["en"] == keys["vi"]


def test_every_counted_text_has_the_form_for_many():
    for texts in TEXTS.values():
        ones = {base(key) for key in texts if key.endswith(".one")}
        assert ones <= {base(key) for key in texts if key.endswith(".other")}


def test_both_languages_fill_in_the_same_names():
    for key, text in TEXTS["vi"].items():
        assert named(text) == named(TEXTS["en"][key]), key


def test_no_text_is_empty_or_left_in_english():
    assert all(text.strip() for texts in TEXTS.values() for text in texts.values())
    same = {
        key
        for key, text in TEXTS["en"].items()
        if TEXTS["vi"].get(key) == text and re.search(r"[a-z]{4,} [a-z]{3,}", text)
    }
    assert same == set()


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda path: path.stem)
def test_every_text_that_a_page_asks_for_is_there(path):
    for function, key in USED.findall(path.read_text(encoding="utf-8")):
        assert (f"{key}.other" if function == "tn" else key) in TEXTS["en"], key


def test_every_name_of_ours_is_called_something():
    names = {
        "severity": get_args(Severity),
        "linked": get_args(LinkKind),
        "became": get_args(LinkKind),
        "due": get_args(Due),
        "status": get_args(Status),
        "basis": get_args(Basis),
        "verdict": get_args(Verdict),
        "state": STATES,
        "value": TYPES,
        "side": get_args(SourceDeclaration.model_fields["kind"].annotation),
        "topic": [one["id"] for one in tomllib.loads(TOPICS.read_text("utf-8"))["topics"]],
        "event": [one.replace(".", "-") for one in kinds_of_events()],
    }
    missing = [
        f"{kind}.{name}"
        for kind, known in names.items()
        for name in known
        if not wording().knows(f"word.{kind}.{name}")
    ]
    assert missing == []


def kinds_of_events() -> set[str]:
    """The names of events in the source of those who tell of them."""
    things = "item|story|instrument|deadline|topic|search|source|channel"
    text = "".join(
        path.read_text(encoding="utf-8")
        for room in ("storage", "monitor", "alerts")
        for path in (ROOT / room).rglob("*.py")
    )
    return set(re.findall(rf'"((?:{things})\.[a-z]+)"', text)) - {"item.labelled"}


def test_what_is_filled_in_is_escaped_unless_it_is_markup():
    said = wording().say("en", "foot.zone", zone="<b>\u202ex")
    assert "&lt;b&gt;\ufffdx" in said
    assert "<i>x</i>" in wording().say("en", "foot.zone", zone=Markup("<i>x</i>"))


def test_numbers_are_written_as_each_language_writes_them():
    assert wording().count("en", "today.articles", 1) == "1 article"
    assert wording().count("en", "today.articles", 1234) == "1,234 articles"
    assert wording().count("vi", "today.articles", 1234) == "1.234 bài"

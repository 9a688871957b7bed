"""People, their logins and tokens, and the log of what they changed, as the archive keeps them."""

from datetime import timedelta

import pytest
from archives import FEW, NOON, emptied
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from storage.credentials import (
    PasswordUnfit,
    digest,
    hash_password,
    matches,
    new_secret,
    new_token,
    outdated,
)
from storage.people import PersonUnclear, looked_before
from storage.tokens import LONGEST, MOST, TokenUnclear

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


def add(archive, *names):
    with archive.transaction() as tx:
        for name in names:
            tx.people.add(name, "analyst", NOON)


def names(archive):
    with archive.reading() as tx:
        return [person.name for person in tx.people.all()]


def test_a_name_is_kept_in_small_letters_and_only_once(archive):
    add(archive, " Lan ", "mai@example.org")
    with pytest.raises(PersonUnclear, match="there already"), archive.transaction() as tx:
        tx.people.add("LAN", "reader", NOON)
    assert names(archive) == ["lan", "mai@example.org"]


@pytest.mark.parametrize("name", ["", " ", "a b", "lan\n", "đào", "-x", "x" * 101, "local", "a/b"])
def test_a_name_that_could_be_taken_for_something_else_is_refused(archive, name):
    if name.strip() != name and name.strip():
        assert names(archive) == []
        return
    with pytest.raises(PersonUnclear), archive.transaction() as tx:
        tx.people.add(name, "reader", NOON)


def test_there_are_three_roles(archive):
    add(archive, "lan")
    with archive.transaction() as tx:
        assert tx.people.change_role("lan", "admin").role == "admin"
    with pytest.raises(PersonUnclear, match="reader, analyst, admin"), archive.transaction() as tx:
        tx.people.change_role("lan", "root")


def test_with_a_person_go_their_logins_tokens_and_looks(archive):
    add(archive, "lan", "mai")
    with archive.transaction() as tx:
        for name in ("lan", "mai"):
            person = tx.people.known(name)
            tx.logins.begin(person, digest(name), NOON, lasts=WEEK)
            tx.tokens.add(name, "news", ["read"], digest(f"t {name}"), NOON)
            tx.people.note_look(name, NOON)
        tx.people.remove("lan")
    with archive.reading() as tx:
        assert tx.logins.find(digest("lan"), NOON, idle=DAY) is None
        assert tx.tokens.find(digest("t lan"), NOON) is None
        assert tx.people.look("lan") is None
        assert tx.logins.find(digest("mai"), NOON, idle=DAY) is not None
        assert tx.tokens.find(digest("t mai"), NOON) is not None
    with pytest.raises(PersonUnclear, match="nobody is called"), archive.transaction() as tx:
        tx.people.remove("lan")


def test_a_login_holds_while_it_is_used_and_not_for_ever(archive):
    add(archive, "lan")
    with archive.transaction() as tx:
        tx.logins.begin(tx.people.known("lan"), "d", NOON, lasts=WEEK, agent="x" * 1000)
    with archive.reading() as tx:
        login, person = tx.logins.find("d", NOON + DAY, idle=DAY)
        assert (person.name, len(login.agent)) == ("lan", 200)
        assert tx.logins.find("d", NOON + DAY + HOUR, idle=DAY) is None
        assert tx.logins.find("e", NOON, idle=DAY) is None
    with archive.transaction() as tx:
        tx.logins.note_use("d", NOON + WEEK - HOUR)
    with archive.reading() as tx:
        assert tx.logins.find("d", NOON + WEEK - HOUR, idle=DAY) is not None
        assert tx.logins.find("d", NOON + WEEK, idle=DAY) is None
    with archive.transaction() as tx:
        tx.logins.begin(tx.people.known("lan"), "e", NOON + WEEK, lasts=WEEK)
        assert [one.digest for one in tx.logins.of(tx.people.known("lan"))] == ["e"]


def test_all_logins_of_a_person_can_be_ended_but_one(archive):
    add(archive, "lan", "mai")
    with archive.transaction() as tx:
        for one, name in (("a", "lan"), ("b", "lan"), ("c", "lan"), ("d", "mai")):
            tx.logins.begin(tx.people.known(name), one, NOON, lasts=WEEK)
        assert tx.logins.end_all(tx.people.known("lan"), but="b") == 2
        assert [one.digest for one in tx.logins.of(tx.people.known("lan"))] == ["b"]
        assert tx.logins.end("b") and not tx.logins.end("b")
        assert len(tx.logins.of(tx.people.known("mai"))) == 1


def test_a_token_needs_a_label_a_scope_and_an_end(archive):
    add(archive, "lan")
    for label, scopes, lasts in (
        ("", ["read"], DAY), ("x", [], DAY), ("x", ["root"], DAY),
        ("x", ["read"], timedelta()), ("x", ["read"], LONGEST + DAY),
    ):  # fmt: skip
        with pytest.raises(TokenUnclear), archive.transaction() as tx:
            tx.tokens.add("lan", label, scopes, "d", NOON, lasts=lasts)
    with archive.transaction() as tx:
        row = tx.tokens.add("lan", " news\n desk ", ["label", "read"], "d", NOON)
        assert (row.label, row.scopes) == ("news desk", ["read", "label"])
    with pytest.raises(TokenUnclear, match="already"), archive.transaction() as tx:
        tx.tokens.add("lan", "news desk", ["read"], "e", NOON)


def test_nobody_piles_up_tokens(archive):
    with pytest.raises(TokenUnclear, match="revoke one"), archive.transaction() as tx:
        for number in range(MOST + 1):
            tx.tokens.add("lan", f"t{number}", ["read"], f"{number}", NOON)


def test_a_revoked_token_stays_listed_and_is_revoked_once(archive):
    with archive.transaction() as tx:
        tx.tokens.add("lan", "news", ["read"], "d", NOON)
        with pytest.raises(TokenUnclear):
            tx.tokens.revoke(1, NOON, owner="mai")
        tx.tokens.revoke(1, NOON, owner="lan")
        assert tx.tokens.find("d", NOON) is None
        with pytest.raises(TokenUnclear):
            tx.tokens.revoke(1, NOON)
        assert [row.label for row in tx.tokens.of("lan")] == ["news"]
        tx.tokens.add("lan", "news", ["read"], "e", NOON)


def test_a_look_goes_on_while_its_pages_are_close_together(archive):
    with archive.transaction() as tx:
        assert tx.people.note_look("lan", NOON).since is None
        assert tx.people.note_look("lan", NOON + HOUR / 3).since is None
        row = tx.people.note_look("lan", NOON + DAY)
        assert row.since == NOON + HOUR / 3
        assert tx.people.note_look("lan", NOON + DAY + HOUR / 4).since == NOON + HOUR / 3
        assert looked_before(row, NOON + 2 * DAY) == NOON + DAY + HOUR / 4


def test_a_change_and_the_word_of_who_made_it_are_kept_together_or_not_at_all(archive):
    with pytest.raises(RuntimeError), archive.transaction() as tx:
        tx.people.add("lan", "reader", NOON)
        tx.audit.record("mai", "person.added", "person:lan", NOON, {"role": "reader"})
        raise RuntimeError("invented")
    with archive.reading() as tx:
        assert tx.people.all() == [] and tx.audit.recent() == []


def test_the_log_of_changes_is_read_newest_first_and_by_person_action_and_subject(archive):
    with archive.transaction() as tx:
        for hour, (by, action, subject) in enumerate((
            ("lan", "alert.acknowledged", "alert:1"),
            ("mai", "alert.resolved", "alert:1"),
            ("lan", "alerts_x.y", "alert:2"),
            ("lan", "item.labelled", "item:7"),
        )):  # fmt: skip
            tx.audit.record(by, action, subject, NOON + hour * HOUR, {"note": "bến phà"})
    with archive.reading() as tx:
        assert [one.id for one in tx.audit.recent()] == [4, 3, 2, 1]
        assert [one.id for one in tx.audit.recent(2, before=4)] == [3, 2]
        assert [one.id for one in tx.audit.recent(by="lan", action="alert")] == [1]
        assert [one.id for one in tx.audit.recent(action="alert.resolved")] == [2]
        assert [one.id for one in tx.audit.recent(subject="alert:1")] == [2, 1]
        assert tx.audit.recent(1)[0].detail == {"note": "bến phà"}


values = (
    st.integers()
    | st.text(max_size=5)
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
details = st.dictionaries(st.text(max_size=3), values, max_size=2)
entries = st.lists(
    st.tuples(st.text(max_size=8), st.text(max_size=8), details), min_size=2, max_size=5
)


@FEW
@given(entries, st.data())
def test_an_entry_that_was_changed_or_taken_out_afterwards_is_found(archive, said, data):
    emptied(archive)
    with archive.transaction() as tx:
        for by, subject, detail in said:
            tx.audit.record(by, "thing.done", subject, NOON, detail)
        ids = [entry.id for entry in reversed(tx.audit.recent())]
    with archive.reading() as tx:
        assert tx.audit.broken() is None
    number = data.draw(st.sampled_from(ids[:-1]))
    spoil = data.draw(st.sampled_from((
        "UPDATE audit SET \"by\" = \"by\" || 'x' WHERE id = :n",
        "UPDATE audit SET action = 'thing.undone' WHERE id = :n",
        "UPDATE audit SET detail = '{\"spoilt\": 1}' WHERE id = :n",
        "DELETE FROM audit WHERE id = :n",
    )))  # fmt: skip
    with archive.transaction() as tx:
        tx.session.execute(text(spoil), {"n": number})
    with archive.reading() as tx:
        assert tx.audit.broken() in (number, ids[ids.index(number) + 1])


def test_a_password_is_known_again_however_its_letters_are_composed():
    kept = hash_password("bến phà mở lại", "lan")
    assert kept.startswith("$argon2id$") and "bến" not in kept
    assert matches(kept, "bê\u0301n pha\u0300 mơ\u0309 la\u0323i")
    assert not matches(kept, "bến phà mở lại ")
    assert not matches(kept, "x" * 10_000)
    assert not outdated(kept)


def test_who_has_no_password_cannot_log_in_with_any():
    assert not matches("", "")
    assert not matches("no hash at all", "no hash at all")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("x" * 1001, "longer"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("lan.vu@example.org", "easy to guess"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password, says):
    with pytest.raises(PasswordUnfit, match=says):
        hash_password(password, "lan.vu@example.org")


def test_secrets_are_long_and_never_the_same():
    made = {new_secret() for _ in range(100)} | {new_token() for _ in range(100)}
    assert len(made) == 200 and min(map(len, made)) == 43
    assert len({digest(one) for one in made}) == 200

"""What a person is told about `[web]`: above all, that nobody is let in by mistake."""

from pathlib import Path

import pytest
from test_config import MINIMAL, complaint, loaded


def web(text: str) -> str:
    return f"{MINIMAL}\n[web]\n{text}\n"


@pytest.mark.parametrize("listen", ["127.0.0.1:8420", "[::1]:80", "localhost:8420", "127.9.9.9:1"])
def test_at_this_machine_no_login_is_needed(tmp_path: Path, listen: str) -> None:
    section = loaded(tmp_path, web(f'listen = "{listen}"')).web
    assert section.auth == "none"
    assert f"{section.host}:{section.port}" == listen.replace("[", "").replace("]", "")


@pytest.mark.parametrize(
    "listen",
    ["0.0.0.0:8420", "[::]:8420", "192.168.1.5:80", "archive.example.org:80", "localhost.evil:80"],
)
def test_where_others_can_reach_it_a_login_is_needed(tmp_path: Path, listen: str) -> None:
    said = complaint(tmp_path, web(f'listen = "{listen}"'))
    assert "\n" not in said and "auth" in said and listen in said
    assert loaded(tmp_path, web(f'listen = "{listen}"\nauth = "users"')).web.listen == listen


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ('listen = "8420"', "web.listen: expected an address and a port"),
        ('listen = "127.0.0.1:99999"', "web.listen: expected an address and a port"),
        ('listen = "[x]:1"', "web.listen"),
        ('hosts = ["archive.example.org"]', "auth"),
        ('auth = "users"\nhosts = ["https://archive.example.org"]', "web.hosts: expected names"),
        ('auth = "proxy"', "proxies"),
        ('auth = "proxy"\nproxies = ["the proxy"]', "web.proxies: expected addresses"),
        ('auth = "proxy"\nproxies = ["0.0.0.0/0"]', "not every address"),
        ('auth = "proxy"\nproxies = ["::/0"]', "not every address"),
        ('auth = "proxy"\nproxies = ["10.0.0.1"]\nuser_header = "X User"', "web.user_header"),
        ('auth = "password"', "web.auth"),
        ('auth = "users"\ncertificate = "x.pem"', "certificate and key"),
        ('auth = "users"\nsession = "soon"', "web.session: expected a span of time"),
        ("password = 1", "web.password: no such key"),
    ],
)
def test_a_mistake_is_named_with_its_key_in_one_line(
    tmp_path: Path, section: str, says: str
) -> None:
    said = complaint(tmp_path, web(section))
    assert says in said and "\n" not in said


def test_the_name_by_which_readers_reach_it_counts_where_they_must_be_known(tmp_path: Path) -> None:
    named = 'address = "https://Archive.example.org/"\nhosts = ["old.example.org"]\nauth = "users"'
    assert loaded(tmp_path, web(named)).web.names == {"archive.example.org", "old.example.org"}
    unknown = 'address = "https://archive.example.org/"'
    assert loaded(tmp_path, web(unknown)).web.names == set()

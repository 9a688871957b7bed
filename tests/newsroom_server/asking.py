"""A plain HTTP client for the tests of the newsroom's server."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(base: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request on a connection of its own; `If_None_Match` becomes If-None-Match."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, fields, response.read())
    finally:
        connection.close()

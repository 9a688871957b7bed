"""The only way out for a browser that renders pages: a proxy that asks public addresses alone.

A browser resolves names itself, so checking the addresses of its requests would not hold: a name
may answer differently a moment later. Here the name is resolved, checked and connected to in one
place, for pages, scripts, redirects and web sockets alike.
"""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from spiders.private_addresses import is_allowed, is_public

HEAD_SECONDS = 15.0
CONNECT_SECONDS = 15.0
MOST_HEAD = 65_536
MOST_BYTES = 100_000_000
"""What one connection may carry towards the browser."""
CHUNK = 65_536
PRIVATE = b"x-decreewatch-private"
_DROPPED = (b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive")


class GuardedProxy:
    """Listens on loopback while a crawl renders pages.

    `refused` are the private addresses that were held back, by host and port.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(allowed)
        self._server: asyncio.Server | None = None
        self.refused: dict[tuple[str, int], str] = {}

    async def start(self) -> str:
        """Listen, and give the address to hand to the browser."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MOST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError,
                asyncio.LimitOverrunError):  # fmt: skip
            with suppress(OSError):
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        finally:
            writer.close()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        line, *headers = head.rstrip(b"\r\n").split(b"\r\n")
        method, target, _ = line.decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        if not parts.hostname or parts.scheme not in (("",) if tunnel else ("http", "ws")):
            raise ValueError(target)
        port = parts.port or 80
        address = await self._address(parts.hostname, port)
        if address is None:
            private = self.refused[parts.hostname, port].encode()
            writer.write(
                b"HTTP/1.1 403 Forbidden\r\n" + PRIVATE + b": " + private
                + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )  # fmt: skip
            return
        above, below = await asyncio.wait_for(
            asyncio.open_connection(address, port), CONNECT_SECONDS
        )
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                sending = asyncio.ensure_future(_pipe(reader, below))
                await _pipe(above, writer)
                sending.cancel()
            else:
                below.write(_asked(method, parts, headers))
                # No more than this request goes up: the next may be meant for another host.
                below.write(await reader.readexactly(_length(headers)))
                await _pipe(above, writer)
        finally:
            below.close()

    async def _address(self, host: str, port: int) -> str | None:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if is_allowed(host, port, self._allowed):
            return addresses[0]
        public = next((one for one in addresses if is_public(one)), None)
        if public is None:
            self.refused[host, port] = addresses[0]
        return public


async def _pipe(reader: StreamReader, writer: StreamWriter) -> None:
    carried = 0
    while carried < MOST_BYTES and (piece := await reader.read(CHUNK)):
        carried += len(piece)
        writer.write(piece)
        await writer.drain()


def _asked(method: str, parts: SplitResult, headers: Sequence[bytes]) -> bytes:
    """Give the head of a request as a server is asked, for one answer on one connection."""
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    kept = [one for one in headers if one.split(b":")[0].strip().lower() not in _DROPPED]
    lines = (f"{method} {path} HTTP/1.1".encode("ascii"), *kept, b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _length(headers: Sequence[bytes]) -> int:
    for one in headers:
        name, _, value = one.partition(b":")
        if name.strip().lower() == b"content-length":
            return min(int(value), MOST_BYTES)
    return 0

"""`decreewatch serve`: the archive's web pages and API."""

import argparse
import contextlib
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from commands.daemon_logs import begin_logging
from commands.session import archive_of, config_of, now, say
from storage.problems import Problem

if TYPE_CHECKING:
    from config_web import Web
    from monitor.classifier import Classifiers
    from storage.archive import Archive

BACKLOG = 2048


class CannotServe(Problem):
    """The address for the pages is not to be had, or may not be used."""

    kind: ClassVar[str] = "cannot-serve"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    serving = commands.add_parser("serve", help="the archive's web pages and API")
    serving.add_argument(
        "--listen", metavar="HOST:PORT", help="in place of [web] listen (127.0.0.1:8420)"
    )
    serving.set_defaults(run=serve)


def serve(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    import uvicorn

    config = config_of(args)
    web = _where(config.web, args.listen)
    config = config.model_copy(update={"web": web})
    begin_logging(config.daemon.log)
    with listening(web.host, web.port) as listener, archive_of(config) as archive:
        from monitor.asking import searcher_of
        from monitor.classifier import classifiers_of
        from web.app import create_app

        classifiers = classifiers_of(config)
        searcher = searcher_of(config, archive, classifiers=classifiers)
        app = create_app(config, archive, searcher, now=clock_of(archive))
        settings = uvicorn.Config(
            app,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            ssl_certfile=web.certificate,
            ssl_keyfile=web.key,
        )
        scheme = "https" if web.certificate else "http"
        host, _, _ = web.listen.rpartition(":")
        port = listener.getsockname()[1]
        say(f"Decree Watch is at {scheme}://{host}:{port}/ (Ctrl-C ends it)")
        loading = Thread(target=_load, args=(classifiers,), name="model")
        if config.topics:
            loading.start()
        try:
            # The server ends what it is doing first, and then interrupts us again.
            with contextlib.suppress(KeyboardInterrupt):
                uvicorn.Server(settings).run(sockets=[listener])
        finally:
            # What loads a model may not be left to the interpreter's end: it starts threads.
            if loading.is_alive():
                loading.join()
            searcher.close()
    return 0


def _load(classifiers: "Classifiers") -> None:
    """Load the model, so that the first reader who asks does not wait for it; why it cannot be
    had is told to who asks."""
    with contextlib.suppress(Problem):
        classifiers.embedder()


def _where(web: "Web", listen: str | None) -> "Web":
    """The section of the configuration, with the address of the command line in its place."""
    from config import ConfigError
    from config_web import refusal

    if listen is None:
        return web
    if refused := refusal(listen, web.auth):
        raise ConfigError(f"--listen: expected {refused}")
    return web.model_copy(update={"listen": listen})


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on an address, closed by the caller; who comes early waits.

    Raises CannotServe with one line that says why not and what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(f"{host} is no address of this machine ({error.strerror})") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"the pages cannot be served on {host}, port {port} ({error.strerror}): end what "
            "uses it, or name another with --listen HOST:PORT"
        ) from error
    return listener


def clock_of(archive: "Archive") -> Callable[[], datetime]:
    """The clock by which an archive is shown: the real one, set forward where the archive is of
    a time to come, as the demo's is."""
    with archive.reading() as tx:
        newest = tx.events.get(tx.events.last())
    ahead = max(newest.at - now(), timedelta()) if newest is not None else timedelta()
    return lambda: now() + ahead

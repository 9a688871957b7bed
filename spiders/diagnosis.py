"""Errors of Scrapy, Twisted and OpenSSL → typed problems."""

from scrapy import exceptions as scrapy_errors

from spiders.failures import (
    BadAddress,
    BadCertificate,
    ConnectionFailed,
    CrawlFailed,
    CutOff,
    NameUnknown,
    RedirectedAway,
    Refused,
    TimedOut,
)
from spiders.problems import TooLarge
from storage.problems import Problem

_KINDS: tuple[tuple[type[Exception], type[Problem], str], ...] = (
    (scrapy_errors.CannotResolveHostError, NameUnknown, "the host's name has no address"),
    (scrapy_errors.DownloadConnectionRefusedError, Refused, "the connection was refused"),
    (scrapy_errors.DownloadTimeoutError, TimedOut, "no answer in time"),
    (scrapy_errors.DownloadCancelledError, TooLarge, "larger than politeness.max_bytes"),
    (scrapy_errors.ResponseDataLossError, CutOff, "the connection ended in mid-answer"),
    (scrapy_errors.UnsupportedURLSchemeError, BadAddress, "only http and https are asked"),
    (scrapy_errors.IgnoreRequest, RedirectedAway, "redirected too many times"),
)


def problem_of(error: BaseException, url: str) -> Problem:
    """The typed problem for an error that Scrapy or Twisted raised about `url`."""
    if isinstance(error, Problem):
        return error
    if said := tls_reason(error):
        return BadCertificate(
            f"{url}: no secure connection ({said}). Check the certificate in a browser."
        )
    for known, problem, what in _KINDS:
        if isinstance(error, known):
            return problem(f"{url}: {what}")
    if isinstance(error, scrapy_errors.DownloadFailedError | OSError):
        return ConnectionFailed(f"{url}: the connection failed ({_one_line(error)})")
    return CrawlFailed(f"{url}: {type(error).__name__}: {_one_line(error)}")


def tls_reason(error: BaseException) -> str:
    """What OpenSSL or the check of the host's name said, "" when it was another error."""
    from OpenSSL import SSL
    from service_identity.exceptions import VerificationError

    for cause in _causes(error):
        if isinstance(cause, VerificationError):
            return "the certificate is for another name"
        if isinstance(cause, SSL.Error):
            said = cause.args[0] if cause.args else ""
            reasons = [str(one[-1]) for one in said] if isinstance(said, list) else []
            return "; ".join(reasons) or "TLS error"
    return ""


def _causes(error: BaseException) -> list[BaseException]:
    """The error with everything it was raised from, Twisted's lists of reasons included."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 30:
        one = waiting.pop()
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        waiting += [reason.value for reason in getattr(one, "reasons", None) or ()]
    return found


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__

"""What can go wrong on the way to a page, each stored under its kind."""

from typing import ClassVar

from storage.problems import Problem


class HttpError(Problem):
    """The server answered with a status that is no page."""

    kind: ClassVar[str] = "http-error"


class NameUnknown(Problem):
    """The host's name has no address."""

    kind: ClassVar[str] = "dns"


class Refused(Problem):
    """Nothing accepts connections at the address."""

    kind: ClassVar[str] = "refused"


class TimedOut(Problem):
    """The server did not answer in time."""

    kind: ClassVar[str] = "timeout"


class BadCertificate(Problem):
    """No secure connection could be made, or the server's certificate is wrong."""

    kind: ClassVar[str] = "tls"


class CutOff(Problem):
    """The connection ended before the whole body had come."""

    kind: ClassVar[str] = "cut-off"


class ConnectionFailed(Problem):
    """The connection broke, or what came was not HTTP."""

    kind: ClassVar[str] = "connection"


class BadEncoding(Problem):
    """The body cannot be unpacked as its Content-Encoding says."""

    kind: ClassVar[str] = "bad-encoding"


class BadAddress(Problem):
    """The address is too long, or is none that can be asked."""

    kind: ClassVar[str] = "bad-address"


class RedirectedAway(Problem):
    """The page leads to the front page, in a circle, or nowhere."""

    kind: ClassVar[str] = "redirected-away"


class RobotsForbidden(Problem):
    """The host's robots.txt does not want us to read this address."""

    kind: ClassVar[str] = "robots-forbidden"


class RobotsUnreachable(Problem):
    """robots.txt could not be read, so nothing on the host may be (RFC 9309, 2.3.1.4)."""

    kind: ClassVar[str] = "robots-unreachable"


class HostPaused(Problem):
    """The host asked to be left alone until a stated time."""

    kind: ClassVar[str] = "host-paused"


class OutOfTime(Problem):
    """The round's time is up; what is left is taken next round."""

    kind: ClassVar[str] = "out-of-time"


class CrawlCrashed(Problem):
    """The process that crawled the source died."""

    kind: ClassVar[str] = "crawl-crashed"


class CrawlTimeout(Problem):
    """The process that crawled the source did not end in time and was stopped."""

    kind: ClassVar[str] = "crawl-timeout"


class CrawlFailed(Problem):
    """Our own code failed on this address."""

    kind: ClassVar[str] = "crawl-failed"

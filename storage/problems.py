"""The base of every error that is stored, counted and shown."""

from typing import ClassVar


class Problem(Exception):
    """Something that went wrong with one page, document, source or message.

    Subclasses set `kind`, a short stable name under which the archive counts the
    problem; the message is one line that says what is wrong, where, and what to do.
    """

    kind: ClassVar[str] = "problem"

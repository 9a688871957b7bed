"""Secrets: passwords as argon2 hashes, random secrets of cookies and tokens as SHA-256.

A password can be guessed, so its hash is made slow (argon2id, RFC 9106); what has 256 random
bits cannot, so a plain hash is enough to keep it out of a stolen database.
"""

import hashlib
import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from storage.problems import Problem

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1000
TOKEN_PREFIX = "dw_"
"""By which a token is known for one, by people and by programs that look for leaked secrets."""


class PasswordUnfit(Problem):
    """A password that is too easy to guess, or too long to be one."""

    kind: ClassVar[str] = "password-unfit"


def new_secret() -> str:
    """A random secret of 256 bits in 43 characters of A-Z a-z 0-9 - _."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A random API token."""
    return TOKEN_PREFIX + new_secret()


def digest(secret: str) -> str:
    """What is kept of a random secret: its SHA-256 in 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def hash_password(password: str, name: str = "") -> str:
    """The argon2id hash of a new password for the person `name`, with its salt and parameters.

    Raises PasswordUnfit.
    """
    if len(password) < SHORTEST:
        raise PasswordUnfit(
            f"the password has {len(password)} characters; at least {SHORTEST} are needed. "
            "Four or five random words are easy to remember."
        )
    if len(password) > LONGEST:
        raise PasswordUnfit(f"the password is longer than {LONGEST} characters")
    if len(set(password)) < 5 or (name and password.casefold() in (name, name * 2)):
        raise PasswordUnfit("the password is too easy to guess; take four or five random words")
    return hasher().hash(_prepared(password))


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one whose hash is `kept`.

    Takes as long where there is no hash ("") as where there is one, so that nobody can tell
    from the time whether a name is known.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        hasher().verify(kept or nobodys(), _prepared(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than new ones are, and should be made anew."""
    return hasher().check_needs_rehash(kept)


def prepare() -> None:
    """Make what the first comparison needs, so that it takes no longer than any other."""
    nobodys()


@cache
def hasher() -> "PasswordHasher":
    """Makes and checks hashes, with the parameters that argon2-cffi takes for new ones."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def nobodys() -> str:
    """The hash of a password that nobody has."""
    return hasher().hash(new_secret())


def _prepared(password: str) -> bytes:
    """The same bytes however a keyboard composes its characters (NFC, as RFC 8265 asks)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogateescape")

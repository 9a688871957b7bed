"""API tokens: what programs show to act for a person. Only a hash of each is kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_people import ApiToken
from storage.problems import Problem
from storage.roles import SCOPES

LONGEST = timedelta(days=366)
NOTED = timedelta(hours=1)
"""More often than this the use of a token is not noted."""
LABEL_LENGTH = 100
MOST = 50
"""More tokens that hold nobody may have."""


class TokenUnclear(Problem):
    """A token that cannot be made as asked, or is not there."""

    kind: ClassVar[str] = "token-unclear"


class Tokens:
    """Tokens within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        owner: str,
        label: str,
        scopes: Iterable[str],
        digest: str,
        at: datetime,
        *,
        lasts: timedelta = LONGEST,
    ) -> ApiToken:
        """Keep a token of `owner`, which may what `scopes` say.

        Raises TokenUnclear for a scope that does not exist, or when a token of that label holds.
        """
        wanted = set(scopes)
        label = " ".join(label.split())[:LABEL_LENGTH]
        if not label:
            raise TokenUnclear("a token needs a label that says what it is for")
        if not wanted or wanted - set(SCOPES):
            raise TokenUnclear(f"a token needs one or more of the scopes {', '.join(SCOPES)}")
        if not timedelta(0) < lasts <= LONGEST:
            raise TokenUnclear(f"a token holds for up to {LONGEST.days} days")
        holding = [row for row in self.of(owner) if holds(row, at)]
        if any(row.label == label for row in holding):
            raise TokenUnclear(f"{owner} has a token {label!r} already; revoke it or take another")
        if len(holding) >= MOST:
            raise TokenUnclear(f"{owner} has {MOST} tokens; revoke one first")
        row = ApiToken(
            owner=owner,
            label=label,
            digest=digest,
            scopes=[one for one in SCOPES if one in wanted],
            made_at=at,
            expires_at=at + lasts,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def find(self, digest: str, at: datetime) -> ApiToken | None:
        """The token of this digest, when it holds at `at`."""
        row = self._session.scalar(select(ApiToken).where(ApiToken.digest == digest))
        return row if row is not None and holds(row, at) else None

    def note_use(self, token_id: int, at: datetime) -> None:
        """Note that a token is used."""
        row = self._session.get(ApiToken, token_id)
        if row is not None:
            row.used_at = at

    def revoke(self, token_id: int, at: datetime, *, owner: str = "") -> ApiToken:
        """Make a token useless; with `owner` only one of theirs.

        Raises TokenUnclear when no such token holds.
        """
        row = self._session.get(ApiToken, token_id)
        if row is None or (owner and row.owner != owner) or not holds(row, at):
            raise TokenUnclear(
                f"no token {token_id} holds; `decreewatch tokens list` shows those that do"
            )
        row.revoked_at = at
        return row

    def of(self, owner: str = "") -> list[ApiToken]:
        """The tokens of a person, or of everybody, newest first; those that hold no more too."""
        query = select(ApiToken).order_by(ApiToken.id.desc())
        return list(self._session.scalars(query.where(ApiToken.owner == owner) if owner else query))


def holds(row: ApiToken, at: datetime) -> bool:
    """Whether a token is of use at `at`."""
    return row.revoked_at is None and at < row.expires_at

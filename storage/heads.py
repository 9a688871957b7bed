"""Heads of the classifier: numbered, and one of them in use, or none."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.models_topics import Head
from storage.problems import Problem


class NoSuchHead(Problem):
    """A head that is not in the archive."""

    kind: ClassVar[str] = "no-such-head"


class Heads:
    """Heads within one transaction. Number 0 is none: what the configuration says alone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        made_at: datetime,
        model: str,
        recipe: dict[str, Any],
        labels_upto: int,
        figures: dict[str, Any],
        note: str = "",
    ) -> Head:
        """Keep a head that was fitted; it is not used before `use` says so.

        `model` is the embedder's name@version, `labels_upto` the number of the last label it
        learned from, `figures` how it did.
        """
        head = Head(
            made_at=made_at,
            model=model,
            recipe=recipe,
            labels_upto=labels_upto,
            figures=figures,
            note=note,
            active=False,
        )
        self._session.add(head)
        self._session.flush()
        return head

    def get(self, number: int) -> Head | None:
        """The head with this number."""
        return self._session.get(Head, number)

    def active(self) -> Head | None:
        """The head in use; None means the configuration alone."""
        return self._session.scalar(select(Head).where(Head.active))

    def use(self, number: int, at: datetime) -> None:
        """Put a head to use in place of the present one; 0 is the configuration alone.

        Raises NoSuchHead.
        """
        if number and self.get(number) is None:
            known = ", ".join(str(head.number) for head in self.all())
            raise NoSuchHead(
                f"there is no head {number}; there are 0 (the configuration alone)"
                + (f" and {known}" if known else "")
            )
        self._session.execute(update(Head).where(Head.active).values(active=False))
        self._session.execute(
            update(Head).where(Head.number == number).values(active=True, used_at=at)
        )

    def all(self) -> list[Head]:
        """All heads, oldest first."""
        return list(self._session.scalars(select(Head).order_by(Head.number)))

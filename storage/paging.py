"""Long tables read page by page, so that memory does not grow with the archive."""

from collections.abc import Iterator
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Columns = TypeVarTuple("Columns")
PAGE = 500


def in_pages(
    session: Session, query: "Select[*Columns]", number: InstrumentedAttribute[int]
) -> "Iterator[Row[*Columns]]":
    """The rows of `query` in the order of `number`, the key of its first entity.

    A page that was handed out is forgotten by the session before the next is read.
    """
    last = 0
    ordered: Any = query.order_by(number).limit(PAGE)
    while rows := session.execute(ordered.where(number > last)).all():
        last = getattr(rows[-1][0], number.key)
        yield from rows
        session.flush()
        session.expunge_all()

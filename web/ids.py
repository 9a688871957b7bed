"""Numbers and names as requests give them, within what a database can hold."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, Field

from storage.columns import storable

LARGEST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""The number of a row, in the path of an address."""
Row = Annotated[int, Field(ge=1, le=LARGEST)]
"""The number of a row, wherever it is given: in a path, a query or a form."""


def _kept(name: str) -> str:
    if storable(name) != name:
        raise ValueError("holds a character that no database keeps")
    return name


Name = Annotated[str, AfterValidator(_kept)]
"""A name to be looked up as it is given."""

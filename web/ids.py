"""Numbers in addresses, within what a database can hold."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

LARGEST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""The number of a row, in the path of an address."""
Row = Annotated[int, Field(ge=1, le=LARGEST)]
"""The number of a row, wherever it is given: in a path, a query or a form."""

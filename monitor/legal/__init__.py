"""Legal texts read and compared: text in, provisions and changes out."""

from .compare import compare
from .parse import parse

__all__ = ["compare", "parse"]

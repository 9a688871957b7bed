"""Legal texts read and compared: text in, provisions and changes out."""

from .parse import parse

__all__ = ["parse"]

"""XML from outside, parsed without entities, network or bombs."""

import re
from typing import TYPE_CHECKING

from .model import LegalTextError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LIMIT = 64_000_000
_DEPTH = 200


def parse_xml(source: str) -> "_Element":
    """Parse an XML document to its root element.

    Raises LegalTextError where it is not well formed, declares a document type or entities
    (no legal document needs them), nests deeper than 200 elements or is too large.
    """
    from lxml import etree

    if len(source) > _LIMIT:
        raise LegalTextError(f"the XML has {len(source):,} characters, the limit is {_LIMIT:,}")
    if _DOCTYPE.search(source):
        raise LegalTextError("the XML declares a document type or entities, which is refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    plain = _DECLARATION.sub("", source.lstrip("\ufeff"))
    try:
        root = etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        raise LegalTextError(f"the XML is not well formed{line}") from error
    _refuse_depth(root)
    return root


def _refuse_depth(root: "_Element") -> None:
    level = [root]
    for _ in range(_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise LegalTextError(f"the XML nests deeper than {_DEPTH} elements")

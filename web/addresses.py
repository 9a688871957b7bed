"""Addresses that a form asks to go on to: only those of our own pages."""

from urllib.parse import urlsplit

LONGEST = 2000


def within(address: str, otherwise: str = "/") -> str:
    """An address of one of our pages to go on to; `otherwise` where it is none.

    Browsers read a backslash as a slash, and leave out tabs and line ends, so that an address
    with those could lead elsewhere (WHATWG URL, 4.4).
    """
    plain = address.isascii() and address.isprintable() and "\\" not in address
    if not plain or not address.startswith("/") or len(address) > LONGEST:
        return otherwise
    parts = urlsplit(address)
    leads_here = not (parts.scheme or parts.netloc or address.startswith("//"))
    return address if leads_here and parts.path not in ("/login", "/logout") else otherwise

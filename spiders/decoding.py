"""Bytes → text, with the charset that the bytes are really in."""

import codecs
import re
import unicodedata
import zlib
from dataclasses import dataclass

from spiders.problems import EmptyPage, NotHtml, TooLarge

PAGE_LIMIT = 10_000_000
_HEAD = 4_096
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
# What pages in Vietnamese, English and French are in when they are not in UTF-8.
GUESSED = ("utf_8", "utf_16_le", "utf_16_be", "cp1252", "cp1258")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"RIFF": "a picture or sound",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w\-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w\-]{2,40})", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w\-]{2,40})", re.I)
# Latin-1 readings of the UTF-8 bytes of Vietnamese letters, of curly quotes and of dashes.
_MOJIBAKE = re.compile(
    r"áº[\x80-\xbf¡-¿]|á»[\x80-\xbf¡-¿]|Ã[\xa0-\xbf]|Æ°|Ä\x91|Ä‘|â€[\x80-\xbf™œ]"
)

MOJIBAKE_SAMPLE = 400_000
MOJIBAKE_LEAST = 20
MOJIBAKE_SHARE = 400


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, NFC, the same in UTF-8, and notes about its charset."""

    text: str
    utf8: bytes
    notes: tuple[str, ...]


def decode(body: bytes, *, content_type: str = "", url: str = "", limit: int = PAGE_LIMIT) -> str:
    """Give the text of `decoded` alone."""
    return decoded(body, content_type=content_type, url=url, limit=limit).text


def decode_page(
    body: bytes, *, content_type: str = "", url: str = "", limit: int = PAGE_LIMIT
) -> tuple[str, tuple[str, ...]]:
    """Give the text and the notes of `decoded`."""
    page = decoded(body, content_type=content_type, url=url, limit=limit)
    return page.text, page.notes


def decoded(
    body: bytes, *, content_type: str = "", url: str = "", limit: int = PAGE_LIMIT
) -> Decoded:
    """Decode a page's bytes.

    Bytes that are valid UTF-8 are UTF-8 whatever header and meta say; otherwise the byte
    order mark, the header's and the page's own charset are tried in this order, then
    charset-normalizer's guess. Raises EmptyPage, TooLarge (over `limit` bytes, also after
    unpacking a gzip body) and NotHtml for bytes that are no text.
    """
    where = url or "the page"
    if len(body) > limit:
        raise TooLarge(f"{where}: {len(body)} bytes, over the limit of {limit} for a page")
    if body[:2] == b"\x1f\x8b":
        body = gunzip(body, limit=limit, where=where)
    if not body or body.isspace():
        raise EmptyPage(f"{where}: the server sent an empty page; it is asked again next round")
    _refuse_binary(body, content_type, where)
    text, notes, utf8 = _decode(body, content_type)
    utf8 = utf8 or text.encode("utf-8", "replace")
    if not text.isascii() and _may_combine(utf8):
        text = unicodedata.normalize("NFC", text)
        utf8 = text.encode("utf-8", "replace")
    return Decoded(text, utf8, notes)


def gunzip(body: bytes, *, limit: int, where: str) -> bytes:
    """Unpack gzip bytes up to `limit`; raises TooLarge beyond it and NotHtml if broken.

    A truncated archive gives what could be unpacked.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise NotHtml(f"{where}: a broken gzip body ({error})") from error
    if len(plain) > limit:
        raise TooLarge(f"{where}: unpacks to more than the limit of {limit} bytes")
    return plain


def _may_combine(encoded: bytes) -> bool:
    """Say whether combining marks may be in a text, given in UTF-8.

    Two bytes begin U+0300 to U+037F there and stand nowhere else: they are found in a tenth
    of the time that looking at each character takes.
    """
    return b"\xcc" in encoded or b"\xcd" in encoded


def _refuse_binary(body: bytes, content_type: str, where: str) -> None:
    for magic, name in _MAGIC.items():
        if body.startswith(magic):
            raise NotHtml(f"{where}: {name}, not a page; read it as a document instead")
    if any(body.startswith(bom) for bom, _ in _BOMS):
        return
    head = body[:_HEAD]
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > len(head) // 50 and not _looks_utf16(head):
        raise NotHtml(f"{where}: binary bytes ({content_type or 'no content type'}), not a page")


def _looks_utf16(head: bytes) -> bool:
    return (b"<\x00" in head and b"\x00" in head[1::2]) or b"\x00<" in head


def _decode(body: bytes, content_type: str) -> tuple[str, tuple[str, ...], bytes]:
    """Give the text, notes, and the text's bytes in UTF-8 where `body` is just these, else b""."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, errors="replace").lstrip("\ufeff"), (), b""
    declared = _declared(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(body) - error.start < 4:
            return body[: error.start].decode("utf-8"), ("truncated",), b""
        return *_decode_legacy(body, declared), b""
    notes: list[str] = []
    if declared and _codec(declared[0]) not in ("utf-8", "ascii") and not body.isascii():
        notes.append(f"charset:declared {declared[0]}, is utf-8")
    if _is_mojibake(text, body):
        return _undo_mojibake(text), (*notes, "charset:doubly encoded"), b""
    return text, tuple(notes), body


def _decode_legacy(body: bytes, declared: list[str]) -> tuple[str, tuple[str, ...]]:
    for name in declared:
        codec = _codec(name)
        if codec in ("", "ascii"):
            continue
        if codec == "utf-8":
            text = body.decode("utf-8", errors="replace")
            # A few broken bytes in a UTF-8 page are damage; many mean another charset.
            if text.count("\ufffd") * 500 < len(text):
                return text, ("charset:broken utf-8",)
            continue
        try:
            return body.decode(codec), ()
        except (UnicodeDecodeError, LookupError):
            continue
    return _guess(body, declared)


def _guess(body: bytes, declared: list[str]) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:200_000], cp_isolation=list(GUESSED)).best()
    name = best.encoding if best else "cp1252"
    note = f"charset:declared {declared[0] if declared else 'none'}, guessed {name}"
    return body.decode(name, errors="replace"), (note,)


def _declared(body: bytes, content_type: str) -> list[str]:
    names = []
    if match := _HEADER_CHARSET.search(content_type):
        names.append(match[1].lower())
    for pattern in (_XML_CHARSET, _META_CHARSET):
        if found := pattern.search(body[:_HEAD]):
            names.append(found[1].decode("ascii").lower())
    return names


def _codec(name: str) -> str:
    """Give Python's name of a charset as browsers understand it (WHATWG: latin-1 is cp1252)."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return ""
    return "cp1252" if codec in ("iso8859-1", "latin-1") else codec


def _is_mojibake(text: str, body: bytes) -> bool:
    # One letter is looked for in no time; few pages have the first and last of any sign.
    if not (any(one in text for one in "áâ") and any(one in text for one in "º»€")):
        return False
    # Every sign has one of two bytes in UTF-8; counting these is quick, and few pages have many.
    most = body.count(b"\xc2") + body.count(b"\xe2")
    sample = text[:MOJIBAKE_SAMPLE]
    if most <= MOJIBAKE_LEAST or most * MOJIBAKE_SHARE <= len(sample):
        return False
    if "áº" not in text and "á»" not in text and "â€" not in text:
        return False
    hits = len(_MOJIBAKE.findall(sample))
    return hits > MOJIBAKE_LEAST and hits * MOJIBAKE_SHARE > len(sample)


def _undo_mojibake(text: str) -> str:
    pieces = []
    for line in text.splitlines(keepends=True):
        try:
            pieces.append(line.encode("latin-1").decode("utf-8"))
        except UnicodeError:
            try:
                pieces.append(line.encode("cp1252").decode("utf-8"))
            except UnicodeError:
                pieces.append(line)
    return "".join(pieces)

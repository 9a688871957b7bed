"""An old Word document (.doc) built byte by byte: the format before 2007, as small as it gets."""

import struct

SECTOR = 512
TEXT_AT = 0x600
SMALLEST = 4_096
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def doc(text: str) -> bytes:
    """Give a Word 97 file of `text`: \\n ends a paragraph, \\a a cell, \\a\\a a row."""
    said = text.replace("\n", "\r")
    pieces = b"\x02" + struct.pack("<I", 16) + struct.pack("<II", 0, len(said))
    pieces += struct.pack("<HIH", 0, TEXT_AT, 0)
    # One style without a name: a reader may count on some.
    styles = struct.pack("<10H", 18, 1, 10, 1, 91, 15, 0, 0, 0, 0) + struct.pack("<H", 0)
    head = bytearray(TEXT_AT)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", head, 0x06, 0x042A)
    struct.pack_into("<H", head, 0x0A, 0x1200)
    struct.pack_into("<H", head, 0x0C, 0x00BF)
    struct.pack_into("<II", head, 0x18, TEXT_AT, TEXT_AT + 2 * len(said))
    struct.pack_into("<H", head, 0x20, 14)
    struct.pack_into("<H", head, 0x3E, 22)
    struct.pack_into("<I", head, 0x40, TEXT_AT + 2 * len(said))
    struct.pack_into("<I", head, 0x4C, len(said))
    struct.pack_into("<H", head, 0x98, 93)
    struct.pack_into("<II", head, 0xA2, len(pieces), len(styles))
    struct.pack_into("<II", head, 0x01A2, 0, len(pieces))
    main = bytes(head) + said.encode("utf-16-le")
    return _compound({"WordDocument": main, "1Table": pieces + styles})


def _compound(streams: dict[str, bytes]) -> bytes:
    """Give an OLE compound file: a sector of FAT, one of directory, then the streams."""
    fat, sectors, entries = [FAT, END], b"", [_entry("Root Entry", 5, END, 0, child=1)]
    names = list(streams)
    for number, name in enumerate(names):
        body = streams[name].ljust(SMALLEST, b"\x00")
        body = body.ljust(-(-len(body) // SECTOR) * SECTOR, b"\x00")
        first, count = len(fat), len(body) // SECTOR
        fat += [*range(first + 1, first + count), END]
        right = number + 2 if number + 1 < len(names) else FREE
        entries.append(_entry(name, 2, first, len(body), right=right))
        sectors += body
    fat += [FREE] * (128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, SMALLEST, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    directory = b"".join(entries).ljust(SECTOR, b"\x00")
    return head + struct.pack("<128I", *fat) + directory + sectors


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = FREE, child: int = FREE
) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    entry = wide.ljust(64, b"\x00") + struct.pack("<HBB", len(wide), kind, 1)
    entry += struct.pack("<III", FREE, right, child) + bytes(36)
    return entry + struct.pack("<III", start, size, 0)

"""A Word document of the format before 2007 (.doc), or RTF → the lines of its text.

Nothing in Python reads the formats; LibreOffice or antiword does, where it is installed.
"""

import hashlib
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from spiders.problems import BadDocx, OldWord
from spiders.programs import Bounds, ProgramFailed, run_program
from spiders.word import read_docx

ANTIWORD = Bounds(seconds=30, memory=500_000_000, written=100_000_000)
OFFICE = Bounds(seconds=120, memory=4_000_000_000, written=200_000_000)
RTF = b"{\\rtf"
PIPES = (Path("/tmp"), Path("/var/tmp"))
"""Where LibreOffice keeps the socket of a running instance, whatever TMPDIR says."""
# No macro runs, links are not followed, and where the kernel leaves the program a network, its
# proxy is a port where nothing listens.
_CAREFUL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop>
<prop oor:name="DisableActiveContent"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link"><value>2</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType"><value>1</value></prop>
<prop oor:name="ooInetHTTPProxyName"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort"><value>9</value></prop>
<prop oor:name="ooInetNoProxy"><value></value></prop>
</item>
</oor:items>
"""


def old_word_readers() -> tuple[str, ...]:
    """Give which of LibreOffice and antiword are installed, the one that is asked first first."""
    found = (("libreoffice", _office()), ("antiword", shutil.which("antiword")))
    return tuple(name for name, program in found if program is not None)


def read_doc(body: bytes, url: str) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of an old Word document, NFC, a table row one line, cells joined by ` | `.

    LibreOffice is asked first, since antiword loses the numbers that Word counts. Notes:
    `read-by:libreoffice` with those of `read_docx`, or `read-by:antiword` with
    `numbering-lost:N` where N paragraphs of lists stand without their numbers. Raises OldWord
    where neither program is installed or none could read it.
    """
    where = url or "the document"
    rich = body.startswith(RTF)
    form = "an RTF document" if rich else "a Word document of the format before 2007"
    antiword = None if rich else shutil.which("antiword")
    office = _office()
    if antiword is None and office is None:
        wanted = "LibreOffice" if rich else "antiword or LibreOffice"
        raise OldWord(
            f"{where}: {form}; install {wanted} to have it read, or ask for the DOCX or PDF form"
        )
    failed: list[str] = []
    with TemporaryDirectory(prefix="decreewatch-doc-") as name:
        folder = Path(name)
        file = folder / ("document.rtf" if rich else "document.doc")
        file.write_bytes(body)
        try:
            if office is not None:
                lines, notes = _by_office(office, file, url)
                if lines:
                    return lines, (*notes, "read-by:libreoffice")
        except (ProgramFailed, BadDocx) as problem:
            failed.append(str(problem))
        try:
            if antiword is not None:
                lines, notes = _by_antiword(antiword, file)
                if lines:
                    return lines, (*notes, "read-by:antiword")
        except ProgramFailed as problem:
            failed.append(str(problem))
    said = "; ".join(failed) or "no text was found in it"
    raise OldWord(
        f"{where}: {form}, or one with a password, that could not be read ({said}); ask for the "
        "DOCX or PDF form"
    )


def _office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _by_antiword(program: str, file: Path) -> tuple[list[str], tuple[str, ...]]:
    out = run_program([program, "-x", "db", file.name], file.parent, ANTIWORD)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    tree = etree.fromstring(out, parser)
    if tree is None:
        raise ProgramFailed("antiword: gave nothing that can be read")
    counted = sum(1 for _ in tree.iterfind(".//orderedlist/listitem"))
    notes = (f"numbering-lost:{counted}",) if counted else ()
    return [line for line in _lines(tree) if line], notes


def _lines(tree: etree._Element) -> Iterator[str]:
    """Give the paragraphs, headings and list items of DocBook, and its table rows."""
    for element in tree.iter("para", "title", "row"):
        if element.tag == "row":
            cells = (_text(cell) for cell in element.iter("entry"))
            yield " | ".join(cell for cell in cells if cell)
        elif next(element.iterancestors("row", "bookinfo"), None) is None:
            yield _text(element)


def _text(element: etree._Element) -> str:
    """Give the words of a paragraph or cell, without those of a table within."""
    return unicodedata.normalize("NFC", " ".join("".join(_said(element)).split()))


def _said(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in ("informaltable", "table"):
            yield from _said(child)
        yield child.tail or ""


def _by_office(program: str, file: Path, url: str) -> tuple[list[str], tuple[str, ...]]:
    folder = file.parent
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_CAREFUL, encoding="utf-8")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
    own = f"-env:UserInstallation={profile.as_uri()}"
    wish = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    try:
        run_program([program, own, *options, *wish, file.name], folder, OFFICE)
    finally:
        _remove_pipe(profile)
    made = folder / "document.docx"
    if not made.is_file():
        raise ProgramFailed("LibreOffice: could not convert it")
    return read_docx(made.read_bytes(), url)


def _remove_pipe(profile: Path) -> None:
    """Remove the socket that a stopped LibreOffice leaves, named after the hash of its profile."""
    address = profile.as_uri().encode("utf-16-le")
    digest = hashlib.md5(address, usedforsecurity=False).digest()
    named = f"OSL_PIPE_*_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    for folder in PIPES:
        for pipe in folder.glob(named):
            pipe.unlink(missing_ok=True)

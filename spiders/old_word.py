"""A Word document of the format before 2007 (.doc) → the lines of its text.

Nothing in Python reads the format; antiword or LibreOffice does, where it is installed.
"""

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
OFFICE = Bounds(seconds=120, memory=6_000_000_000, written=200_000_000)
# No macro runs and nothing that the document links to is fetched.
_CAREFUL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop>
<prop oor:name="DisableActiveContent"><value>true</value></prop>
</item>
</oor:items>
"""


def read_doc(body: bytes, url: str) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of an old Word document, NFC, a table row one line, cells joined by ` | `.

    Notes: `read-by:antiword` or `read-by:libreoffice`. Raises OldWord where neither program is
    installed or none could read it.
    """
    where = url or "the document"
    antiword = shutil.which("antiword")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if antiword is None and office is None:
        raise OldWord(
            f"{where}: a Word document of the format before 2007; install antiword or "
            "LibreOffice to have it read, or ask for the DOCX or PDF form"
        )
    failed: list[str] = []
    with TemporaryDirectory(prefix="decreewatch-doc-") as name:
        folder = Path(name)
        (folder / "document.doc").write_bytes(body)
        try:
            if antiword is not None and (lines := _by_antiword(antiword, folder)):
                return lines, ("read-by:antiword",)
        except ProgramFailed as problem:
            failed.append(str(problem))
        try:
            if office is not None:
                lines, notes = _by_office(office, folder, url)
                return lines, (*notes, "read-by:libreoffice")
        except (ProgramFailed, BadDocx) as problem:
            failed.append(str(problem))
    said = "; ".join(failed) or "no text was found in it"
    raise OldWord(
        f"{where}: a Word document of the format before 2007, or one with a password, that could "
        f"not be read ({said}); ask for the DOCX or PDF form"
    )


def _by_antiword(program: str, folder: Path) -> list[str]:
    out = run_program([program, "-x", "db", "document.doc"], folder, ANTIWORD)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    tree = etree.fromstring(out, parser)
    if tree is None:
        raise ProgramFailed("antiword: gave nothing that can be read")
    return [line for line in _lines(tree) if line]


def _lines(tree: etree._Element) -> Iterator[str]:
    """Give the paragraphs, headings and list items of DocBook, and its table rows."""
    for element in tree.iter("para", "title", "row"):
        if element.tag == "row":
            cells = (_text(cell) for cell in element.iter("entry"))
            yield " | ".join(cell for cell in cells if cell)
        elif next(element.iterancestors("row", "bookinfo"), None) is None:
            yield _text(element)


def _text(element: etree._Element) -> str:
    return unicodedata.normalize("NFC", " ".join("".join(element.itertext()).split()))


def _by_office(program: str, folder: Path, url: str) -> tuple[list[str], tuple[str, ...]]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_CAREFUL, encoding="utf-8")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault"]
    own = f"-env:UserInstallation={profile.as_uri()}"
    wish = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    run_program([program, own, *options, *wish, "document.doc"], folder, OFFICE)
    made = folder / "document.docx"
    if not made.is_file():
        raise ProgramFailed("LibreOffice: could not convert it")
    return read_docx(made.read_bytes(), url)

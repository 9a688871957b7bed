"""How documents are read."""

from config_sections import Section, Span


class Documents(Section):
    """How documents are read.

    With `ocr` the letters of scanned pages are read from pictures, in at most `ocr_limit` seconds
    a document, where tesseract with its Vietnamese data is installed.
    """

    ocr: bool = True
    ocr_limit: Span = 240.0

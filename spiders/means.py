"""Which documents can be read with the programs that are installed here."""

from config import Documents
from spiders.ocr import LANGUAGES, ocr_program
from spiders.old_word import old_word_readers

MISSING = "missing"


def reading_means(documents: Documents) -> dict[str, str]:
    """What reads `scanned_pages` and `old_word`: the programs' names, `missing`, or `off` where
    the configuration has turned it off."""
    ocr = f"tesseract {LANGUAGES}" if ocr_program() else MISSING
    return {
        "scanned_pages": ocr if documents.ocr else "off",
        "old_word": ", ".join(old_word_readers()) or MISSING,
    }

"""A scanned page: a picture of lines, as a PDF."""

import io
from pathlib import Path

import font_source_serif_pro
from PIL import Image, ImageDraw, ImageFont


def scan(lines: tuple[str, ...]) -> bytes:
    """Give a PDF whose page is a picture of the lines."""
    face = Path(font_source_serif_pro.font_directory) / "SourceSerifPro-Regular.ttf"
    picture = Image.new("L", (1240, 90 + 60 * len(lines)), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        font = ImageFont.truetype(str(face), 34)
        pen.text((80, 50 + 60 * number), line, font=font, fill=0)
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=150)
    return out.getvalue()

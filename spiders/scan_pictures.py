"""Scanned pages of a PDF → pictures: run as a program of its own, within bounds.

`python scan_pictures.py PDF FOLDER MOST PAGES…` writes page-0001.png and so on of the pages named
(all where none is), MOST at most, grey, at 300 dots an inch but never more than 20 megapixels. It
says how many pages the file has, then the numbers of those that are blank, which it does not write.
"""

import sys
from pathlib import Path

DOTS = 300
POINTS = 72
MOST_PIXELS = 20_000_000
INK = 128
"""Pixels darker than this are ink; a page with next to none of them is blank."""
BLANK = 0.0005


def main(file: str, folder: str, wanted: list[int], most: int) -> None:
    """Write the pictures of the `wanted` pages of `file`, `most` at most, into `folder`."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    sys.stdout.write(f"{len(document)}\n")
    for number in (wanted or range(1, len(document) + 1))[:most]:
        page = document[number - 1]
        width, height = page.get_size()
        scale = DOTS / POINTS
        if (pixels := width * height * scale**2) > MOST_PIXELS:
            scale *= (MOST_PIXELS / pixels) ** 0.5
        picture = page.render(scale=scale, grayscale=True).to_pil()
        page.close()
        if sum(picture.histogram()[:INK]) < BLANK * picture.width * picture.height:
            sys.stdout.write(f"{number}\n")
        else:
            picture.save(Path(folder) / f"page-{number:04}.png", compress_level=1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [int(one) for one in sys.argv[4:]], int(sys.argv[3]))

"""What the extraction of real saved pages should give, where the corpus says so."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# page, file of expectations, the version in it
EXPECTED = (
    ("apnews/APNews_2023_04_28.html.gz", "apnews/APNews", "V1"),
    ("apnews/APNews_2024_09_03.html.gz", "apnews/APNews", "V1_1"),
    ("bbc/BBC_2024_08_01.html.gz", "bbc/BBC", "V1"),
    ("bbc/BBC_2026_04_25.html.gz", "bbc/BBC", "V2"),
    ("restofworld/RestOfWorld_2025_10_21.html.gz", "restofworld/RestOfWorld", "V1"),
    ("reuters/Reuters_2023_05_16.html.gz", "reuters/Reuters", "V1"),
    ("reuters/Reuters_2024_03_07.html.gz", "reuters/Reuters", "V1_1"),
    ("techcrunch/TechCrunch_2024_05_17.html.gz", "techcrunch/TechCrunch", "V1_1"),
    ("vnexpress/2025-10_article_4954454.html.gz", "vnexpress/2025-10_article_4954454", "V1"),
)


def expectations(corpus: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page below news/html that has an expectation, with it."""
    for name, file, version in EXPECTED:
        told = (corpus / "news" / "html" / f"{file}.expected.json").read_bytes()
        yield name, json.loads(told)[version]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def f1(text: str, wanted: str) -> float:
    found, due = words(text), words(wanted)
    return 2 * sum((found & due).values()) / max(1, sum(found.values()) + sum(due.values()))


def body_f1(text: str, due: dict[str, Any]) -> float:
    """Score a body; the expectation keeps the lead apart, which some pages hold in the body."""
    body = [
        line
        for section in due["body"]["sections"]
        for line in (*section["headline"], *section["paragraphs"])
    ]
    return max(f1(text, "\n".join(body)), f1(text, "\n".join([*due["body"]["summary"], *body])))


def same_quotes(text: str) -> str:
    return text.translate(str.maketrans("’‘“”", "''\"\""))

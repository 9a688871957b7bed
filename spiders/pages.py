"""A page's text → its tree."""

from lxml import etree, html
from lxml.html import HtmlElement

from spiders.problems import NoText


def parse_html(source: str, url: str) -> HtmlElement:
    """Parse a page's text as browsers would; raises NoText where it holds no element at all."""
    parser = html.HTMLParser(encoding="utf-8", recover=True, no_network=True, collect_ids=False)
    try:
        return html.document_fromstring(
            source.encode("utf-8", "replace"), parser=parser, ensure_head_body=True
        )
    except (etree.LxmlError, AssertionError) as error:
        raise NoText(f"{url or 'the page'}: no HTML element in it ({error})") from error


def page_language(tree: HtmlElement) -> str:
    """Give the two letters of the language a page declares for itself, "" where it does not."""
    declared: str = tree.get("lang") or tree.get("xml:lang") or ""
    return declared[:2].lower()

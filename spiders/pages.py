"""A page's text → its tree."""

from lxml import etree, html
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

from spiders.problems import NoText

# lxml.html asks a Python function for the class of each element; this gives one to all.
_CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)


def parse_html(source: str | bytes, url: str) -> HtmlElement:
    """Parse a page's text, or its bytes in UTF-8, as browsers would.

    Raises NoText where it holds no element at all.
    """
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, collect_ids=False)
    parser.set_element_class_lookup(_CLASSES)
    try:
        utf8 = source.encode("utf-8", "replace") if isinstance(source, str) else source
        return html.document_fromstring(utf8, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, AssertionError) as error:
        raise NoText(f"{url or 'the page'}: no HTML element in it ({error})") from error


def page_language(tree: HtmlElement) -> str:
    """Give the two letters of the language a page declares for itself, "" where it does not."""
    declared: str = tree.get("lang") or tree.get("xml:lang") or ""
    return declared[:2].lower()

"""The JSON gateway behind the national database of legal documents, relaunched in 2026.

Its addresses and keys are those that several public programs of 2026 read; none of it has
been asked from here.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from spiders.addresses import split
from spiders.container import clean_line
from spiders.dates import HCM, parse_date
from spiders.decoding import PAGE_LIMIT
from spiders.entries import make_entry
from spiders.items import Attachment, FeedEntry, PortalDocument
from spiders.legal_html import legal_lines
from spiders.pages import parse_html
from spiders.portal_fields import is_hidden, number_in
from spiders.problems import EmptyPage, NoText, NotJson, TooLarge

READERS_PAGE = "https://vbpl.vn/van-ban/chi-tiet/"
RELATIONS = {
    1: "repeals",
    3: "based_on",
    6: "corrects",
    7: "consolidates",
    8: "repeals_partly",
    10: "amends",
    12: "replaces",
}
"""What the numbers of `referenceType` mean, as far as public code says; others are `related`."""
FILES = ("documentRelatedList", "documentFiles", "files")
SHOWN = {
    "docNum": "Số hiệu",
    "docType": "Loại văn bản",
    "agencyName": "Cơ quan ban hành",
    "issueDate": "Ngày ban hành",
    "effFrom": "Ngày có hiệu lực",
    "effTo": "Ngày hết hiệu lực",
    "effStatus": "Tình trạng hiệu lực",
    "docAbs": "Trích yếu",
}


def is_json(body: bytes) -> bool:
    """Say whether an answer is a JSON object rather than a page."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def list_request(url: str) -> tuple[str, bytes]:
    """Split a list's address into the one to post to and the JSON that its query stands for."""
    parts = split(url)
    asked = {
        name: int(value) if value.isascii() and value.isdigit() else value
        for name, value in parse_qsl(parts.query)
    }
    return parts._replace(query="").geturl(), json.dumps(asked, sort_keys=True).encode()


def read_gateway_list(body: bytes, url: str, *, limit: int = PAGE_LIMIT) -> list[FeedEntry]:
    """Read a page of the gateway's list: one entry a document, at the gateway's address of it.

    Raises EmptyPage, TooLarge, NotJson, and NoText where the answer holds no list.
    """
    data = _data(body, url, limit)
    items = data.get("items")
    if not isinstance(items, list):
        raise NoText(f"{url}: the gateway's answer holds no list of documents")
    base = split(url)._replace(query="").geturl().rsplit("/", 1)[0]
    return list(_entries(items, base))


def _entries(items: list[Any], base: str) -> Iterator[FeedEntry]:
    for one in items:
        if not isinstance(one, dict) or not str(one.get("id") or ""):
            continue
        issued = _day(one.get("issueDate"))
        yield make_entry(
            f"{base}/{quote(str(one['id']), safe='-')}",
            _said(one.get("title")) or _said(one.get("docNum")),
            # A status that changes is a change of the document.
            " · ".join(filter(None, (_said(one.get("docNum")), _said(one.get("effStatus"))))),
            published_at=datetime(issued.year, issued.month, issued.day, tzinfo=HCM).astimezone(UTC)
            if issued
            else None,
        )


def read_gateway_document(body: bytes, url: str, *, limit: int = PAGE_LIMIT) -> PortalDocument:
    """Read what the gateway says of one document, its text and its relations among it.

    Raises EmptyPage, TooLarge, NotJson, and NoText where the answer describes no document.
    """
    data = _data(body, url, limit)
    number, title = _said(data.get("docNum")), _said(data.get("title"))
    if not (number or title):
        raise NoText(f"{url}: the gateway's answer describes no document")
    said = {label: _said(data.get(key)) for key, label in SHOWN.items()}
    fields = {label: "" if is_hidden(value) else value for label, value in said.items() if value}
    fields |= {"Địa chỉ": f"{READERS_PAGE}{data['id']}"} if data.get("id") else {}
    return PortalDocument(
        url=url,
        title=title or number,
        number=number or number_in(title),
        type=fields.get("Loại văn bản", ""),
        issuer=fields.get("Cơ quan ban hành", "") or _said(data.get("organization")),
        signer=", ".join(_signers(data)),
        issued_on=_day(data.get("issueDate")),
        effective_on=_day(data.get("effFrom")),
        status=fields.get("Tình trạng hiệu lực", ""),
        stage="enacted",
        consultation_until=None,
        fields=fields,
        relations=tuple(dict.fromkeys(_relations(data, number))),
        attachments=tuple({one.url: one for one in _attachments(data, url)}.values()),
        text=_text(data, url),
        notes=tuple(
            f"field:{label} hidden" for label, value in said.items() if value and is_hidden(value)
        ),
    )


def _data(body: bytes, url: str, limit: int) -> dict[str, Any]:
    if len(body) > limit:
        raise TooLarge(f"{url}: {len(body)} bytes, over the limit of {limit} for a page")
    if not body.strip():
        raise EmptyPage(f"{url}: the server sent nothing; it is asked again next round")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotJson(f"{url}: not the JSON that the gateway sends ({error})") from error
    if not isinstance(answer, dict) or answer.get("success") is False:
        said = str(answer.get("message") or "") if isinstance(answer, dict) else ""
        raise NotJson(f"{url}: the gateway refused: {said[:200] or 'it gives no reason'}")
    data = answer.get("data")
    return data if isinstance(data, dict) else answer


def _said(value: Any) -> str:
    """Give a value as text; of an object with a name, its name."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return clean_line(str(value)) if isinstance(value, str | int) else ""


def _day(value: Any) -> date | None:
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000, UTC).astimezone(HCM).date()
        except (OverflowError, OSError, ValueError):
            return None
    return parse_date(value) if isinstance(value, str) else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _signers(data: dict[str, Any]) -> list[str]:
    named = (_said(one.get("personName")) for one in _objects(data.get("documentIssues")))
    return list(dict.fromkeys(name for name in named if name))


def _relations(data: dict[str, Any], own: str) -> Iterator[tuple[str, str]]:
    for one in _objects(data.get("references")):
        target = one.get("targetDocument")
        if not isinstance(target, dict):
            continue
        kind = one.get("referenceType")
        name = _said(target.get("docNum")) or _said(target.get("title"))
        if name and name != own:
            yield RELATIONS.get(kind, "related") if isinstance(kind, int) else "related", name


def _attachments(data: dict[str, Any], url: str) -> Iterator[Attachment]:
    from spiders.portal_pages import MEDIA_TYPES

    parts = split(url)
    base, _, number = parts._replace(query="").geturl().rpartition("/")
    for key in FILES:
        for one in _objects(data.get(key)):
            name = _said(one.get("fileName")) or _said(one.get("name"))
            ending = name.rpartition(".")[2].lower()
            if ending in MEDIA_TYPES:
                place = f"{base}/minio/buckets/vbpl/{number}/{quote(name, safe='')}/download"
                yield Attachment(place, name, MEDIA_TYPES[ending])


def _text(data: dict[str, Any], url: str) -> str:
    content = data.get("documentContent")
    markup = content.get("content") if isinstance(content, dict) else None
    if not isinstance(markup, str) or not markup.strip():
        return ""
    return "\n".join(legal_lines(parse_html(markup, url)))

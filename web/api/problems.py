"""Errors of the API in one stable form: problem details (RFC 9457) with a `kind` of ours."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from storage.captures import CaptureDamaged, CaptureDropped
from storage.problems import Problem
from storage.search_request import QueryUnclear
from storage.searches import SearchUnclear
from web.api.answers import Json
from web.labelling import LabelRefused
from web.legal_texts import NoSuchText, NotReadable

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[type[Problem], int] = {
    QueryUnclear: 422,
    CaptureDropped: 410,
    CaptureDamaged: 500,
    LabelRefused: 422,
    NotReadable: 422,
    NoSuchText: 404,
    SearchUnclear: 422,
}
"""What a problem of ours is to a program; any other means that the archive cannot answer now."""
KINDS = {
    400: "bad-request",
    401: "login-needed",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    410: "gone",
    413: "too-large",
    421: "wrong-host",
    422: "unclear",
    500: "unexpected",
}
LONGEST_DETAIL = 1_000


class ProblemDetails(BaseModel):
    """What went wrong with a request (RFC 9457)."""

    type: str = Field(default="about:blank", description="The status says it all.")
    title: str = Field(description="What the status is called.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field("", description="What is wrong, and what to do, in one line.")
    kind: str = Field("", description="A short name that stays the same, such as query-unclear.")
    errors: list[dict[str, str]] = Field(
        [], description="Each parameter that is wrong: where, name, and message."
    )
    at: int | None = Field(None, description="Where in the query it goes wrong, from 0.")
    log: str | None = Field(
        None, description="The number under which the server's log says what nobody foresaw."
    )


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of an operation with these statuses, as OpenAPI describes them."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def answer(
    status: int,
    detail: str = "",
    *,
    kind: str = "",
    errors: Sequence[dict[str, str]] = (),
    at: int | None = None,
    log: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem as it is sent."""
    said = ProblemDetails(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail[:LONGEST_DETAIL],
        kind=kind or KINDS.get(status, "failed"),
        errors=list(errors),
        at=at,
        log=log or None,
    )
    body = said.model_dump(exclude_none=True)
    return Json(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error of an app be answered as a problem, and its OpenAPI document say so."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("ProblemDetails", ProblemDetails.model_json_schema())
        return document

    setattr(app, "openapi", openapi)  # noqa: B010 - FastAPI's own way, which mypy refuses
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, misread)
    app.add_exception_handler(Problem, troubled)


async def refused(_request: Request, error: Exception) -> Response:
    """What cannot be had."""
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == phrase else str(error.detail)
    headers = dict(error.headers) if error.headers else None
    return answer(error.status_code, detail, headers=headers)


async def misread(_request: Request, error: Exception) -> Response:
    """Parameters or a body that are not as they are described."""
    assert isinstance(error, RequestValidationError)
    errors = [_one(one) for one in error.errors()[:20]]
    said = "; ".join(f"{one['name']}: {one['message']}" for one in errors)
    return answer(422, said, errors=errors)


async def troubled(_request: Request, error: Exception) -> Response:
    """A problem of ours."""
    assert isinstance(error, Problem)
    return answer_of(error)


def answer_of(error: Problem) -> Response:
    """A problem of ours as it is sent."""
    status = next((n for kind, n in STATUSES.items() if isinstance(error, kind)), 503)
    return answer(status, str(error), kind=error.kind, at=getattr(error, "at", None))


def _one(error: dict[str, Any]) -> dict[str, str]:
    where, *names = [str(part) for part in error.get("loc", ())] or ["request"]
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return {"in": where, "name": ".".join(names) or where, "message": message}

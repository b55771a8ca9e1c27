"""Every error as problem details (RFC 9457): refusals of ours, the framework's, and those of the database."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.errors import Invalid, NoSpace, NotSignedIn, Refusal, TooManyTries, Unavailable, Unforeseen, Unnamed
from app.evidence.temporary import FULL
from app.logs import place_of
from questionnaire.validation import worded

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger("mgi.api")


class FieldError(BaseModel):
    """A field at fault: where it stands in the body, and what to do."""

    path: list[str | int]
    message: str


class ProblemDetails(BaseModel):
    """An error as RFC 9457 tells it. `errors` names fields; other members depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] | None = None


def problem_body(refusal: Refusal) -> dict[str, Any]:
    """A refusal as RFC 9457 tells it."""
    return {
        "type": f"/problems/{refusal.slug}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        **refusal.more,
    }


def problem_response(refusal: Refusal) -> JSONResponse:
    """The answer that tells a refusal to a program."""
    headers = dict(refusal.headers)
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooManyTries):
        headers["Retry-After"] = str(refusal.more.get("retry_after", 60))
    if isinstance(refusal, Unavailable):
        headers["Retry-After"] = "5"
    return JSONResponse(jsonable_encoder(problem_body(refusal)), refusal.status, headers, MEDIA_TYPE)


def declared(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """What a route declares in OpenAPI about its refusals, with an example for each."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        example = {"type": f"/problems/{kind.slug}", "title": kind.title, "status": kind.status, "detail": ""}
        entry = responses.setdefault(
            kind.status,
            {"description": kind.title, "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": {}}}},
        )
        entry["content"][MEDIA_TYPE]["examples"][kind.slug] = {"value": example}
    return responses


_SCHEMA = {"$ref": "#/components/schemas/ProblemDetails"}


Answer = Callable[[Request, Refusal], Response]
"""How a refusal is told to who asked: as problem details, or as a page."""


def register(app: FastAPI, answer: Answer) -> None:
    """Tell every error of the app in one way."""
    for kind, as_refusal in _AS_REFUSAL.items():
        app.add_exception_handler(kind, _handler(as_refusal, answer))


def _handler(
    as_refusal: Callable[[Any], Refusal], answer: Answer
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, as_refusal(error))

    return handle


def _not_valid(error: RequestValidationError) -> Refusal:
    errors = [{"path": _printable(item["loc"]), "message": worded(item)} for item in error.errors()]
    return Invalid("Please mend the fields that are named, and send it again.", errors=errors)


def _printable(path: Any) -> list[str | int]:
    return [part if isinstance(part, int) else str(part)[:100].encode(errors="replace").decode() for part in path]


def _of_framework(error: HTTPException) -> Refusal:
    return Unnamed(error.status_code, str(error.detail), error.headers)


def _of_database(error: Exception) -> Refusal:
    """A database that is away or full is no fault of the caller's; anything else is one of ours."""
    told = str(getattr(error, "orig", error)).lower()
    if (
        "disk is full" in told
        or "no space left" in told
        or "diskfull" in type(getattr(error, "orig", None)).__name__.lower()
    ):
        return NoSpace()
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        _log.error("database unavailable", error=type(error).__name__)
        return Unavailable()
    return unforeseen(error)


def _of_system(error: OSError) -> Refusal:
    return NoSpace() if error.errno in FULL else unforeseen(error)


def unforeseen(error: Exception) -> Unforeseen:
    """The refusal that tells an error of ours. The log gets its kind and place, never its text: that may hold an answer."""
    _log.error("unforeseen error", error=type(error).__name__, at=place_of(error))
    return Unforeseen()


_AS_REFUSAL: dict[type[Exception], Callable[[Any], Refusal]] = {
    Refusal: lambda refusal: refusal,
    RequestValidationError: _not_valid,
    HTTPException: _of_framework,
    DBAPIError: _of_database,
    PoolTimeout: _of_database,
    OSError: _of_system,
}
"""What can be raised, and how it is told."""

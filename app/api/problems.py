"""Every error as problem details (RFC 9457): refusals of ours, the framework's, and those of the database."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.errors import REFUSALS, Invalid, NoSpace, NotSignedIn, Refusal, TooManyTries, Unavailable
from app.logs import place_of
from questionnaire.validation import worded

MEDIA_TYPE = "application/problem+json"
UNFORESEEN: dict[str, Any] = {
    "type": "/problems/unforeseen",
    "title": "Something went wrong on our side",
    "status": 500,
    "detail": "Nothing was changed. Please try again; if it happens again, tell the administrator the request id.",
}
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


def problem_response(refusal: Refusal) -> JSONResponse:
    """The answer that tells a refusal."""
    body: dict[str, Any] = {
        "type": f"/problems/{refusal.slug}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        **refusal.more,
    }
    headers = {}
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooManyTries):
        headers["Retry-After"] = str(refusal.more.get("retry_after", 60))
    if isinstance(refusal, Unavailable):
        headers["Retry-After"] = "5"
    return JSONResponse(jsonable_encoder(body), refusal.status, headers, MEDIA_TYPE)


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


def register(app: FastAPI) -> None:
    """Tell every error of the app in one way."""
    for kind, handler in (
        (Refusal, _refused),
        (RequestValidationError, _not_valid),
        (HTTPException, _framework),
        (DBAPIError, _database),
        (PoolTimeout, _database),
    ):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]  # each handler takes its own kind


async def _refused(request: Request, error: Refusal) -> JSONResponse:
    return problem_response(error)


async def _not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
    errors = [{"path": _printable(item["loc"]), "message": worded(item)} for item in error.errors()]
    return problem_response(Invalid("Please mend the fields that are named, and send it again.", errors=errors))


def _printable(path: Any) -> list[str | int]:
    return [part if isinstance(part, int) else str(part)[:100].encode(errors="replace").decode() for part in path]


async def _framework(request: Request, error: HTTPException) -> JSONResponse:
    kind = next((kind for kind in REFUSALS if kind.status == error.status_code), None)
    title = kind.title if kind else HTTPStatus(error.status_code).phrase
    slug = kind.slug if kind else title.lower().replace(" ", "-")
    body = {"type": f"/problems/{slug}", "title": title, "status": error.status_code, "detail": str(error.detail)}
    return JSONResponse(body, error.status_code, dict(error.headers or {}), MEDIA_TYPE)


async def _database(request: Request, error: Exception) -> JSONResponse:
    """A database that is away or full is no fault of the caller's; anything else is one of ours."""
    told = str(getattr(error, "orig", error)).lower()
    if (
        "disk is full" in told
        or "no space left" in told
        or "diskfull" in type(getattr(error, "orig", None)).__name__.lower()
    ):
        return problem_response(NoSpace())
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        _log.error("database unavailable", error=type(error).__name__)
        return problem_response(Unavailable())
    return await _unforeseen(request, error)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return unforeseen_response(request, error)


def unforeseen_response(request: Request, error: Exception) -> JSONResponse:
    """The answer to an error of ours. The log gets its kind and place, never its text: that may hold an answer."""
    _log.error("unforeseen error", error=type(error).__name__, at=place_of(error))
    return JSONResponse(UNFORESEEN, 500, media_type=MEDIA_TYPE)

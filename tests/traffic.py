"""Watches what a service under test answers: all that it says is in its OpenAPI document, and none of it ranks."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

import httpx
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from app.api.openapi import Documented
from app.application import create_app
from app.service import open_service
from tests.ranking import keys_of, ranking_names

SPECIAL_HEADERS = ("ETag", "Location", "Retry-After", "WWW-Authenticate")


class Operation(NamedTuple):
    """An operation of the document."""

    method: str
    path: re.Pattern[str]
    told: dict[str, Any]


@cache
def application() -> Documented:
    """The application without a database, of which none is needed for its document."""
    from tests.world import settings_for

    folder = Path(gettempdir())
    return create_app(open_service(settings_for(f"sqlite:///{folder / 'never-made.sqlite'}", folder)))


def document() -> dict[str, Any]:
    """The service's OpenAPI document."""
    return application().openapi()


@cache
def operations() -> tuple[Operation, ...]:
    """All operations; the more of a path is fixed, the earlier."""
    found = [
        Operation(method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", re.sub(r"\.", r"\\.", path))), told)
        for path, item in document()["paths"].items()
        for method, told in item.items()
    ]
    return tuple(sorted(found, key=lambda one: -len(one.path.pattern.replace("[^/]+", ""))))


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that answers; None where there is none, as for a path that leads nowhere."""
    return next((one for one in operations() if one.method == method and one.path.fullmatch(path)), None)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, or what it refers to."""
    for name in part["$ref"].removeprefix("#/").split("/") if "$ref" in part else ():
        part = part[name] if name in part else document()[name]
    return part


@cache
def _validator(operation_id: str, status: str, media_type: str) -> Draft202012Validator:
    operation = next(one for one in operations() if one.told["operationId"] == operation_id)
    schema = resolved(operation.told["responses"][status])["content"][media_type].get("schema", {})
    return Draft202012Validator({**schema, "components": document()["components"]})


def faults(response: httpx.Response) -> list[str]:
    """Where an answer is not as the document says; none for what it does not know of."""
    operation = operation_of(response.request.method, response.url.path)
    if operation is None:
        return []
    status, name = str(response.status_code), operation.told["operationId"]
    if status not in operation.told["responses"]:
        return [f"{name} does not declare the status {status}: {response.text[:200]}"]
    declared = resolved(operation.told["responses"][status])
    headers = {key for key in SPECIAL_HEADERS if key in response.headers}
    undeclared = [f"the header {header}" for header in headers - declared.get("headers", {}).keys()]
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if response.content and media_type not in declared.get("content", {}):
        undeclared.append(media_type)
    found = [f"{name} does not declare {what} with {status}" for what in undeclared]
    if response.content and media_type.endswith("json") and not found:
        found += [f"{name} {status}: {fault}" for fault in _body_faults(response.json(), name, status, media_type)]
    return found


def _body_faults(body: Any, name: str, status: str, media_type: str) -> Iterator[str]:
    wrong = best_match(_validator(name, status, media_type).iter_errors(body))
    if wrong:
        yield f"{list(wrong.absolute_path)} {wrong.message[:300]}"
    yield from (f"'{key}' speaks of a ranking" for key in ranking_names(keys_of(body)))


def watch(response: httpx.Response) -> None:
    """For a client's `event_hooks`: fails where an answer is not as declared, or ranks."""
    response.read()
    found = faults(response)
    assert not found, found

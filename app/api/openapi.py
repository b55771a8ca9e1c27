"""The OpenAPI document: what FastAPI knows of the routes, and what holds for all: access, problems, headers, examples."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.calls import PLAIN_COOKIE, SECURE_COOKIE, May
from app.api.examples import example_of, named_example
from app.api.guard import ANONYMOUS_LIMIT, BODY_LIMIT
from app.api.problems import MEDIA_TYPE, ProblemDetails, declared, problem_body
from app.assessments.workflow import STATES, states_for
from app.errors import (
    Invalid,
    NoSpace,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    SecondFactorNeeded,
    TooLarge,
    Unavailable,
    Unforeseen,
    WrongState,
)
from app.rights import Right

Json = dict[str, Any]

DESCRIPTION = f"""
The Migration Governance Indicators: a government answers the indicators, IOM reviews, and a snapshot in prose is written
from the answers. Nothing here is a number that stands for a country.

**Signing in.** A browser signs in with `POST /api/v1/sign-in` and keeps a cookie. A program sends a token that its owner
made: `Authorization: Bearer mgi_…`.

**Problems** are told as RFC 9457 says: `type`, `title`, `status`, `detail`, and `errors` with the fields at fault. Another
country's work and what does not exist look the same: `404`.

**Versions.** What can be changed by two people at once has an `ETag`; a save names it as `If-Match`, and is `412` with both
texts if someone else came first. A request that makes something may carry an `Idempotency-Key`: sent again, it acts once.

**Sizes.** A body has at most {BODY_LIMIT // 1024:,} KB, and {ANONYMOUS_LIMIT // 1024} KB before one is signed in; an evidence
file has its own limit.

**Long lists** come in pages: send `next` as `after` until it is null.
""".strip()

TAGS: dict[str, str] = {
    "sign-in": "Signing in and out, and choosing a new password.",
    "account": "One's own account: name, password, second factor, tokens for programs.",
    "assessments": "The assessments that one works on: one country, one round, one instrument each.",
    "answers": "The answers of a government, indicator by indicator; every version is kept.",
    "forms": "Domains and indicators as forms that any JSON Forms client draws and sends back.",
    "sources": "A country's laws, policies, bodies and other sources, on which answers rest.",
    "evidence": "Files that are attached to answers.",
    "archive": "All of an assessment in one file, for the government.",
    "assignments": "Which ministry is asked to contribute to which indicator.",
    "contributions": "What ministries propose, and what became of it.",
    "comments": "What people say to each other about an indicator.",
    "progress": "What is done and what is still missing, inside one assessment.",
    "workflow": "Sign-off, submission, approval, consent, publication.",
    "review": "What IOM's reviewers have read, and what they sent back.",
    "drafts": "The snapshot as it is written from the answers, and sentences that a reviewer reworded.",
    "comparison": "Two rounds of one country, sentence by sentence.",
    "carry-over": "Answers that a new round took over from the last one.",
    "record": "What happened, who did it and when; it holds no answers.",
    "published snapshots": "What was published, open to all.",
    "accounts": "All accounts, for administrators.",
    "countries": "The countries that use the service.",
    "invitations": "Inviting people, and accepting an invitation.",
    "people": "Who holds which role in a country, and its ministries.",
    "operation": "What machines ask: is the service alive, and can it work.",
    "instruments": "The questionnaire, in each of its languages.",
}

SENDS_ETAG = frozenset({"get_answer", "get_source", "get_beside", "get_edit"})
"""Operations that send an ETag, beside those that take one."""

_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
_HEADERS: dict[str, Json] = {
    "ETag": {"description": "The version that was sent.", "schema": {"type": "string"}, "example": '"7"'},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 5},
    "WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}, "example": "Bearer"},
}


class Documented(FastAPI):
    """An application whose OpenAPI document is complete."""

    def openapi(self) -> Json:
        """The document; made when it is first asked for."""
        if not self.openapi_schema:
            self.openapi_schema = describe_api(self)
        return self.openapi_schema


def operation_id(route: APIRoute) -> str:
    """The name of an operation: that of its function, so it stays the same as long as that does."""
    return route.name


class _Operation(NamedTuple):
    right: Right
    method: str
    told: Json

    @property
    def has_body(self) -> bool:
        return "requestBody" in self.told


def describe_api(app: FastAPI) -> Json:
    """The whole document."""
    document = get_openapi(
        title="MGI",
        version=app.version,
        openapi_version="3.1.0",
        summary="Self-assessment with the Migration Governance Indicators",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=app.routes,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_problem_schemas())
    operations = list(_operations(app, document))
    used = {tag for operation in operations for tag in operation.told["tags"]}
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    document["components"]["securitySchemes"] = _security_schemes(app.state.service.settings.secure)
    document["components"]["headers"] = _HEADERS
    shared = document["components"].setdefault("responses", {})
    for operation in operations:
        _complete(operation, schemas)
        _share_problems(operation.told["responses"], shared)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def route_rights(app: FastAPI) -> dict[tuple[str, str], Right]:
    """Path and method of every route, with the right that it declares."""
    found = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        for dependency in route.dependant.dependencies:
            if isinstance(dependency.call, May):
                path = context.path or route.path
                found.update({(path, method): dependency.call.right for method in route.methods or ()})
    return found


def _operations(app: FastAPI, document: Json) -> Iterator[_Operation]:
    for (path, method), right in route_rights(app).items():
        told = document["paths"].get(path, {}).get(method.lower())
        if told is not None:
            yield _Operation(right, method, told)


def _security_schemes(secure: bool) -> Json:
    name = SECURE_COOKIE if secure else PLAIN_COOKIE
    return {
        "cookie": {"type": "apiKey", "in": "cookie", "name": name, "description": "The sign-in of a browser."},
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token for a program: `mgi_…`."},
    }


def _problem_schemas() -> Json:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDetails": schema}


def _complete(operation: _Operation, schemas: Json) -> None:
    told = operation.told
    told["summary"] = re.split(r"[.;:,]", told["description"])[0]
    told["security"] = _security(operation.right)
    _complete_problems(operation)
    for parameter in told.get("parameters", []):
        if "examples" not in parameter["schema"] and "example" not in parameter:
            parameter["example"] = named_example(parameter["name"], parameter["schema"], schemas)
    if operation.has_body:
        _give_examples(told["requestBody"], schemas)
    for status, response in told["responses"].items():
        _give_examples(response, schemas)
        if int(status) < 400 and _sends_etag(operation, status):
            response.setdefault("headers", {})["ETag"] = _header("ETag")


def _security(right: Right) -> list[Json]:
    if right.scope == "anyone":
        return []
    return [{"cookie": []}] if right.scope == "half_signed_in" else [{"cookie": []}, {"bearer": []}]


def _sends_etag(operation: _Operation, status: str) -> bool:
    taken = {parameter["name"].lower() for parameter in operation.told.get("parameters", [])}
    named = operation.told["operationId"] in SENDS_ETAG or bool(taken & {"if-match", "if-none-match"})
    return named and status != "204"


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}


def _give_examples(content_holder: Json, schemas: Json) -> None:
    for media_type, media in content_holder.get("content", {}).items():
        if media_type == "application/json" and not {"example", "examples"} & media.keys():
            media["example"] = example_of(media["schema"], schemas)


def _complete_problems(operation: _Operation) -> None:
    """Declare what any route of this kind may answer, beside what the route declares itself."""
    responses = operation.told["responses"]
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {MEDIA_TYPE: {}}):
        del responses["422"]
    for status, added in declared(*_implied(operation)).items():
        content = responses.setdefault(str(status), added).setdefault("content", {})
        problem = content.setdefault(MEDIA_TYPE, added["content"][MEDIA_TYPE])
        problem["examples"] |= added["content"][MEDIA_TYPE]["examples"]
    responses["500"] = _unforeseen()
    for response in responses.values():
        if MEDIA_TYPE in response.get("content", {}):
            _name_types(response["content"][MEDIA_TYPE])
    _problem_headers(responses)
    operation.told["responses"] = dict(sorted(responses.items()))


def _implied(operation: _Operation) -> list[type[Refusal]]:
    """What a route may refuse for its access, its input and its storage."""
    right = operation.right
    refusals: list[type[Refusal]] = [Unavailable, NoSpace, *_ACCESS[right.scope]]
    if right.scope == "assessment" and any(states_for(right.action, role) != set(STATES) for role in right.roles):
        refusals.append(WrongState)
    if operation.method not in ("GET", "HEAD"):
        refusals.append(NotAllowed)
    if operation.told.get("parameters") or operation.has_body:
        refusals.append(Invalid)
    if operation.has_body:
        refusals += [TooLarge, Refusal]
    return refusals


_ACCESS: dict[str, tuple[type[Refusal], ...]] = {
    "assessment": (NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound),
    "country": (NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound),
    "service": (NotSignedIn, SecondFactorNeeded, NotAllowed),
    "person": (NotSignedIn, SecondFactorNeeded),
    "half_signed_in": (NotSignedIn,),
    "anyone": (),
}


def _share_problems(responses: Json, shared: Json) -> None:
    """Put equal problem responses into the components, once, named by their status and types."""
    for status, response in responses.items():
        if list(response.get("content", {})) == [MEDIA_TYPE]:
            name = ".".join([status, *sorted(response["content"][MEDIA_TYPE]["examples"])])
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _unforeseen() -> Json:
    return {
        "description": Unforeseen.title,
        "content": {
            MEDIA_TYPE: {"schema": _PROBLEM, "examples": {"unforeseen": {"value": problem_body(Unforeseen())}}}
        },
    }


def _name_types(media: Json) -> None:
    """Say which types of problem a response may have: those that there is an example of."""
    types = sorted(example["value"]["type"] for example in media["examples"].values())
    media["schema"] = {"allOf": [_PROBLEM, {"properties": {"type": {"enum": types}}}]}


def _problem_headers(responses: Json) -> None:
    for status, name in (("401", "WWW-Authenticate"), ("429", "Retry-After"), ("503", "Retry-After")):
        if status in responses:
            responses[status]["headers"] = {name: _header(name)}

"""The OpenAPI document: valid, complete, and in step with the routes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from app.api.openapi import TAGS, route_rights
from app.api.problems import MEDIA_TYPE
from app.application import create_app
from app.errors import REFUSALS
from app.rights import Right
from tests.traffic import Operation, document, operations, resolved
from tests.world import World

IDS = [operation.told["operationId"] for operation in operations()]
each_operation = pytest.mark.parametrize("operation", operations(), ids=IDS)


def problems(operation: Operation) -> dict[str, Any]:
    """Status → the problem response of an operation."""
    responses = operation.told["responses"]
    return {status: resolved(told) for status, told in responses.items() if int(status) >= 400}


def bodies(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON body that is sent or received."""
    holders = {"request": operation.told.get("requestBody", {}), **operation.told["responses"]}
    for name, holder in holders.items():
        for media_type, media in resolved(holder).get("content", {}).items():
            if media_type.endswith("json"):
                yield name, media


def check(value: Any, schema: dict[str, Any]) -> None:
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator({**schema, "components": document()["components"]}, format_checker=checker).validate(value)


def test_the_document_is_valid_openapi() -> None:
    wrong = [error.message for error in Draft202012Validator(OPENAPI_31).iter_errors(document())]
    assert wrong == []
    assert document()["openapi"] == "3.1.0"


def test_every_schema_in_it_is_a_json_schema() -> None:
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_everything_that_is_referred_to_is_there() -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document()))):
        part = document()
        for name in reference.split("/"):
            part = part[name]
    assert not {"HTTPValidationError", "ValidationError"} & document()["components"]["schemas"].keys()


def test_anyone_may_read_it(sqlite_world: World) -> None:
    answer = sqlite_world.as_("anonymous").get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document()


def test_every_route_that_declares_a_right_is_in_it(sqlite_world: World) -> None:
    app = create_app(sqlite_world.service)
    declared = {(path, method.lower()) for path, method in route_rights(app)}
    described = {(path, method) for path, item in document()["paths"].items() for method in item}
    hidden = {
        (context.path, method.lower())
        for context in iter_route_contexts(app.routes)
        for method in getattr(context.original_route, "methods", None) or ()
        if not getattr(context.original_route, "include_in_schema", True)
    }
    assert declared - hidden == described
    assert len(described) > 90


def test_operations_are_named_by_their_functions_once_each() -> None:
    assert len(IDS) == len(set(IDS))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in IDS if name != "approve")


@each_operation
def test_an_operation_says_what_it_is(operation: Operation) -> None:
    told = operation.told
    assert 3 <= len(told["summary"]) <= 90
    assert told["description"].endswith((".", "`"))
    assert len(told["tags"]) == 1
    assert set(told["tags"]) <= TAGS.keys()
    assert all("description" in parameter for parameter in told.get("parameters", []))


@each_operation
def test_an_operation_says_who_may_call_it(operation: Operation, rights: dict[str, Right]) -> None:
    given = [name for option in operation.told["security"] for name in option]
    public = rights[operation.told["operationId"]].scope == "anyone"
    assert given == [] if public else given in (["cookie"], ["cookie", "bearer"])
    assert ("not-signed-in" in str(problems(operation).get("401"))) is not public


@pytest.fixture(scope="module")
def rights() -> dict[str, Right]:
    from tests.traffic import application

    found = route_rights(application())
    return {
        told["operationId"]: found[path, method.upper()]
        for path, item in document()["paths"].items()
        for method, told in item.items()
    }


@each_operation
def test_an_operation_tells_its_problems(operation: Operation) -> None:
    found = problems(operation)
    types = {f"/problems/{kind.slug}" for kind in REFUSALS} | {"/problems/unforeseen"}
    assert {"500", "503", "507"} <= found.keys()
    for status, problem in found.items():
        assert MEDIA_TYPE in problem["content"], status
        media = problem["content"][MEDIA_TYPE]
        named = media["schema"]["allOf"][1]["properties"]["type"]["enum"]
        assert named
        assert set(named) <= types
        assert {example["value"]["status"] for example in media["examples"].values()} == {int(status)}
    if "requestBody" in operation.told:
        assert {"400", "413", "422"} <= found.keys()
    if "429" in found:
        assert "Retry-After" in found["429"]["headers"]
    assert "Retry-After" in found["503"]["headers"]


@each_operation
def test_examples_are_there_and_fit(operation: Operation) -> None:
    for name, media in bodies(operation):
        examples = [media["example"]] if "example" in media else [one["value"] for one in media["examples"].values()]
        assert examples, name
        for example in examples:
            check(example, media["schema"])
    for parameter in operation.told.get("parameters", []):
        values = parameter["schema"].get("examples", [parameter.get("example")])
        for value in values:
            check(value, parameter["schema"])


def test_versions_and_their_headers_go_together() -> None:
    for operation in operations():
        taken = {parameter["name"] for parameter in operation.told.get("parameters", [])}
        if "if-match" in {name.lower() for name in taken}:
            assert {"412", "428"} <= operation.told["responses"].keys(), operation.told["operationId"]
        if "304" in operation.told["responses"]:
            assert "ETag" in operation.told["responses"]["200"]["headers"], operation.told["operationId"]


def test_both_ways_to_sign_in_are_described() -> None:
    schemes = document()["components"]["securitySchemes"]
    assert (schemes["cookie"]["in"], schemes["cookie"]["name"]) == ("cookie", "mgi")
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")

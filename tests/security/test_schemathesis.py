"""Every operation of a running service, called for real and with generated requests: nothing breaks, all is as declared.

`MGI_FUZZ` is the number of generated requests for each operation on SQLite; a third of it is sent on PostgreSQL.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response as Answer
from schemathesis.specs.openapi import checks

from app.api.openapi import route_rights
from app.rights import Right
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import fresh_database
from tests.security import real_calls
from tests.security.real_calls import Calls, Real
from tests.traffic import application, document
from tests.world import World, running_world

EXAMPLES = int(os.environ.get("MGI_FUZZ", "6"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
PEOPLE = {
    "focal_point": "focal_a", "contributor": "labour_a", "signatory": "signatory_a", "adviser": "adviser_a",
    "reviewer": "reviewer", "administrator": "administrator",
}  # fmt: skip
REAL: dict[str, list[Any]] = {
    "indicator": ["health-access", "family-reunification"], "domain": [1, 6], "code": ["KG", "UZ"], "country": ["KG"],
    "round": [2030], "file_format": ["json"], "number": [1],
}  # fmt: skip
"""What stands in addresses, beside the ids that the calls met."""


@cache
def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """All operations by id."""
    results = schemathesis.openapi.from_dict(document()).get_all_operations()
    found = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(found) > 90
    return {operation.definition.raw["operationId"]: operation for operation in found}


@cache
def rights() -> dict[str, Right]:
    declared = route_rights(application())
    return {name: declared[one.path, one.method.upper()] for name, one in operations().items()}


@dataclass
class Caller:
    """Calls a running service, checks each answer, and remembers what succeeded and which ids there are."""

    world: World
    succeeded: set[str] = field(default_factory=set)
    ids: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))

    def send(self, operation: str, case: Case[Any], name: str, cookie: str | None = None) -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin"}
        if cookie or name != "anonymous":
            headers["Cookie"] = cookie or f"mgi={self.world.sign_in(name)}"
        answer = case.call(base_url=self.world.address, headers=headers)
        case.validate_response(answer, checks=CHECKS)
        if 200 <= answer.status_code < 300:
            self.succeeded.add(operation)
        return answer

    def send_real(self, real: Real) -> Any:
        """Make a request that must succeed; its body, or its cookie, for the next."""
        more: dict[str, Any] = {} if real.body is None else {"body": real.body}
        if real.body is not None:
            more["media_type"] = real.media_type or "application/json"
        headers = {} if real.base is None else {"If-Match": f'"{real.base}"'}
        case = operations()[real.operation].Case(
            path_parameters=dict(real.path), query=dict(real.query), headers=headers, **more
        )
        answer = self.send(real.operation, case, real.name, real.cookie)
        assert answer.status_code < 300, f"{real.operation}: {answer.status_code} {answer.text[:500]}"
        for parameter, value in real.path.items():
            self.ids[parameter].add(value)
        if real.operation == "post_sign_in":
            return answer.headers["set-cookie"][0].partition(";")[0]
        is_json = answer.content and "json" in answer.headers["content-type"][0]
        return answer.json() if is_json else None

    def run(self, calls: Calls) -> None:
        """Make all calls, giving each answer back to the script that asked for it."""
        answer = None
        while True:
            try:
                answer = self.send_real(calls.send(answer))
            except StopIteration:
                return


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def caller(
    request: pytest.FixtureRequest, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory,
    instrument: CompiledInstrument, response: Response,
) -> Iterator[Caller]:  # fmt: skip
    """A service with people and rounds at several stages, in which each operation succeeded once."""
    folder = tmp_path_factory.mktemp("fuzzed")
    with fresh_database(request.param, shared_folder, folder) as url, running_world(url, folder, instrument) as world:
        world.open_round("way", "KG", 2030)
        caller = Caller(world)
        for calls in (
            real_calls.answer_calls(world), real_calls.team_calls(world), real_calls.workflow_calls(world, response),
            real_calls.account_calls(world), real_calls.second_factor_calls(world), real_calls.people_calls(world),
        ):  # fmt: skip
            caller.run(calls)
        yield caller


def test_nearly_every_operation_succeeds_with_a_real_request(caller: Caller) -> None:
    left = operations().keys() - caller.succeeded
    assert len(left) <= len(operations()) // 20, sorted(left)


def people(operation: str) -> list[str]:
    """Who calls an operation: those who may, and someone who may not."""
    right = rights()[operation]
    if right.scope == "anyone":
        return ["anonymous"]
    if right.scope in ("person", "half_signed_in"):
        return ["adviser_a"]
    return [*(PEOPLE[role] for role in sorted(right.roles)), "unassigned_reviewer"]


@pytest.mark.parametrize("name", sorted(operations()))
def test_generated_requests_get_the_answers_that_are_declared(caller: Caller, name: str) -> None:
    operation, sqlite = operations()[name], caller.world.service.database.is_sqlite
    takes = list(operation.iter_parameters()) or operation.body
    modes = list(GenerationMode) if takes else [GenerationMode.POSITIVE]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])
    ids = {key: st.sampled_from(sorted({*REAL.get(key, ()), *caller.ids[key]})) for key in _in_path(operation)}

    @settings(
        max_examples=EXAMPLES if sqlite else max(1, EXAMPLES // 3), database=None, deadline=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases, real=st.fixed_dictionaries(ids), known=st.integers(0, 3), who=st.sampled_from(people(name)))
    def send(case: Case[Any], real: dict[str, Any], known: int, who: str) -> None:
        if known:  # three in four are about what there is, by someone who is signed in
            case.path_parameters.update(real)
            case.cookies.clear()
            case.headers.pop("Authorization", None)
        caller.send(name, case, who)

    send()


def _in_path(operation: APIOperation[Any, Any, Any, Any]) -> list[str]:
    return re.findall(r"\{(\w+)\}", operation.path)

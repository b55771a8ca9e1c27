"""The next round: the verdict on each answer before anything moves, and answers carried over, to be confirmed."""

import json
from typing import Any

import httpx
import pytest

from app.assessments.rounds import open_round
from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.model import Instrument
from questionnaire.response import Response
from questionnaire.stored import answer_body
from tests.steps import approve, bring_to, fill, made, path, sign_off, submit
from tests.teamwork import NONE
from tests.world import World

LAW = {"title": "Law on Health Protection", "kind": "law"}
NEW = {"If-Match": '"0"'}


@pytest.fixture(scope="module")
def newer(instrument: CompiledInstrument) -> CompiledInstrument:
    """The packaged instrument a year later: one indicator has another name, and the last is gone."""
    data = instrument.source.model_dump(mode="json")
    data["domains"][0]["subdomains"][0]["indicators"][0]["title"] = "Health care"
    data["domains"][5]["subdomains"][-1]["indicators"].pop()
    changed = Instrument.model_validate(data)
    return compile_instrument(changed, build_tables(changed), {}, instrument.countries)


def open_next(world: World, instrument: CompiledInstrument | None = None, year: int = 2027) -> None:
    with world.work("open_round") as work:
        world.assessments["next"] = open_round(work, instrument or world.instrument, "KG", year).id


def shown(world: World) -> dict[str, dict[str, Any]]:
    found = made(world.as_("focal_a").get(path(world, "carry-over", "next"))).json()
    assert found["from_round"] == 2026
    return {one["indicator"]: one for one in found["answers"]}


def carry(world: World, **headers: str) -> httpx.Response:
    return world.as_("focal_a").post(path(world, "carry-over", "next"), headers=headers)


def answers(world: World) -> dict[str, dict[str, Any]]:
    listed = made(world.as_("focal_a").get(path(world, "answers", "next"))).json()
    return {answer["indicator"]: answer for answer in listed}


def test_the_verdicts_are_shown_and_nothing_moves(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    open_next(world)
    verdicts = shown(world)
    assert set(verdicts) == set(response.answers)
    assert {(one["verdict"], one["answered_here"]) for one in verdicts.values()} == {("kept", False)}
    assert verdicts["health-access"]["answer"] == json.loads(answer_body(response.answers["health-access"]))
    assert answers(world) == {}


def test_answers_are_carried_once_and_marked_with_their_round(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    open_next(world)
    first = made(carry(world)).json()
    assert (first["from_round"], set(first["indicators"])) == (2026, set(response.answers))
    carried = answers(world)
    assert {(one["version"], one["carried_from"]) for one in carried.values()} == {(1, 2026)}
    assert made(carry(world)).json()["indicators"] == []
    assert answers(world) == carried


def test_a_retry_with_the_same_key_gets_the_first_answer(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    open_next(world)
    first, again = (made(carry(world, **{"Idempotency-Key": "carry-over-1"})) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["indicators"]


def test_each_answer_carried_is_on_record_by_its_hash_alone(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    open_next(sqlite_world)
    carried = made(carry(sqlite_world)).json()["indicators"]
    record = sqlite_world.as_("administrator").get(path(sqlite_world, "record", "next"), params={"limit": 200})
    kinds = [event["kind"] for event in made(record).json()["items"]]
    assert kinds == ["carried_over", *["answer_carried"] * len(carried), "opened"]
    qualifiers = [answer.qualifier for answer in response.answers.values() if answer.qualifier]
    assert qualifiers
    assert not any(qualifier in record.text for qualifier in qualifiers)


def test_an_answer_given_here_is_never_touched(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    open_next(world)
    own = {"not_known": "The ministry is being asked."}
    address = path(world, "answers/health-access", "next")
    made(world.as_("focal_a").put(address, json=own, headers=NEW))
    assert shown(world)["health-access"]["answered_here"]
    assert "health-access" not in made(carry(world)).json()["indicators"]
    assert (answers(world)["health-access"]["answer"], answers(world)["health-access"]["version"]) == (own, 1)


def test_a_carried_answer_must_be_confirmed_or_changed_before_submission(world: World, response: Response) -> None:
    bring_to(world, "published", response)
    open_next(world)
    made(carry(world))
    sign_off(world, "next")
    refused = world.as_("focal_a").post(path(world, "submission", "next"))
    assert {"health-access"} < {gap["indicator"] for gap in refused.json()["missing"]}
    assert all("2026" in gap["message"] for gap in refused.json()["missing"])
    for gap in refused.json()["missing"]:
        address = path(world, f"answers/{gap['indicator']}/confirm", "next")
        made(world.as_("focal_a").post(address, headers={"If-Match": '"1"'}))
    assert submit(world, "next").json()["number"] == 1


def test_what_was_last_submitted_is_carried_or_else_what_stands_there(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    open_next(sqlite_world)
    assert shown(sqlite_world)["health-access"]["answer"] == json.loads(answer_body(response.answers["health-access"]))
    submit(sqlite_world)
    body = {"indicators": [{"indicator": "health-access", "reason": "Which law?"}]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=body))
    later = {"not_known": "Not submitted yet."}
    address = path(sqlite_world, "answers/health-access")
    made(sqlite_world.as_("focal_a").put(address, json=later, headers={"If-Match": '"1"'}))
    assert shown(sqlite_world)["health-access"]["answer"] != later


def test_a_newer_instrument_tells_what_becomes_of_each_answer(
    world: World, response: Response, newer: CompiledInstrument
) -> None:
    bring_to(world, "in_review", response)
    open_next(world, newer)
    verdicts, gone = shown(world), next(key for key in world.instrument.indicators if key not in newer.indicators)
    assert verdicts["health-access"]["verdict"] == "kept"
    assert "is now called 'Health care'" in verdicts["health-access"]["reason"]
    assert (verdicts[gone]["verdict"], verdicts[gone]["answer"]) == ("dropped", None)
    assert verdicts[gone]["title"] == world.instrument.indicators[gone].title
    assert "no longer asked" in verdicts[gone]["reason"]
    assert gone not in made(carry(world)).json()["indicators"]
    assert "health-access" in answers(world)


def lose_the_law(world: World, version: int) -> None:
    """The submitted answer comes back, is given without its law, and the law is taken off the list."""
    body = {"indicators": [{"indicator": "health-access", "reason": "Is this law still in force?"}]}
    made(world.as_("reviewer").post(path(world, "return"), json=body))
    save_health(world, version, NONE)
    made(world.as_("focal_a").delete(path(world, "sources/health-law"), headers={"If-Match": '"1"'}))


def save_health(world: World, version: int, answer: dict[str, Any]) -> None:
    headers = {"If-Match": f'"{version}"'}
    made(world.as_("focal_a").put(path(world, "answers/health-access"), json=answer, headers=headers))


def test_a_source_that_was_removed_meanwhile_is_left_out_and_said(world: World, response: Response) -> None:
    fill(world, response)
    made(world.as_("focal_a").put(path(world, "sources/health-law"), json=LAW, headers=NEW))
    values = {"groups": "all", "limits": ["no_limits"]}
    save_health(world, 1, {"values": {**values, "law": "health-law"}, "sources": ["health-law"], "note": "See it."})
    submit(world)
    open_next(world)
    assert shown(world)["health-access"]["verdict"] == "kept"
    lose_the_law(world, 2)
    one = shown(world)["health-access"]
    assert (one["verdict"], one["answer"]) == ("converted", {"values": values, "note": "See it."})
    assert one["reason"] == "No longer in the country's list of sources, so left out: 'Law on Health Protection'."
    made(carry(world))
    assert answers(world)["health-access"]["answer"] == one["answer"]


def test_an_answer_that_was_a_removed_source_alone_is_dropped(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    made(sqlite_world.as_("focal_a").put(path(sqlite_world, "sources/health-law"), json=LAW, headers=NEW))
    sign_off(sqlite_world)
    approve(sqlite_world)
    save_health(sqlite_world, 1, {"values": {"law": "health-law"}})
    lose_the_law(sqlite_world, 2)
    open_next(sqlite_world)
    one = shown(sqlite_world)["health-access"]
    assert (one["verdict"], one["answer"]) == ("dropped", None)
    assert "health-access" not in made(carry(sqlite_world)).json()["indicators"]


def test_there_is_nothing_to_carry_without_a_round_before_and_after_the_collecting(
    sqlite_world: World, response: Response
) -> None:
    focal = sqlite_world.as_("focal_a")
    assert focal.get(path(sqlite_world, "carry-over")).status_code == 404
    assert focal.post(path(sqlite_world, "carry-over")).status_code == 404
    bring_to(sqlite_world, "in_review", response)
    assert focal.get(path(sqlite_world, "carry-over")).status_code == 409
    assert focal.post(path(sqlite_world, "carry-over")).status_code == 409


def test_only_the_focal_point_carries_over(sqlite_world: World) -> None:
    open_next(sqlite_world)
    for name, status in {
        "second_focal_a": 200, "signatory_a": 403, "labour_a": 403, "adviser_a": 403, "reviewer": 403, "administrator": 403,
        "focal_b": 404, "unassigned_reviewer": 404, "nobody": 404, "anonymous": 401,
    }.items():  # fmt: skip
        person, address = sqlite_world.as_(name), path(sqlite_world, "carry-over", "next")
        assert person.get(address).status_code == status, name
        assert person.post(address).status_code == (201 if status == 200 else status), name

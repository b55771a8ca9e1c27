"""Forms over HTTP: what a client gets to draw, and what becomes of a form that is sent back whole."""

import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path
from tests.teamwork import ALL, NONE, assign, save
from tests.world import World

ABSENT = "aaaaaaaaaaaaaaaaaaaa"


def form(world: World, name: str = "focal_a", domain: int = 1, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_(name).get(path(world, f"forms/{domain}"), params=params)).json()
    return found


def send(world: World, data: Any, versions: Any, *, name: str = "focal_a", domain: int = 1) -> httpx.Response:
    body = {"data": data, "versions": versions}
    return world.as_(name).put(path(world, f"forms/{domain}"), json=body)


def parts(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    return {part["indicator"]: part for part in made(answer).json()["indicators"]}


def statuses(answer: httpx.Response) -> dict[str, str]:
    return {name: part["status"] for name, part in parts(answer).items()}


def events(world: World) -> int:
    return len(made(world.as_("focal_a").get(path(world, "record"), params={"limit": 200})).json()["items"])


def test_a_form_holds_what_a_client_needs_to_draw_and_send_it(sqlite_world: World) -> None:
    save(sqlite_world, 0)
    found = form(sqlite_world)
    assert found["schema"]["$schema"].endswith("2020-12/schema")
    assert found["uischema"]["elements"]
    assert found["data"] == {"health-access": {**ALL, "version": 1}}
    assert found["versions"].items() >= {"health-access": 1, "education-access": 0}.items()
    assert found["progress"]["answered"] == 0
    assert {"instancePath": "/education-access"}.items() <= found["errors"][1].items()
    assert found["links"]["save"] == {"href": f"/api/v1{path(sqlite_world, 'forms/1')}", "method": "PUT"}
    Draft202012Validator(found["schema"]).validate(found["data"])


def test_every_link_of_a_form_leads_somewhere(sqlite_world: World) -> None:
    found = {**form(sqlite_world)["links"], **_indicator_form(sqlite_world, "focal_a")["links"]}
    gets = [link["href"].removeprefix("/api/v1") for link in found.values() if link["method"] == "GET"]
    assert len(gets) >= 6
    assert [sqlite_world.as_("focal_a").get(href).status_code for href in gets] == [200] * len(gets)


def _indicator_form(world: World, name: str, indicator: str = "health-access") -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_(name).get(path(world, f"answers/{indicator}/form"))).json()
    return found


def test_a_form_that_was_not_changed_is_not_sent_again(sqlite_world: World) -> None:
    for place in ("forms/1", "answers/health-access/form"):
        client = sqlite_world.as_("focal_a")
        tag = client.get(path(sqlite_world, place)).headers["ETag"]
        again = client.get(path(sqlite_world, place), headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        save(sqlite_world, 0 if place == "forms/1" else 1, ALL if place == "forms/1" else NONE)
        assert client.get(path(sqlite_world, place), headers={"If-None-Match": tag}).status_code == 200


def test_progress_counts_what_is_complete(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    found = form(sqlite_world)
    assert found["progress"]["answered"] == found["progress"]["asked"] > 10
    assert found["errors"] == []


def test_a_form_in_a_language_that_there_is_not_is_refused(sqlite_world: World) -> None:
    assert form(sqlite_world, language="en") == form(sqlite_world)
    for place in ("forms/1", "answers/health-access/form"):
        refused = sqlite_world.as_("focal_a").get(path(sqlite_world, place), params={"language": "xx"})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, ["language"])


def test_what_fits_is_saved_and_what_conflicts_is_listed(world: World) -> None:
    save(world, 0)
    save(world, 1, NONE)
    data = {
        "health-access": {"values": {"groups": "some"}},
        "education-access": {"values": {"groups": "all"}},
        "family-reunification": {"values": {"groups": "whoever"}},
    }
    answer = send(world, data, {"health-access": 1, "education-access": 0, "family-reunification": 0})
    assert answer.json()["complete"] is False
    found = parts(answer)
    assert {name: part["status"] for name, part in found.items()} == {
        "health-access": "conflict", "education-access": "saved", "family-reunification": "invalid",
    }  # fmt: skip
    conflict, wrong = found["health-access"], found["family-reunification"]
    assert (conflict["yours"], conflict["answer"], conflict["version"]) == (data["health-access"], NONE, 2)
    assert conflict["saved_by"] == "Person focal_a"
    assert wrong["errors"][0]["path"] == ["family-reunification", "values", "groups"]
    assert (
        form(world)["versions"].items()
        >= {"health-access": 2, "education-access": 1, "family-reunification": 0}.items()
    )


def test_a_form_sent_back_as_it_was_writes_nothing(world: World, response: Response) -> None:
    fill(world, response)
    for domain in range(1, 7):
        found = form(world, domain=domain)
        before = events(world)
        answer = send(world, found["data"], found["versions"], domain=domain)
        assert set(statuses(answer).values()) == {"unchanged"}
        assert answer.json()["complete"] is True
        assert (form(world, domain=domain), events(world)) == (found, before)


def test_what_others_changed_meanwhile_is_no_conflict_where_one_changed_nothing(sqlite_world: World) -> None:
    save(sqlite_world, 0)
    mine = form(sqlite_world)
    save(sqlite_world, 1, NONE)
    mine["data"]["education-access"] = {"values": {"groups": "all"}}
    answer = send(sqlite_world, mine["data"], mine["versions"])
    assert statuses(answer) == {"health-access": "unchanged", "education-access": "saved"}
    assert (parts(answer)["health-access"]["version"], parts(answer)["health-access"]["answer"]) == (2, NONE)


def test_the_same_form_again_is_no_conflict(sqlite_world: World) -> None:
    sent = {"health-access": {"values": {"groups": "all"}, "note": "  Twice.  "}}
    answers = [statuses(send(sqlite_world, sent, {"health-access": 0})) for _ in range(2)]
    assert answers == [{"health-access": "saved"}, {"health-access": "unchanged"}]
    assert form(sqlite_world)["versions"]["health-access"] == 1


def test_a_cleared_answer_is_saved_as_none(sqlite_world: World) -> None:
    save(sqlite_world, 0)
    cleared = {"values": {"groups": "", "which": []}, "note": "", "version": 1}
    assert statuses(send(sqlite_world, {"health-access": cleared}, {"health-access": 1})) == {"health-access": "saved"}
    found = form(sqlite_world)
    assert (found["data"], found["versions"]["health-access"]) == ({}, 2)
    blank = send(sqlite_world, {"education-access": {"values": {}}}, {"education-access": 0})
    assert statuses(blank) == {"education-access": "unchanged"}


def test_each_part_that_is_saved_is_on_record(sqlite_world: World) -> None:
    data = {"health-access": ALL, "education-access": ALL}
    send(sqlite_world, data, {"health-access": 0, "education-access": 0})
    items = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "record"))).json()["items"]
    assert {item["subject"] for item in items if item["kind"] == "answer_saved"} == set(data)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"data": {"no-such": ALL}, "versions": {"no-such": 0}}, ["data", "no-such"]),
        ({"data": {"health-access": ALL}, "versions": {}}, ["versions", "health-access"]),
        ({"data": {}, "versions": {"no-such": 1}}, ["versions", "no-such"]),
        ({"data": {"health-access": ALL}, "versions": {"health-access": -1}}, ["body", "versions", "health-access"]),
        ({"data": {f"a{n}": 1 for n in range(201)}, "versions": {}}, ["body", "data"]),
        ({"data": {"\x00": 1}, "versions": {}}, ["body", "data", "\x00", "[key]"]),
        ({"data": []}, ["body", "data"]),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_whole(sqlite_world: World, body: Any, place: list[str]) -> None:
    refused = sqlite_world.as_("focal_a").put(path(sqlite_world, "forms/1"), json=body)
    assert refused.status_code == 422, refused.text
    assert place in [error["path"] for error in refused.json()["errors"]]


HOSTILE = (
    "[" * 900 + "]" * 900, '{"values":' * 400 + "{}" + "}" * 400, "7", "null", '"text"', '{"values": {"groups": NaN}}',
    '{"note": "\\ud800"}', '{"note": "\\u0000"}', '{"values": 1e400}', '{"surprise": true}',
)  # fmt: skip


def test_a_hostile_part_is_invalid_and_the_rest_is_saved(sqlite_world: World) -> None:
    text = '{"data": {"health-access": %s, "education-access": {"note": "Number %s."}}, "versions": %s}'
    for version, part in enumerate(HOSTILE):
        body = text % (part, version, f'{{"health-access": 0, "education-access": {version}}}')
        headers = {"Content-Type": "application/json"}
        answer = sqlite_world.as_("focal_a").put(path(sqlite_world, "forms/1"), content=body, headers=headers)
        assert statuses(answer) == {"health-access": "invalid", "education-access": "saved"}, part[:40]
        assert len(answer.content) < 3000


def test_a_contributors_form_holds_what_is_assigned_and_nothing_else(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "family-member-work", "health-access")
    body = {"values": {"groups": "all"}, "note": "Not for everyone."}
    save(sqlite_world, 0, body, "family-reunification")
    found = form(sqlite_world, "labour_a", _domain_of(sqlite_world, "family-member-work"))
    assert set(found["schema"]["properties"]) == {"family-member-work", "context"} | (
        {"health-access"} & set(found["versions"])
    )
    assert found["context"] == {"family-reunification": {"values": {"groups": "all"}}}
    assert "Not for everyone." not in str(found)
    assert "save" not in found["links"]
    Draft202012Validator(found["schema"]).validate(found["data"])


def _domain_of(world: World, indicator: str) -> int:
    domains = world.instrument.source.domains
    return next(domain.number for domain in domains if indicator in [one.id for one in domain.indicators])


def test_a_form_of_one_indicator_can_be_proposed_by_a_contributor(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    found = _indicator_form(sqlite_world, "labour_a")
    link = found["links"]["propose"]
    href = re.sub("^/api/v1", "", link["href"])
    sent = sqlite_world.as_("labour_a").request(link["method"], href, json={"answer": ALL})
    assert sent.status_code == 201, sent.text


def test_reviewers_draw_what_was_submitted(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    body = {"indicators": [{"indicator": "health-access", "reason": "Please name the law."}]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=body))
    save(sqlite_world, 1, {**NONE, "note": "Newer."})
    found = form(sqlite_world, "reviewer")
    assert (found["versions"]["health-access"], "Newer." in str(found)) == (1, False)
    assert "save" not in found["links"]


@pytest.mark.parametrize("place", ["forms/1", "answers/health-access/form"])
def test_only_those_who_see_the_answers_get_the_form(sqlite_world: World, place: str) -> None:
    expected = {
        "second_focal_a": 200, "signatory_a": 200, "adviser_a": 200, "reviewer": 409, "administrator": 403,
        "labour_a": 404, "focal_b": 404, "nobody": 404, "anonymous": 401,
    }  # fmt: skip
    got = {name: sqlite_world.as_(name).get(path(sqlite_world, place)).status_code for name in expected}
    assert got == expected


def test_only_focal_points_send_a_form_back_and_only_in_time(sqlite_world: World, response: Response) -> None:
    expected = {"signatory_a": 403, "labour_a": 403, "administrator": 403, "focal_b": 404, "anonymous": 401}
    got = {name: send(sqlite_world, {}, {}, name=name).status_code for name in expected}
    assert got == expected
    bring_to(sqlite_world, "in_review", response)
    assert send(sqlite_world, {}, {}).status_code == 409


def test_an_absent_domain_or_assessment_is_not_found(sqlite_world: World) -> None:
    focal = sqlite_world.as_("focal_a")
    places = (path(sqlite_world, "forms/7"), f"/assessments/{ABSENT}/forms/1")
    assert [focal.get(place).status_code for place in places] == [404, 404]
    assert send(sqlite_world, {}, {}, domain=7).status_code == 404
    assert focal.get(path(sqlite_world, "forms/one")).status_code == 422


def test_an_edit_of_an_approved_assessment_voids_the_approval_once(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    found = form(sqlite_world)
    for name in ("health-access", "education-access"):
        found["data"][name]["note"] = "Seen again."
    assert list(statuses(send(sqlite_world, found["data"], found["versions"])).values()).count("saved") == 2
    items = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "record"))).json()["items"]
    assert [item["kind"] for item in items].count("approval_voided") == 1


def test_several_answers_changed_after_approval_are_all_put_before_the_reviewer(
    sqlite_world: World, response: Response
) -> None:
    world = sqlite_world
    bring_to(world, "approved", response)
    where = f"/assessments/{world.assessments['a']}"
    form = world.as_("focal_a").get(f"{where}/forms/1").json()
    names = [name for name in form["data"] if name in form["versions"] and form["data"][name].get("values")][:3]
    for name in names:
        form["data"][name]["note"] = f"Changed after approval: {name}."
    sent = {"data": {name: form["data"][name] for name in names}, "versions": {n: form["versions"][n] for n in names}}
    saved = world.as_("focal_a").put(f"{where}/forms/1", json=sent).json()
    assert saved["complete"]
    for name in names:
        seen = world.as_("reviewer").get(f"{where}/answers/{name}").json()
        assert seen["answer"]["note"] == f"Changed after approval: {name}."
    assert len(world.as_("focal_a").get(f"{where}/record?kind=approval_voided").json()["items"]) == 1

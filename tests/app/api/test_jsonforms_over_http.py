"""A stock JSON Forms client takes a form from the service as it is, and what it sends back stands in the database."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from app.models.assessments import StoredAnswer
from questionnaire.stored import source_body
from tests.made_responses import SOURCES
from tests.steps import made, path
from tests.stock_client import Client, installed_client
from tests.teamwork import assign
from tests.world import World


@pytest.fixture(scope="session")
def client(shared_folder: Path) -> Client:
    return installed_client(shared_folder)


def give_sources(world: World) -> None:
    for source_id, source in SOURCES.items():
        headers = {"If-Match": '"0"', "Content-Type": "application/json"}
        place = path(world, f"sources/{source_id}")
        made(world.as_("focal_a").put(place, content=source_body(source), headers=headers))


def stored(world: World) -> set[str]:
    """The indicators of which the database has an answer."""
    with world.service.database.reading() as session:
        mine = select(StoredAnswer.indicator).where(col(StoredAnswer.assessment_id) == world.assessments["a"])
        return set(session.exec(mine))


def form_of(world: World, place: str, name: str = "focal_a") -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_(name).get(path(world, place))).json()
    return found


@pytest.mark.parametrize("domain", range(1, 7))
def test_a_client_fills_a_domain_in_over_http(sqlite_world: World, client: Client, domain: int) -> None:
    give_sources(sqlite_world)
    form = form_of(sqlite_world, f"forms/{domain}")
    filled = client(form)
    assert (filled["problems"], filled["errors"]) == ([], [])
    save = form["links"]["save"]
    body = {"data": filled["data"], "versions": form["versions"]}
    sent = made(sqlite_world.as_("focal_a").request(save["method"], save["href"].removeprefix("/api/v1"), json=body))
    wrong = [part for part in sent.json()["indicators"] if part["status"] not in ("saved", "unchanged")]
    assert (sent.json()["complete"], wrong) == (True, [])
    assert stored(sqlite_world) == set(filled["data"])
    after = form_of(sqlite_world, f"forms/{domain}")
    assert after["errors"] == []
    assert after["progress"]["answered"] == after["progress"]["asked"] > 5
    assert client(after)["data"].keys() == filled["data"].keys()


def test_a_contributor_fills_one_indicator_in_and_proposes_it(sqlite_world: World, client: Client) -> None:
    give_sources(sqlite_world)
    assign(sqlite_world, "labour", "health-access")
    for place in ("forms/1", "answers/health-access/form"):
        filled = client(form_of(sqlite_world, place, "labour_a"))
        assert (filled["problems"], filled["errors"]) == ([], [])
        answer = filled["data"]["health-access"]
        sent = sqlite_world.as_("labour_a").post(
            path(sqlite_world, "contributions/health-access"), json={"answer": answer}
        )
        assert sent.status_code == 201, sent.text

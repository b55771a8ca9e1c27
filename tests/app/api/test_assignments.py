"""Assigning indicators to ministries, finishing, reminding."""

from typing import Any

import pytest
from sqlmodel import select

from app.models.mail import OutboxLetter
from app.models.people import RoleGrant
from tests.steps import made, path
from tests.teamwork import assign, propose
from tests.world import World

FINISH = "assignments/{}/{}/finish"


def listed(world: World, name: str) -> list[tuple[str, str]]:
    found = made(world.as_(name).get(path(world, "assignments"))).json()
    return [(item["indicator"], item["ministry"]) for item in found]


def finish(world: World, name: str, ministry: str, indicator: str = "health-access") -> int:
    place = FINISH.format(indicator, world.ministries[ministry])
    return world.as_(name).post(path(world, place)).status_code


def remind(world: World, **body: object) -> tuple[int, dict[str, Any]]:
    answer = world.as_("focal_a").post(path(world, "reminders"), json=body)
    return answer.status_code, answer.json()


def letters(world: World) -> list[OutboxLetter]:
    with world.service.database.reading() as session:
        return list(session.exec(select(OutboxLetter).order_by(OutboxLetter.recipient)))


@pytest.fixture
def mailing_world(sqlite_world: World) -> World:
    """A world with a mail server; nothing is sent, letters wait in the outbox."""
    settings = sqlite_world.service.settings.model_copy(update={"smtp_url": "smtp://localhost"})
    sqlite_world.service.settings = settings
    return sqlite_world


def test_many_indicators_are_assigned_at_once_and_listed_in_order(world: World) -> None:
    made(assign(world, "labour", "education-access", "health-access", due="2026-03-31", remark="Please name the law."))
    made(assign(world, "health", "health-access"))
    both = [("health-access", "Ministry health"), ("health-access", "Ministry labour")]
    assert listed(world, "focal_a") == listed(world, "signatory_a") == [*both, ("education-access", "Ministry labour")]
    assert listed(world, "health_a") == [("health-access", "Ministry health")]
    found = world.as_("labour_a").get(path(world, "assignments")).json()
    assert {(item["due"], item["remark"]) for item in found} == {("2026-03-31", "Please name the law.")}


def test_another_countrys_ministry_and_an_unknown_one_look_the_same(sqlite_world: World) -> None:
    refused = [assign(sqlite_world, "labour_b", "health-access")]
    sqlite_world.ministries["absent"] = "aaaaaaaaaaaaaaaaaaaa"
    refused.append(assign(sqlite_world, "absent", "health-access"))
    assert [answer.status_code for answer in refused] == [422, 422]
    assert refused[0].json()["errors"] == refused[1].json()["errors"]
    assert listed(sqlite_world, "focal_a") == []


def test_one_unknown_indicator_keeps_all_from_being_assigned(sqlite_world: World) -> None:
    refused = assign(sqlite_world, "labour", "health-access", "no-such-thing", due="2026-01-01")
    assert [error["path"] for error in refused.json()["errors"]] == [["indicators", 1], ["due"]]
    assert listed(sqlite_world, "focal_a") == []


def test_what_is_done_is_open_again_when_it_is_asked_anew(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    assert finish(sqlite_world, "labour_a", "labour") == 200
    assert made(assign(sqlite_world, "labour", "health-access")).json()[0]["done_at"] is not None
    assert made(assign(sqlite_world, "labour", "health-access", remark="More, please.")).json()[0]["done_at"] is None


def test_an_assignment_is_overdue_from_the_day_after(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access", due="2026-01-16")

    def overdue() -> bool:
        sqlite_world.forget_clients()
        return bool(sqlite_world.as_("focal_a").get(path(sqlite_world, "assignments")).json()[0]["overdue"])

    sqlite_world.later(days=1)
    assert not overdue()
    sqlite_world.later(days=1)
    assert overdue()
    finish(sqlite_world, "labour_a", "labour")
    assert not overdue()


def test_a_contributor_finishes_only_what_is_assigned_to_their_ministry(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    assert finish(sqlite_world, "health_a", "labour") == 404
    assert finish(sqlite_world, "health_a", "health") == 404
    assert finish(sqlite_world, "focal_a", "labour") == 403
    assert finish(sqlite_world, "contributor_b", "labour") == 404


def test_after_removal_the_ministry_sees_nothing_and_its_contribution_stays(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    made(propose(sqlite_world, "labour_a"))
    place = path(sqlite_world, f"assignments/health-access/{sqlite_world.ministries['labour']}")
    assert sqlite_world.as_("focal_a").delete(place).status_code == 204
    assert sqlite_world.as_("focal_a").delete(place).status_code == 404
    assert sqlite_world.as_("labour_a").get(path(sqlite_world, "answers/health-access")).status_code == 404
    contributions = path(sqlite_world, "contributions")
    assert sqlite_world.as_("labour_a").get(contributions).json()["items"] == []
    assert [item["state"] for item in sqlite_world.as_("focal_a").get(contributions).json()["items"]] == ["proposed"]


def test_only_focal_points_assign_and_remind(sqlite_world: World) -> None:
    ministry = sqlite_world.ministries["labour"]
    body = {"indicators": ["health-access"], "ministry_id": ministry}
    refused = {"labour_a": 403, "signatory_a": 403, "adviser_a": 403, "reviewer": 403, "administrator": 403}
    for name, status in {**refused, "focal_b": 404, "nobody": 404, "anonymous": 401}.items():
        client = sqlite_world.as_(name)
        assert client.put(path(sqlite_world, "assignments"), json=body).status_code == status, name
        assert client.delete(path(sqlite_world, f"assignments/health-access/{ministry}")).status_code == status, name
        assert client.post(path(sqlite_world, "reminders"), json={"ministry_id": ministry}).status_code == status, name


def test_assignments_are_the_governments_own(sqlite_world: World) -> None:
    for name, status in {"adviser_a": 403, "reviewer": 403, "administrator": 403, "contributor_b": 404}.items():
        assert sqlite_world.as_(name).get(path(sqlite_world, "assignments")).status_code == status, name


def test_a_reminder_is_one_letter_for_all_that_waits_and_holds_no_remark(mailing_world: World) -> None:
    assign(mailing_world, "labour", "health-access", "education-access", due="2026-02-01", remark="Secret remark.")
    assign(mailing_world, "labour", "social-protection-access", due="2026-01-20")
    finish(mailing_world, "labour_a", "labour", "education-access")
    status, told = remind(mailing_world, ministry_id=mailing_world.ministries["labour"])
    assert (status, told["waiting"]) == (200, [])
    [letter] = letters(mailing_world)
    assert letter.recipient == "labour_a@example.org"
    assert "2 indicators wait" in letter.text
    assert "20 January 2026" in letter.text
    assert "Secret" not in letter.text
    assert f"http://localhost/assessments/{mailing_world.assessments['a']}" in letter.text


def test_an_assignment_is_reminded_of_once_a_day(mailing_world: World) -> None:
    assign(mailing_world, "labour", "health-access")
    assert remind(mailing_world, indicators=["health-access"])[0] == 200
    mailing_world.later(hours=23)
    mailing_world.forget_clients()
    status, told = remind(mailing_world, indicators=["health-access"])
    assert (status, told["reminded_at"]) == (409, "2026-01-15T09:00:00+00:00")
    assign(mailing_world, "health", "health-access")
    status, told = remind(mailing_world, indicators=["health-access"])
    assert status == 200
    assert [item["ministry"] for item in told["waiting"]] == ["Ministry labour"]
    mailing_world.later(hours=1)
    mailing_world.forget_clients()
    assert remind(mailing_world, ministry_id=mailing_world.ministries["labour"])[0] == 200
    assert [letter.recipient[:6] for letter in letters(mailing_world)] == ["health", "labour", "labour"]


def test_a_reminder_that_would_reach_nobody_says_why(mailing_world: World) -> None:
    assert remind(mailing_world)[0] == 422
    assert remind(mailing_world, indicators=["health-access"])[0] == 409
    assign(mailing_world, "labour", "health-access")
    with mailing_world.work("manage_accounts") as work:
        grant = work.session.exec(
            select(RoleGrant).where(RoleGrant.account_id == mailing_world.accounts["labour_a"])
        ).one()
        grant.ended_at = mailing_world.now
    status, told = remind(mailing_world, indicators=["health-access"])
    assert (status, told["detail"]) == (
        409,
        "Nobody contributes yet for: Ministry labour. Please invite someone first.",
    )
    assert letters(mailing_world) == []

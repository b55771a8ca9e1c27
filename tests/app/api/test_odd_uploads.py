"""Uploads and changes of files that are oddly asked for: a clear answer, and nothing half done."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from app.models.people import RoleGrant
from tests.app.evidence.attachments import LAW, attached, kept, nothing_kept, reason, rows
from tests.app.evidence.test_checking import GOOD
from tests.steps import path
from tests.teamwork import assign
from tests.world import World


@pytest.mark.parametrize(
    ("query", "status"),
    [("name=%ED%A0%80", 201), ("name=%00", 201), ("name=%2e%2e%2f", 201), ("name=", 422), ("", 422),
     (f"name={'a' * 401}", 422), ("name=a&public=perhaps", 422), ("name=a&source_id=../x", 422), ("name=a&size=3", 422)],
)  # fmt: skip
def test_no_query_is_too_odd(sqlite_world: World, query: str, status: int) -> None:
    address = path(sqlite_world, f"evidence?indicator=health-access&{query}")
    answer = sqlite_world.as_("focal_a").post(address, content=LAW)
    assert answer.status_code == status, answer.text
    assert nothing_kept(sqlite_world) == (status == 422)


def test_no_change_is_too_odd(sqlite_world: World) -> None:
    address = path(sqlite_world, f"evidence/{attached(sqlite_world)['id']}")
    for body in ('{"name": "\\ud800"}', '{"name": ""}', '{"sha256": "0"}', '{"public": "perhaps"}', "[]", "{", "\0"):
        refused = sqlite_world.as_("focal_a").patch(address, content=body, headers={"Content-Type": "application/json"})
        assert refused.status_code == 422, body
    assert [row.name for row in rows(sqlite_world)] == ["law.txt"]


def test_ones_own_assessment_does_not_open_anothers_files(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    foreign = path(sqlite_world, f"evidence/{file['id']}", "b")
    calls = [("GET", ""), ("GET", "/content"), ("DELETE", "")]
    answers = [sqlite_world.as_("focal_b").request(method, foreign + rest) for method, rest in calls]
    answers.append(sqlite_world.as_("focal_b").patch(foreign, json={"public": True}))
    assert {reason(answer) for answer in answers} == {(404, "not-found")}
    assert [(row.public, row.removed_at) for row in rows(sqlite_world)] == [(False, None)]


def test_good_files_of_every_kind_come_back_as_they_were(sqlite_world: World) -> None:
    for name, content in GOOD.items():
        file = attached(sqlite_world, content, name=name)
        answer = sqlite_world.as_("signatory_a").get(path(sqlite_world, f"evidence/{file['id']}/content"))
        assert answer.content == content, name
        assert answer.headers["content-type"].startswith(file["media_type"]), name


def test_one_whose_role_ends_while_sending_is_a_stranger_then(world: World) -> None:
    assert assign(world, "labour", "health-access").is_success

    def slowly() -> Iterator[bytes]:
        yield LAW
        with world.work("end_role") as work:
            mine = col(RoleGrant.account_id) == world.accounts["labour_a"]
            work.session.exec(select(RoleGrant).where(mine)).one().ended_at = world.now
        yield LAW

    address = path(world, "evidence?indicator=health-access&name=law.txt")
    sent = world.as_("labour_a").post(address, content=slowly())
    assert reason(sent) == (404, "not-found")
    assert kept(world) == set()
    assert rows(world) == []

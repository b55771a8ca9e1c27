"""The record as people read it: pages, names, kinds; no values, and nothing of IOM's internal notes for a government."""

import pytest

from app.models.work import Comment
from app.people.secrets import new_id
from app.rights import right
from app.work import begin_work, enter_assessment
from tests.steps import made, path
from tests.world import World

ANSWER = {"values": {"groups": "all"}, "note": "A remark that stays among us."}


def save(world: World, versions: int = 1) -> None:
    for version in range(versions):
        body = {**ANSWER, "detail": f"Change number {version}."}
        headers = {"If-Match": f'"{version}"'}
        made(world.as_("focal_a").put(path(world, "answers/health-access"), json=body, headers=headers))


def test_the_record_tells_who_did_what_and_no_value(world: World) -> None:
    save(world)
    for name in ("focal_a", "signatory_a", "administrator"):
        shown = made(world.as_(name).get(path(world, "record")))
        event = shown.json()["items"][0]
        assert (event["kind"], event["subject"], event["actor_name"]) == (
            "answer_saved", "health-access", "Person focal_a",
        )  # fmt: skip
        assert event["state"] == "collecting"
        assert "remark" not in shown.text
        assert "example.org" not in shown.text


@pytest.mark.parametrize(("name", "status"), [("labour_a", 403), ("adviser_a", 403), ("focal_b", 404), ("nobody", 404)])
def test_others_do_not_read_the_record(sqlite_world: World, name: str, status: int) -> None:
    assert sqlite_world.as_(name).get(path(sqlite_world, "record")).status_code == status


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_pages_of_the_record_join_without_gap(sqlite_world: World, order: str) -> None:
    save(sqlite_world, 6)
    seen: list[int] = []
    query: dict[str, str | int] = {"order": order, "limit": 3}
    while True:
        page = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "record"), params=query)).json()
        seen += [event["seq"] for event in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == sorted(range(1, 8), reverse=order == "newest")


def test_the_record_is_asked_for_one_kind(sqlite_world: World) -> None:
    save(sqlite_world, 2)
    shown = sqlite_world.as_("focal_a").get(path(sqlite_world, "record"), params={"kind": "opened"}).json()
    assert [event["kind"] for event in shown["items"]] == ["opened"]


def test_the_hashes_of_the_record_are_a_chain(sqlite_world: World) -> None:
    save(sqlite_world, 2)
    events = sqlite_world.as_("focal_a").get(path(sqlite_world, "record")).json()["items"]
    assert len({event["hash"] for event in events}) == 3
    assert all(len(event["hash"]) == 64 for event in events)


def test_a_government_does_not_learn_of_internal_notes(sqlite_world: World) -> None:
    secret, note = sqlite_world.sign_in("reviewer"), new_id()
    with begin_work(sqlite_world.service, right("comment"), secret) as work:
        enter_assessment(work, sqlite_world.assessments["a"])
        work.session.add(
            Comment(
                id=note, assessment_id=work.assessment.id, indicator="health-access", thread_id=note, text="Odd.",
                audience="internal", written_by=work.actor.id, written_at=work.now,
            )
        )  # fmt: skip
        work.session.flush()
        work.record("comment_added", note, indicator="health-access")
        work.record("comment_resolved", "health-access", audience="internal")
    for name, kinds in {"reviewer": 3, "administrator": 3, "focal_a": 1, "signatory_a": 1}.items():
        assert len(sqlite_world.as_(name).get(path(sqlite_world, "record")).json()["items"]) == kinds, name


def test_the_record_of_accounts_is_for_administrators(sqlite_world: World) -> None:
    shown = made(sqlite_world.as_("administrator").get("/record/accounts", params={"kind": "round_opened"})).json()
    assert {event["payload"]["country"] for event in shown["items"]} == {"KG", "UZ"}
    assert sqlite_world.as_("reviewer").get("/record/accounts").status_code == 403
    assert sqlite_world.as_("anonymous").get("/record/accounts").status_code == 401


def test_a_cursor_that_is_none_is_refused(sqlite_world: World) -> None:
    for cursor in ("x", "WyJhIl0", "WzFlOTld"):
        shown = sqlite_world.as_("focal_a").get(path(sqlite_world, "record"), params={"after": cursor})
        assert shown.status_code == 422, cursor


def test_only_the_government_sees_hashes_from_which_a_short_answer_could_be_guessed(sqlite_world: World) -> None:
    world = sqlite_world
    where = f"/assessments/{world.assessments['a']}"
    world.as_("focal_a").put(
        f"{where}/answers/health-access", json={"values": {"groups": "all"}}, headers={"If-Match": '"0"'}
    )
    for name, sees in (("focal_a", True), ("reviewer", False), ("administrator", False)):
        event = world.as_(name).get(f"{where}/record?kind=answer_saved").json()["items"][0]
        assert (event["hash"] is not None, "sha256" in event["payload"]) == (sees, sees), name

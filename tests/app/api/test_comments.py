"""Comments: each audience reads its own, and nothing internal ever reaches a government."""

import json

from app.models.people import RoleGrant
from app.people.secrets import new_id
from questionnaire.response import Response
from tests.steps import bring_to, made, path
from tests.teamwork import assign, comment, texts
from tests.world import World

GOVERNMENT = ("focal_a", "second_focal_a", "labour_a", "health_a", "signatory_a")
IOM = ("adviser_a", "reviewer", "second_reviewer")


def written(world: World, name: str, audience: str, text: str = "Why?", **more: object) -> str:
    return str(made(comment(world, name, audience, text, **more)).json()["id"])


def resolve(world: World, name: str, comment_id: str) -> int:
    return world.as_(name).post(path(world, f"comments/{comment_id}/resolve")).status_code


def readers(world: World, text: str) -> set[str]:
    return {name for name in (*GOVERNMENT, *IOM) if text in texts(world, name)}


def test_each_audience_reads_its_own(world: World) -> None:
    assign(world, "labour", "health-access")
    written(world, "focal_a", "government", "To all of us.")
    written(world, "focal_a", "government", "To labour.", ministry_id=world.ministries["labour"])
    written(world, "signatory_a", "government", "To health.", ministry_id=world.ministries["health"])
    written(world, "labour_a", "government", "From labour.")
    written(world, "adviser_a", "shared", "Shared.")
    written(world, "reviewer", "internal", "Internal.")
    leads = {"focal_a", "second_focal_a", "signatory_a"}
    assert readers(world, "To all of us.") == readers(world, "From labour.") == {*leads, "labour_a"}
    assert readers(world, "To labour.") == {*leads, "labour_a"}
    assert readers(world, "To health.") == leads
    assert readers(world, "Shared.") == {*leads, *IOM}
    assert readers(world, "Internal.") == {"reviewer", "second_reviewer"}


def test_nothing_of_an_internal_comment_reaches_a_government(sqlite_world: World, response: Response) -> None:
    assign(sqlite_world, "labour", "health-access")
    bring_to(sqlite_world, "in_review", response)
    secret = written(sqlite_world, "reviewer", "internal", "Zanzibarite doubts.")
    assert resolve(sqlite_world, "second_reviewer", secret) == 200
    written(sqlite_world, "reviewer", "internal", "Zanzibarite doubts again.", thread_id=secret)
    for name in GOVERNMENT:
        client = sqlite_world.as_(name)
        for place in (
            "comments",
            "comments?indicator=health-access",
            "progress",
            "missing",
            "record?limit=200",
            "answers",
        ):
            seen = client.get(path(sqlite_world, place))
            assert seen.status_code in (200, 403), (name, place, seen.text)
            assert secret not in seen.text, (name, place)
            assert "Zanzibarite" not in seen.text, (name, place)
            assert '"open_thread":true' not in seen.text, (name, place)
        reply = comment(sqlite_world, name, "internal", thread_id=secret)
        assert reply.status_code == (404 if name == "health_a" else 403)
        assert resolve(sqlite_world, name, secret) == 404


def test_government_comments_never_reach_iom_or_the_administrator(sqlite_world: World, response: Response) -> None:
    assign(sqlite_world, "labour", "health-access")
    own = written(sqlite_world, "focal_a", "government", "Zanzibarite doubts.")
    for name in (*IOM, "administrator", "focal_b"):
        for place in ("comments", "progress", "record?limit=200"):
            assert "Zanzibarite" not in sqlite_world.as_(name).get(path(sqlite_world, place)).text, name
    assert '"open_thread":true' not in sqlite_world.as_("adviser_a").get(path(sqlite_world, "progress")).text
    assert resolve(sqlite_world, "reviewer", own) == 404
    for place, status in (("comments", 403), ("progress", 403)):
        assert sqlite_world.as_("administrator").get(path(sqlite_world, place)).status_code == status


def test_who_may_write_to_whom(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    allowed = {
        "government": {"focal_a", "labour_a", "signatory_a"},
        "shared": {"focal_a", "adviser_a", "reviewer"},
        "internal": {"reviewer"},
    }
    for audience, writers in allowed.items():
        for name in ("focal_a", "labour_a", "signatory_a", "adviser_a", "reviewer", "administrator"):
            assert comment(sqlite_world, name, audience).status_code == (201 if name in writers else 403), (
                name,
                audience,
            )
        assert comment(sqlite_world, "focal_b", audience).status_code == 404
        assert comment(sqlite_world, "anonymous", audience).status_code == 401


def test_contributors_write_for_their_ministry_on_their_indicators_alone(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    labour, health = (sqlite_world.ministries[name] for name in ("labour", "health"))
    assert comment(sqlite_world, "labour_a", "government", indicator="education-access").status_code == 404
    assert comment(sqlite_world, "labour_a", "government", indicator="no-such-thing").status_code == 404
    assert comment(sqlite_world, "labour_a", "government", ministry_id=health).status_code == 422
    assert made(comment(sqlite_world, "labour_a", "government", "Ours.")).json()["ministry_id"] == labour
    assert texts(sqlite_world, "health_a") == []


def test_a_ministry_named_is_one_of_this_country_and_for_government_alone(sqlite_world: World) -> None:
    foreign, labour = sqlite_world.ministries["labour_b"], sqlite_world.ministries["labour"]
    assert comment(sqlite_world, "focal_a", "government", ministry_id=foreign).status_code == 422
    assert comment(sqlite_world, "focal_a", "shared", ministry_id=labour).status_code == 422


def test_a_reply_has_its_threads_audience_indicator_and_ministry(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    labour, health = (sqlite_world.ministries[name] for name in ("labour", "health"))
    thread = written(sqlite_world, "labour_a", "government", "From labour.")
    assert comment(sqlite_world, "health_a", "government", thread_id=thread).status_code == 404
    assert comment(sqlite_world, "focal_a", "shared", thread_id=thread).status_code == 422
    other = comment(sqlite_world, "focal_a", "government", thread_id=thread, indicator="education-access")
    assert other.status_code == 422
    assert comment(sqlite_world, "focal_a", "government", thread_id=thread, ministry_id=health).status_code == 422
    reply = made(comment(sqlite_world, "focal_a", "government", "To labour.", thread_id=thread)).json()
    assert (reply["thread_id"], reply["ministry_id"]) == (thread, labour)
    assert comment(sqlite_world, "focal_a", "government", thread_id=reply["id"]).status_code == 404
    assert texts(sqlite_world, "health_a") == []


def test_a_ministrys_reply_to_all_is_not_seen_by_other_ministries(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    thread = written(sqlite_world, "focal_a", "government", "To all.")
    written(sqlite_world, "labour_a", "government", "From labour.", thread_id=thread)
    assert texts(sqlite_world, "health_a") == ["To all."]
    assert set(texts(sqlite_world, "labour_a")) == {"To all.", "From labour."}


def test_a_thread_is_resolved_by_those_who_may_write_in_it_and_a_reply_opens_it(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    to_all, own = written(sqlite_world, "focal_a", "government"), written(sqlite_world, "labour_a", "government")
    shared = written(sqlite_world, "reviewer", "shared")
    assert resolve(sqlite_world, "labour_a", to_all) == 403
    assert resolve(sqlite_world, "signatory_a", shared) == 403
    assert resolve(sqlite_world, "labour_a", shared) == 404
    assert resolve(sqlite_world, "labour_a", own) == resolve(sqlite_world, "focal_a", shared) == 200
    written(sqlite_world, "reviewer", "shared", "But…", thread_id=shared)
    found = sqlite_world.as_("focal_a").get(path(sqlite_world, "comments")).json()["items"]
    assert {item["id"] for item in found if item["resolved_at"]} == {own}


def test_who_is_of_both_sides_reads_nothing_internal(sqlite_world: World) -> None:
    written(sqlite_world, "second_reviewer", "internal", "Internal.")
    with sqlite_world.work("manage_accounts") as work:
        account = sqlite_world.accounts["reviewer"]
        work.session.add(
            RoleGrant(
                id=new_id(), account_id=account, role="focal_point", country="KG", ministry_id=None,
                created_at=sqlite_world.now,
            )
        )  # fmt: skip
    assert texts(sqlite_world, "reviewer") == []
    assert comment(sqlite_world, "reviewer", "internal").status_code == 403


def test_comments_come_in_pages_by_date_and_by_indicator(world: World) -> None:
    for number in range(3):
        written(world, "focal_a", "shared", f"Number {number}.")
        world.later(seconds=1)
    written(world, "focal_a", "shared", "Elsewhere.", indicator="education-access")
    first = made(world.as_("reviewer").get(path(world, "comments"), params={"limit": 2})).json()
    rest = made(world.as_("reviewer").get(path(world, "comments"), params={"after": first["next"]})).json()
    seen = [item["text"] for item in (*first["items"], *rest["items"])]
    assert (seen, rest["next"]) == (["Number 0.", "Number 1.", "Number 2.", "Elsewhere."], None)
    assert texts(world, "reviewer", indicator="education-access") == ["Elsewhere."]


def test_a_comment_repeated_with_its_key_is_written_once(sqlite_world: World) -> None:
    body = {"indicator": "health-access", "audience": "shared", "text": "Once."}
    for _ in range(2):
        headers = {"Idempotency-Key": "comment-1"}
        made(sqlite_world.as_("focal_a").post(path(sqlite_world, "comments"), json=body, headers=headers))
    assert texts(sqlite_world, "focal_a") == ["Once."]


def test_hostile_text_is_refused(sqlite_world: World) -> None:
    for text in ("", "  ", "a\x00b", "\ud800", "x" * 5001, "a\u202eb", None, ["a"]):
        body = json.dumps({"indicator": "health-access", "audience": "shared", "text": text})
        headers = {"Content-Type": "application/json"}
        refused = sqlite_world.as_("focal_a").post(path(sqlite_world, "comments"), content=body, headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, ["body", "text"]), text
    assert texts(sqlite_world, "focal_a") == []

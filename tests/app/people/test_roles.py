"""Ending roles: by whom, of whom, at once; what ends with them; handing over."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlmodel import col, select

from app.models.mail import OutboxLetter
from app.models.people import Link, RoleGrant
from app.models.record import Event
from tests.app.people.inviting import WORDS, accept, give_token, invite, mailed_tokens, token_of, with_mail
from tests.world import PEOPLE, World

ENDS = {
    "focal_a": {"second_focal_a", "labour_a", "health_a", "signatory_a", "adviser_a"},
    "administrator": {"second_focal_a", "reviewer"},
}


def grant_of(world: World, name: str, country: str | None = "KG") -> str:
    with world.service.database.reading() as session:
        held = session.exec(
            select(RoleGrant).where(
                col(RoleGrant.account_id) == world.accounts[name], col(RoleGrant.ended_at).is_(None)
            )
        )
        return next(grant.id for grant in held if grant.country == country)


def end(world: World, by: str, whose: str) -> httpx.Response:
    return world.as_(by).delete(f"/countries/KG/roles/{grant_of(world, whose)}")


def by_token(world: World, secret: str, path: str) -> int:
    return httpx.get(f"{world.address}/api/v1{path}", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_who_may_end_whose_role(sqlite_world: World) -> None:
    people = [name for name, grants in PEOPLE.items() if any(country == "KG" for _, country, _ in grants)]
    for by in ("labour_a", "signatory_a", "adviser_a", "reviewer", "focal_b", "focal_a", "administrator"):
        refused = 404 if by == "focal_b" else 403
        for whose in people:
            if whose in ENDS.get(by, set()) or whose == by or (by, whose) == ("administrator", "focal_a"):
                continue
            if by == "administrator" and whose == "second_reviewer":
                continue
            assert end(sqlite_world, by, whose).status_code == refused, (by, whose)
    for by, ended in (("focal_a", ENDS["focal_a"]), ("administrator", {"reviewer"})):
        for whose in sorted(ended):
            assert end(sqlite_world, by, whose).status_code == 204, (by, whose)


def test_an_ended_role_ends_at_once_with_everything_that_hangs_on_it(world: World) -> None:
    own, all_countries = give_token(world, "labour_a", "KG"), give_token(world, "labour_a", None)
    path = f"/assessments/{world.assessments['a']}"
    invite(world, "focal_a", "signatory", "labour_a@example.org")
    assert [world.as_("labour_a").get(path).status_code, by_token(world, own, path)] == [200, 200]
    assert end(world, "focal_a", "labour_a").status_code == 204
    assert world.as_("labour_a").get(path).status_code == 401
    assert [by_token(world, secret, path) for secret in (own, all_countries)] == [401, 401]
    assert world.as_("focal_a").get("/countries/KG/people").json()["invitations"] == []
    world.forget_clients()
    assert world.as_("labour_a").get(path).status_code == 404


def test_tokens_for_other_countries_live_on(sqlite_world: World) -> None:
    here, there = (give_token(sqlite_world, "second_reviewer", country) for country in ("KG", "UZ"))
    assert end(sqlite_world, "administrator", "second_reviewer").status_code == 204
    assert by_token(sqlite_world, here, "/assessments") == 401
    assert by_token(sqlite_world, there, "/assessments") == 200


def test_a_role_cannot_be_ended_twice_or_from_another_country(sqlite_world: World) -> None:
    grant = grant_of(sqlite_world, "labour_a")
    assert sqlite_world.as_("focal_b").delete(f"/countries/UZ/roles/{grant}").status_code == 404
    assert [sqlite_world.as_("focal_a").delete(f"/countries/KG/roles/{grant}").status_code for _ in range(2)] == [
        204,
        404,
    ]


def test_the_last_focal_point_cannot_be_ended(sqlite_world: World) -> None:
    assert end(sqlite_world, "focal_a", "focal_a").status_code == 204
    for by in ("second_focal_a", "administrator"):
        refused = end(sqlite_world, by, "second_focal_a")
        assert refused.status_code == 409
        assert "hand over" in refused.json()["detail"]


def test_a_disabled_focal_point_does_not_count(sqlite_world: World) -> None:
    path = f"/accounts/{sqlite_world.accounts['second_focal_a']}/disable"
    assert sqlite_world.as_("administrator").post(path).status_code == 200
    assert end(sqlite_world, "administrator", "focal_a").status_code == 409


def test_of_two_focal_points_who_end_each_other_one_stays(world: World) -> None:
    pairs = (("focal_a", "second_focal_a"), ("second_focal_a", "focal_a"))
    paths = [(world.as_(by), f"/countries/KG/roles/{grant_of(world, whose)}") for by, whose in pairs]
    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(lambda pair: pair[0].delete(pair[1]).status_code, paths))
    assert statuses[0] == 204
    assert statuses[1] in (401, 409)


def test_administrators_end_each_other_but_not_themselves(sqlite_world: World) -> None:
    world = sqlite_world
    made = world.as_("administrator").post("/invitations", json={"email": "second@example.org", "name": "Second"})
    accept(world, token_of(made), password=WORDS)
    accounts = world.as_("administrator").get("/accounts").json()["items"]
    second = next(account for account in accounts if account["email"] == "second@example.org")
    own = f"/accounts/{world.accounts['administrator']}/roles/{grant_of(world, 'administrator', None)}"
    other = f"/accounts/{second['id']}/roles/{second['roles'][0]['grant_id']}"
    assert world.as_("administrator").delete(own).status_code == 403
    mixed = f"/accounts/{world.accounts['nobody']}/roles/{second['roles'][0]['grant_id']}"
    assert world.as_("administrator").delete(mixed).status_code == 404
    assert world.as_("focal_a").delete(other).status_code == 403
    assert world.as_("administrator").delete(other).status_code == 204


def hand_over(world: World, by: str, **to: str) -> httpx.Response:
    return world.as_(by).post("/countries/KG/hand-over", json=to)


def test_handing_over_gives_the_role_and_ends_ones_own(world: World) -> None:
    with_mail(world)
    assert end(world, "focal_a", "second_focal_a").status_code == 204
    done = hand_over(world, "focal_a", account_id=world.accounts["signatory_a"])
    assert done.json() == {"done": True, "account_id": world.accounts["signatory_a"], "invitation_id": None}
    assert world.as_("focal_a").get("/countries").status_code == 401
    world.forget_clients()
    assert world.as_("focal_a").get("/countries/KG/people").status_code == 404
    people = world.as_("signatory_a").get("/countries/KG/people").json()["people"]
    assert {role["role"] for role in people[-1]["roles"]} == {"focal_point", "signatory"}
    with world.service.database.reading() as session:
        kinds = session.exec(select(Event.kind).where(col(Event.stream) == "accounts").order_by(col(Event.seq))).all()
        told = session.exec(select(OutboxLetter.recipient)).all()
    assert list(kinds[-3:]) == ["role_given", "handed_over", "role_ended"]
    assert sorted(told) == ["focal_a@example.org", "second_focal_a@example.org", "signatory_a@example.org"]


def test_handing_over_to_a_stranger_a_reviewer_or_oneself_is_refused(sqlite_world: World) -> None:
    for name, status in (("focal_b", 404), ("reviewer", 409), ("second_focal_a", 409), ("focal_a", 403)):
        assert hand_over(sqlite_world, "focal_a", account_id=sqlite_world.accounts[name]).status_code == status, name
    for by, status in (("administrator", 403), ("signatory_a", 403), ("focal_b", 404)):
        assert hand_over(sqlite_world, by, account_id=sqlite_world.accounts["labour_a"]).status_code == status, by
    assert hand_over(sqlite_world, "focal_a").status_code == 422
    assert sqlite_world.as_("focal_a").get("/countries/KG/people").status_code == 200


def test_handing_over_to_someone_who_is_invited_happens_when_they_accept(world: World) -> None:
    with_mail(world)
    assert end(world, "focal_a", "second_focal_a").status_code == 204
    made = invite(world, "focal_a", "focal_point").json()["id"]
    assert hand_over(world, "focal_a", invitation_id=made).json()["done"] is False
    assert world.as_("focal_a").get("/countries/KG/people").json()["invitations"][0]["hands_over"] is True
    token = mailed_tokens(world)[-1]
    assert accept(world, token, password=WORDS).status_code == 200
    assert world.as_("focal_a").get("/countries").status_code == 401
    with world.service.database.reading() as session:
        held = session.exec(
            select(RoleGrant).where(col(RoleGrant.role) == "focal_point", col(RoleGrant.country) == "KG")
        ).all()
        assert [grant.account_id != world.accounts["focal_a"] for grant in held if grant.ended_at is None] == [True]


def test_only_an_invitation_to_be_focal_point_can_hand_over(sqlite_world: World) -> None:
    made = invite(sqlite_world, "focal_a", "adviser").json()["id"]
    assert hand_over(sqlite_world, "focal_a", invitation_id=made).status_code == 422
    assert hand_over(sqlite_world, "focal_a", invitation_id="aaaaaaaaaaaaaaaaaaaa").status_code == 404
    assert hand_over(sqlite_world, "focal_b", invitation_id=made).status_code == 404


def test_the_record_tells_what_happened_and_holds_no_name_or_address(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "focal_point", "zebra@example.org"))
    accept(sqlite_world, token, name="Zebra", password=WORDS)
    with sqlite_world.service.database.reading() as session:
        events = session.exec(select(Event).where(col(Event.stream) == "accounts")).all()
        link = session.exec(select(Link)).one()
    assert [event.kind for event in events[-3:]] == ["invited", "invitation_accepted", "role_given"]
    assert json.loads(events[-3].payload)["role"] == "focal_point"
    assert events[-3].subject == events[-2].subject == link.id
    assert events[-3].actor == sqlite_world.accounts["administrator"]
    written = "".join(event.payload + event.subject for event in events).lower()
    assert "zebra" not in written


def open_links(world: World) -> list[str]:
    with world.service.database.reading() as session:
        live = col(Link.used_at).is_(None) & col(Link.cancelled_at).is_(None)
        return sorted(role or "" for role in session.exec(select(Link.role).where(live)))


def test_what_a_removed_person_offered_ends_with_their_role(world: World) -> None:
    with_mail(world)
    invite(world, "focal_a", "focal_point")
    invite(world, "second_focal_a", "adviser", "other@example.org")
    assert end(world, "second_focal_a", "focal_a").status_code == 204
    assert open_links(world) == ["adviser"]
    theirs, anothers = mailed_tokens(world)
    assert accept(world, theirs, password=WORDS).status_code == 404
    assert accept(world, anothers, password=WORDS).status_code == 200


def test_what_one_may_still_offer_by_another_role_stays(sqlite_world: World) -> None:
    world = sqlite_world
    invite(world, "focal_a", "signatory", "second_focal_a@example.org")
    made = world.as_("second_focal_a").get("/account/invitations").json()[0]["id"]
    assert world.as_("second_focal_a").post(f"/account/invitations/{made}/accept").status_code == 200
    world.forget_clients()
    invite(world, "second_focal_a", "adviser")
    roles = world.as_("focal_a").get("/countries/KG/people").json()["people"]
    held = next(one for one in roles if one["email"] == "second_focal_a@example.org")["roles"]
    grant = next(role["grant_id"] for role in held if role["role"] == "signatory")
    assert world.as_("focal_a").delete(f"/countries/KG/roles/{grant}").status_code == 204
    assert open_links(world) == ["adviser"]


def test_an_invitation_whose_inviter_has_no_such_role_any_more_leads_nowhere(world: World) -> None:
    made = invite(world, "focal_a", "adviser", "nobody@example.org").json()["id"]
    with world.service.database.writing() as session:
        session.get_one(RoleGrant, grant_of(world, "focal_a")).ended_at = world.now
    assert world.as_("nobody").get("/account/invitations").json() == []
    assert world.as_("nobody").post(f"/account/invitations/{made}/accept").status_code == 404

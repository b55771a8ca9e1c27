"""Invitations: to whom, by whom, once, for a while; the role comes with acceptance."""

import httpx
from sqlmodel import col, select

from app.assessments.workflow import ROLES
from app.models.people import Account, Link, RoleGrant
from app.models.record import RequestKey
from tests.app.people.inviting import WORDS, accept, give_token, invite, mailed_tokens, set_account, token_of, with_mail
from tests.world import World

GIVEN = {
    "focal_a": {"focal_point", "contributor", "signatory", "adviser"},
    "administrator": {"focal_point", "reviewer"},
}


def test_each_role_gives_only_its_own(sqlite_world: World) -> None:
    for inviter in (
        "focal_a",
        "administrator",
        "labour_a",
        "signatory_a",
        "adviser_a",
        "reviewer",
        "focal_b",
        "nobody",
    ):
        refused = 404 if inviter in ("focal_b", "nobody") else 403
        expected = {role: 201 if role in GIVEN.get(inviter, ()) else refused for role in ROLES}
        if inviter == "administrator":
            expected["administrator"] = 422
        for role, status in expected.items():
            assert invite(sqlite_world, inviter, role, f"{inviter}.{role}@example.org").status_code == status, (
                inviter,
                role,
            )
    with sqlite_world.service.database.reading() as session:
        assert len(session.exec(select(Link)).all()) == sum(map(len, GIVEN.values()))


def test_nobody_gives_themselves_a_role(sqlite_world: World) -> None:
    for inviter in ("focal_a", "administrator", "labour_a", "reviewer"):
        for role in ROLES:
            answer = invite(sqlite_world, inviter, role, email=f"{inviter.upper()}@example.org")
            assert answer.status_code == (422 if (inviter, role) == ("administrator", "administrator") else 403)
        own = {"email": f"{inviter}@example.org", "name": "Me"}
        assert sqlite_world.as_(inviter).post("/invitations", json=own).status_code == 403
    with sqlite_world.service.database.reading() as session:
        assert session.exec(select(Link)).all() == []


def test_an_administrator_invites_another_who_accepts(world: World) -> None:
    body = {"email": "Second@Example.org", "name": "B. Second"}
    token = token_of(world.as_("administrator").post("/invitations", json=body))
    looked = world.as_("anonymous").post("/invitations/look", json={"token": token})
    assert looked.json()["role"] == "administrator"
    assert (looked.json()["inviter"], looked.json()["new_account"]) == ("Person administrator", True)
    assert accept(world, token, name="Bela Second", password=WORDS).status_code == 200
    with world.service.database.reading() as session:
        account = session.exec(select(Account).where(col(Account.email) == "second@example.org")).one()
        grant = session.exec(select(RoleGrant).where(col(RoleGrant.account_id) == account.id)).one()
    assert (account.name, grant.role, grant.country) == ("Bela Second", "administrator", None)
    assert grant.granted_by == world.accounts["administrator"]
    assert account.password
    assert WORDS not in account.password


def test_others_cannot_invite_administrators(sqlite_world: World) -> None:
    for name in ("focal_a", "reviewer", "nobody"):
        answer = sqlite_world.as_(name).post("/invitations", json={"email": "x@example.org", "name": "X"})
        assert answer.status_code == 403


def test_a_link_serves_once_and_dead_links_look_alike(world: World) -> None:
    used = token_of(invite(world, "administrator", "focal_point", "one@example.org"))
    assert accept(world, used, password=WORDS).status_code == 200
    cancelled_one = invite(world, "administrator", "focal_point", "two@example.org")
    path = f"/countries/KG/invitations/{cancelled_one.json()['id']}"
    assert world.as_("administrator").delete(path).status_code == 204
    expired = token_of(invite(world, "administrator", "focal_point", "three@example.org"))
    world.later(hours=72)
    dead = [
        accept(world, token, password=WORDS)
        for token in (used, token_of(cancelled_one), expired, "wrong\0\ud800".encode("utf-8", "replace").decode())
    ]
    dead += [world.as_("anonymous").post("/invitations/look", json={"token": t}) for t in (used, expired, "wrong")]
    assert {(answer.status_code, answer.content) for answer in dead} == {(404, dead[0].content)}


def test_looking_does_not_use_a_link_up(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "reviewer"))
    for _ in range(2):
        looked = sqlite_world.as_("anonymous").post("/invitations/look", json={"token": token})
        assert looked.json()["country_name"] == "Kyrgyzstan"
    assert accept(sqlite_world, token, password=WORDS).status_code == 200


def test_a_link_lasts_72_hours(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "reviewer"))
    sqlite_world.later(hours=71, minutes=59)
    assert accept(sqlite_world, token, password=WORDS).status_code == 200


def test_a_refused_password_leaves_the_link_open(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "reviewer"))
    for body in ({}, {"password": "short"}, {"password": "passwordpassword"}):
        answer = accept(sqlite_world, token, **body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == ["password"]
    assert accept(sqlite_world, token, password=WORDS).status_code == 200


def test_renewing_ends_the_old_link_even_when_it_is_too_old(sqlite_world: World) -> None:
    first = invite(sqlite_world, "administrator", "focal_point")
    sqlite_world.later(days=9)
    sqlite_world.forget_clients()
    renewed = sqlite_world.as_("administrator").post(f"/countries/KG/invitations/{first.json()['id']}/renew")
    assert accept(sqlite_world, token_of(first), password=WORDS).status_code == 404
    assert accept(sqlite_world, token_of(renewed), password=WORDS).status_code == 200
    again = sqlite_world.as_("administrator").post(f"/countries/KG/invitations/{first.json()['id']}/renew")
    assert again.status_code == 404


def test_an_invitation_of_another_country_is_not_found(sqlite_world: World) -> None:
    made = invite(sqlite_world, "focal_a", "adviser").json()["id"]
    foreign = sqlite_world.as_("focal_b").delete(f"/countries/UZ/invitations/{made}")
    absent = sqlite_world.as_("focal_b").delete("/countries/UZ/invitations/aaaaaaaaaaaaaaaaaaaa")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert sqlite_world.as_("labour_a").delete(f"/countries/KG/invitations/{made}").status_code == 403


def test_a_focal_point_cannot_touch_the_invitation_of_a_reviewer(sqlite_world: World) -> None:
    made = invite(sqlite_world, "administrator", "reviewer").json()["id"]
    assert sqlite_world.as_("focal_a").delete(f"/countries/KG/invitations/{made}").status_code == 403
    assert sqlite_world.as_("focal_a").post(f"/countries/KG/invitations/{made}/renew").status_code == 403


def test_a_known_and_an_unknown_e_mail_look_the_same_to_a_focal_point(sqlite_world: World) -> None:
    set_account(sqlite_world, "focal_b", totp_confirmed=False)
    known = invite(sqlite_world, "focal_a", "adviser", "focal_b@example.org").json()
    unknown = invite(sqlite_world, "focal_a", "adviser", "unknown@example.org").json()
    assert known["delivery"] == "administrator"
    assert known["link"] is None
    own = {"id", "email"}
    assert {k: v for k, v in known.items() if k not in own} == {k: v for k, v in unknown.items() if k not in own}
    people = sqlite_world.as_("focal_a").get("/countries/KG/people")
    assert "Person focal_b" not in people.text


def test_with_mail_the_link_goes_by_mail_alone(sqlite_world: World) -> None:
    with_mail(sqlite_world)
    for inviter, email in (("focal_a", "one@example.org"), ("administrator", "two@example.org")):
        answer = invite(sqlite_world, inviter, "focal_point", email).json()
        assert (answer["delivery"], answer["link"]) == ("mailed", None)
    token = mailed_tokens(sqlite_world)[0]
    assert accept(sqlite_world, token, password=WORDS).status_code == 200


def test_a_link_of_someone_with_a_second_factor_is_shown_to_nobody(sqlite_world: World) -> None:
    shown = invite(sqlite_world, "administrator", "reviewer", "focal_b@example.org").json()
    assert shown["link"] is None
    assert "second factor" in shown["detail"]


def test_an_administrator_renews_what_a_focal_point_offered_to_hand_it_over(sqlite_world: World) -> None:
    made = invite(sqlite_world, "focal_a", "contributor").json()["id"]
    renewed = sqlite_world.as_("administrator").post(f"/countries/KG/invitations/{made}/renew")
    assert accept(sqlite_world, token_of(renewed), password=WORDS).status_code == 200


def test_a_retry_with_the_same_key_makes_one_invitation_and_keeps_no_link(world: World) -> None:
    body = {"email": "new@example.org", "name": "A. New", "role": "reviewer"}
    answers = [
        world.as_("administrator").post(
            "/countries/KG/invitations", json=body, headers={"Idempotency-Key": "the-same-key"}
        )
        for _ in range(2)
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[0].json()["link"]
    assert answers[1].json()["link"] is None
    with world.service.database.reading() as session:
        assert len(session.exec(select(Link)).all()) == 1
        assert "invitation#" not in str(session.exec(select(RequestKey.response)).one())


def test_a_known_person_gets_the_role_and_keeps_name_and_password(sqlite_world: World) -> None:
    world = sqlite_world
    set_account(world, "focal_b", totp_confirmed=False, password="$argon2id$of words that nobody knows")
    token = token_of(invite(world, "administrator", "reviewer", "focal_b@example.org"))
    assert world.as_("focal_b").get("/countries/UZ/people").status_code == 200
    refused = accept(world, token, password=WORDS)
    assert refused.json()["errors"][0]["path"] == ["password"]
    assert accept(world, token, name="Another").status_code == 200
    assert world.as_("focal_b").get("/countries/UZ/people").status_code == 401, "the role changed: sign in anew"
    with world.service.database.reading() as session:
        assert session.get_one(Account, world.accounts["focal_b"]).name == "Person focal_b"


CLASHES = (
    ("administrator", "reviewer", "focal_a"),
    ("administrator", "reviewer", "labour_a"),
    ("administrator", "focal_point", "reviewer"),
    ("focal_a", "contributor", "reviewer"),
    ("focal_a", "signatory", "reviewer"),
    ("focal_a", "focal_point", "second_focal_a"),
    ("focal_a", "contributor", "labour_a"),
)


def test_what_clashes_with_a_held_role_is_a_conflict(sqlite_world: World) -> None:
    for inviter, role, name in CLASHES:
        assert invite(sqlite_world, inviter, role, f"{name}@example.org").status_code == 409, (inviter, role, name)


def test_two_roles_that_clash_cannot_both_be_accepted(world: World) -> None:
    with_mail(world)
    invite(world, "administrator", "reviewer")
    invite(world, "focal_a", "signatory")
    first, second = mailed_tokens(world)
    assert accept(world, first, password=WORDS).status_code == 200
    assert accept(world, second).status_code == 409


def test_a_contributor_has_a_ministry_of_the_country_and_nobody_else_has_one(sqlite_world: World) -> None:
    foreign = invite(sqlite_world, "focal_a", "contributor", ministry_id=sqlite_world.ministries["labour_b"])
    missing = invite(sqlite_world, "focal_a", "contributor", ministry_id=None)
    other = invite(sqlite_world, "focal_a", "signatory", ministry_id=sqlite_world.ministries["labour"])
    for answer in (foreign, missing, other):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == ["ministry_id"]
    with sqlite_world.service.database.reading() as session:
        assert session.exec(select(Account).where(col(Account.email) == "new@example.org")).first() is None


def test_what_is_no_e_mail_address_is_refused(sqlite_world: World) -> None:
    wrong = ("", "a", "a@b", "a b@example.org", "a@example.org\n", "é@example.org", f"a@{'b' * 300}.org", "a\0@b.org")
    for email in wrong:
        assert invite(sqlite_world, "focal_a", "adviser", email).status_code == 422, email


def test_a_disabled_account_cannot_accept(sqlite_world: World) -> None:
    set_account(sqlite_world, "nobody", totp_confirmed=False)
    token = token_of(invite(sqlite_world, "administrator", "reviewer", "nobody@example.org"))
    sqlite_world.as_("administrator").post(f"/accounts/{sqlite_world.accounts['nobody']}/disable")
    assert accept(sqlite_world, token, password=WORDS).status_code == 404


def test_someone_who_is_signed_in_accepts_without_the_link(world: World) -> None:
    made = invite(world, "administrator", "reviewer", "unassigned_reviewer@example.org").json()
    listed = world.as_("unassigned_reviewer").get("/account/invitations").json()
    assert [(item["id"], item["country"], item["role"]) for item in listed] == [(made["id"], "KG", "reviewer")]
    path = f"/account/invitations/{made['id']}/accept"
    assert world.as_("focal_b").get("/account/invitations").json() == []
    assert world.as_("focal_b").post(path).status_code == 404
    assert world.as_("unassigned_reviewer").post(path).status_code == 200
    world.clients.pop("unassigned_reviewer").close()
    assert world.as_("unassigned_reviewer").post(path).status_code == 404
    countries = world.as_("unassigned_reviewer").get("/countries").json()
    assert [country["code"] for country in countries] == ["KG", "TJ"]


def test_an_invitation_that_is_too_old_is_not_accepted_by_its_id_either(sqlite_world: World) -> None:
    made = invite(sqlite_world, "administrator", "reviewer", "nobody@example.org").json()
    sqlite_world.later(hours=73)
    assert sqlite_world.as_("nobody").get("/account/invitations").json() == []
    assert sqlite_world.as_("nobody").post(f"/account/invitations/{made['id']}/accept").status_code == 404


def test_a_programs_token_accepts_nothing(sqlite_world: World) -> None:
    secret = give_token(sqlite_world, "nobody", None, scope="write")
    made = invite(sqlite_world, "administrator", "reviewer", "nobody@example.org").json()
    path = f"{sqlite_world.address}/api/v1/account/invitations/{made['id']}/accept"
    assert httpx.post(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 403


def test_what_a_disabled_administrator_offered_leads_nowhere_even_once_they_are_enabled(sqlite_world: World) -> None:
    world = sqlite_world
    second = token_of(world.as_("administrator").post("/invitations", json={"email": "b@example.org", "name": "B"}))
    assert accept(world, second, password=WORDS).status_code == 200
    token = token_of(invite(world, "administrator", "reviewer"))
    with world.service.database.reading() as session:
        account = session.exec(select(Account.id).where(col(Account.email) == "b@example.org")).one()
    world.accounts["b"] = account
    set_account(world, "b", totp_confirmed=True)
    path = f"/accounts/{world.accounts['administrator']}"
    for change in ("disable", "enable"):
        assert world.as_("b").post(f"{path}/{change}").status_code == 200
        assert accept(world, token, password=WORDS).status_code == 404
    with world.service.database.reading() as session:
        assert session.exec(select(Link.cancelled_at).where(col(Link.role) == "reviewer")).one() is not None

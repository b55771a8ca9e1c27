"""A country's people on the pages: who holds which role, inviting, ending a role, handing over."""

import pytest
from sqlmodel import select

from app.models.people import RoleGrant
from tests.app.people.inviting import with_mail
from tests.sign_ins import waiting_letters
from tests.visiting import Page, Visitor, visitor
from tests.world import World

PEOPLE = "/countries/KG/people"


@pytest.fixture
def focal(sqlite_world: World) -> Visitor:
    return visitor(sqlite_world, "focal_a")


def ending(page: Page, name: str) -> str:
    """The address at which a person's role is ended."""
    return next(str(href) for text, href in page.links().items() if text.startswith("End the role") and name in text)


def test_the_people_are_listed_with_role_ministry_and_date(focal: Visitor) -> None:
    page = focal.get(PEOPLE)
    assert page.heading == "People of Kyrgyzstan"
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.find("//table[1]//tr")]
    labour = next(row for row in rows if "labour_a" in row)
    assert "Contributor Ministry labour 15 January 2026" in labour
    assert page.links()["Ministries"] == "/countries/KG/ministries"
    assert not any("Person reviewer" in text for text in page.links())


def test_who_may_not_see_the_people(sqlite_world: World) -> None:
    for name in ("labour_a", "signatory_a", "adviser_a", "reviewer"):
        assert visitor(sqlite_world, name).get(PEOPLE).status == 403, name
    stranger = visitor(sqlite_world, "focal_b")
    assert stranger.get(PEOPLE).status == stranger.get("/countries/FR/people").status == 404


def test_a_contributor_is_invited_for_a_ministry(sqlite_world: World, focal: Visitor) -> None:
    with_mail(sqlite_world)
    focal.get(PEOPLE)
    focal.follow("Invite someone")
    page = focal.press("Invite", role="contributor", email="new@example.org", name="A. New")
    assert (page.status, page.find("string(//input[@name='email']/@value)")) == (422, "new@example.org")
    assert page.find("//input[@value='contributor']/@checked")
    page = focal.press("Invite", ministry_id=sqlite_world.ministries["labour"])
    assert "The invitation was sent by mail." in page.text
    assert "Contributor ( Ministry labour )" in page.text
    assert [letter.recipient for letter in waiting_letters(sqlite_world)] == ["new@example.org"]


def test_a_focal_point_is_offered_no_role_that_is_iom_s_to_give(sqlite_world: World, focal: Visitor) -> None:
    page = focal.get("/countries/KG/invitations/new")
    assert page.find("//input[@name='role']/@value") == ["focal_point", "contributor", "signatory", "adviser"]
    page = visitor(sqlite_world, "administrator").get("/countries/KG/invitations/new")
    assert page.find("//input[@name='role']/@value") == ["focal_point", "reviewer"]


def test_without_mail_a_focal_point_never_sees_the_link(sqlite_world: World, focal: Visitor) -> None:
    focal.get("/countries/KG/invitations/new")
    page = focal.press("Invite", role="adviser", email="new@example.org", name="A. New")
    assert "ask the administrator" in page.text
    assert "invitation#" not in page.text
    admin = visitor(sqlite_world, "administrator")
    admin.get(PEOPLE)
    assert "invitation#" in admin.press("Renew new@example.org").text


def test_an_invitation_is_withdrawn_and_an_old_one_renewed(sqlite_world: World, focal: Visitor) -> None:
    focal.get("/countries/KG/invitations/new")
    focal.press("Invite", role="adviser", email="new@example.org", name="A. New")
    sqlite_world.later(hours=100)
    focal = visitor(sqlite_world, "focal_a")
    assert "Too old, please renew" in focal.get(PEOPLE).text
    focal.press("Renew new@example.org")
    assert "Too old" not in focal.get(PEOPLE).text
    assert "leads nowhere from this moment" in focal.follow("Withdraw new@example.org").text
    assert "Nobody is invited at present." in focal.press("Withdraw the invitation").text


def test_a_role_is_ended_after_what_happens_was_told(sqlite_world: World, focal: Visitor) -> None:
    labour = visitor(sqlite_world, "labour_a")
    page = focal.get(ending(focal.get(PEOPLE), "labour_a"))
    assert "Access by this role ends at once" in page.text
    page = focal.press("End the role")
    assert "The role was ended." in page.text
    assert "labour_a" not in page.text
    assert labour.get("/assessments").heading == "Sign in"


def test_who_ends_their_own_role_is_signed_out(focal: Visitor) -> None:
    page = focal.get(ending(focal.get(PEOPLE), "Person focal_a"))
    assert "You lose access with it" in page.text
    assert "Your role was ended, and you were signed out." in focal.press("End the role").text


def test_the_last_focal_point_hands_over_instead(sqlite_world: World) -> None:
    focal = visitor(sqlite_world, "focal_b")
    page = focal.get("/countries/UZ/people")
    assert "The last focal point hands over instead." in page.text
    with sqlite_world.service.database.reading() as session:
        grant = session.exec(select(RoleGrant.id).where(RoleGrant.account_id == sqlite_world.accounts["focal_b"])).one()
    focal.get(f"/countries/UZ/roles/{grant}/end")
    page = focal.press("End the role")
    assert page.status == 409
    assert "hand over" in page.errors[0]


def test_a_focal_point_hands_over_to_a_colleague(sqlite_world: World, focal: Visitor) -> None:
    focal.get(PEOPLE)
    page = focal.follow("Hand over my role as focal point")
    names = page.find("//input[@name='to']/following-sibling::label/text()")
    assert set(names) == {f"Person {name}" for name in ("labour_a", "health_a", "signatory_a", "adviser_a")}
    assert focal.press("Hand over").errors == ["Choose who takes over"]
    page = focal.press("Hand over", to=f"account:{sqlite_world.accounts['labour_a']}")
    assert "You handed your role over" in page.text
    assert visitor(sqlite_world, "focal_a").get(PEOPLE).status == 404
    assert visitor(sqlite_world, "labour_a").get(PEOPLE).status == 200


def test_handing_over_can_wait_for_an_invitation(sqlite_world: World, focal: Visitor) -> None:
    focal.get("/countries/KG/invitations/new")
    focal.press("Invite", role="focal_point", email="new@example.org", name="A. New")
    page = focal.get("/countries/KG/hand-over")
    value = page.find("//input[starts-with(@value, 'invitation:')]/@value")[0]
    page = focal.press("Hand over", to=value)
    assert "You hand over once the invitation is accepted." in page.text
    assert "A focal point hands over when it is accepted." in page.text


def test_who_is_alone_is_told_to_invite_somebody_first(sqlite_world: World) -> None:
    administrator = visitor(sqlite_world, "administrator")
    assert administrator.get("/countries/KG/hand-over").status == 403
    stranger = visitor(sqlite_world, "focal_b")
    assert "Who takes over?" in stranger.get("/countries/UZ/hand-over").text
    stranger.get(ending(stranger.get("/countries/UZ/people"), "contributor_b"))
    stranger.press("End the role")
    assert "There is nobody yet who could take over." in stranger.get("/countries/UZ/hand-over").text

"""What administrators do on the pages: countries, rounds, accounts, invitations, the record of accounts."""

import pytest

from tests.app.people.inviting import with_mail
from tests.sign_ins import change_account, signed_in, waiting_letters
from tests.visiting import Visitor, visitor
from tests.world import PEOPLE, World

PATHS = (
    "/administration",
    "/administration/countries",
    "/administration/rounds",
    "/administration/rounds/new",
    "/administration/accounts",
    "/administration/invitations",
    "/administration/invitations/new",
    "/administration/record",
)


def account_of(world: World, name: str) -> str:
    return f"/administration/accounts/{world.accounts[name]}"


@pytest.fixture
def admin(sqlite_world: World) -> Visitor:
    return visitor(sqlite_world, "administrator")


def test_the_start_leads_to_everything(admin: Visitor) -> None:
    admin.get("/assessments")
    links = admin.follow("Administration").links()
    for text in ("Countries", "Rounds", "Accounts", "Administrators", "Record of accounts", "Questionnaire"):
        assert admin.get(links[text]).status == 200, text


def test_nobody_else_sees_any_of_it(sqlite_world: World) -> None:
    for name in ("focal_a", "reviewer", "nobody"):
        someone = visitor(sqlite_world, name)
        assert {someone.get(path).status for path in PATHS} == {403}
        assert someone.get(account_of(sqlite_world, name)).status == 403


def test_a_country_is_added_and_leads_to_its_people(admin: Visitor) -> None:
    admin.get("/administration/countries")
    page = admin.press("Add the country", code="FR")
    assert "The country was added." in page.text
    assert admin.follow("People of France").heading == "People of France"
    assert "Nobody holds a role in this country yet." in admin.page.text


def test_a_country_that_was_not_chosen_is_told_at_its_field(admin: Visitor) -> None:
    admin.get("/administration/countries")
    page = admin.press("Add the country", code="")
    assert page.status == 422
    assert "Choose a country" in page.errors
    page = admin.press("Add the country", code="KG")
    assert page.status == 409
    assert "Kyrgyzstan is set up already." in page.errors


def test_a_round_is_opened_and_listed_with_its_state(admin: Visitor) -> None:
    admin.get("/administration/rounds")
    admin.follow("Open a round")
    assert admin.page.find("string(//input[@name='round']/@value)") == "2026"
    page = admin.press("Open the round", country="TJ")
    assert "Tajikistan 2026" in page.links()
    assert "Being answered" in page.text


def test_a_round_that_is_open_already_keeps_what_was_typed(admin: Visitor) -> None:
    admin.get("/administration/rounds/new")
    page = admin.press("Open the round", country="KG", round="2026")
    assert page.status == 409
    assert "The round 2026 of KG is open already." in page.errors
    assert page.find("string(//select[@name='country']/option[@selected]/@value)") == "KG"
    page = admin.press("Open the round", country="KG", round="a year")
    assert (page.status, page.find("string(//input[@name='round']/@value)")) == (422, "a year")


def test_accounts_are_found_by_a_part_of_name_or_address(admin: Visitor) -> None:
    admin.get("/administration/accounts")
    assert len(admin.page.find("//tbody/tr")) == len(PEOPLE)
    page = admin.press("Search", q="LABOUR_A@")
    assert "Person labour_a" in page.links()
    assert len(page.find("//tbody/tr")) == 1
    assert "Contributor, Kyrgyzstan ( Ministry labour )" in page.text
    assert "No account has a name" in admin.press("Search", q="<script>").text


def test_accounts_come_page_by_page(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.administration_accounts.PAGE", 5)
    monkeypatch.setattr("app.web.administration_accounts.BATCH", 3)
    admin = visitor(sqlite_world, "administrator")
    admin.get("/administration/accounts?q=person")
    seen = list(admin.page.find("//tbody//th//a/text()"))
    while "Next page" in admin.page.links():
        seen += admin.follow("Next page").find("//tbody//th//a/text()")
    assert seen == sorted(f"Person {name}" for name in PEOPLE)
    assert admin.get("/administration/accounts?after=nonsense").status == 422


def test_an_account_is_disabled_after_what_happens_was_told(sqlite_world: World, admin: Visitor) -> None:
    other = visitor(sqlite_world, "labour_a")
    admin.get(account_of(sqlite_world, "labour_a"))
    assert "can no longer sign in" in admin.follow("Disable this account").text
    page = admin.press("Disable the account")
    assert "The account was disabled." in page.text
    assert "Account disabled: Person labour_a" in page.text
    assert other.get("/assessments").heading == "Sign in"
    assert (
        "The account was enabled." in (admin.follow("Enable this account"), admin.press("Enable the account"))[1].text
    )


def test_what_was_done_meanwhile_is_told(sqlite_world: World, admin: Visitor) -> None:
    admin.get(account_of(sqlite_world, "labour_a") + "/enable")
    page = admin.press("Enable the account")
    assert (page.status, page.errors) == (409, ["This account is not disabled."])
    assert admin.get(account_of(sqlite_world, "labour_a") + "/delete").status == 404


def test_a_second_factor_is_reset_and_its_owner_told(sqlite_world: World, admin: Visitor) -> None:
    with_mail(sqlite_world)
    admin.get(account_of(sqlite_world, "reviewer"))
    admin.follow("Reset: Second factor")
    page = admin.press("Reset the second factor")
    assert "Not set up" in page.text
    assert "Second factor reset by an administrator: Person reviewer" in page.text
    assert [letter.recipient for letter in waiting_letters(sqlite_world)] == ["reviewer@example.org"]


def test_an_address_is_changed_or_the_one_typed_is_kept(sqlite_world: World, admin: Visitor) -> None:
    admin.get(account_of(sqlite_world, "labour_a"))
    admin.follow("Change: E-mail")
    page = admin.press("Change the address", email="no address")
    assert page.status == 422
    assert page.find("string(//input[@name='email']/@value)") == "no address"
    assert admin.press("Change the address", email="focal_a@example.org").status == 409
    assert "new@example.org" in admin.press("Change the address", email="New@Example.org").text


def test_ones_own_account_offers_no_changes(sqlite_world: World, admin: Visitor) -> None:
    page = admin.get(account_of(sqlite_world, "administrator"))
    assert "another administrator is needed" in page.text
    assert not {"Disable this account", "Change: E-mail", "Reset: Second factor"} & set(page.links())
    admin.get(account_of(sqlite_world, "administrator") + "/disable")
    assert admin.press("Disable the account").status == 403


def test_where_no_mail_is_sent_the_link_is_shown_once(sqlite_world: World, admin: Visitor) -> None:
    admin.get("/administration/invitations")
    admin.follow("Invite an administrator")
    page = admin.press("Invite", email="second@example.org", name="A. Second")
    assert "/invitation#" in page.text
    listed = admin.follow("Back to the list")
    assert "second@example.org" in listed.text
    assert "/invitation#" not in listed.text
    assert "/invitation#" in admin.press("Renew second@example.org").text
    admin.get("/administration/invitations")
    admin.follow("Withdraw second@example.org")
    assert "Nobody is invited at present." in admin.press("Withdraw the invitation").text


def test_no_link_is_shown_for_whom_a_second_factor_guards(sqlite_world: World, admin: Visitor) -> None:
    admin.get("/administration/invitations/new")
    page = admin.press("Invite", email="nobody@example.org", name="Nobody")
    assert "this person has a second factor, so the link is not shown" in page.text
    assert "/invitation#" not in page.text


def test_a_wrong_invitation_keeps_what_was_typed(admin: Visitor) -> None:
    admin.get("/administration/invitations/new")
    page = admin.press("Invite", email="second@", name="A. Second")
    assert page.status == 422
    assert "Please write a whole e-mail address, such as a.bekova@example.org" in page.errors
    assert page.find("string(//input[@name='name']/@value)") == "A. Second"


def test_another_administrators_role_is_ended_but_never_the_last(sqlite_world: World, admin: Visitor) -> None:
    admin.get("/administration/invitations/new")
    admin.press("Invite", email="second@example.org", name="A. Second")
    token = admin.page.find("string(//code)").partition("#")[2]
    sqlite_world.as_("anonymous").post("/invitations/accept", json={"token": token, "password": "a heron in the reeds"})
    admin.get("/administration/accounts?q=second@")
    admin.follow("A. Second")
    admin.follow("End the role of administrator")
    assert "The role was ended." in admin.press("End the role").text
    assert "This person holds no role now." in admin.page.text


def test_the_record_of_accounts_is_chosen_from(sqlite_world: World, admin: Visitor) -> None:
    signed_in(sqlite_world, "labour_a")
    signed_in(sqlite_world, "health_a")
    change_account(sqlite_world, "nobody", disabled_at=None)
    page = admin.get("/administration/record")
    assert "Signed in" in page.text
    assert "Round opened: Kyrgyzstan 2026" in page.text
    page = admin.press("Show", kind="signed_in", person="labour_a@")
    steps = [" ".join("".join(one.itertext()).split()) for one in page.find("//ol/li")]
    assert [step.partition(",")[0] for step in steps if "Signed in" in step] == ["Signed in Person labour_a"]
    assert "No entry fits." in admin.press("Show", person="unknown").text
    assert admin.press("Show", since="yesterday").status == 422

"""One's own account on the pages: name, language, password, invitations."""

from tests.app.people.inviting import invite
from tests.sign_ins import NEW_WORDS, WORDS, give_password
from tests.visiting import visitor
from tests.world import World


def test_the_account_says_who_one_is(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "labour_a").get("/account")
    for told in ("Person labour_a", "labour_a@example.org", "English", "Contributor – Kyrgyzstan – Ministry labour"):
        assert told in page.text
    assert visitor(sqlite_world, "administrator").get("/account").text.count("Administrator") >= 1
    assert "You hold no role at present." in visitor(sqlite_world, "nobody").get("/account").text


def test_nobody_sees_an_account_without_signing_in(sqlite_world: World) -> None:
    for path in ("", "/details", "/password", "/tokens", "/sign-ins", "/invitations", "/second-factor"):
        assert visitor(sqlite_world).get(f"/account{path}").heading == "Sign in"


def test_name_and_language_are_changed(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/details")
    page = someone.press("Save", name="  Гүлнара   <b>Бекова</b> ", language="ru")
    assert page.path == "/account"
    assert "Гүлнара <b>Бекова</b>" in page.text
    assert "Русский" in page.text
    assert someone.get("/account/details").find("string(//input[@checked]/@value)") == "ru"


def test_a_name_that_is_none_is_told_and_kept(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/details")
    page = someone.press("Save", name="...", language="ru")
    assert page.status == 422
    assert page.find("string(//input[@name='name']/@value)") == "..."
    assert page.find("string(//input[@checked]/@value)") == "ru"
    assert "This should be said in words" in page.errors[-1]
    assert someone.press("Save", name="Ok", language="tlh").status == 422


def test_a_chosen_language_is_that_of_the_pages_where_there_are_some(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/details")
    someone.press("Save", language="en")
    assert someone.client.cookies["mgi-language"] == "en"
    someone.client.cookies.delete("mgi-language")
    someone.get("/account/details")
    someone.press("Save", language="fr")
    assert "mgi-language" not in someone.client.cookies


def test_the_password_is_changed_and_this_sign_in_goes_on(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    someone, elsewhere = visitor(sqlite_world, "focal_a"), visitor(sqlite_world, "focal_a")
    someone.get("/account/password")
    page = someone.press("Change the password", old_password=WORDS, new_password=NEW_WORDS)
    assert "Your password was changed. Your other sign-ins have ended." in page.text
    assert elsewhere.get("/account").heading == "Sign in"


def test_a_wrong_or_weak_password_changes_nothing_and_is_not_shown(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/password")
    assert someone.press("Change the password", old_password="not this one", new_password=NEW_WORDS).status == 401
    page = someone.press("Change the password", old_password=WORDS, new_password="migration1")
    assert page.status == 422
    assert "characters" in page.errors[-1]
    assert page.find("//input[@type='password'][@value!='']") == []
    assert len(someone.press("Change the password", old_password="", new_password="").errors) == 2


def test_an_invitation_waits_in_the_account_and_is_accepted_there(sqlite_world: World) -> None:
    assert invite(sqlite_world, "administrator", "focal_point", "nobody@example.org").status_code == 201
    someone = visitor(sqlite_world, "nobody")
    assert "An invitation waits for you." in someone.get("/account").text
    page = someone.follow("Look at it and accept")
    assert "Focal point" in page.text
    assert "Kyrgyzstan" in page.text
    assert "Person administrator" in page.text
    page = someone.press("Accept")
    assert page.path == "/sign-in"
    assert "Please sign in again to work in your new role." in page.text
    again = visitor(sqlite_world, "nobody")
    assert "Focal point – Kyrgyzstan" in again.get("/account").text
    assert "No invitation waits for you." in again.get("/account/invitations").text


def test_an_invitation_that_ended_meanwhile_or_is_anothers_is_not_accepted(sqlite_world: World) -> None:
    made = invite(sqlite_world, "administrator", "focal_point", "nobody@example.org")
    someone, other = visitor(sqlite_world, "nobody"), visitor(sqlite_world, "focal_b")
    someone.get("/account/invitations")
    assert other.client.post(f"/account/invitations/{made.json()['id']}/accept").status_code == 404
    gone = f"/countries/KG/invitations/{made.json()['id']}"
    assert sqlite_world.as_("administrator").delete(gone).status_code == 204
    page = someone.press("Accept")
    assert page.status == 404
    assert "No invitation waits for you." in page.text

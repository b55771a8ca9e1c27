"""The pages that letters lead to: a new password, an invitation."""

import time

import pytest

from tests.app.people.inviting import invite, token_of, with_mail
from tests.sign_ins import NEW_WORDS, WORDS, account_events, give_password, waiting_letters
from tests.visiting import Page, Visitor, visitor
from tests.world import World

DEAD = "This link was used already, has ended, or was replaced by a newer one; please ask for a new one."


def reset_token(world: World, name: str = "focal_a") -> str:
    """The secret of the link that a letter brings."""
    give_password(world, name, second_factor=False)
    with_mail(world)
    someone = visitor(world)
    someone.get("/reset/ask")
    someone.press("Send me the link", email=f"{name}@example.org")
    return waiting_letters(world)[-1].text.partition("/reset#")[2].split()[0]


def enter(someone: Visitor, email: str, password: str) -> Page:
    someone.get("/sign-in")
    return someone.press("Sign in", email=email, password=password)


def test_a_forgotten_password_is_replaced_by_a_letter(sqlite_world: World) -> None:
    token = reset_token(sqlite_world)
    someone = visitor(sqlite_world)
    someone.get("/reset")
    page = someone.press("Keep this password", token=token, password=NEW_WORDS)
    assert page.path == "/sign-in"
    assert "Your password was changed. Please sign in with the new one." in page.text
    assert enter(someone, "focal_a@example.org", NEW_WORDS).heading == "My assessments"


def test_a_weak_password_is_told_and_the_link_stays(sqlite_world: World) -> None:
    token = reset_token(sqlite_world)
    someone = visitor(sqlite_world)
    someone.get("/reset")
    page = someone.press("Keep this password", token=f"http://localhost/reset#{token}", password="short")
    assert page.status == 422
    assert "Please choose at least 12 characters" in page.text or "please choose at least 12 characters" in page.text
    assert someone.press("Keep this password", password=NEW_WORDS).path == "/sign-in"


def test_a_link_serves_once_and_then_says_so(sqlite_world: World) -> None:
    token = reset_token(sqlite_world)
    someone = visitor(sqlite_world)
    for _ in range(2):
        someone.get("/reset")
        someone.press("Keep this password", token=token, password=NEW_WORDS)
    assert someone.page.status == 404
    assert someone.page.errors == [DEAD]
    assert someone.page.find("string(//input[@name='token']/@value)") == ""
    assert someone.press("Keep this password", token="", password=NEW_WORDS).errors[-1] == "Fill in this field"


def test_asking_gives_the_same_answer_in_the_same_time_to_all(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    with_mail(sqlite_world)
    someone, texts, spans = visitor(sqlite_world), set(), []
    for email in ("focal_a@example.org", "unknown@example.org"):
        someone.get("/reset/ask")
        begun = time.perf_counter()
        texts.add(someone.press("Send me the link", email=email).text)
        spans.append(time.perf_counter() - begun)
    assert len(texts) == 1
    assert "If there is an account with this address" in texts.pop()
    assert min(spans) >= 0.15
    assert len(waiting_letters(sqlite_world)) == 1


def test_asking_over_and_over_is_slowed_down(sqlite_world: World) -> None:
    with_mail(sqlite_world)
    someone = visitor(sqlite_world)
    for _ in range(11):
        someone.get("/reset/ask")
        page = someone.press("Send me the link", email="a@example.org")
    assert page.status == 429
    assert page.find("string(//input[@name='email']/@value)") == "a@example.org"


def test_what_is_no_e_mail_is_told(sqlite_world: World) -> None:
    with_mail(sqlite_world)
    someone = visitor(sqlite_world)
    someone.get("/reset/ask")
    page = someone.press("Send me the link", email="me")
    assert page.status == 422
    assert page.errors[-1] == "Please write a whole e-mail address, such as a.bekova@example.org"


@pytest.mark.parametrize("path", ["/reset", "/reset/ask", "/reset/asked"])
def test_without_mail_the_administrator_has_the_link(sqlite_world: World, path: str) -> None:
    page = visitor(sqlite_world).get(path)
    assert "the administrator of the service" in page.text
    assert "Send me the link" not in page.buttons()


def test_an_invitation_is_looked_at_and_accepted_by_a_newcomer(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "focal_point"))
    someone = visitor(sqlite_world)
    someone.get("/invitation")
    page = someone.press("Look at the invitation", token=token)
    for told in ("Person administrator", "Focal point", "Kyrgyzstan", "new@example.org"):
        assert told in page.text
    page = someone.press("Accept the invitation", name="Aibek Новый", password=WORDS)
    assert page.path == "/sign-in"
    assert "The invitation is accepted." in page.text
    assert "Aibek Новый" in enter(someone, "new@example.org", WORDS).links()


def test_a_newcomer_who_chooses_a_weak_password_loses_nothing(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "focal_point"))
    someone = visitor(sqlite_world)
    someone.get("/invitation")
    someone.press("Look at the invitation", token=token)
    page = someone.press("Accept the invitation", name="Aibek", password="migration123")
    assert page.status == 422
    assert page.find("string(//input[@name='name']/@value)") == "Aibek"
    page = someone.press("Accept the invitation", name="", password="")
    assert page.errors == ["Enter a name", "Enter a password"]
    assert someone.press("Accept the invitation", name="Aibek", password=WORDS).path == "/sign-in"


def test_who_has_an_account_signs_in_to_accept(sqlite_world: World) -> None:
    give_password(sqlite_world, "nobody", second_factor=False)
    token = token_of(invite(sqlite_world, "administrator", "focal_point", "nobody@example.org"))
    someone = visitor(sqlite_world)
    someone.get("/invitation")
    page = someone.press("Look at the invitation", token=token)
    assert "Accept the invitation" not in page.buttons()
    someone.follow("Sign in and go to the invitation")
    page = someone.press("Sign in", email="nobody@example.org", password=WORDS)
    assert page.heading == "Your invitations"
    assert "Sign in" in someone.press("Accept").heading
    assert ("invitation_accepted") in [kind for kind, _ in account_events(sqlite_world)]


def test_nobody_sets_a_password_for_an_account_that_has_one(sqlite_world: World) -> None:
    give_password(sqlite_world, "nobody", second_factor=False)
    token = token_of(invite(sqlite_world, "administrator", "focal_point", "nobody@example.org"))
    someone = visitor(sqlite_world)
    given = someone.client.post("/invitation", data={"token": token, "name": "Thief", "password": NEW_WORDS})
    assert given.status_code == 422
    assert enter(someone, "nobody@example.org", NEW_WORDS).status == 401


def test_an_invitation_that_has_ended_says_so(sqlite_world: World) -> None:
    token = token_of(invite(sqlite_world, "administrator", "focal_point"))
    someone = visitor(sqlite_world)
    someone.get("/invitation")
    someone.press("Look at the invitation", token=token)
    sqlite_world.later(hours=73)
    page = someone.press("Accept the invitation", name="Aibek", password=WORDS)
    assert (page.status, page.path) == (404, "/invitation")
    assert page.errors == [DEAD]
    assert someone.press("Look at the invitation", token="x" * 300).status == 422

"""What a refusal looks like to people: a page that says what to do, and keeps what they typed."""

from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace

import httpx
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from app.errors import (
    Conflict,
    Invalid,
    NoSpace,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    SecondFactorNeeded,
    Stale,
    TooLarge,
    TooManyTries,
    Unavailable,
    Unforeseen,
    VersionNeeded,
    Withdrawn,
    WrongState,
)
from app.web.fields import Fields
from app.web.problems import answer
from tests.sign_ins import NEW_WORDS, WORDS, give_password
from tests.visiting import Page, visitor
from tests.world import World

PROSE = 'The law of 1993 applies.\nIt <b>awaits</b> 100% of "ratification" – ратификация.'
REFUSALS = [
    (NotSignedIn(), "Sign in (opens a new window)"),
    (SecondFactorNeeded(setup=True), "a step of signing in is missing"),
    (NotAllowed(), "ask your country’s focal point"),
    (NotFound(), "The address may be mistyped"),
    (WrongState(state="approved"), "look at how things stand now"),
    (Conflict("A <i>detail</i> of 50% of it."), "A <i>detail</i> of 50% of it."),
    (Withdrawn(notice="A <b>reason</b> of 3%.", withdrawn_at=datetime(2026, 3, 4, tzinfo=UTC)), "A <b>reason</b> of 3%."),
    (Stale(), "Nothing of theirs was overwritten"),
    (TooLarge("At most 2,097,152 bytes are read here."), "At most 2,097,152 bytes"),
    (Invalid("Please mend this: '<u>%s</u>'."), "Please mend this: '<u>%s</u>'."),
    (VersionNeeded(), "open the page anew"),
    (TooManyTries("Please wait 3 minutes.", retry_after=170), "Please wait 3 minutes."),
    (Unforeseen(), "Request id: abc123"),
    (Unavailable(), "Request id: abc123"),
    (NoSpace(), "Request id: abc123"),
]  # fmt: skip


HEADINGS = {"invalid": "There is a problem", "not-found": "Page not found"}
"""What people read where the title is meant for programs."""


def told(world: World, refusal: Refusal, method: str = "POST", fields: Fields | None = None) -> Page:
    """The page that tells a refusal of a form, drawn outside of any route: all it needs is what is typed, and the service."""
    app = SimpleNamespace(state=SimpleNamespace(service=world.service))
    scope = {
        "type": "http", "method": method, "path": "/assessments/a/note", "query_string": b"x=1", "headers": [],
        "app": app, "state": {"request_id": "abc123"},
    }  # fmt: skip
    request = Request(scope)
    if fields:
        request.state.fields = fields
    given = answer(request, refusal)
    sent = httpx.Request(method, "http://localhost/assessments/a/note")
    return Page(httpx.Response(given.status_code, headers=dict(given.headers), content=bytes(given.body), request=sent))


def test_each_refusal_says_what_to_do_and_keeps_what_was_typed(sqlite_world: World) -> None:
    typed = Fields(given={"text": PROSE, "version": "3", "password": WORDS, "code": "123456", "token": NEW_WORDS})
    for refusal, advice in REFUSALS:
        page = told(sqlite_world, refusal, fields=typed)
        assert (page.status, page.heading) == (refusal.status, HEADINGS.get(refusal.slug, refusal.title))
        assert advice in page.text, refusal.slug
        assert page.find("string(//textarea[@name='text'])").strip("\n") == PROSE
        kept = " ".join(page.find("//@value | //textarea/text()"))
        assert WORDS not in kept
        assert "123456" not in kept
        assert NEW_WORDS not in kept


def test_what_would_be_refused_again_can_be_copied_and_not_sent(sqlite_world: World) -> None:
    for refusal in (NotAllowed(), NotFound(), Withdrawn(notice="Gone.")):
        page = told(sqlite_world, refusal, fields=Fields(given={"text": PROSE}))
        assert page.find("//textarea[@readonly]")
        assert "Send it again" not in page.buttons()


def test_a_single_word_can_be_copied_too_where_nothing_is_sent_again(sqlite_world: World) -> None:
    page = told(sqlite_world, NotFound(), fields=Fields(given={"reply": "Outdated", "base": "3"}))
    assert page.find("string(//textarea[@name='reply'])").strip() == "Outdated"
    assert page.find("//*[@name='base']") == []


def test_texts_can_be_mended_where_they_are_and_what_the_page_added_is_hidden(sqlite_world: World) -> None:
    errors = [{"path": ["values", "name_of_law"], "message": "this should be said in words"}]
    given = {"values.name_of_law": "...", "note": [PROSE, "Another one."], "version": "7", "done": "yes"}
    page = told(sqlite_world, Invalid("Please mend it.", errors=errors), fields=Fields(given=given))
    assert page.links()["This should be said in words"] == "#f-values.name_of_law"
    labels = {"".join(one.itertext()): one.get("for") for one in page.find("//main//label")}
    assert labels["Name of law"] == "f-values.name_of_law"
    assert "This should be said in words" in page.find("string(//*[@id='f-values.name_of_law-error'])")
    assert len(page.find("//textarea[@name='note']")) == 2
    hidden = {(one.get("name"), one.get("value")) for one in page.find("//main//input[@type='hidden']")}
    assert hidden == {("version", "7"), ("done", "yes")}
    assert page.find("string(//main//form/@action)") == "/assessments/a/note?x=1"


def test_a_file_is_asked_for_again(sqlite_world: World) -> None:
    form = FormData([("file", UploadFile(BytesIO(b"x"), filename="law.pdf")), ("public", "yes")])
    page = told(sqlite_world, Unavailable(), fields=Fields(form))
    assert "Please choose the file once more." in page.text
    assert page.find("//main//form[@enctype='multipart/form-data']//input[@type='file'][@name='file']")


def test_the_wait_is_told_to_programs_that_ask_again(sqlite_world: World) -> None:
    assert told(sqlite_world, TooManyTries(retry_after=170)).headers["retry-after"] == "170"
    assert told(sqlite_world, Unavailable()).headers["retry-after"] == "5"


def test_who_was_signed_out_while_typing_signs_in_elsewhere_and_sends_it_again(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/details")
    sqlite_world.later(hours=1)
    kept = someone.press("Save", name="Aibek the Second", language="ru")
    assert (kept.status, kept.heading) == (401, "Please sign in")
    assert someone.follow("Sign in (opens a new window)").heading == "Sign in"
    page = someone.press("Sign in", email="focal_a@example.org", password=WORDS)
    assert page.heading == "You are signed in"
    someone.page = kept
    page = someone.press("Send it again")
    assert page.path == "/account"
    assert "Aibek the Second" in page.text
    assert "Русский" in page.text


def test_a_password_is_asked_for_again_by_the_form_itself(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/tokens")
    sqlite_world.later(hours=1)
    page = someone.press("Make the token", name="Nightly export", password=WORDS)
    assert "Your password or code was not kept." in page.text
    assert WORDS not in " ".join(page.find("//@value | //text()"))
    someone.client.cookies.set("mgi", sqlite_world.sign_in("focal_a"), domain="127.0.0.1")
    page = someone.press("Send it again")
    assert page.status == 422
    assert page.find("string(//input[@name='name']/@value)") == "Nightly export"


def test_too_much_at_once_is_told_with_its_limit(sqlite_world: World) -> None:
    for name, limit in (("focal_a", "2,097,152"), ("anonymous", "65,536")):
        someone = visitor(sqlite_world, name)
        given = someone.client.post("/account/details", data={"name": "a" * 2_200_000})
        page = Page(given)
        assert (page.status, page.heading) == (413, "This is too large")
        assert f"At most {limit} bytes are read here." in page.text
        assert "what you typed is still there" in page.text


def test_a_form_of_another_site_is_refused_without_a_word_of_it(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    headers = {"Sec-Fetch-Site": "cross-site"}
    page = Page(someone.client.post("/account/details", data={"name": "Mallory of 7"}, headers=headers))
    assert page.status == 403
    assert "This request comes from another site." in page.text
    assert "Mallory" not in page.text
    assert someone.get("/account").text.count("Person focal_a") >= 1


def test_the_head_of_the_page_does_not_ask_who_is_signed_in_to_sign_in(sqlite_world: World) -> None:
    assert visitor(sqlite_world, "focal_a").get("/nowhere").links()["Your account"] == "/account"
    assert "Sign in" in visitor(sqlite_world).get("/nowhere").links()


def test_an_address_that_takes_forms_alone_says_so(sqlite_world: World) -> None:
    page = visitor(sqlite_world).get("/sign-out")
    assert (page.status, page.heading) == (405, "Method Not Allowed")
    assert page.headers["allow"] == "POST"


def test_odd_addresses_are_not_there_and_never_an_error_of_ours(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    odd = (
        "//host/x",
        "/a%00b",
        "/%ff%fe",
        "/%F0%9F%98%80",
        "/account/tokens/!!/revoke",
        "/account/tokens/x/revoke",
        "/" + "a" * 3000,
    )
    for path in odd:
        page = Page(someone.client.get(sqlite_world.address + path))
        assert (page.status, page.heading) == (404, "Page not found"), path
        assert not any(one.startswith("//") for one in page.find("//@action | //@href"))


def test_programs_get_problem_details_and_people_pages(sqlite_world: World) -> None:
    client = visitor(sqlite_world).client
    assert client.get("/api/v1/account").headers["content-type"] == "application/problem+json"
    assert client.get("/metrics").headers["content-type"] == "application/problem+json"
    assert client.get("/nowhere").headers["content-type"].startswith("text/html")

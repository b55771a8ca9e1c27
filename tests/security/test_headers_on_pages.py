"""What browsers are told with every answer, whatever its status, and how they may keep what signs someone in."""

from http.cookies import SimpleCookie
from typing import Any

import pytest

from app.api.guard import ANONYMOUS_LIMIT, BODY_LIMIT
from app.web.static import static_address
from tests.security.access_table import ALLOWED, PAGE, PAGES
from tests.security.asking import Answer, Question
from tests.security.requests import FORM, WORDS
from tests.security.six_states import Case, SixStates, unchanging
from tests.security.sweeping import sweep

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
"""Nothing of another site, nothing written into a page, no frame around it."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
}
CROSS_SITE = {"sec-fetch-site": "cross-site"}


def check(answer: Answer, kept: str = "no-store") -> dict[str, str]:
    """The headers, each of them there once and as it must be; `kept`: for how long a browser may keep the answer."""
    headers = dict(answer.headers)
    assert len(headers) == len([name for name, _ in answer.headers if name != "set-cookie"]) + ("set-cookie" in headers)
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == POLICY
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert headers["cache-control"] == kept
    assert headers["x-request-id"]
    assert "server" not in headers
    return headers


def one_of_each(states: SixStates) -> list[Case]:
    """For each page and each thing that may be said there, someone to whom it is said."""
    cases = (case for case in states.cases() if case.route[1].startswith(PAGE))
    return list({(case.route, case.expected): case for case in cases}.values())


def test_every_page_tells_browsers_what_they_may_do(states: SixStates) -> None:
    cases = one_of_each(states)
    with unchanging(states) as (app, _):
        answers = sweep(app, map(states.question, cases))
    for answer in answers:
        headers = check(answer)
        if answer.status not in (302, 303):
            assert headers["content-type"] == "text/html; charset=utf-8"
            assert "cookie" in headers["vary"].lower()
    assert {200, 302, 303, 401, 403, 404, 409} <= {answer.status for answer in answers}
    assert {case.route for case in cases} == set(PAGES)


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (404, Question("GET", "/no/such/page")),
        (404, Question("GET", "/static/000000000000/mgi.css")),
        (404, Question("GET", "/published/%00/2020")),
        (405, Question("DELETE", "/sign-in")),
        (405, Question("POST", "/published", body=b"", headers=FORM)),
        (403, Question("POST", "/sign-in", body=b"email=a", headers=FORM | CROSS_SITE)),
        (413, Question("POST", "/sign-in", body=b"a" * (ANONYMOUS_LIMIT + 1), headers=FORM)),
        (413, Question("POST", "/language", headers=FORM | {"content-length": str(BODY_LIMIT + 1)})),
        (413, Question("POST", "/language", headers=FORM | {"content-length": "-1"})),
        (422, Question("POST", "/reset/ask", body=b"email=nobody", headers=FORM)),
        (500, Question("GET", "/breaks")),
    ],
    ids=lambda value: value.path if isinstance(value, Question) else str(value),
)
def test_a_page_that_tells_a_problem_does_so_too(states: SixStates, status: int, asked: Question) -> None:
    with unchanging(states) as (app, _):
        app.add_api_route("/breaks", broken)
        (answer,) = sweep(app, [asked])
    assert answer.status == status
    assert check(answer)["content-type"] == "text/html; charset=utf-8"
    for inner in (b"Traceback", b"a fault of ours", b".py", b"site-packages"):
        assert inner not in answer.body


def broken() -> None:
    """A page that we made wrong."""
    raise RuntimeError("a fault of ours")


def test_the_same_holds_for_files_which_alone_are_kept(states: SixStates) -> None:
    with unchanging(states) as (app, _):
        answers = sweep(app, [Question("GET", static_address(name)) for name in ("mgi.css", "mgi.js", "mark.svg")])
    for answer in answers:
        assert answer.status == 200
        assert "set-cookie" not in check(answer, "public, max-age=31536000, immutable")


def cookies(answer: Answer) -> dict[str, dict[str, Any]]:
    """The cookies that an answer sets, each with its flags."""
    jar = SimpleCookie()
    for name, text in answer.headers:
        if name == "set-cookie":
            jar.load(text)
    return {name: {flag: value for flag, value in one.items() if value} for name, one in jar.items()}


@pytest.mark.parametrize(("address", "name"), [("https://mgi.example.org", "__Host-mgi"), ("http://localhost", "mgi")])
def test_no_script_and_no_other_site_gets_at_a_cookie(states: SixStates, address: str, name: str) -> None:
    is_secure = address.startswith("https")
    sign_in = f"email=nobody@example.org&password={WORDS.replace(' ', '+')}".encode()
    asked = [
        Question("POST", "/sign-in", body=sign_in, headers=FORM),
        Question("POST", "/sign-out", headers=FORM | {"cookie": f"{name}={states.secrets['nobody']}"}),
        Question("POST", "/language", body=b"language=en&next=/", headers=FORM),
    ]
    with unchanging(states, base_url=address) as (app, _):
        signed_in, signed_out, language = map(cookies, sweep(app, asked))
    flags = {"path": "/", "httponly": True, "samesite": "lax"} | ({"secure": True} if is_secure else {})
    assert signed_in == {name: flags}
    assert signed_out[name].items() >= flags.items()
    assert signed_out[name]["max-age"] == "0"
    assert [one.items() >= flags.items() for one in language.values()] == [True]


def test_no_page_is_kept_that_someone_was_allowed_to_read(states: SixStates) -> None:
    """A shared computer shows nothing of it after signing out: nothing is stored, also of what is packed."""
    cases = [case for case in one_of_each(states) if case.route[0] == "GET" and case.expected == ALLOWED]
    with unchanging(states) as (app, _):
        answers = sweep(app, (states.question(case)._replace(headers={"accept-encoding": "gzip"}) for case in cases))
    packed = [answer for answer in answers if dict(answer.headers).get("content-encoding") == "gzip"]
    assert len(packed) >= 60
    for answer in packed:
        assert {"accept-encoding", "cookie"} <= set(check(answer)["vary"].lower().split(", "))

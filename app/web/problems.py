"""How a refusal is told: to programs as problem details, to people as a page on which nothing typed is lost."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.api.problems import problem_response
from app.errors import NotSignedIn, Refusal, SecondFactorNeeded
from app.web.fields import Fields
from app.web.rendering import draw_for

FOR_PROGRAMS = re.compile(r"/(api/.*|health|ready|metrics)")
SECRET = frozenset({"password", "old_password", "new_password", "code", "token"})
"""Fields that are never put on a page again."""
_LOCAL = re.compile(r"/(?![/\\])[!#-\[\]-~]*")


def answer(request: Request, refusal: Refusal) -> Response:
    """Tell who asked why it was not done."""
    if FOR_PROGRAMS.fullmatch(request.url.path):
        return problem_response(refusal)
    if request.method in ("GET", "HEAD") and isinstance(refusal, NotSignedIn):
        return RedirectResponse("/sign-in?" + urlencode({"next": _asked(request)}), 303)
    if isinstance(refusal, SecondFactorNeeded) and request.method in ("GET", "HEAD"):
        step = "/sign-in/second-factor" if refusal.more.get("setup") else "/sign-in/code"
        return RedirectResponse(step + "?" + urlencode({"next": _asked(request)}), 303)
    response = draw_for(request, "problem.html", refusal=refusal, again=_typed(request))
    response.headers.update(_retry(refusal))
    return response


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _typed(request: Request) -> list[tuple[str, str]]:
    """What was sent with the form, to be sent once more."""
    fields: Fields = getattr(request.state, "fields", Fields())
    return [(name, text) for name, text in fields.pairs() if name not in SECRET]


def _retry(refusal: Refusal) -> Mapping[str, str]:
    headers = problem_response(refusal).headers
    return {name: headers[name] for name in ("retry-after", "allow") if name in headers}


def local_path(given: str) -> str:
    """A path of this service to go on to; the list of assessments for anything else.

    >>> local_path("/assessments/abc?x=1"), local_path("//host"), local_path("https://host")
    ('/assessments/abc?x=1', '/assessments', '/assessments')
    """
    return given if len(given) <= 500 and _LOCAL.fullmatch(given) else "/assessments"

"""How a refusal is told: to programs as problem details, to people as a page on which nothing typed is lost."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.api.calls import own_cookie
from app.api.problems import problem_response
from app.errors import Invalid, NotFound, NotSignedIn, Refusal, SecondFactorNeeded, Unnamed
from app.web.fields import Fields
from app.web.languages import chosen, texts_of
from app.web.mending import called
from app.web.rendering import draw_for, errors_by_field

FOR_PROGRAMS = re.compile(r"/(api/.*|health|ready|metrics)")
SECRET = frozenset({"password", "old_password", "new_password", "code", "token"})
"""Fields that are never put on a page again."""
USELESS_AGAIN = frozenset({403, 404, 405, 410})
"""Sending the same once more changes nothing; what was typed is shown, to be copied."""
_LOCAL = re.compile(r"/(?![/\\])[!#-\[\]-~]*")
_MACHINE = re.compile(r"[A-Za-z0-9_.:/-]{0,80}")
_SIGNING_IN = re.compile(r"/(sign-in|sign-out|reset|invitation)(/.*)?")


class Text(NamedTuple):
    """A text that was typed. `anchor` is the element that shows it; `error` is empty if nothing is wrong with it."""

    name: str
    anchor: str
    label: str
    text: str
    error: str


class Again(NamedTuple):
    """What was sent with a form, to be mended and sent once more: what people typed, what the page added, what is missing."""

    address: str
    texts: list[Text]
    machine: list[tuple[str, str]]
    files: list[str]
    secrets: bool


class SomeoneSignedIn(NamedTuple):
    """Whoever reads the page. Nothing is looked up about them: the database may be what is wrong."""

    name: str

    def roles_in(self, country: str | None) -> frozenset[str]:
        """No role is known here, in no country."""
        return frozenset()


def answer(request: Request, refusal: Refusal) -> Response:
    """Tell who asked why it was not done."""
    if FOR_PROGRAMS.fullmatch(request.scope["path"]):
        return problem_response(refusal)
    next_step = _next_step(refusal)
    if next_step and request.method in ("GET", "HEAD"):
        return RedirectResponse(next_step + "?" + urlencode({"next": local_path(_asked(request))}), 302)
    told = NotFound() if _is_not_there(refusal) else refusal
    response = draw_for(
        request,
        "problem.html",
        refusal=told,
        again=_again(request, told),
        useless=told.status in USELESS_AGAIN,
        next_step=next_step,
        person=None if isinstance(told, NotSignedIn) else _someone(request),
        request_id=getattr(request.state, "request_id", ""),
    )
    response.headers.update(retry_headers(told))
    return response


def _next_step(refusal: Refusal) -> str | None:
    """Where one signs in, as far as that is what is missing."""
    if isinstance(refusal, SecondFactorNeeded):
        return "/sign-in/second-factor" if refusal.more.get("setup") else "/sign-in/code"
    return "/sign-in" if isinstance(refusal, NotSignedIn) else None


def _asked(request: Request) -> str:
    query = request.scope["query_string"].decode("ascii", "replace")
    return str(request.scope["path"]) + (f"?{query}" if query else "")


def _is_not_there(refusal: Refusal) -> bool:
    """Whether there is no such address: none of that kind, or one with an id that is none."""
    errors = refusal.more.get("errors") or ()
    is_no_id = isinstance(refusal, Invalid) and bool(errors) and all(error["path"][:1] == ["path"] for error in errors)
    return is_no_id or (isinstance(refusal, Unnamed) and refusal.status == NotFound.status)


def _someone(request: Request) -> SomeoneSignedIn | None:
    settings = request.app.state.service.settings
    if not own_cookie(request, secure=settings.secure):
        return None
    texts = texts_of(chosen(request, trial=settings.trial_languages).code)
    return SomeoneSignedIn(texts.gettext("Your account"))


def _again(request: Request, refusal: Refusal) -> Again | None:
    """What was sent with the form; None if there is nothing that could be sent once more."""
    fields: Fields = getattr(request.state, "fields", Fields())
    pairs = [(name, text) for name, text in fields.pairs() if name not in SECRET]
    if not (pairs or fields.files) or _SIGNING_IN.fullmatch(request.scope["path"]):
        return None
    errors = errors_by_field(refusal)
    # What cannot be sent once more is shown whole, single words too: it can only be copied.
    useless = refusal.status in USELESS_AGAIN
    typed = [
        (name, text) for name, text in pairs
        if _is_typed(text) or errors[name] or (useless and text and called(name))
    ]  # fmt: skip
    machine = [pair for pair in pairs if pair not in typed]
    secrets = any(name in SECRET for name, _ in fields.pairs())
    return Again(local_path(_asked(request)), _texts(typed, errors), machine, list(fields.files), secrets)


def _is_typed(text: str) -> bool:
    """Whether people wrote this. Ids, versions, ticks and addresses of ours are none of their business.

    >>> _is_typed("awaits ratification"), _is_typed("in_part"), _is_typed("2026-01-15")
    (True, False, False)
    """
    return not _MACHINE.fullmatch(text)


def _texts(typed: list[tuple[str, str]], errors: Mapping[str, str]) -> list[Text]:
    """The texts in order; of several with one name the first is the one that an error is about."""
    counted: Counter[str] = Counter()
    texts = []
    for name, text in typed:
        counted[name] += 1
        first = counted[name] == 1
        anchor = f"f-{name}" if first else f"f-{name}-{counted[name]}"
        texts.append(Text(name, anchor, _label(name), text, errors[name] if first else ""))
    return texts


def _label(name: str) -> str:
    """How a field is called where its page is not at hand.

    >>> _label("values.name_of_law")
    'Name of law'
    """
    plain = " ".join(name.rpartition(".")[2].replace("_", " ").replace("-", " ").split())
    return plain[:1].upper() + plain[1:]


def retry_headers(refusal: Refusal) -> Mapping[str, str]:
    """When to come back, and what an address takes, for those who ask again by themselves."""
    headers = problem_response(refusal).headers
    return {name: headers[name] for name in ("retry-after", "allow") if name in headers}


def local_path(given: str) -> str:
    """A path of this service to go on to; the list of assessments for anything else.

    >>> local_path("/assessments/abc?x=1"), local_path("//host"), local_path("https://host")
    ('/assessments/abc?x=1', '/assessments', '/assessments')
    """
    return given if len(given) <= 500 and _LOCAL.fullmatch(given) else "/assessments"

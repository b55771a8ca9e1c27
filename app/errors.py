"""What can go wrong for a caller: one base with a status, told as problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any


class Refusal(Exception):
    """A request that cannot be carried out. `detail` names the thing and the mend; nothing was changed.

    `more` holds further members of the problem: the fields at fault, both texts of a conflict.
    """

    status: int = 400
    slug: str = "bad-request"
    title: str = "The request cannot be carried out"
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str = "", **more: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.more: Mapping[str, Any] = more


class NotSignedIn(Refusal):
    """No one is signed in, or the sign-in has ended."""

    status, slug, title = 401, "not-signed-in", "Please sign in"


class WrongCredentials(Refusal):
    """E-mail, password or code do not fit. Which of them is not said."""

    status, slug, title = 401, "wrong-credentials", "E-mail, password or code are not right"


class NotAllowed(Refusal):
    """A colleague without this right. Strangers get `NotFound`."""

    status, slug, title = 403, "not-allowed", "Your role does not allow this"


class SecondFactorNeeded(Refusal):
    """The role wants a second factor, and it was not shown yet, or is not set up yet."""

    status, slug, title = 403, "second-factor-needed", "Please show your second factor first"


class NotFound(Refusal):
    """Absent, or another country's: the two look the same."""

    status, slug, title = 404, "not-found", "There is nothing here"


class WrongState(Refusal):
    """The right person at the wrong time."""

    status, slug, title = 409, "wrong-state", "This cannot be done at this stage of the assessment"


class Conflict(Refusal):
    """Something stands in the way that the caller can look at and mend."""

    status, slug, title = 409, "conflict", "Something else stands in the way"


class Incomplete(Conflict):
    """Not everything is there yet: `missing` is the whole list, each with `indicator`, `question` and `message`."""

    slug, title = "incomplete", "Something is still missing"


class NothingPublished(Conflict):
    """There is no public snapshot that this could be about."""

    slug, title = "nothing-published", "Nothing is published"


class Withdrawn(Refusal):
    """A snapshot that was public once; `notice` tells why it no longer is."""

    status, slug, title = 410, "withdrawn", "This snapshot was withdrawn"


class Stale(Refusal):
    """Someone else saved first. `yours` and `theirs` are both given; nothing is lost."""

    status, slug, title = 412, "changed-meanwhile", "Someone else saved this first"


class TooLarge(Refusal):
    """The body or file is larger than allowed."""

    status, slug, title = 413, "too-large", "This is too large"


class Invalid(Refusal):
    """Fields of the body are at fault: `errors` is a list of `{path, message}`."""

    status, slug, title = 422, "invalid", "Something in the request is not right"


class VersionNeeded(Refusal):
    """A save must say which version it was made on."""

    status, slug, title = 428, "version-needed", "Please say which version this was made on"


class TooManyTries(Refusal):
    """Too many wrong tries; `retry_after` seconds to wait."""

    status, slug, title = 429, "too-many-tries", "Too many tries; please wait a little"


class Unavailable(Refusal):
    """Something that the service needs cannot be reached; trying again later helps."""

    status, slug, title = 503, "unavailable", "The service cannot do this just now; please try again in a moment"


class Unforeseen(Refusal):
    """An error of ours. What it was stands in the log alone."""

    status, slug, title = 500, "unforeseen", "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__(
            "Nothing was changed. Please try again; if it happens again, tell the administrator the request id."
        )


class NoSpace(Refusal):
    """The disk is full; nothing was saved."""

    status, slug, title = 507, "no-space", "There is no room left to save this; nothing was changed"


REFUSALS: tuple[type[Refusal], ...] = (
    Refusal, NotSignedIn, WrongCredentials, NotAllowed, SecondFactorNeeded, NotFound, WrongState, Conflict, Incomplete,
    NothingPublished, Withdrawn, Stale, TooLarge, Invalid, VersionNeeded, TooManyTries, Unavailable, NoSpace,
)  # fmt: skip
"""Every kind of problem the API can answer with."""


class Unnamed(Refusal):
    """What only HTTP has a name for: an address that there is not, a method that it does not take."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None) -> None:
        super().__init__(detail)
        kind = next((kind for kind in REFUSALS if kind.status == status), None)
        self.status = status
        self.title = kind.title if kind else HTTPStatus(status).phrase
        self.slug = kind.slug if kind else self.title.lower().replace(" ", "-")
        self.headers = headers or {}

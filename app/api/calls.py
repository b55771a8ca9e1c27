"""How a route asks for its work: `may(action)` declares who may call it, and opening the work checks it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request

from app.errors import NotSignedIn
from app.people.sign_ins import Actor, identify
from app.rights import Right, right
from app.service import Service
from app.work import Work, begin_work, enter_assessment, enter_country, enter_service

Id = Annotated[str, Path(pattern="^[a-z0-9]{8,40}$", description="The id of an object.")]
IndicatorName = Annotated[str, Path(pattern="^[a-z0-9-]{1,80}$", description="The id of an indicator.")]
SourceName = Annotated[str, Path(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, description="The id of a source.")]
CountryCode = Annotated[str, Path(pattern="^[A-Z]{2}$", description="ISO 3166 code of a country.")]
IfMatch = Annotated[
    str | None,
    Header(max_length=200, description='The ETag of the version that this was made on; `"0"` for the first.'),
]

SECURE_COOKIE, PLAIN_COOKIE = "__Host-mgi", "mgi"


def own_cookie(request: Request, *, secure: bool) -> str | None:
    """The secret in our cookie. Beside an Authorization header, even an empty one, no cookie is read: a program calls."""
    if "authorization" in request.headers:
        return None
    return request.cookies.get(SECURE_COOKIE if secure else PLAIN_COOKIE)


def bearer_token(request: Request) -> str | None:
    """The token that a program shows, if any."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() or None if scheme.lower() == "bearer" else None


class Call:
    """A request as far as access is concerned. Each `on_…` is a block in one transaction, checked when it opens."""

    def __init__(self, request: Request, rule: Right) -> None:
        self.request = request
        self.right = rule
        self.service: Service = request.app.state.service
        self.address = request.client.host if request.client else ""
        self.secret = bearer_token(request) or own_cookie(request, secure=self.service.settings.secure)
        self.person: Actor | None = None

    def _expect(self, *scopes: str) -> None:
        """Refuse to work on anything but what the declared right is about."""
        if self.right.scope not in scopes:
            raise RuntimeError(f"the right '{self.right.action}' is one of {self.right.scope}")

    @contextmanager
    def _work(self, *scopes: str) -> Iterator[Work]:
        self._expect(*scopes)
        with begin_work(self.service, self.right, self.secret, self.address) as work:
            self.person = work.person
            yield work

    def reader(self) -> Actor | None:
        """Who reads a page that anyone may read, for their name at its head."""
        if self.person is None and self.secret:
            with suppress(NotSignedIn), self.service.database.connected(writes=False) as connection:
                self.person = identify(connection, self.secret, self.service.clock())
        return self.person if self.person and self.person.second_factor_shown else None

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Work on one's own account, or as anyone: for rights of a person."""
        with self._work("person", "half_signed_in", "anyone") as work:
            yield work

    @contextmanager
    def on_assessment(self, assessment_id: str) -> Iterator[Work]:
        """Work on an assessment."""
        with self._work("assessment") as work:
            enter_assessment(work, assessment_id)
            yield work

    @contextmanager
    def on_country(self, code: str) -> Iterator[Work]:
        """Work on a country's people."""
        with self._work("country") as work:
            enter_country(work, code)
            yield work

    @contextmanager
    def on_service(self) -> Iterator[Work]:
        """Work on the service as a whole."""
        with self._work("service") as work:
            enter_service(work)
            yield work


class May:
    """The dependency that declares a route's right. Tests find it in every route."""

    def __init__(self, action: str) -> None:
        self.right = right(action)

    async def __call__(self, request: Request) -> Call:
        # Looking at the page of an action changes nothing, and keeps no writer waiting.
        reads = request.method in ("GET", "HEAD")
        return Call(request, self.right._replace(writes=False) if reads else self.right)


def may(action: str) -> Any:
    """`call: Annotated[Call, may("save_answer")]`: the route's one declaration of who may call it."""
    return Depends(May(action))


def etag(version: int | str) -> str:
    """A version as an ETag: `"7"`."""
    return f'"{version}"'

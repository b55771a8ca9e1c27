"""What stands before every route: size of the body, same origin, security headers, a request id, errors of last resort."""

import re
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.calls import bearer_token, own_cookie
from app.api.problems import Answer, unforeseen
from app.errors import NotAllowed, TooLarge
from app.settings import Settings

ANONYMOUS_LIMIT = 64 * 1024
BODY_LIMIT = 2 * 1024 * 1024
FOR_STRANGERS = re.compile(
    r"/api/v1/((sign-in|password-reset)(/.*)?|invitations/(look|accept))|/(sign-in|reset|invitation)(/.*)?"
)
UPLOAD = re.compile(
    r"/api/v1/assessments/[a-z0-9]{1,40}/evidence|/assessments/[a-z0-9]{1,40}/indicators/[a-z0-9-]{1,80}/evidence"
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class BodyTooLarge(HTTPException):
    """The body went over its limit while it was read. An HTTPException, for the framework tells any other as a 400."""

    def __init__(self) -> None:
        super().__init__(TooLarge.status, "Please send less at a time.")


class Guard:
    """ASGI middleware; outermost, so that its headers stand on every answer, whatever happened."""

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self.app = app
        self.settings = settings
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request_id = scope.setdefault("state", {}).setdefault("request_id", secrets.token_hex(8))
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_headers(message["headers"], request_id)
            await send(message)

        try:
            answering = self._refusal(request) or self.app
            await answering(scope, _limited(receive, self._limit(request)), send_guarded)
        except Exception as error:
            if started:
                raise
            await self.answer(request, unforeseen(error))(scope, receive, send_guarded)

    def _limit(self, request: Request) -> int:
        """The bytes that a body may have; an evidence file may be larger than JSON."""
        is_known = bearer_token(request) or own_cookie(request, secure=self.settings.secure)
        if not is_known or FOR_STRANGERS.fullmatch(request.url.path):
            return ANONYMOUS_LIMIT
        upload = request.method == "POST" and UPLOAD.fullmatch(request.url.path)
        # a little more than a file may have, so that the route itself says kindly what to do
        return self.settings.evidence_limit + 64 * 1024 if upload else BODY_LIMIT

    def _refusal(self, request: Request) -> ASGIApp | None:
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > self._limit(request):
            return self.answer(request, TooLarge(f"At most {self._limit(request):,} bytes are read here."))
        if request.method not in SAFE_METHODS and not self._same_origin(request):
            return self.answer(request, NotAllowed("This request comes from another site."))
        return None

    def _same_origin(self, request: Request) -> bool:
        """Whether a page of ours sent it. A program, whose cookie is not read, cannot be misled and need not say."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = request.headers.get("origin")
        if origin is None:
            return own_cookie(request, secure=self.settings.secure) is None
        try:
            scheme, host, *_ = urlsplit(origin)
        except ValueError:
            return False
        return host == request.headers.get("host") and (scheme == "https" or not self.settings.secure)


def _with_headers(given: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    headers = list(given)
    names = {name for name, _ in headers}
    headers += [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in names]
    return [*headers, (b"x-request-id", request_id.encode())]


def _limited(receive: Receive, limit: int) -> Receive:
    """Count what is received; a length that was not announced, or wrong, does not help."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLarge
        return message

    return counted

"""Requests without a socket: an ASGI application is asked in this process, and answers with the very bytes it would send."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

Application = Callable[[Any, Any, Any], Awaitable[None]]
_ON_PAGE = re.compile(rb'<main[^>]* data-problem="([a-z-]+)"')
_SIGNING_IN = {
    "/sign-in": "not-signed-in", "/sign-in/code": "second-factor-needed", "/sign-in/second-factor": "second-factor-needed",
}  # fmt: skip
"""Where pages lead those who are not, or not wholly, signed in; only such a redirect is a 302."""
VARYING = frozenset({"x-request-id", "date"})


class Question(NamedTuple):
    """What is asked. `secret`: a cookie's (or a token's, which begins with `mgi_`)."""

    method: str
    path: str
    secret: str | None = None
    body: Any = None
    query: dict[str, str] = {}  # noqa: RUF012  # never changed
    headers: dict[str, str] = {}  # noqa: RUF012  # never changed


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def problem(self) -> str:
        """The problem's type, as `not-found`; empty for a success."""
        if self.status == 302:
            return _SIGNING_IN.get(dict(self.headers)["location"].partition("?")[0], "")
        if self.status < 400 or not self.body:
            return ""
        on_page = _ON_PAGE.search(self.body)
        return on_page[1].decode() if on_page else str(json.loads(self.body)["type"]).rpartition("/")[2]

    def without(self, path: str) -> "Answer":
        """The same with the asked path taken out, which a page may name; its length is then that of what is left."""
        body = self.body.replace(path.encode(), b"~")
        lengths = {("content-length", str(len(self.body))): str(len(body))}
        headers = tuple(
            (name, lengths.get((name, text), text.replace(quote(path, safe=""), "~"))) for name, text in self.headers
        )
        return self._replace(headers=headers, body=body)

    @property
    def lasting(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """All of it that does not change from request to request."""
        return self.status, tuple(pair for pair in self.headers if pair[0] not in VARYING), self.body

    @property
    def told(self) -> bytes:
        """Headers and body as one text."""
        return "\n".join(": ".join(pair) for pair in self.headers).encode() + b"\n" + self.body


async def ask(app: Application, question: Question) -> Answer:
    """Ask once, and wait for the whole answer. Errors that the application lets through are raised here."""
    body, kind = _body(question.body)
    headers = {"host": "localhost", "sec-fetch-site": "same-origin", "content-length": str(len(body))}
    headers |= kind | _identity(question.secret) | {name.lower(): text for name, text in question.headers.items()}
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "scheme": "http",
        "method": question.method, "path": question.path, "raw_path": question.path.encode(), "root_path": "",
        "query_string": urlencode(question.query).encode(), "client": ("192.0.2.1", 4000), "server": ("localhost", 80),
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    pairs = tuple((name.decode().lower(), text.decode("latin-1")) for name, text in sent[0]["headers"])
    return Answer(sent[0]["status"], pairs, b"".join(message.get("body", b"") for message in sent[1:]))


def _body(body: Any) -> tuple[bytes, dict[str, str]]:
    if body is None:
        return b"", {}
    if isinstance(body, bytes):
        return body, {"content-type": "application/octet-stream"}
    return json.dumps(body).encode(), {"content-type": "application/json"}


def _identity(secret: str | None) -> dict[str, str]:
    if secret is None:
        return {}
    return {"authorization": f"Bearer {secret}"} if secret.startswith("mgi_") else {"cookie": f"mgi={secret}"}

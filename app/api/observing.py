"""What is noted about every request: a line in the log and a count, by the route's template, never by what was sent."""

import secrets
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import Request, logging_request
from app.metrics import METHODS, Metrics

NOWHERE = "(no route)"
CHECKS = frozenset({"/health", "/ready", "/metrics"})
"""What machines ask every few seconds; only trouble with these is logged."""
Templates = Mapping[Callable[..., Any] | None, str]
_log = structlog.get_logger("mgi.requests")


def templates_of(app: FastAPI) -> Templates:
    """The template of each route's path, by the function that answers there."""
    return {context.endpoint: context.path for context in iter_route_contexts(app.routes) if context.path}


class Observer:
    """ASGI middleware around all others: gives the request its id, measures it, counts it, logs it."""

    def __init__(self, app: ASGIApp, templates: Templates, metrics: Metrics) -> None:
        self.app = app
        self._templates = templates
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(secrets.token_hex(8))
        scope.setdefault("state", {})["request_id"] = request.id
        status, begun = 500, perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with logging_request(request):
            try:
                await self.app(scope, receive, send_noted)
            finally:
                self._note(scope, status, perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._templates.get(scope.get("endpoint"), NOWHERE)
        self._metrics.count(scope["method"], route, status, seconds)
        if route in CHECKS and status < 400:
            return
        method = scope["method"] if scope["method"] in METHODS else "other"
        tell = _log.error if status >= 500 else _log.warning if status >= 400 else _log.info
        tell("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))

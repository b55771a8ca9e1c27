"""Routes for machines: is it alive, can it work, what does it count. They stand outside /api/v1."""

import hmac
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from app.api.calls import Call, may
from app.errors import NotFound

router = APIRouter(tags=["operation"])


class HealthOut(BaseModel):
    """It is alive."""

    status: Literal["alive"] = "alive"


class ReadyOut(BaseModel):
    """Which parts answer. What is wrong with one is in the log."""

    ready: bool
    parts: dict[str, bool]


@router.get("/health")
async def get_health(call: Annotated[Call, may("read_public")]) -> HealthOut:
    """Whether the process is alive. Nothing else is looked at, so that a database that is away restarts nobody."""
    return HealthOut()


@router.get("/ready", responses={503: {"model": ReadyOut, "description": "A part does not answer"}})
async def get_ready(call: Annotated[Call, may("read_public")], request: Request, response: Response) -> ReadyOut:
    """Whether the database answers, its schema is current, and the evidence store can be used."""
    parts = {part.name: await part.is_well() for part in request.app.state.parts}
    response.status_code = 200 if all(parts.values()) else 503
    return ReadyOut(ready=all(parts.values()), parts=parts)


@router.get("/metrics", include_in_schema=False)
def get_metrics(call: Annotated[Call, may("read_public")], request: Request) -> Response:
    """What Prometheus reads, for those who show the token of the settings; for others there is nothing here."""
    token = call.service.settings.metrics_token
    if not token or not hmac.compare_digest((call.secret or "").encode(), token.get_secret_value().encode()):
        raise NotFound
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)

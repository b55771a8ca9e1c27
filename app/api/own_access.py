"""Routes of one's own tokens for programs and one's own sign-ins: listing, making, ending."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, Id, may
from app.api.problems import declared
from app.api.proving import OWN, PROVING, Password, proving
from app.errors import Invalid, NotFound
from app.people.sessions import end_session, list_sign_ins
from app.people.tokens import LONGEST_DAYS, Scope, list_tokens, make_token, revoke_token
from questionnaire.text import Written

router = APIRouter(prefix="/account", tags=["account"])


class ApiTokenIn(BaseModel):
    """A token to be made. The password is asked once more."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Written(100)] = Field(examples=["Nightly export"])
    scope: Scope = Field(description="Whether it may only read, or change things too.")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        None, description="If it is for one country alone."
    )
    days: int = Field(ge=1, le=LONGEST_DAYS, description="How long it holds.")
    password: Password


class ApiTokenOut(BaseModel):
    """A token, without its secret."""

    id: str
    name: str
    scope: str
    country: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class MadeApiTokenOut(ApiTokenOut):
    """A new token; `token` is shown here and never again."""

    token: str = Field(description="To be sent as `Authorization: Bearer …`.")


class SessionOut(BaseModel):
    """A sign-in that can still be used."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    present: bool = Field(description="Whether it is the one that asks.")


# takes no Idempotency-Key: what is kept for a retry would hold the token itself
@router.post("/tokens", status_code=201, responses=declared(*PROVING, Invalid))
def post_token(call: Annotated[Call, may("change_own")], given: ApiTokenIn) -> MadeApiTokenOut:
    """Make a token for a program. It acts as you, within its scope and country, and never on how you sign in."""
    with proving(call, given.password) as work:
        made = make_token(work, given.name, scope=given.scope, country=given.country, days=given.days)
        out = ApiTokenOut.model_validate(made.token, from_attributes=True)
    return MadeApiTokenOut(**out.model_dump(), token=made.secret)


@router.get("/tokens", responses=declared(*OWN))
def get_tokens(call: Annotated[Call, may("see_own")]) -> list[ApiTokenOut]:
    """Your tokens that were not revoked, the newest first."""
    with call.begin() as work:
        return [ApiTokenOut.model_validate(token, from_attributes=True) for token in list_tokens(work)]


@router.delete("/tokens/{token_id}", status_code=204, responses=declared(*OWN, NotFound, Invalid))
def delete_token(call: Annotated[Call, may("change_own")], token_id: Id) -> None:
    """Revoke a token; it no longer works from now on."""
    with call.begin() as work:
        revoke_token(work, token_id)


@router.get("/sessions", responses=declared(*OWN))
def get_sessions(call: Annotated[Call, may("see_own")]) -> list[SessionOut]:
    """Your sign-ins that can still be used, the newest first."""
    with call.begin() as work:
        return [SessionOut.model_validate(seen, from_attributes=True) for seen in list_sign_ins(work)]


@router.delete("/sessions/{session_id}", status_code=204, responses=declared(*OWN, NotFound, Invalid))
def delete_session(call: Annotated[Call, may("change_own")], session_id: Id) -> None:
    """End one of your sign-ins at once."""
    with call.begin() as work:
        end_session(work, session_id)

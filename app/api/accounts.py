"""Routes of accounts, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, Id, may
from app.api.pages import After, Limit, Page, page, place
from app.api.people import HeldRoleOut
from app.api.problems import declared
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded
from app.people.accounts import (
    Email,
    SeenAccount,
    change_email,
    disable_account,
    enable_account,
    find_account,
    list_accounts,
    reset_second_factor,
)
from app.people.roles import end_administrator

router = APIRouter(prefix="/accounts", tags=["accounts"])

_ALL = (NotSignedIn, SecondFactorNeeded, NotAllowed)
_ONE = (*_ALL, NotFound)


class AccountOut(BaseModel):
    """An account. `has_password` is false while the first invitation is open."""

    id: str
    email: str
    name: str
    disabled: bool
    has_password: bool
    second_factor: bool = Field(description="Whether one is set up.")
    created_at: datetime
    roles: list[HeldRoleOut]


class AccountChange(BaseModel):
    """The new e-mail address to sign in with."""

    model_config = ConfigDict(extra="forbid")

    email: Email


def _out(account: SeenAccount) -> AccountOut:
    return AccountOut.model_validate(account, from_attributes=True)


@router.get("", responses=declared(*_ALL, Invalid))
def get_accounts(
    call: Annotated[Call, may("see_accounts")], limit: Limit = 50, after: After = None
) -> Page[AccountOut]:
    """All accounts, by name."""
    with call.on_service() as work:
        keys = place(after, str)
        found = list_accounts(work, limit + 1, str(keys[0]) if keys else None)
        return page(found, limit, _out, lambda account: (account.id,))


@router.get("/{account_id}", responses=declared(*_ONE))
def get_account(call: Annotated[Call, may("see_accounts")], account_id: Id) -> AccountOut:
    """One account."""
    with call.on_service() as work:
        return _out(find_account(work, account_id))


@router.patch("/{account_id}", responses=declared(*_ONE, Conflict, Invalid))
def patch_account(call: Annotated[Call, may("manage_accounts")], account_id: Id, data: AccountChange) -> AccountOut:
    """Change the e-mail address of someone else's account; the old and the new one are told."""
    with call.on_service() as work:
        return _out(change_email(work, account_id, data.email))


@router.post("/{account_id}/disable", responses=declared(*_ONE, Conflict))
def post_disable(call: Annotated[Call, may("manage_accounts")], account_id: Id) -> AccountOut:
    """Shut someone else's account: their sign-ins, tokens and links end at once."""
    with call.on_service() as work:
        return _out(disable_account(work, account_id))


@router.post("/{account_id}/enable", responses=declared(*_ONE, Conflict))
def post_enable(call: Annotated[Call, may("manage_accounts")], account_id: Id) -> AccountOut:
    """Open a disabled account again, with the roles that it has."""
    with call.on_service() as work:
        return _out(enable_account(work, account_id))


@router.post("/{account_id}/second-factor/reset", responses=declared(*_ONE))
def post_second_factor_reset(call: Annotated[Call, may("manage_accounts")], account_id: Id) -> AccountOut:
    """Remove someone else's second factor, so that they can set up another; they are told."""
    with call.on_service() as work:
        return _out(reset_second_factor(work, account_id))


@router.delete("/{account_id}/roles/{grant_id}", status_code=204, responses=declared(*_ONE, Conflict))
def delete_administrator(call: Annotated[Call, may("manage_accounts")], account_id: Id, grant_id: Id) -> None:
    """End another administrator's role. Roles in a country are ended beside its people."""
    with call.on_service() as work:
        end_administrator(work, account_id, grant_id)

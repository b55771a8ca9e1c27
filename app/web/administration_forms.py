"""What forms about people hold, where pages take more, or say it otherwise, than programs do."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.api.accounts import AccountChange
from app.api.invitations import ToInvite, ToInviteToCountry
from app.web.entrance import TypedEmail


class Guest(ToInvite):
    """Whom to invite."""

    email: TypedEmail


class CountryGuest(ToInviteToCountry):
    """Whom to invite to a role in a country."""

    email: TypedEmail


class OtherEmail(AccountChange):
    """The new address of an account."""

    email: TypedEmail


class Successor(BaseModel):
    """Who takes over, as the form names them: `account:…` or `invitation:…`."""

    to: Annotated[str, Field(pattern="^(account|invitation):[a-z0-9]{8,40}$")]

"""Forms about people, countries and rounds: what they hold, and what is said about a field that was left empty."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from app.api.accounts import AccountChange
from app.api.invitations import ToInvite, ToInviteToCountry
from app.errors import Invalid
from app.web.done import translatable
from app.web.entrance import TypedEmail
from app.web.fields import Fields

Model = TypeVar("Model", bound=BaseModel)

LEFT_EMPTY: Mapping[str, str] = {
    "email": translatable("Please write the e-mail address."),
    "name": translatable("Please write the person’s name."),
    "role": translatable("Please choose a role."),
    "to": translatable("Please choose who takes over."),
    "code": translatable("Please choose a country."),
    "country": translatable("Please choose a country."),
    "round": translatable("Please write the year of the round."),
}


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


def filled_in(fields: Fields, model: type[Model]) -> Model:
    """The form as a model. `Invalid` names each field at fault; one that was left empty in words of its own."""
    try:
        return fields.as_(model)
    except Invalid as refusal:
        errors = [{**error, "message": _worded(fields, error)} for error in refusal.more["errors"]]
        raise Invalid(refusal.detail, errors=errors) from None


def _worded(fields: Fields, error: Mapping[str, str]) -> str:
    name = error["path"][0]
    return error["message"] if fields.one(name) else LEFT_EMPTY.get(name, error["message"])

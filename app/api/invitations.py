"""Routes of invitations: invite, renew, cancel; look at one's own and accept it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, CountryCode, Id, may
from app.api.headers import Once
from app.api.problems import declared
from app.api.proving import looking
from app.assessments.workflow import Role
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded
from app.once import OnceKey, act_once
from app.people.accounts import Email, PersonName
from app.people.countries import country_name
from app.people.invitations import (
    Invitation,
    Invited,
    Offered,
    accept,
    accept_own,
    cancel_invitation,
    invite,
    look_at,
    newcomer,
    open_invitations,
    own_invitations,
    renew_invitation,
)
from app.people.resets import new_hash
from app.people.sign_ins import Grant
from app.work import Work

router = APIRouter(tags=["invitations"])

COUNTRY, SERVICE, OWN = "/countries/{code}/invitations", "/invitations", "/account/invitations"
_REFUSED = (NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, Conflict, Invalid)


class ToInvite(BaseModel):
    """Whom to invite. The name is what they are greeted by until they say it themselves."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    name: PersonName


class ToInviteToCountry(ToInvite):
    """Whom to invite to which role; contributors work for a ministry."""

    role: Role
    ministry_id: Annotated[str, Field(pattern="^[a-z0-9]{8,40}$")] | None = None


class OpenInvitationOut(BaseModel):
    """An invitation that was not accepted yet; past `expires_at` it has to be renewed."""

    id: str
    email: str
    role: str
    country: str | None
    ministry_id: str | None
    created_at: datetime
    expires_at: datetime
    hands_over: bool = Field(description="Whether a focal point hands over when it is accepted.")


class InvitationOut(OpenInvitationOut):
    """An invitation just made, and how its link reaches the person."""

    delivery: Literal["mailed", "link", "administrator"] = Field(
        description="`link`: no mail is sent, please hand it over; `administrator`: the administrator has to."
    )
    detail: str
    link: str | None = Field(None, description="The link, once, for administrators where no mail is sent; else null.")


class TokenIn(BaseModel):
    """What stands after `#` in the link of an invitation."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(min_length=1, max_length=200)


class AcceptIn(TokenIn):
    """The token; and for a new account the name, if it is another than the one greeted by, and a password."""

    name: PersonName | None = None
    password: str | None = Field(None, max_length=1024)


class OfferedOut(BaseModel):
    """What the invitation is for."""

    id: str
    role: str
    country: str | None
    country_name: str | None
    inviter: str
    email: str
    new_account: bool
    expires_at: datetime


TOLD = {
    "mailed": "The invitation was sent by mail. Its link works once, for 72 hours.",
    "link": "No mail is sent by this service. Please hand the link over; it works once, for 72 hours.",
    "administrator": "No mail is sent by this service. Please ask the administrator to hand over the link.",
    "own": "No mail is sent by this service, and this person has a second factor, so the link is not "
    "shown. They find the invitation in their account once they sign in.",
}


def open_invitation_out(invitation: Invitation) -> OpenInvitationOut:
    """An invitation as lists tell it."""
    return OpenInvitationOut.model_validate(invitation, from_attributes=True)


def _out(work: Work, invited: Invited) -> InvitationOut:
    told = "mailed" if invited.mailed else "link" if "administrator" in work.roles else "administrator"
    hidden = told == "link" and invited.has_second_factor
    return InvitationOut(
        **invited.invitation._asdict(),
        delivery=told,
        detail=TOLD["own" if hidden else told],
        link=invited.address if told == "link" and not hidden else None,
    )


def _given_once(work: Work, once: OnceKey | None, make: Callable[[], Invited]) -> InvitationOut:
    """Make an invitation once. The link is not kept with the key: a retry is told everything but that."""
    links: list[str | None] = []

    def act() -> InvitationOut:
        made = _out(work, make())
        links.append(made.link)
        return made.model_copy(update={"link": None})

    given = act_once(work, once, InvitationOut, act)
    return given.model_copy(update={"link": links[0] if links else None})


def _offered(offered: Offered) -> OfferedOut:
    named = country_name(offered.country) if offered.country else None
    return OfferedOut(**offered._asdict(), country_name=named)


@router.post(COUNTRY, status_code=201, responses=declared(*_REFUSED))
def post_country_invitation(
    call: Annotated[Call, may("invite")], code: CountryCode, data: ToInviteToCountry, once: Once
) -> InvitationOut:
    """Invite someone to a role in a country. It is theirs once they accept; the answer is the same for a known e-mail."""
    with call.on_country(code) as work:
        wanted = Grant(data.role, code, data.ministry_id)
        return _given_once(work, once, lambda: invite(work, data.email, data.name, wanted))


@router.get(SERVICE, responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed))
def get_administrator_invitations(call: Annotated[Call, may("see_accounts")]) -> list[OpenInvitationOut]:
    """The open invitations of administrators. Those to a country stand beside its people."""
    with call.on_service() as work:
        return [open_invitation_out(invitation) for invitation in open_invitations(work)]


@router.post(
    SERVICE, status_code=201, responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, Conflict, Invalid)
)
def post_administrator_invitation(
    call: Annotated[Call, may("manage_accounts")], data: ToInvite, once: Once
) -> InvitationOut:
    """Invite another administrator."""
    with call.on_service() as work:
        wanted = Grant("administrator", None, None)
        return _given_once(work, once, lambda: invite(work, data.email, data.name, wanted))


@router.post(COUNTRY + "/{invitation_id}/renew", status_code=201, responses=declared(*_REFUSED))
def renew_country_invitation(
    call: Annotated[Call, may("invite")], code: CountryCode, invitation_id: Id, once: Once
) -> InvitationOut:
    """Make a new link, for 72 hours; the old one ends. Administrators may, whatever the role."""
    with call.on_country(code) as work:
        return _given_once(work, once, lambda: renew_invitation(work, invitation_id))


@router.post(SERVICE + "/{invitation_id}/renew", status_code=201, responses=declared(*_REFUSED))
def renew_administrator_invitation(
    call: Annotated[Call, may("manage_accounts")], invitation_id: Id, once: Once
) -> InvitationOut:
    """Make a new link for the invitation of an administrator."""
    with call.on_service() as work:
        return _given_once(work, once, lambda: renew_invitation(work, invitation_id))


@router.delete(COUNTRY + "/{invitation_id}", status_code=204, responses=declared(*_REFUSED))
def cancel_country_invitation(call: Annotated[Call, may("invite")], code: CountryCode, invitation_id: Id) -> None:
    """Cancel an open invitation: its link leads nowhere from now on."""
    with call.on_country(code) as work:
        cancel_invitation(work, invitation_id)


@router.delete(SERVICE + "/{invitation_id}", status_code=204, responses=declared(*_REFUSED))
def cancel_administrator_invitation(call: Annotated[Call, may("manage_accounts")], invitation_id: Id) -> None:
    """Cancel the invitation of an administrator."""
    with call.on_service() as work:
        cancel_invitation(work, invitation_id)


@router.post(SERVICE + "/look", responses=declared(NotFound, Invalid))
def look_at_invitation(call: Annotated[Call, may("read_public")], data: TokenIn) -> OfferedOut:
    """What an invitation is for. Looking does not use it up."""
    with call.begin() as work:
        return _offered(look_at(work, data.token))


@router.post(SERVICE + "/accept", responses=declared(NotFound, Conflict, Invalid))
def accept_invitation(call: Annotated[Call, may("use_link")], data: AcceptIn) -> OfferedOut:
    """Accept an invitation. A new account gets its password; afterwards, sign in."""
    with looking(call) as work:
        owner = newcomer(work, data.token, data.name, with_password=data.password is not None)
    hashed = new_hash(data.password, owner, field="password") if owner and data.password is not None else None
    with call.begin() as work:
        return _offered(accept(work, data.token, data.name, hashed))


@router.get(OWN, responses=declared(NotSignedIn, SecondFactorNeeded))
def get_own_invitations(call: Annotated[Call, may("see_own")]) -> list[OfferedOut]:
    """What you are invited to and have not accepted yet."""
    with call.begin() as work:
        return [_offered(offered) for offered in own_invitations(work)]


@router.post(OWN + "/{invitation_id}/accept", responses=declared(*_REFUSED))
def accept_own_invitation(call: Annotated[Call, may("change_own")], invitation_id: Id) -> OfferedOut:
    """Accept an invitation without its link. Your role changes, so that you have to sign in anew."""
    with call.begin() as work:
        return _offered(accept_own(work, invitation_id))

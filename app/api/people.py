"""Routes of a country's people: who they are, ending a role, handing over, ministries."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.calls import Call, CountryCode, Id, may
from app.api.headers import Once
from app.api.invitations import OpenInvitationOut, open_invitation_out
from app.api.problems import declared
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded
from app.once import act_once
from app.people.hand_over import hand_over, hand_over_on_acceptance
from app.people.invitations import open_invitations
from app.people.listing import list_people
from app.people.ministries import add_ministry, list_ministries, rename_ministry
from app.people.roles import end_country_role
from questionnaire.text import Phrase

router = APIRouter(prefix="/countries/{code}", tags=["people"])

_READING = (NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound)
_IdField = Annotated[str, Field(pattern="^[a-z0-9]{8,40}$")]


class HeldRoleOut(BaseModel):
    """A role that someone holds; `ministry` is the name of a contributor's."""

    grant_id: str
    role: str
    country: str | None
    ministry_id: str | None
    ministry: str | None
    since: datetime


class PersonOut(BaseModel):
    """A person with the roles that they hold in this country."""

    account_id: str
    name: str
    email: str
    disabled: bool
    roles: list[HeldRoleOut]


class PeopleOut(BaseModel):
    """The people of a country, by name, and the open invitations, by date."""

    people: list[PersonOut]
    invitations: list[OpenInvitationOut]


class HandOverIn(BaseModel):
    """Who takes over: a person of the country, or whoever accepts an open invitation to be focal point."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"account_id": "k3qhx7p2m5vbn4wzt6ya"}})

    account_id: _IdField | None = None
    invitation_id: _IdField | None = None

    @model_validator(mode="after")
    def _one(self) -> "HandOverIn":
        if (self.account_id is None) == (self.invitation_id is None):
            raise ValueError("please name either a person (account_id) or an invitation (invitation_id)")
        return self


class HandOverOut(BaseModel):
    """Whether it is done; if not, it will be once the invitation is accepted."""

    done: bool
    account_id: str | None
    invitation_id: str | None


class MinistryIn(BaseModel):
    """A ministry's name, as it stands inside a sentence."""

    model_config = ConfigDict(extra="forbid")

    name: Phrase


class MinistryOut(BaseModel):
    """A ministry or other body that contributes."""

    id: str
    name: str


@router.get("/people", responses=declared(*_READING))
def get_people(call: Annotated[Call, may("see_people")], code: CountryCode) -> PeopleOut:
    """Who holds which role in the country, and who is invited."""
    with call.on_country(code) as work:
        return PeopleOut(
            people=[PersonOut.model_validate(person, from_attributes=True) for person in list_people(work)],
            invitations=[open_invitation_out(invitation) for invitation in open_invitations(work)],
        )


@router.delete("/roles/{grant_id}", status_code=204, responses=declared(*_READING, Conflict))
def delete_role(call: Annotated[Call, may("end_role")], code: CountryCode, grant_id: Id) -> None:
    """End a role at once, with the person's sign-ins. The last focal point hands over instead."""
    with call.on_country(code) as work:
        end_country_role(work, grant_id)


@router.post("/hand-over", responses=declared(*_READING, Conflict, Invalid))
def post_hand_over(
    call: Annotated[Call, may("hand_over")], code: CountryCode, data: HandOverIn, once: Once
) -> HandOverOut:
    """Hand one's role as focal point over. It ends with that, or once the invitation is accepted."""
    with call.on_country(code) as work:

        def act() -> HandOverOut:
            if data.account_id is not None:
                made = hand_over(work, data.account_id)
            else:
                made = hand_over_on_acceptance(work, data.invitation_id or "")
            return HandOverOut.model_validate(made, from_attributes=True)

        return act_once(work, once, HandOverOut, act)


@router.get("/ministries", responses=declared(*_READING))
def get_ministries(call: Annotated[Call, may("see_ministries")], code: CountryCode) -> list[MinistryOut]:
    """The country's ministries, by name."""
    with call.on_country(code) as work:
        return [MinistryOut.model_validate(ministry, from_attributes=True) for ministry in list_ministries(work)]


@router.post("/ministries", status_code=201, responses=declared(*_READING, Conflict, Invalid))
def post_ministry(
    call: Annotated[Call, may("manage_ministries")], code: CountryCode, data: MinistryIn, once: Once
) -> MinistryOut:
    """Add a ministry."""
    with call.on_country(code) as work:
        return act_once(
            work,
            once,
            MinistryOut,
            lambda: MinistryOut.model_validate(add_ministry(work, data.name), from_attributes=True),
        )


@router.put("/ministries/{ministry_id}", responses=declared(*_READING, Conflict, Invalid))
def put_ministry(
    call: Annotated[Call, may("manage_ministries")], code: CountryCode, ministry_id: Id, data: MinistryIn
) -> MinistryOut:
    """Give a ministry another name."""
    with call.on_country(code) as work:
        return MinistryOut.model_validate(rename_ministry(work, ministry_id, data.name), from_attributes=True)

"""Pages of a country's people: who holds which role, inviting, ending a role, handing over."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, CountryCode, Id, may
from app.assessments.workflow import ROLES
from app.errors import Conflict, Invalid, NotFound, Refusal
from app.mail.outbox import mail_is_on
from app.people.accounts import HeldRole
from app.people.countries import country_name
from app.people.hand_over import HandedOver, hand_over, hand_over_on_acceptance
from app.people.invitations import (
    Invitation,
    Invited,
    cancel_invitation,
    invite,
    open_invitations,
    renew_invitation,
)
from app.people.listing import Person, list_people
from app.people.ministries import list_ministries
from app.people.roles import end_country_role, may_give
from app.people.sign_ins import Grant
from app.web.administration_forms import CountryGuest, Successor
from app.web.fields import Fields, Posted
from app.web.rendering import draw, see_other
from app.work import Work

router = APIRouter(prefix="/countries/{code}", include_in_schema=False)


def _people_page(code: str) -> str:
    return f"/countries/{code}/people"


@router.get("/people")
def show_people(call: Annotated[Call, may("see_people")], code: CountryCode) -> Response:
    """Who holds which role in the country, and who is invited."""
    return _draw_people(call, code)


def _draw_people(call: Call, code: str, refusal: Refusal | None = None) -> Response:
    with call.on_country(code) as work:
        people, invitations, roles, now = list_people(work), open_invitations(work), work.roles, work.now
        ministries = {ministry.id: ministry.name for ministry in list_ministries(work)}
        gives = [role for role in ROLES if may_give(work, role)]
    return draw(
        call,
        "people/people.html",
        refusal=refusal,
        code=code,
        country=country_name(code),
        people=people,
        invitations=invitations,
        ministries=ministries,
        gives=gives,
        roles=roles,
        last=_last_focal_point(people),
        now=now,
    )


def _last_focal_point(people: Sequence[Person]) -> str | None:
    """The role of a country's only focal point, which cannot be ended."""
    held = [
        role.grant_id
        for person in people
        for role in person.roles
        if role.role == "focal_point" and not person.disabled
    ]
    return held[0] if len(held) == 1 else None


@router.get("/invitations/new")
def show_invitation_form(call: Annotated[Call, may("see_people")], code: CountryCode) -> Response:
    """The form to invite someone to a role."""
    return _draw_invitation_form(call, code)


def _draw_invitation_form(
    call: Call, code: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_country(code) as work:
        given = [role for role in ROLES if may_give(work, role) and role != "administrator"]
        ministries = [(ministry.id, ministry.name) for ministry in list_ministries(work)]
        shown = "administrator" in work.roles
    return draw(
        call,
        "people/invite.html",
        refusal=refusal,
        typed=typed or Fields(),
        code=code,
        country=country_name(code),
        gives=given,
        ministries=ministries,
        mail=mail_is_on(call.service),
        shown=shown,
    )


@router.post("/invitations")
def send_invitation(call: Annotated[Call, may("invite")], code: CountryCode, fields: Posted) -> Response:
    """Invite someone to a role in the country."""
    try:
        given = fields.as_(CountryGuest)
        with call.on_country(code) as work:
            invited = invite(work, given.email, given.name, Grant(given.role, code, given.ministry_id))
            shown = "administrator" in work.roles
    except (Invalid, Conflict) as refusal:
        return _draw_invitation_form(call, code, refusal, fields)
    return answer_invited(call, invited, shown=shown, back=_people_page(code))


def answer_invited(call: Call, invited: Invited, *, shown: bool, back: str) -> Response:
    """After an invitation was made: the list where it was mailed; else how its link reaches the person.

    `shown`: whether the reader may see the link, this once. Whoever has a second factor gets no link by another's hands.
    """
    if invited.mailed:
        return see_other(back, done="invited")
    hidden = invited.has_second_factor
    link = invited.address if shown and not hidden else None
    return draw(
        call, "people/invited.html", invitation=invited.invitation, link=link, hidden=shown and hidden, back=back
    )


@router.post("/invitations/{invitation_id}/renew")
def send_renewal(call: Annotated[Call, may("invite")], code: CountryCode, invitation_id: Id) -> Response:
    """Make a new link, for 72 hours; the old one ends."""
    try:
        with call.on_country(code) as work:
            invited = renew_invitation(work, invitation_id)
            shown = "administrator" in work.roles
    except Conflict as refusal:
        return _draw_people(call, code, refusal)
    return answer_invited(call, invited, shown=shown, back=_people_page(code))


@router.get("/invitations/{invitation_id}/withdraw")
def show_invitation_withdrawal(
    call: Annotated[Call, may("see_people")], code: CountryCode, invitation_id: Id
) -> Response:
    """What happens when an invitation is withdrawn."""
    with call.on_country(code) as work:
        found = find_invitation(work, invitation_id)
        names = {ministry.id: ministry.name for ministry in list_ministries(work)}
    ministry = names.get(found.ministry_id or "")
    return draw(call, "people/withdraw.html", invitation=found, back=_people_page(code), ministry=ministry)


def find_invitation(work: Work, invitation_id: str) -> Invitation:
    """An open invitation of this work's country, or of administrators; `NotFound` if there is none."""
    found = next((one for one in open_invitations(work) if one.id == invitation_id), None)
    if found is None:
        raise NotFound
    return found


@router.post("/invitations/{invitation_id}/withdraw")
def send_invitation_withdrawal(call: Annotated[Call, may("invite")], code: CountryCode, invitation_id: Id) -> Response:
    """Withdraw an open invitation: its link leads nowhere from now on."""
    with call.on_country(code) as work:
        cancel_invitation(work, invitation_id)
    return see_other(_people_page(code), done="invitation-withdrawn")


@router.get("/roles/{grant_id}/end")
def show_end_of_role(call: Annotated[Call, may("see_people")], code: CountryCode, grant_id: Id) -> Response:
    """What happens when a role ends."""
    return _draw_end_of_role(call, code, grant_id)


def _draw_end_of_role(call: Call, code: str, grant_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_country(code) as work:
        person, role = _held(list_people(work), grant_id)
        own = person.account_id == work.actor.id
    return draw(
        call,
        "people/end-role.html",
        refusal=refusal,
        code=code,
        country=country_name(code),
        holder=person,
        role=role,
        own=own,
    )


def _held(people: Sequence[Person], grant_id: str) -> tuple[Person, HeldRole]:
    for person in people:
        for role in person.roles:
            if role.grant_id == grant_id:
                return person, role
    raise NotFound


@router.post("/roles/{grant_id}/end")
def send_end_of_role(call: Annotated[Call, may("end_role")], code: CountryCode, grant_id: Id) -> Response:
    """End a role at once, with the person's sign-ins."""
    try:
        with call.on_country(code) as work:
            person, _ = _held(list_people(work), grant_id)
            end_country_role(work, grant_id)
            own = person.account_id == work.actor.id
    except Conflict as refusal:
        return _draw_end_of_role(call, code, grant_id, refusal)
    return see_other("/", done="own-role-ended") if own else see_other(_people_page(code), done="role-ended")


@router.get("/hand-over")
def show_hand_over(call: Annotated[Call, may("hand_over")], code: CountryCode) -> Response:
    """To whom a focal point can hand over, and what happens then."""
    return _draw_hand_over(call, code)


def _draw_hand_over(call: Call, code: str, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_country(code) as work:
        people = [person for person in list_people(work) if _can_take_over(person)]
        invitations = [one for one in open_invitations(work) if one.role == "focal_point"]
    return draw(
        call,
        "people/hand-over.html",
        refusal=refusal,
        typed=typed or Fields(),
        code=code,
        country=country_name(code),
        people=people,
        invitations=invitations,
    )


def _can_take_over(person: Person) -> bool:
    """Someone of the government or IOM's country office who is not a focal point already."""
    return not person.disabled and not {"focal_point", "reviewer"} & {role.role for role in person.roles}


@router.post("/hand-over")
def send_hand_over(call: Annotated[Call, may("hand_over")], code: CountryCode, fields: Posted) -> Response:
    """Hand one's role as focal point over, at once or once an invitation is accepted."""
    try:
        given = fields.as_(Successor)
        with call.on_country(code) as work:
            made = _hand_over(work, *given.to.split(":"))
    except (Invalid, Conflict) as refusal:
        return _draw_hand_over(call, code, refusal, fields)
    return see_other("/", done="handed-over") if made.done else see_other(_people_page(code), done="hand-over-prepared")


def _hand_over(work: Work, kind: str, named: str) -> HandedOver:
    return hand_over(work, named) if kind == "account" else hand_over_on_acceptance(work, named)

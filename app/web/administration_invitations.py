"""Pages of the invitations of administrators."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, may
from app.errors import Conflict, Invalid, Refusal
from app.mail.outbox import mail_is_on
from app.people.invitations import cancel_invitation, invite, open_invitations, renew_invitation
from app.people.sign_ins import Grant
from app.web.administration_forms import Guest
from app.web.fields import Fields, Posted
from app.web.people import answer_invited, find_invitation
from app.web.rendering import draw, see_other

router = APIRouter(prefix="/administration/invitations", include_in_schema=False)

LIST = "/administration/invitations"


@router.get("")
def show_administrator_invitations(call: Annotated[Call, may("see_accounts")]) -> Response:
    """Who is invited to be an administrator."""
    return _draw_list(call)


def _draw_list(call: Call, refusal: Refusal | None = None) -> Response:
    with call.on_service() as work:
        found, now = open_invitations(work), work.now
    return draw(call, "administration/invitations.html", refusal=refusal, invitations=found, now=now)


@router.get("/new")
def show_administrator_invitation_form(call: Annotated[Call, may("see_accounts")]) -> Response:
    """The form to invite another administrator."""
    return _draw_form(call)


def _draw_form(call: Call, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_service():
        pass
    mail = mail_is_on(call.service)
    return draw(call, "administration/invite.html", refusal=refusal, typed=typed or Fields(), mail=mail)


@router.post("")
def send_administrator_invitation(call: Annotated[Call, may("manage_accounts")], fields: Posted) -> Response:
    """Invite another administrator."""
    try:
        given = fields.as_(Guest)
        with call.on_service() as work:
            invited = invite(work, given.email, given.name, Grant("administrator", None, None))
    except (Invalid, Conflict) as refusal:
        return _draw_form(call, refusal, fields)
    return answer_invited(call, invited, shown=True, back=LIST)


@router.post("/{invitation_id}/renew")
def send_administrator_renewal(call: Annotated[Call, may("manage_accounts")], invitation_id: Id) -> Response:
    """Make a new link for the invitation of an administrator."""
    try:
        with call.on_service() as work:
            invited = renew_invitation(work, invitation_id)
    except Conflict as refusal:
        return _draw_list(call, refusal)
    return answer_invited(call, invited, shown=True, back=LIST)


@router.get("/{invitation_id}/withdraw")
def show_administrator_withdrawal(call: Annotated[Call, may("see_accounts")], invitation_id: Id) -> Response:
    """What happens when the invitation of an administrator is withdrawn."""
    with call.on_service() as work:
        invitation = find_invitation(work, invitation_id)
    return draw(call, "people/withdraw.html", invitation=invitation, back=LIST, ministry=None)


@router.post("/{invitation_id}/withdraw")
def send_administrator_withdrawal(call: Annotated[Call, may("manage_accounts")], invitation_id: Id) -> Response:
    """Withdraw the invitation of an administrator."""
    with call.on_service() as work:
        cancel_invitation(work, invitation_id)
    return see_other(LIST, done="invitation-withdrawn")

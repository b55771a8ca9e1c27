"""Pages of the invitations that wait for oneself."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, may
from app.api.proving import forget_cookie, looking
from app.errors import Conflict, NotFound, Refusal
from app.people.countries import country_name
from app.people.invitations import Offered, accept_own, own_invitations
from app.web.rendering import draw, see_other

router = APIRouter(prefix="/account/invitations", include_in_schema=False)


class Offer(NamedTuple):
    """An invitation, and the name of its country; None for a role that holds in none."""

    offered: Offered
    country: str | None


def _draw_invitations(call: Call, refusal: Refusal | None = None) -> Response:
    with looking(call) as work:
        waiting = own_invitations(work)
    offers = [Offer(one, country_name(one.country) if one.country else None) for one in waiting]
    return draw(call, "account/invitations.html", refusal=refusal, offers=offers)


@router.get("")
def show_own_invitations(call: Annotated[Call, may("see_own")]) -> Response:
    """What one is invited to and has not accepted yet."""
    return _draw_invitations(call)


@router.post("/{invitation_id}/accept")
def send_accept_own_invitation(call: Annotated[Call, may("change_own")], invitation_id: Id) -> Response:
    """Accept an invitation. One's roles change, so that one signs in anew."""
    try:
        with call.begin() as work:
            accept_own(work, invitation_id)
    except (Conflict, NotFound) as refusal:
        return _draw_invitations(call, refusal)
    response = see_other("/sign-in", done="own-accepted")
    forget_cookie(call, response)
    return response

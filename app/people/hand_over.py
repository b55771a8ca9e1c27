"""Handing over: a focal point gives the role to another person, and gives it up, in one step."""

from typing import NamedTuple

from sqlmodel import col, select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.mail import letters
from app.models.people import Account, RoleGrant
from app.people.invitations import open_invitation
from app.people.roles import close_role, give_role, hold_roles, open_grants
from app.people.sign_ins import Grant
from app.people.telling import country_words, doer, role_words, service_address, tell
from app.record import ACCOUNTS
from app.work import Work


class HandedOver(NamedTuple):
    """Whether it is done; if not, it will be when the invitation is accepted."""

    done: bool
    account_id: str | None = None
    invitation_id: str | None = None


def hand_over(work: Work, account_id: str) -> HandedOver:
    """Make another person of the country its focal point, and end one's own role. Both are told.

    `NotFound` for someone who holds no role in the country; `Conflict` for a focal point, and for a reviewer.
    """
    hold_roles(work)
    mine = _own_role(work)
    account = work.session.get(Account, account_id)
    here = [grant for grant in open_grants(work, account_id) if grant.country == work.country]
    if account is None or account.disabled_at is not None or not here:
        raise NotFound
    if account_id == mine.account_id:
        raise NotAllowed("Please name the person who takes over from you.")
    given = give_role(work, account_id, Grant("focal_point", work.country, None), by=mine.account_id)
    work.record("handed_over", mine.id, stream=ACCOUNTS, account=account_id, country=work.country, role_given=given.id)
    close_role(work, mine)
    written = letters.role_given(
        role=role_words("focal_point"),
        country=country_words(work.country),
        by=doer(work),
        when=work.now,
        link=service_address(work),
    )
    tell(work, account.email, written)
    return HandedOver(done=True, account_id=account_id)


def hand_over_on_acceptance(work: Work, invitation_id: str) -> HandedOver:
    """End one's own role as soon as an open invitation to be focal point is accepted.

    `NotFound` if there is none; `Invalid` for another role's; `Conflict` if another focal point hands over by it.
    """
    hold_roles(work)
    mine = _own_role(work)
    link = open_invitation(work, invitation_id)
    if link.role != "focal_point":
        message = "please choose an invitation to be focal point"
        raise Invalid(f"The invitation: {message}.", errors=[{"path": ["invitation_id"], "message": message}])
    if link.hands_over not in (None, mine.id):
        raise Conflict("Another focal point hands over by this invitation.")
    link.hands_over = mine.id
    work.session.add(link)
    work.session.flush()
    work.record("hand_over_prepared", mine.id, stream=ACCOUNTS, invitation=link.id, country=work.country)
    return HandedOver(done=False, invitation_id=link.id)


def _own_role(work: Work) -> RoleGrant:
    mine = (
        (col(RoleGrant.account_id) == work.actor.id)
        & (col(RoleGrant.country) == work.country)
        & (col(RoleGrant.role) == "focal_point")
        & col(RoleGrant.ended_at).is_(None)
    )
    grant = work.session.exec(select(RoleGrant).where(mine)).first()
    if grant is None:
        raise NotAllowed("A focal point alone can hand over.")
    return grant

"""Roles: who may give and end which, what cannot be held together, and what ends with a role."""

from sqlmodel import col, select

from app.assessments.workflow import GOVERNMENT, Role
from app.errors import Conflict, NotAllowed, NotFound
from app.mail import letters
from app.models.people import Account, Link, RoleGrant
from app.people.access import close_links, end_sign_ins, is_open, revoke_tokens
from app.people.secrets import new_id
from app.people.sign_ins import Grant
from app.people.telling import country_words, doer, role_words, service_address, tell
from app.record import ACCOUNTS
from app.work import Work

GIVES: dict[Role, frozenset[Role]] = {
    "focal_point": frozenset({"focal_point", "contributor", "signatory", "adviser"}),
    "administrator": frozenset({"focal_point", "reviewer", "administrator"}),
}
"""Who may invite to a role, and end it. No other role may do either."""


def may_give(work: Work, role: str) -> bool:
    """Whether the person may invite to a role here, or end it."""
    return any(role in given for giver, given in GIVES.items() if giver in work.roles)


def is_backed(work: Work, invitation: Link) -> bool:
    """Whether whoever made an invitation may still give its role. The command line may; administrators renew for others,
    and stand for any role that they offered.
    """
    if invitation.created_by is None:
        return True
    inviter = work.session.get(Account, invitation.created_by)
    if inviter is None or inviter.disabled_at is not None:
        return False
    places = (invitation.country, None)
    held = {grant.role for grant in open_grants(work, inviter.id) if grant.country in places}
    given = frozenset[str]().union(*(GIVES[giver] for giver in GIVES if giver in held))
    return "administrator" in held or invitation.role in given


def hold_roles(work: Work) -> None:
    """Nobody else changes roles until this work is done. Before anything is looked at that must stay so."""
    work.head(ACCOUNTS)


def open_grants(work: Work, account_id: str) -> list[RoleGrant]:
    """The roles that a person holds now."""
    mine = (col(RoleGrant.account_id) == account_id) & col(RoleGrant.ended_at).is_(None)
    return list(work.session.exec(select(RoleGrant).where(mine).order_by(col(RoleGrant.created_at), col(RoleGrant.id))))


def check_clash(work: Work, account_id: str, wanted: Grant) -> None:
    """`Conflict` if the person holds the role already, or one that cannot be held together with it."""
    held = [grant for grant in open_grants(work, account_id) if grant.country == wanted.country]
    if any((grant.role, grant.ministry_id) == (wanted.role, wanted.ministry_id) for grant in held):
        raise Conflict("This person holds this role already.")
    roles = {grant.role for grant in held} | {wanted.role}
    if "reviewer" in roles and roles & GOVERNMENT:
        raise Conflict(
            "Nobody can work for the government and review for IOM in one country; please end the other role first."
        )


def give_role(work: Work, account_id: str, wanted: Grant, *, by: str | None) -> RoleGrant:
    """Give a role; the person signs in anew. `Conflict` as `check_clash` says. The caller holds the roles."""
    check_clash(work, account_id, wanted)
    grant = RoleGrant(
        id=new_id(),
        account_id=account_id,
        role=wanted.role,
        country=wanted.country,
        ministry_id=wanted.ministry_id,
        granted_by=by,
        created_at=work.now,
    )
    work.session.add(grant)
    work.session.flush()
    end_sign_ins(work, account_id)
    work.record(
        "role_given", grant.id, stream=ACCOUNTS, account=account_id, role=grant.role, country=grant.country,
        ministry=grant.ministry_id, by_account=by,
    )  # fmt: skip
    return grant


def end_country_role(work: Work, grant_id: str) -> None:
    """End a role in this work's country, at once. `Conflict` for the last focal point, who hands over instead."""
    hold_roles(work)
    grant = _open_grant(work, grant_id, country=work.country)
    if not may_give(work, grant.role):
        raise NotAllowed(f"Your role does not allow you to end the role of a {role_words(grant.role)}.")
    if grant.role == "focal_point" and not someone_else_holds(work, grant):
        raise Conflict("This is the country's last focal point; please let them hand over to another person instead.")
    close_role(work, grant)


def end_administrator(work: Work, account_id: str, grant_id: str) -> None:
    """End an administrator's role. `NotAllowed` for one's own; `Conflict` for the last."""
    hold_roles(work)
    grant = _open_grant(work, grant_id, country=None)
    if grant.account_id != account_id:
        raise NotFound
    if work.person and account_id == work.person.id:
        raise NotAllowed("Your own role as administrator is ended by another administrator.")
    if not someone_else_holds(work, grant):
        raise Conflict("This is the last administrator; please invite another one first.")
    close_role(work, grant)


def _open_grant(work: Work, grant_id: str, *, country: str | None) -> RoleGrant:
    grant = work.session.get(RoleGrant, grant_id)
    if grant is None or grant.country != country or grant.ended_at is not None:
        raise NotFound
    return grant


def someone_else_holds(work: Work, grant: RoleGrant) -> bool:
    """Whether another person, whose account is not disabled, holds the same role."""
    statement = (
        select(RoleGrant.id)
        .join(Account, col(Account.id) == col(RoleGrant.account_id))
        .where(
            col(RoleGrant.role) == grant.role,
            col(RoleGrant.country) == grant.country if grant.country else col(RoleGrant.country).is_(None),
            col(RoleGrant.account_id) != grant.account_id,
            col(RoleGrant.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    )
    return work.session.exec(statement.limit(1)).first() is not None


def close_role(work: Work, grant: RoleGrant) -> None:
    """End a role, and with it the person's sign-ins, their tokens and links for that country, and what they offered to
    others by this role; tell them.
    """
    grant.ended_at = work.now
    work.session.add(grant)
    work.session.flush()
    end_sign_ins(work, grant.account_id)
    revoke_tokens(work, grant.account_id, grant.country if open_grants(work, grant.account_id) else None)
    close_links(work, grant.account_id, grant.country)
    _close_what_is_not_backed(work, grant.account_id)
    work.record(
        "role_ended", grant.id, stream=ACCOUNTS, account=grant.account_id, role=grant.role, country=grant.country
    )
    told = letters.role_ended(
        role=role_words(grant.role),
        country=country_words(grant.country),
        by=doer(work),
        when=work.now,
        link=service_address(work),
    )
    tell(work, work.session.get_one(Account, grant.account_id).email, told)


def _close_what_is_not_backed(work: Work, inviter_id: str) -> None:
    """Cancel the open invitations that a person made by a role which they no longer hold."""
    made = (col(Link.created_by) == inviter_id) & (col(Link.kind) == "invitation") & is_open()
    for link in work.session.exec(select(Link).where(made)):
        if not is_backed(work, link):
            link.cancelled_at = work.now
            work.session.add(link)
    work.session.flush()

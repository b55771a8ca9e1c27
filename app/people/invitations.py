"""Invitations to a role: made, renewed, cancelled, looked at, accepted. A person holds the role once they accept."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.mail import letters
from app.mail.outbox import mail_is_on
from app.models.people import Account, Link, RoleGrant
from app.people.access import is_open
from app.people.accounts import account_by_email
from app.people.links import DEAD, find_link, invitation_address, make_link, use_link
from app.people.ministries import check_ministry
from app.people.resets import Owner
from app.people.roles import check_clash, close_role, give_role, hold_roles, is_backed, may_give
from app.people.secrets import new_id, token_hash
from app.people.sessions import own_account
from app.people.sign_ins import Grant
from app.people.telling import COMMAND_LINE, country_words, doer, role_words, tell
from app.record import ACCOUNTS
from app.work import Work

HOURS = 72


class Invitation(NamedTuple):
    """An open invitation, perhaps too old to be accepted. It tells no name: that of an account is its owner's to give."""

    id: str
    email: str
    role: str
    country: str | None
    ministry_id: str | None
    created_at: datetime
    expires_at: datetime
    hands_over: bool


class Invited(NamedTuple):
    """An invitation just made. `address` is its link, which goes to nobody but the person who is invited."""

    invitation: Invitation
    address: str
    mailed: bool
    has_second_factor: bool


class Offered(NamedTuple):
    """What an invitation is for, to the person who is invited. `new_account`: a name and a password are wanted."""

    id: str
    role: str
    country: str | None
    inviter: str
    email: str
    new_account: bool
    expires_at: datetime


def invite(work: Work, email: str, name: str, wanted: Grant) -> Invited:
    """Invite a person to a role; an earlier invitation to the same role ends. The role comes when it is accepted.

    `NotAllowed` for a role that the inviter may not give, and for oneself; `Invalid` for a wrong ministry; `Conflict` if the
    person holds the role, or one that does not go with it. An address without an account gets one, with no password yet.
    """
    _check_may_give(work, wanted)
    hold_roles(work)
    check_ministry(work, wanted.role, wanted.ministry_id)
    account = account_by_email(work, email)
    if account is None:
        account = Account(id=new_id(), email=email, name=name, created_at=work.now)
        work.session.add(account)
        work.session.flush()
    _check_not_oneself(work, account.id)
    check_clash(work, account.id, wanted)
    return _send(work, account, wanted)


def invite_first_administrator(work: Work, email: str, name: str) -> Invited:
    """Invite the administrator of a new service; earlier invitations of one end. `Conflict` once there is one."""
    hold_roles(work)
    active = (
        select(RoleGrant.id)
        .join(Account, col(Account.id) == col(RoleGrant.account_id))
        .where(
            col(RoleGrant.role) == "administrator",
            col(RoleGrant.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    )
    if work.session.exec(active.limit(1)).first() is not None:
        raise Conflict("There is an administrator already, who can invite others.")
    for invitation in open_invitations(work):
        cancel_invitation(work, invitation.id)
    return invite(work, email, name, Grant("administrator", None, None))


def _check_may_give(work: Work, wanted: Grant) -> None:
    if not may_give(work, wanted.role):
        raise NotAllowed(f"Your role does not allow you to invite a {role_words(wanted.role)}.")
    if (wanted.role == "administrator") != (wanted.country is None):
        message = "an administrator holds this role in no country, and everyone else holds theirs in one"
        raise Invalid(f"The role: {message}.", errors=[{"path": ["role"], "message": message}])


def _check_not_oneself(work: Work, account_id: str) -> None:
    if work.person and account_id == work.person.id:
        raise NotAllowed("Nobody can give a role to themselves; please ask a colleague.")


def _send(work: Work, account: Account, wanted: Grant, replaced: Link | None = None) -> Invited:
    offer = wanted._asdict()
    hands_over = replaced.hands_over if replaced else None
    secret = make_link(work, "invitation", account.id, hours=HOURS, hands_over=hands_over, **offer)
    link = work.session.exec(select(Link).where(col(Link.token_hash) == token_hash(secret))).one()
    renews = replaced.id if replaced else None
    work.record("invited", link.id, stream=ACCOUNTS, account=account.id, renews=renews, **offer)
    address = invitation_address(work.service, secret)
    written = letters.invitation(
        inviter=doer(work),
        role=role_words(wanted.role),
        country=country_words(wanted.country),
        link=address,
        until=link.expires_at,
    )
    tell(work, account.email, written)
    return Invited(_seen(link, account.email), address, mail_is_on(work.service), account.totp_confirmed)


def _seen(link: Link, email: str) -> Invitation:
    return Invitation(
        link.id, email, link.role or "", link.country, link.ministry_id, link.created_at, link.expires_at,
        link.hands_over is not None,
    )  # fmt: skip


def open_invitations(work: Work) -> list[Invitation]:
    """The invitations to this work's country (outside of one: to no country) that nobody accepted or cancelled."""
    here = col(Link.country) == work.country if work.country else col(Link.country).is_(None)
    statement = (
        select(Link, Account.email)
        .join(Account, col(Account.id) == col(Link.account_id))
        .where(here, is_open(), col(Link.kind) == "invitation")
        .order_by(col(Link.created_at), col(Link.id))
    )
    return [_seen(link, email) for link, email in work.session.exec(statement)]


def cancel_invitation(work: Work, invitation_id: str) -> None:
    """End an open invitation: its link leads nowhere from now on."""
    hold_roles(work)
    link = open_invitation(work, invitation_id)
    link.cancelled_at = work.now
    work.session.add(link)
    work.session.flush()
    work.record("invitation_cancelled", link.id, stream=ACCOUNTS, account=link.account_id)


def renew_invitation(work: Work, invitation_id: str) -> Invited:
    """Make a new link for an open invitation, even one that is too old; the old link ends."""
    hold_roles(work)
    link = open_invitation(work, invitation_id)
    _check_not_oneself(work, link.account_id)
    wanted = Grant(link.role or "", link.country, link.ministry_id)
    check_clash(work, link.account_id, wanted)
    return _send(work, work.session.get_one(Account, link.account_id), wanted, link)


def open_invitation(work: Work, invitation_id: str) -> Link:
    """An open invitation of this work's country. `NotAllowed` for a role that one may not give; administrators hand over
    the links of all, for they are asked to where no mail is sent.
    """
    link = work.session.get(Link, invitation_id)
    closed = link is None or link.kind != "invitation" or link.used_at or link.cancelled_at
    if link is None or closed or link.country != work.country:
        raise NotFound
    if not (may_give(work, link.role or "") or "administrator" in work.roles):
        raise NotAllowed(f"The invitation of a {role_words(link.role or '')} is not yours to change.")
    return link


def look_at(work: Work, secret: str) -> Offered:
    """What an invitation is for; it is not used up. `NotFound` if it cannot be accepted, whyever."""
    return _offered(work, _backed_link(work, secret))


def _backed_link(work: Work, secret: str) -> Link:
    link = find_link(work, "invitation", secret)
    if not is_backed(work, link):
        raise NotFound(DEAD)
    return link


def _offered(work: Work, link: Link) -> Offered:
    account = work.session.get_one(Account, link.account_id)
    inviter = work.session.get(Account, link.created_by) if link.created_by else None
    return Offered(
        id=link.id,
        role=link.role or "",
        country=link.country,
        inviter=inviter.name if inviter else COMMAND_LINE,
        email=account.email,
        new_account=account.password is None,
        expires_at=link.expires_at,
    )


def newcomer(work: Work, secret: str, name: str | None, *, with_password: bool) -> Owner | None:
    """Whose password is to be hashed before an invitation is accepted; None for a person who has one.

    `NotFound` as in `accept`; `Invalid` if a password is missing, or given where there is one.
    """
    account = work.session.get_one(Account, _backed_link(work, secret).account_id)
    _check_wanted(account, with_password)
    return Owner(account.email, name or account.name) if with_password else None


def accept(work: Work, secret: str, name: str | None, hashed: str | None) -> Offered:
    """Accept an invitation: the person holds the role from now on. A new account gets its name and the hash of its password,
    which was made before this work began (`newcomer`): it takes long, on purpose.

    `NotFound` if it cannot be accepted, whyever; `Invalid` names what is wrong with the password, and then nothing is
    used up; `Conflict` if the role does not go with one that was given meanwhile.
    """
    hold_roles(work)
    offered = look_at(work, secret)
    link = use_link(work, "invitation", secret)
    account = work.session.get_one(Account, link.account_id)
    _complete(account, name, hashed)
    work.session.add(account)
    work.session.flush()
    _take_up(work, link)
    return offered


def own_invitations(work: Work) -> list[Offered]:
    """What the person who is signed in is invited to, and can accept now."""
    mine = (col(Link.account_id) == work.actor.id) & (col(Link.kind) == "invitation")
    statement = select(Link).where(mine, is_open(), col(Link.expires_at) > work.now).order_by(col(Link.created_at))
    return [_offered(work, link) for link in work.session.exec(statement) if is_backed(work, link)]


def accept_own(work: Work, invitation_id: str) -> Offered:
    """Accept an invitation without its link, signed in. `NotFound` for another person's, and one that has ended."""
    own_account(work)
    offered = next((offered for offered in own_invitations(work) if offered.id == invitation_id), None)
    if offered is None:
        raise NotFound
    link = work.session.get_one(Link, invitation_id)
    link.used_at = work.now
    work.session.add(link)
    work.session.flush()
    _take_up(work, link)
    return offered


def _take_up(work: Work, link: Link) -> None:
    """Give the role of an invitation that was just used up, and end that of who hands over by it."""
    work.record("invitation_accepted", link.id, stream=ACCOUNTS, account=link.account_id)
    give_role(work, link.account_id, Grant(link.role or "", link.country, link.ministry_id), by=link.created_by)
    given_up = work.session.get(RoleGrant, link.hands_over) if link.hands_over else None
    if given_up is not None and given_up.ended_at is None:
        work.record("handed_over", given_up.id, stream=ACCOUNTS, account=link.account_id, country=link.country)
        close_role(work, given_up)


def _check_wanted(account: Account, with_password: bool) -> None:
    if account.password is not None and with_password:
        raise _wrong("password", "you have an account and its password already; please leave this out")
    if account.password is None and not with_password:
        raise _wrong("password", "please choose a password")


def _complete(account: Account, name: str | None, hashed: str | None) -> None:
    """Set up a new account; one that has a password keeps it, and its name."""
    _check_wanted(account, hashed is not None)
    if hashed is not None:
        account.name = name or account.name
        account.password = hashed


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(f"The {field}: {message}.", errors=[{"path": [field], "message": message}])

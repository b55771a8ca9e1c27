"""One's own sign-ins: listing them, ending one, ending the others, signing out."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from app.errors import NotAllowed, NotFound
from app.models.people import Account, SignIn
from app.people.access import end_sign_ins
from app.people.sign_ins import IDLE, renew_sign_in
from app.work import Work


class SeenSignIn(NamedTuple):
    """A sign-in that can still be used; `present` is the one that asks."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    present: bool


def own_account(work: Work) -> Account:
    """The account of the person who is signed in; where it may be changed, nobody else changes accounts from here on.

    `NotAllowed` for programs: a token never changes how one signs in.
    """
    if work.actor.session_id is None:
        raise NotAllowed("A token for programs cannot do this; please sign in with your password.")
    if work.right.writes:
        work.head()
    return work.session.get_one(Account, work.actor.id)


def _open(work: Work) -> ColumnElement[bool]:
    return (
        (col(SignIn.account_id) == work.actor.id)
        & col(SignIn.ended_at).is_(None)
        & (col(SignIn.expires_at) > work.now)
        & (col(SignIn.seen_at) > work.now - IDLE)
    )


def list_sign_ins(work: Work) -> list[SeenSignIn]:
    """One's own sign-ins that can still be used, the newest first."""
    own_account(work)
    rows = work.session.exec(select(SignIn).where(_open(work)).order_by(col(SignIn.created_at).desc(), col(SignIn.id)))
    present = work.actor.session_id
    return [SeenSignIn(row.id, row.created_at, row.seen_at, row.expires_at, row.id == present) for row in rows]


def end_session(work: Work, session_id: str) -> None:
    """End one of one's own sign-ins at once. `NotFound` for another person's, and for one that has ended."""
    own_account(work)
    ended = update(SignIn).where(_open(work), col(SignIn.id) == session_id).values(ended_at=work.now)
    if work.connection.execute(ended).rowcount != 1:
        raise NotFound
    work.record("session_ended", work.actor.id, session=session_id)


def sign_out(work: Work) -> None:
    """End the sign-in that asks."""
    account = own_account(work)
    present = update(SignIn).where(col(SignIn.id) == work.actor.session_id).values(ended_at=work.now)
    work.connection.execute(present)
    work.record("signed_out", account.id, session=work.actor.session_id)


def sign_out_everywhere(work: Work) -> None:
    """End all one's sign-ins, this one too. Tokens for programs go on: they are listed apart, and revoked one by one."""
    account = own_account(work)
    end_sign_ins(work, account.id)
    work.record("signed_out", account.id, everywhere=True)


def keep_this_alone(work: Work) -> str:
    """End all one's other sign-ins and give this one another secret: after a change of how one signs in."""
    others = (col(SignIn.account_id) == work.actor.id) & (col(SignIn.id) != work.actor.session_id)
    work.connection.execute(update(SignIn).where(others, col(SignIn.ended_at).is_(None)).values(ended_at=work.now))
    return renew_sign_in(work.connection, work.actor.session_id or "", second_factor=True)

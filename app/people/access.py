"""Taking access away at once: sign-ins, programs' tokens, open links. Each takes effect with the next request."""

from sqlalchemy import ColumnElement, update
from sqlmodel import col

from app.models.people import ApiToken, Link, SignIn
from app.work import Work


def end_sign_ins(work: Work, account_id: str) -> None:
    """End all sign-ins of a person."""
    open_ones = (col(SignIn.account_id) == account_id) & col(SignIn.ended_at).is_(None)
    work.connection.execute(update(SignIn).where(open_ones).values(ended_at=work.now))


def revoke_tokens(work: Work, account_id: str, country: str | None = None) -> None:
    """Revoke a person's tokens for programs: those for one country, or all."""
    live = (col(ApiToken.account_id) == account_id) & col(ApiToken.revoked_at).is_(None)
    if country is not None:
        live &= col(ApiToken.country) == country
    work.connection.execute(update(ApiToken).where(live).values(revoked_at=work.now))


def is_open() -> ColumnElement[bool]:
    """A link that was neither used nor cancelled; it may be too old to be used."""
    return col(Link.used_at).is_(None) & col(Link.cancelled_at).is_(None)


def close_links(work: Work, account_id: str, country: str | None = None) -> None:
    """Cancel a person's open links: invitations to one country, or all links of every kind."""
    live = (col(Link.account_id) == account_id) & is_open()
    if country is not None:
        live &= col(Link.country) == country
    work.connection.execute(update(Link).where(live).values(cancelled_at=work.now))


def close_invitations_by(work: Work, inviter_id: str) -> None:
    """Cancel the open invitations that a person made to others."""
    made = (col(Link.created_by) == inviter_id) & (col(Link.kind) == "invitation") & is_open()
    work.connection.execute(update(Link).where(made).values(cancelled_at=work.now))


def end_access(work: Work, account_id: str) -> None:
    """End everything by which a person, or whoever has their secrets, can come in or let others in."""
    end_sign_ins(work, account_id)
    revoke_tokens(work, account_id)
    close_links(work, account_id)
    close_invitations_by(work, account_id)

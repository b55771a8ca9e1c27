"""Single-use links: invitations to a role and password resets. The secret stands in the link alone; its hash is kept."""

from datetime import timedelta
from typing import Literal, TypedDict, Unpack

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from app.errors import NotFound
from app.models.people import Account, Link
from app.people.secrets import new_id, new_token, token_hash
from app.service import Service
from app.work import Work

LinkKind = Literal["invitation", "reset"]

DEAD = "This link was used already, has ended, or was replaced by a newer one; please ask for a new one."


class Offer(TypedDict, total=False):
    """The role that an invitation offers; a reset offers none."""

    role: str | None
    country: str | None
    ministry_id: str | None
    hands_over: str | None


def make_link(work: Work, kind: LinkKind, account_id: str, *, hours: float, **offer: Unpack[Offer]) -> str:
    """Make a link and give its secret. Older links of the same kind to the same account and role no longer work."""
    made = Link(
        id=new_id(),
        token_hash="",
        kind=kind,
        account_id=account_id,
        created_by=work.person.id if work.person else None,
        created_at=work.now,
        expires_at=work.now + timedelta(hours=hours),
        **offer,
    )
    void_links(work, kind, account_id, **offer)
    secret = new_token()
    made.token_hash = token_hash(secret)
    work.session.add(made)
    work.session.flush()
    return secret


def void_links(work: Work, kind: LinkKind, account_id: str, **offer: Unpack[Offer]) -> None:
    """End the open links of a kind to an account and role."""
    mine = (
        (col(Link.kind) == kind)
        & (col(Link.account_id) == account_id)
        & col(Link.role).is_not_distinct_from(offer.get("role"))
        & col(Link.country).is_not_distinct_from(offer.get("country"))
        & col(Link.ministry_id).is_not_distinct_from(offer.get("ministry_id"))
    )
    open_ones = col(Link.used_at).is_(None) & col(Link.cancelled_at).is_(None)
    work.connection.execute(update(Link).where(mine & open_ones).values(cancelled_at=work.now))


def find_link(work: Work, kind: LinkKind, secret: str) -> Link:
    """An open link, left open. `NotFound` if there is none: unknown, used, ended, cancelled, or its account is disabled."""
    found = work.session.scalars(select(Link).where(_open(work, kind, secret))).one_or_none()
    if found is None:
        raise NotFound(DEAD)
    return found


def use_link(work: Work, kind: LinkKind, secret: str) -> Link:
    """Use a link up and give it. `NotFound` as in `find_link`; of two requests at once, one alone gets it."""
    found = find_link(work, kind, secret)
    used = update(Link).where(_open(work, kind, secret)).values(used_at=work.now)
    if work.connection.execute(used).rowcount != 1:
        raise NotFound(DEAD)
    work.session.refresh(found)
    return found


def _open(work: Work, kind: LinkKind, secret: str) -> ColumnElement[bool]:
    active = select(col(Account.id)).where(col(Account.disabled_at).is_(None))
    return (
        (col(Link.token_hash) == token_hash(secret))
        & (col(Link.kind) == kind)
        & col(Link.used_at).is_(None)
        & col(Link.cancelled_at).is_(None)
        & (col(Link.expires_at) > work.now)
        & col(Link.account_id).in_(active)
    )


def page_address(service: Service, page: str) -> str:
    """The address of a page of ours, as it stands in letters."""
    return f"{service.settings.base_url.rstrip('/')}/{page}"


def reset_address(service: Service, secret: str) -> str:
    """Where a new password is chosen. What comes after `#` is sent to no server and stands in no log."""
    return page_address(service, f"reset#{secret}")


def invitation_address(service: Service, secret: str) -> str:
    """Where an invitation is accepted."""
    return page_address(service, f"invitation#{secret}")

"""Tokens for programs: each acts as the account that made it, within its scope and country, until it ends or is revoked."""

from datetime import timedelta
from typing import Literal, NamedTuple

from sqlmodel import col, select

from app.errors import Conflict, Invalid, NotFound
from app.mail import letters
from app.models.people import ApiToken
from app.people.links import page_address
from app.people.secrets import new_id, new_token, token_hash
from app.people.sessions import own_account
from app.people.sign_ins import API_TOKEN
from app.people.telling import tell
from app.work import Work

Scope = Literal["read", "write"]
MOST_TOKENS = 50
LONGEST_DAYS = 365


class MadeToken(NamedTuple):
    """A new token; `secret` is shown this once and kept nowhere."""

    token: ApiToken
    secret: str


def make_token(work: Work, name: str, *, scope: Scope, country: str | None, days: int) -> MadeToken:
    """Make a token. `Invalid` for a country in which the person holds no role; `Conflict` if there are very many already."""
    account = own_account(work)
    if country is not None and not work.actor.roles_in(country):
        message = "you hold no role in this country"
        raise Invalid(f"The token's country: {message}.", errors=[{"path": ["country"], "message": message}])
    if len(list_tokens(work)) >= MOST_TOKENS:
        raise Conflict(f"You have {MOST_TOKENS} tokens already; please revoke one first.")
    secret = API_TOKEN + new_token()
    made = ApiToken(
        id=new_id(),
        token_hash=token_hash(secret),
        account_id=account.id,
        name=name,
        scope=scope,
        country=country,
        created_at=work.now,
        expires_at=work.now + timedelta(days=days),
    )
    work.session.add(made)
    work.session.flush()
    work.record("token_made", account.id, token=made.id, scope=scope, country=country)
    link = page_address(work.service, "reset")
    tell(work, account.email, letters.api_token_made(token=name, when=work.now, link=link))
    return MadeToken(made, secret)


def list_tokens(work: Work) -> list[ApiToken]:
    """One's own tokens that were not revoked, the newest first; those that have ended too."""
    account = own_account(work)
    mine = (col(ApiToken.account_id) == account.id) & col(ApiToken.revoked_at).is_(None)
    return list(work.session.exec(select(ApiToken).where(mine).order_by(col(ApiToken.created_at).desc(), ApiToken.id)))


def revoke_token(work: Work, token_id: str) -> None:
    """Revoke one of one's own tokens at once. `NotFound` for another person's, and for one that was revoked already."""
    found = next((token for token in list_tokens(work) if token.id == token_id), None)
    if found is None:
        raise NotFound
    found.revoked_at = work.now
    work.session.flush()
    work.record("token_revoked", work.actor.id, token=token_id)

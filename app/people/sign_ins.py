"""Who is calling: from a sign-in's or a token's secret to the person and the roles they hold at this moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, insert, select, update
from sqlalchemy.engine import Connection
from sqlmodel import col

from app.errors import NotSignedIn
from app.models.people import Account, ApiToken, RoleGrant, SignIn
from app.people.secrets import new_id, new_token, token_hash

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""A sign-in's last use is written down at most this often, so that reading stays reading."""

API_TOKEN = "mgi_"  # noqa: S105  # the beginning by which a program's token is told from a sign-in
STRONG_ROLES = frozenset({"reviewer", "administrator"})


class Grant(NamedTuple):
    """A role held now; `country` None for administrators."""

    role: str
    country: str | None
    ministry_id: str | None


class Actor(NamedTuple):
    """The person who calls. `scope` is `write`, or `read` for a token that may not change anything."""

    id: str
    email: str
    name: str
    grants: tuple[Grant, ...]
    session_id: str | None
    token_id: str | None
    scope: str
    only_country: str | None
    has_second_factor: bool
    second_factor_shown: bool
    seen_at: datetime

    def roles_in(self, country: str | None) -> frozenset[str]:
        """The roles in a country, and those that hold in none (administrator)."""
        if self.only_country is not None and country != self.only_country:
            return frozenset()
        return frozenset(grant.role for grant in self.grants if grant.country in (country, None))

    def ministries_in(self, country: str) -> frozenset[str]:
        """The ministries for which the person contributes."""
        return frozenset(g.ministry_id for g in self.grants if g.country == country and g.ministry_id)

    def is_strong(self) -> bool:
        """Whether a role wants a second factor."""
        return any(grant.role in STRONG_ROLES for grant in self.grants)


_PERSON = (
    col(Account.id), col(Account.email), col(Account.name), col(Account.disabled_at), col(Account.totp_confirmed),
    col(RoleGrant.role), col(RoleGrant.country), col(RoleGrant.ministry_id),
)  # fmt: skip
_GRANTS = (col(RoleGrant.account_id) == col(Account.id)) & (col(RoleGrant.ended_at).is_(None))
_BY_SESSION: Select[*tuple[Any, ...]] = (
    select(
        col(SignIn.id).label("key"), col(SignIn.seen_at), col(SignIn.expires_at), col(SignIn.ended_at),
        col(SignIn.second_factor), *_PERSON,
    )
    .join(Account, col(Account.id) == col(SignIn.account_id))
    .outerjoin(RoleGrant, _GRANTS)
    .where(col(SignIn.token_hash) == bindparam("hash"))
)  # fmt: skip
_BY_TOKEN: Select[*tuple[Any, ...]] = (
    select(
        col(ApiToken.id).label("key"), col(ApiToken.used_at).label("seen_at"), col(ApiToken.expires_at),
        col(ApiToken.revoked_at).label("ended_at"), col(ApiToken.scope), col(ApiToken.country).label("only_country"), *_PERSON,
    )
    .join(Account, col(Account.id) == col(ApiToken.account_id))
    .outerjoin(RoleGrant, _GRANTS)
    .where(col(ApiToken.token_hash) == bindparam("hash"))
)  # fmt: skip
_SEEN = update(SignIn).where(col(SignIn.id) == bindparam("key")).values(seen_at=bindparam("now"))
_USED = update(ApiToken).where(col(ApiToken.id) == bindparam("key")).values(used_at=bindparam("now"))


def identify(connection: Connection, secret: str, now: datetime) -> Actor:
    """The person behind a sign-in or token. `NotSignedIn` if it is unknown, ended, expired, or the account is disabled."""
    by_token = secret.startswith(API_TOKEN)
    rows = connection.execute(_BY_TOKEN if by_token else _BY_SESSION, {"hash": token_hash(secret)}).all()
    if not rows or rows[0].ended_at is not None or rows[0].disabled_at is not None or now >= rows[0].expires_at:
        raise NotSignedIn
    if not by_token and now - rows[0].seen_at >= IDLE:
        raise NotSignedIn
    return _actor(rows, by_token, now)


def _actor(rows: Sequence[Row[Any]], by_token: bool, now: datetime) -> Actor:
    first = rows[0]
    return Actor(
        id=first.id,
        email=first.email,
        name=first.name,
        grants=tuple(Grant(row.role, row.country, row.ministry_id) for row in rows if row.role),
        session_id=None if by_token else first.key,
        token_id=first.key if by_token else None,
        scope=first.scope if by_token else "write",
        only_country=first.only_country if by_token else None,
        has_second_factor=first.totp_confirmed,
        second_factor_shown=True if by_token else first.second_factor,
        seen_at=first.seen_at or first.expires_at - timedelta(days=3650),
    )


def note_use(connection: Connection, actor: Actor, now: datetime) -> None:
    """Write down that a sign-in or token was used just now."""
    key = actor.session_id or actor.token_id
    connection.execute(_SEEN if actor.session_id else _USED, {"key": key, "now": now})


def start_sign_in(connection: Connection, account_id: str, now: datetime, *, second_factor: bool) -> str:
    """Begin a sign-in and give its secret, which is kept nowhere: the database has its hash."""
    secret = new_token()
    row = {
        "id": new_id(),
        "token_hash": token_hash(secret),
        "account_id": account_id,
        "second_factor": second_factor,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + ABSOLUTE,
        "ended_at": None,
    }
    connection.execute(insert(SignIn), row)
    return secret


def renew_sign_in(connection: Connection, session_id: str, *, second_factor: bool) -> str:
    """Give a sign-in another secret, on a step up; the one before no longer works."""
    secret = new_token()
    values = {"token_hash": token_hash(secret), "second_factor": second_factor}
    connection.execute(update(SignIn).where(col(SignIn.id) == session_id).values(**values))
    return secret


def end_sign_in(connection: Connection, secret: str, now: datetime) -> None:
    """End the sign-in of a secret, if there is one."""
    mine = (col(SignIn.token_hash) == token_hash(secret)) & col(SignIn.ended_at).is_(None)
    connection.execute(update(SignIn).where(mine).values(ended_at=now))

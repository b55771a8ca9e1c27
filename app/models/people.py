"""Accounts and what they may do: roles per country, sign-ins, tokens, links, second factors."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    """A person. `email` is kept in small letters. Without a password the invitation is still open."""

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    password: str | None = None
    totp_secret: str | None = Field(default=None, description="The second factor; counts once it is confirmed.")
    totp_confirmed: bool = False
    totp_pending: str | None = Field(
        default=None, description="A second factor being set up; it takes over once it is confirmed."
    )
    totp_step: int = Field(default=0, description="The last time step that was accepted; a code serves once.")
    language: str = "en"
    created_at: datetime
    disabled_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"

    account_id: str = Field(primary_key=True, foreign_key="account.id")
    code_hash: str = Field(primary_key=True)
    used_at: datetime | None = None


class Country(SQLModel, table=True):
    """A country that the service works with."""

    code: str = Field(primary_key=True)
    added_at: datetime


class Ministry(SQLModel, table=True):
    """A ministry or other body of a country that contributes."""

    id: str = Field(primary_key=True)
    country: str = Field(foreign_key="country.code", index=True)
    name: str


class RoleGrant(SQLModel, table=True):
    """A role that a person holds in a country (administrators: in none). Ended ones stay on record."""

    __tablename__ = "role_grant"

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    role: str
    country: str | None = Field(None, foreign_key="country.code", index=True)
    ministry_id: str | None = Field(None, foreign_key="ministry.id")
    granted_by: str | None = None
    created_at: datetime
    ended_at: datetime | None = None


class SignIn(SQLModel, table=True):
    """A session of a page: opaque, hashed, with an idle and an absolute end."""

    __tablename__ = "sign_in"

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    second_factor: bool = Field(description="Whether the second factor was shown (or none is wanted).")
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class ApiToken(SQLModel, table=True):
    """A token for programs: acts as its account, within its scope (`read` or `write`), in one country if it names one."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    name: str
    scope: str
    country: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class Link(SQLModel, table=True):
    """A single-use link: an invitation to a role, or a password reset."""

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    kind: str
    account_id: str = Field(foreign_key="account.id", index=True)
    role: str | None = None
    country: str | None = Field(None, foreign_key="country.code", index=True)
    ministry_id: str | None = Field(None, foreign_key="ministry.id")
    hands_over: str | None = Field(
        default=None, foreign_key="role_grant.id", description="The focal point's role that ends when this is accepted."
    )
    created_by: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    cancelled_at: datetime | None = None


class FailedSignIn(SQLModel, table=True):
    """A wrong try at a password or code, counted per account and address; old ones are swept away."""

    __tablename__ = "failed_sign_in"

    id: str = Field(primary_key=True)
    who: str = Field(index=True, description="A hash of e-mail and address, so that unknown e-mails are not kept.")
    at: datetime

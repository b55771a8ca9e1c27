"""What the service is told by its environment; unsafe settings are refused before anything starts."""

import os
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.mail.smtp import read_smtp_url

SECRET_LENGTH = 32
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MEGABYTE = 1024 * 1024
DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:///")
FROM_FILES = {
    "DATABASE_URL": "database_url",
    "MGI_SECRET_KEY": "secret_key",
    "MGI_SMTP_URL": "smtp_url",
    "MGI_S3_ACCESS_KEY": "s3_access_key",
    "MGI_S3_SECRET_KEY": "s3_secret_key",
    "MGI_METRICS_TOKEN": "metrics_token",
}
"""Secrets that may be given by a file instead, named by the variable with `_FILE` behind: environments are easily seen."""


class UnsafeSettings(Exception):
    """A setting is missing, cannot be read, or would be unsafe; the text names each one and how to mend it."""


class Settings(BaseSettings):
    """One field per environment variable: `MGI_` and the field's name in capitals; the database is `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="MGI_", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("database_url", "DATABASE_URL"),
        description="postgresql://user:password@host/name; a file in the data folder if left out.",
    )
    data: Path = Field(Path("data"), description="The data folder: database, evidence files, checkpoints, backups.")
    checkpoints: Path | None = Field(None, description="The folder for checkpoints; in the data folder if left out.")
    secret_key: SecretStr = Field(description="At least 32 random characters; signs checkpoints and links.")
    base_url: str = Field("http://localhost:8000", description="The address that people use; links in mails begin so.")
    demo: bool = Field(False, description="A demonstration on this machine alone: no second factor, no https.")
    trial_languages: bool = Field(False, description="Offer two made-up languages in which layouts are tried out.")
    contact: str = Field(
        "",
        pattern=r"^([^\s@<>]+@[^\s@<>]+)?$",
        description="The e-mail address that people write to; shown on the pages.",
    )
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host:587?tls=starttls, or smtps://…")
    mail_from: str = Field("MGI <no-reply@localhost>", description="The sender of mails.")
    evidence_url: str | None = Field(
        None, description="file:///folder or s3://bucket/prefix; the data folder if left out."
    )
    s3_endpoint: str | None = Field(None, description="The address of the S3 server; Amazon's own if left out.")
    s3_region: str = Field("us-east-1", description="The region of the S3 store.")
    s3_access_key: SecretStr | None = Field(None, description="The access key of the S3 store.")
    s3_secret_key: SecretStr | None = Field(None, description="The secret of that access key.")
    clamd: str | None = Field(None, description="host:port or socket path of a ClamAV daemon that looks at each file.")
    evidence_limit: int = Field(20 * MEGABYTE, ge=1, le=500 * MEGABYTE, description="Bytes that one file may have.")
    evidence_total: int = Field(2000 * MEGABYTE, ge=1, description="Bytes that all files of one assessment may have.")
    threads: int = Field(12, ge=2, le=64, description="Requests that one process works on at a time.")
    trusted_proxy: str = Field(
        "", description="Addresses or networks of your proxy, with commas: its X-Forwarded-For is believed."
    )
    metrics_token: SecretStr | None = Field(None, description="Who asks for /metrics must show it; closed if left out.")

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        if len(self.secret_key.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"MGI_SECRET_KEY should have at least {SECRET_LENGTH} random characters")
        address = urlsplit(self.base_url)
        local = address.hostname in LOCAL_HOSTS
        if not (address.scheme == "https" or (address.scheme == "http" and local)):
            raise ValueError("MGI_BASE_URL should begin with https://; plain http is for this machine alone")
        if self.demo and not local:
            raise ValueError("MGI_DEMO: the demonstration has no second factor and runs on localhost alone")
        return self

    @model_validator(mode="after")
    def _usable(self) -> "Settings":
        if self.database_url and not self.database_url.get_secret_value().startswith(DATABASES):
            raise ValueError(
                "DATABASE_URL should begin with postgresql:// or sqlite:///; leave it out for a file of our own"
            )
        try:
            if self.smtp_url is not None:
                read_smtp_url(self.smtp_url.get_secret_value(), sender=self.mail_from)
        except ValueError as error:
            raise ValueError(f"MGI_SMTP_URL or MGI_MAIL_FROM: {error}") from None
        self._check_evidence()
        return self

    def _check_evidence(self) -> None:
        address = urlsplit(self.evidence_url or "file:///folder")
        in_folder = address.scheme == "file" and not address.netloc and len(address.path) > 1
        if not in_folder and not (address.scheme == "s3" and address.netloc):
            raise ValueError("MGI_EVIDENCE_URL should look like file:///folder or s3://bucket/prefix")
        if not in_folder and not (self.s3_access_key and self.s3_secret_key):
            raise ValueError(
                "MGI_EVIDENCE_URL names an S3 store: please set MGI_S3_ACCESS_KEY and MGI_S3_SECRET_KEY too"
            )

    @field_validator("trusted_proxy")
    @classmethod
    def _networks(cls, given: str) -> str:
        for part in filter(None, (part.strip() for part in given.split(","))):
            try:
                everyone = ip_network(part).prefixlen == 0
            except ValueError:
                raise ValueError("addresses or networks such as 10.0.0.5 or 10.0.0.0/24, with commas") from None
            if everyone:
                raise ValueError("name your proxy alone; else anyone could pretend to call from anywhere")
        return given

    @property
    def database(self) -> str:
        """The address for SQLAlchemy; psycopg 3 is the driver for PostgreSQL."""
        if self.database_url is None:
            return f"sqlite:///{self.data / 'mgi.sqlite'}"
        url = self.database_url.get_secret_value()
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return f"postgresql+psycopg://{url.removeprefix(prefix)}"
        return url

    @cached_property
    def key(self) -> bytes:
        """The secret key as bytes."""
        return self.secret_key.get_secret_value().encode()

    @property
    def secure(self) -> bool:
        """Whether people come over https: cookies are then `__Host-` and Secure."""
        return self.base_url.startswith("https://")


def read_settings(**given: object) -> Settings:
    """The settings of the environment, with those given in the call first. `UnsafeSettings` names what is wrong."""
    try:
        return Settings(**{**_from_files(), **given})  # type: ignore[arg-type]  # the values are checked by the model itself
    except ValidationError as error:
        raise UnsafeSettings("\n".join(_told(dict(item)) for item in error.errors())) from None


def _from_files() -> dict[str, str]:
    """What the files say that the environment names; the last line's end is no part of a secret."""
    found = {}
    for variable, name in FROM_FILES.items():
        path = os.environ.get(f"{variable}_FILE")
        if not path:
            continue
        if os.environ.get(variable):
            raise UnsafeSettings(f"{variable} and {variable}_FILE are both set; please leave one of them out")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise UnsafeSettings(f"{variable}_FILE: {path} cannot be read: {reason}") from None
    return found


def _told(item: dict[str, Any]) -> str:
    name = str(item["loc"][0]) if item["loc"] else ""
    if item["type"] == "missing":
        hint = (
            ' (python3 -c "import secrets; print(secrets.token_urlsafe(48))" makes one)' if name == "secret_key" else ""
        )
        return f"MGI_{name.upper()} is not set{hint}"
    message = str(item["msg"]).removeprefix("Value error, ")
    return f"{name if name.isupper() else 'MGI_' + name.upper()}: {message}" if name else message

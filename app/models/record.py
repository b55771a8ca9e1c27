"""The record: an append-only chain of events per assessment, and keys of requests that must act once."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Event(SQLModel, table=True):
    """Something that happened. Each row's hash covers the row and the hash before it. Holds no answer and no text.

    `stream` is an assessment's id, or `accounts`. `at` is UTC as `2026-11-23T10:20:30.123456Z`; `state` is the state that the
    event led to. `payload` is canonical JSON: versions, hashes of texts, ids.
    """

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: str
    kind: str
    actor: str
    subject: str
    payload: str
    state: str
    hash: str


class RequestKey(SQLModel, table=True):
    """An `Idempotency-Key` and the answer that the first request with it was given."""

    __tablename__ = "request_key"

    account_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_hash: str
    response: str | None = None
    at: datetime

"""The outbox: letters written in the transaction that caused them, sent by one loop."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class OutboxLetter(SQLModel, table=True):
    """A letter to be sent, or that was, or that was given up. `text` is emptied after that: it may hold a link."""

    __tablename__ = "outbox_letter"

    id: str = Field(primary_key=True)
    recipient: str
    subject: str
    text: str
    created_at: datetime
    next_try_at: datetime = Field(index=True)
    tries: int = 0
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    error: str | None = None

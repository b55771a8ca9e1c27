"""Drafts that are kept, sentences that were reworded, and published snapshots."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Draft(SQLModel, table=True):
    """A draft snapshot as it stood: on a submission or on approval. `document` is the snapshot's JSON."""

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    number: int = Field(primary_key=True)
    cause: str
    submission: int
    document: str
    fingerprint: str = Field(description="SHA-256 over instrument, answers, evidence and text.")
    made_at: datetime


class SentenceEdit(SQLModel, table=True):
    """A reviewer's rewording of a sentence, or its removal (`text` None). The highest version counts."""

    __tablename__ = "sentence_edit"

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    language: str = Field(primary_key=True)
    sentence: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str | None = None
    generated: str = Field(description="The sentence as it was generated when it was reworded; stale once it differs.")
    answer_version: int
    edited_by: str
    edited_at: datetime


class Publication(SQLModel, table=True):
    """A published snapshot: exactly the text consented to. Corrections are new numbers; all stay on record."""

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    number: int = Field(primary_key=True)
    country: str = Field(foreign_key="country.code")
    round: int
    document: str
    fingerprint: str
    erratum: str | None = None
    published_at: datetime
    withdrawn_at: datetime | None = None
    notice: str | None = None

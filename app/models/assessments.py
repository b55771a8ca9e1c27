"""Assessments: the pinned instrument, answers in all their versions, sources, and what was submitted."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, UniqueConstraint


class StoredInstrument(SQLModel, table=True):
    """An instrument as it was when an assessment was opened on it; evaluated from here ever after."""

    __tablename__ = "stored_instrument"

    content_hash: str = Field(primary_key=True)
    name: str
    body: str
    stored_at: datetime


class Assessment(SQLModel, table=True):
    """One country, one round, one pinned instrument. Its state is the one that its last event led to."""

    __table_args__ = (UniqueConstraint("country", "round"),)

    id: str = Field(primary_key=True)
    country: str = Field(foreign_key="country.code")
    round: int
    content_hash: str = Field(foreign_key="stored_instrument.content_hash")
    previous_id: str | None = Field(None, foreign_key="assessment.id")
    opened_at: datetime


class StoredAnswer(SQLModel, table=True):
    """One version of an answer; the highest version counts. Rows are never changed."""

    __tablename__ = "answer"

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    indicator: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    base: int = Field(description="The version that this one was made on; 0 for the first.")
    body: str
    sha256: str
    carried_from: int | None = Field(None, description="The round that the answer was carried from, until confirmed.")
    saved_by: str
    saved_at: datetime


class StoredSource(SQLModel, table=True):
    """One version of a source in a country's list; the highest version counts. Rows are never changed."""

    __tablename__ = "source"

    country: str = Field(primary_key=True, foreign_key="country.code")
    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: str
    sha256: str
    removed: bool = False
    saved_by: str
    saved_at: datetime


class Submission(SQLModel, table=True):
    """What was submitted, whole: the response with its sources and the list of evidence. Reviewers see this, never newer text."""

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    number: int = Field(primary_key=True)
    response: str
    evidence: str
    sha256: str
    submitted_by: str
    submitted_at: datetime


class ReturnedIndicator(SQLModel, table=True):
    """An indicator that IOM sent back, with its reason; *changed* once a later version of its answer is saved."""

    __tablename__ = "returned_indicator"

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    submission: int = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    answer_version: int
    reason: str


class GivenReason(SQLModel, table=True):
    """The reason that someone gave for a step (declined consent, an erratum). The record's event `event` holds its hash."""

    __tablename__ = "given_reason"

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    event: int = Field(primary_key=True, description="The number of the event in the assessment's record.")
    reason: str


class Review(SQLModel, table=True):
    """A reviewer's mark that an indicator of a submission was read; it counts while the answer's version is the same."""

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    indicator: str = Field(primary_key=True)
    answer_version: int
    reviewed_by: str
    reviewed_at: datetime


class Evidence(SQLModel, table=True):
    """An attached file. Its content stands in the evidence store under its hash; removed ones stay on record."""

    id: str = Field(primary_key=True)
    assessment_id: str = Field(foreign_key="assessment.id", index=True)
    indicator: str
    source_id: str | None = None
    name: str
    media_type: str
    size: int
    sha256: str
    public: bool = False
    ministry_id: str | None = Field(None, foreign_key="ministry.id")
    added_by: str
    added_at: datetime
    removed_at: datetime | None = None


class Assignment(SQLModel, table=True):
    """An indicator that a ministry is asked to contribute to."""

    assessment_id: str = Field(primary_key=True, foreign_key="assessment.id")
    indicator: str = Field(primary_key=True)
    ministry_id: str = Field(primary_key=True, foreign_key="ministry.id")
    due: date | None = None
    remark: str | None = None
    assigned_by: str
    assigned_at: datetime
    done_at: datetime | None = None
    reminded_at: datetime | None = None

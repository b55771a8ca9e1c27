"""What people write around the answers: contributions and comments."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Contribution(SQLModel, table=True):
    """What a ministry proposes for an indicator; beside the answer, never over it. A new text is a new version (row)."""

    id: str = Field(primary_key=True)
    assessment_id: str = Field(foreign_key="assessment.id", index=True)
    indicator: str
    ministry_id: str = Field(foreign_key="ministry.id")
    version: int
    body: str
    remark: str | None = None
    state: str = Field(description="proposed, replaced, withdrawn, adopted, merged or declined")
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class Comment(SQLModel, table=True):
    """A remark on an indicator. `audience`: `government` (one's own people), `shared` (with IOM), `internal` (IOM alone)."""

    id: str = Field(primary_key=True)
    assessment_id: str = Field(foreign_key="assessment.id", index=True)
    indicator: str
    thread_id: str = Field(description="The first comment's id; its own for the first.")
    audience: str
    ministry_id: str | None = Field(None, foreign_key="ministry.id", description="The ministry spoken with, if one.")
    text: str
    written_by: str
    written_at: datetime
    resolved_at: datetime | None = None

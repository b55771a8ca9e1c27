"""What people write around the answers: assignments, contributions, comments.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "assignment",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("ministry_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("remark", sqlmodel.AutoString(), nullable=True),
        sa.Column("assigned_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("assigned_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assignment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_assignment_ministry_id_ministry")),
        sa.PrimaryKeyConstraint("assessment_id", "indicator", "ministry_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("ministry_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.AutoString(), nullable=False),
        sa.Column("remark", sqlmodel.AutoString(), nullable=True),
        sa.Column("state", sqlmodel.AutoString(), nullable=False),
        sa.Column("proposed_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("proposed_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("decided_by", sqlmodel.AutoString(), nullable=True),
        sa.Column("decided_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_contribution_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_contribution_ministry_id_ministry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_assessment_id"), "contribution", ["assessment_id"])
    op.create_table(
        "comment",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("thread_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("audience", sqlmodel.AutoString(), nullable=False),
        sa.Column("ministry_id", sqlmodel.AutoString(), nullable=True),
        sa.Column("text", sqlmodel.AutoString(), nullable=False),
        sa.Column("written_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("written_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("resolved_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_comment_assessment_id_assessment")),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_comment_ministry_id_ministry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_assessment_id"), "comment", ["assessment_id"])


def downgrade() -> None:
    """Take the tables away, with all that they hold."""
    op.drop_table("comment")
    op.drop_table("contribution")
    op.drop_table("assignment")

"""Assessments: instruments, answers and sources in all versions, submissions, evidence.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "stored_instrument",
        sa.Column("content_hash", sqlmodel.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("body", sqlmodel.AutoString(), nullable=False),
        sa.Column("stored_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_stored_instrument")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.AutoString(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content_hash", sqlmodel.AutoString(), nullable=False),
        sa.Column("previous_id", sqlmodel.AutoString(), nullable=True),
        sa.Column("opened_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_hash"],
            ["stored_instrument.content_hash"],
            name=op.f("fk_assessment_content_hash_stored_instrument"),
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_assessment_country_country")),
        sa.ForeignKeyConstraint(["previous_id"], ["assessment.id"], name=op.f("fk_assessment_previous_id_assessment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("country", "round", name=op.f("uq_assessment_country_round")),
    )
    op.create_table(
        "source",
        sa.Column("country", sqlmodel.AutoString(), nullable=False),
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("saved_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("saved_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_source_country_country")),
        sa.PrimaryKeyConstraint("country", "id", "version", name=op.f("pk_source")),
    )
    op.create_table(
        "answer",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(), nullable=False),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.Column("saved_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("saved_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_answer_assessment_id_assessment")),
        sa.PrimaryKeyConstraint("assessment_id", "indicator", "version", name=op.f("pk_answer")),
    )
    op.create_table(
        "submission",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("response", sqlmodel.AutoString(), nullable=False),
        sa.Column("evidence", sqlmodel.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(), nullable=False),
        sa.Column("submitted_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("submitted_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_submission_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_submission")),
    )
    op.create_table(
        "returned_indicator",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_returned_indicator_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "submission", "indicator", name=op.f("pk_returned_indicator")),
    )
    op.create_table(
        "given_reason",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_given_reason_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "event", name=op.f("pk_given_reason")),
    )
    op.create_table(
        "review",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("reviewed_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("reviewed_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_review_assessment_id_assessment")),
        sa.PrimaryKeyConstraint("assessment_id", "indicator", name=op.f("pk_review")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.AutoString(), nullable=False),
        sa.Column("source_id", sqlmodel.AutoString(), nullable=True),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("media_type", sqlmodel.AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.AutoString(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("ministry_id", sqlmodel.AutoString(), nullable=True),
        sa.Column("added_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("added_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_evidence_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_evidence_ministry_id_ministry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_assessment_id"), "evidence", ["assessment_id"])


def downgrade() -> None:
    """Take the tables away, with all that they hold."""
    op.drop_table("evidence")
    op.drop_table("review")
    op.drop_table("given_reason")
    op.drop_table("returned_indicator")
    op.drop_table("submission")
    op.drop_table("answer")
    op.drop_table("source")
    op.drop_table("assessment")
    op.drop_table("stored_instrument")

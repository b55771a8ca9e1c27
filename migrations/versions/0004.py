"""Drafts, reworded sentences and published snapshots.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "draft",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sqlmodel.AutoString(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("document", sqlmodel.AutoString(), nullable=False),
        sa.Column("fingerprint", sqlmodel.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_draft_assessment_id_assessment")),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_draft")),
    )
    op.create_table(
        "sentence_edit",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.AutoString(), nullable=False),
        sa.Column("sentence", sqlmodel.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.AutoString(), nullable=True),
        sa.Column("generated", sqlmodel.AutoString(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("edited_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_sentence_edit_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "language", "sentence", "version", name=op.f("pk_sentence_edit")),
    )
    op.create_table(
        "publication",
        sa.Column("assessment_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.AutoString(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("document", sqlmodel.AutoString(), nullable=False),
        sa.Column("fingerprint", sqlmodel.AutoString(), nullable=False),
        sa.Column("erratum", sqlmodel.AutoString(), nullable=True),
        sa.Column("published_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("notice", sqlmodel.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_publication_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_publication_country_country")),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_publication")),
    )


def downgrade() -> None:
    """Take the tables away, with all that they hold."""
    op.drop_table("publication")
    op.drop_table("sentence_edit")
    op.drop_table("draft")

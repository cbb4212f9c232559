"""Create cases, their facts, their derived dates and the numbers of their references."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reference_number",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_reference_number")),
    )

    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("case_type", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("deaths", sa.JSON(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("ready_to_close_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_deadline", sa.String(), nullable=False),
        sa.Column("next_subject", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["user.id"], name=op.f("fk_case_chair_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["user.id"], name=op.f("fk_case_lead_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_case_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_reference")),
    )
    with op.batch_alter_table("case") as batch_op:
        batch_op.create_index(op.f("ix_case_chair_id"), ["chair_id"], unique=False)
        batch_op.create_index(op.f("ix_case_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(
            op.f("ix_case_partnership_id_next_due_on"), ["partnership_id", "next_due_on"], unique=False
        )
        batch_op.create_index(op.f("ix_case_partnership_id_opened_on"), ["partnership_id", "opened_on"], unique=False)
        batch_op.create_index(op.f("ix_case_partnership_id_stage"), ["partnership_id", "stage"], unique=False)

    op.create_table(
        "case_access",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_access_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_access_user_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_access")),
    )
    with op.batch_alter_table("case_access") as batch_op:
        batch_op.create_index(op.f("ix_case_access_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_contributing",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_contributing_case_id")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_case_contributing_partnership_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "partnership_id", name=op.f("pk_case_contributing")),
    )
    with op.batch_alter_table("case_contributing") as batch_op:
        batch_op.create_index(op.f("ix_case_contributing_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("behaviour_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("hate", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_complaint_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("case_id", "position", name=op.f("uq_complaint_case_id_position")),
    )

    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("window", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_deadline_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "case_id", "key", "subject", "occurrence", name=op.f("uq_deadline_case_id_key_subject_occurrence")
        ),
    )
    with op.batch_alter_table("deadline") as batch_op:
        batch_op.create_index(op.f("ix_deadline_state_due_on"), ["state", "due_on"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("submission_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_event_case_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_event_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_event_case_id_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_event_submission_key")),
    )


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("deadline")
    op.drop_table("complaint")
    op.drop_table("case_contributing")
    op.drop_table("case_access")
    op.drop_table("case")
    op.drop_table("reference_number")

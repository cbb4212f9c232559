"""Creates what people settle about their own reminders: digest or single, deputy, days away."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sending", sa.Enum("digest", "single", name="sending", native_enum=False, length=50), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("deputy_id <> user_id", name=op.f("ck_reminder_choice_deputy_is_another")),
        sa.ForeignKeyConstraint(["deputy_id"], ["user.id"], name=op.f("fk_reminder_choice_deputy_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_choice")),
    )
    op.create_index(op.f("ix_reminder_choice_deputy_id"), "reminder_choice", ["deputy_id"])

    op.create_table(
        "time_away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_time_away_in_order")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_time_away_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_away")),
    )
    op.create_index(op.f("ix_time_away_user_id_last_on"), "time_away", ["user_id", "last_on"])


def downgrade() -> None:
    op.drop_table("time_away")
    op.drop_table("reminder_choice")

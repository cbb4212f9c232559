"""Create messages, reminders and the timetable's heartbeat; say from when on a deadline must be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATES = ("waiting", "sent", "failed", "cancelled")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="messagestate", native_enum=False, length=50), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_message_case_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_message_partnership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    for columns in (["state", "next_try_at"], ["user_id", "read_at"], ["kind", "on"], ["case_id"], ["partnership_id"]):
        op.create_index(op.f(f"ix_message_{'_'.join(columns)}"), "message", columns)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("cancelled_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reminder_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "deadline", "generation", "rung", "recipient", name=op.f("uq_reminder_deadline_generation_rung_recipient")
        ),
    )
    op.create_index(op.f("ix_reminder_deadline_id"), "reminder", ["deadline_id"])
    op.create_index(op.f("ix_reminder_message_id"), "reminder", ["message_id"])

    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("stopped_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )

    op.add_column("deadline", sa.Column("generation", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("deadline", sa.Column("nudge_on", sa.Date(), nullable=True))
    op.add_column("deadline", sa.Column("known_on", sa.Date(), nullable=True))
    op.add_column("deadline", sa.Column("remind_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_deadline_remind_on"), "deadline", ["remind_on"])
    # The first sweep looks at each open one, and says from which day on it has to be looked at again.
    op.execute("UPDATE deadline SET known_on = started_on")
    op.execute("UPDATE deadline SET remind_on = started_on WHERE state = 'open'")


def downgrade() -> None:
    op.drop_index(op.f("ix_deadline_remind_on"), table_name="deadline")
    for column in ("remind_on", "known_on", "nudge_on", "generation"):
        op.drop_column("deadline", column)
    for name in ("heartbeat", "reminder", "message"):
        op.drop_table(name)

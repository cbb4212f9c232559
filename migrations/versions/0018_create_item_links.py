"""Create links that open one item, their uses, and the time that agencies ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_item_link_partnership_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_item_link_case_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_item_link_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_item_link_token_hash")),
    )
    op.create_index(op.f("ix_item_link_case_id_key_subject"), "item_link", ["case_id", "key", "subject"])
    op.create_index(op.f("ix_item_link_email"), "item_link", ["email"])
    op.create_table(
        "item_link_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["item_link.id"], name=op.f("fk_item_link_use_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_link_use")),
    )
    op.create_index(op.f("ix_item_link_use_link_id_at"), "item_link_use", ["link_id", "at"])
    op.create_table(
        "link_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_ask")),
    )
    op.create_index(op.f("ix_link_ask_email_hash_at"), "link_ask", ["email_hash", "at"])
    op.create_index(op.f("ix_link_ask_at"), "link_ask", ["at"])
    op.create_table(
        "time_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_time_request_partnership_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_time_request_case_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_time_request_asked_by_id")),
        sa.ForeignKeyConstraint(["link_id"], ["item_link.id"], name=op.f("fk_time_request_link_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_time_request_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_request")),
    )
    op.create_index(op.f("ix_time_request_case_id_key_subject"), "time_request", ["case_id", "key", "subject"])
    op.create_index(op.f("ix_time_request_partnership_id"), "time_request", ["partnership_id"])


def downgrade() -> None:
    for table in ("time_request", "link_ask", "item_link_use", "item_link"):
        op.drop_table(table)

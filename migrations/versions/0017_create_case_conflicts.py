"""Create case conflicts: to whom a conflict of interest closes a case."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_conflict",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_conflict_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_conflict_user_id")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["user.id"], name=op.f("fk_case_conflict_declared_by_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_conflict")),
    )
    op.create_index(op.f("ix_case_conflict_user_id"), "case_conflict", ["user_id"])


def downgrade() -> None:
    op.drop_table("case_conflict")

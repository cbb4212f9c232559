"""Keep what was on record of an addressee before it is changed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "addressee_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name=op.f("fk_addressee_change_addressee_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_addressee_change_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressee_change")),
    )
    with op.batch_alter_table("addressee_change") as batch_op:
        batch_op.create_index(op.f("ix_addressee_change_addressee_id"), ["addressee_id"], unique=False)


def downgrade() -> None:
    op.drop_table("addressee_change")

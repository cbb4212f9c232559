"""Add who brought an action into its plan."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("action") as batch_op:
        batch_op.add_column(sa.Column("added_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_action_added_by_id"), "user", ["added_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("action") as batch_op:
        batch_op.drop_constraint(op.f("fk_action_added_by_id"), type_="foreignkey")
        batch_op.drop_column("added_by_id")

"""Count how often in a row a link to an item was renewed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_link") as batch_op:
        batch_op.add_column(sa.Column("renewals", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("item_link") as batch_op:
        batch_op.drop_column("renewals")

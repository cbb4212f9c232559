"""Let a target end some days after its event, as in “within six weeks of publication”."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("action", sa.Column("target_days", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("action") as batch_op:
        batch_op.drop_column("target_days")

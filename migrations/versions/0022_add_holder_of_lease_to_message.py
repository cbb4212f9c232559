"""Add to messages which process holds the lease, so that a dead one's are free at once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("leased_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "leased_by")

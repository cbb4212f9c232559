"""Order cases by their next deadline through an index: those without a date come last, on a day of the far future."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("due_order", sa.Date(), nullable=False, server_default="9999-12-31"))
    op.execute('UPDATE "case" SET due_order = next_due_on WHERE next_due_on IS NOT NULL')
    op.create_index(op.f("ix_case_due_order_reference"), "case", ["due_order", "reference"])


def downgrade() -> None:
    op.drop_index(op.f("ix_case_due_order_reference"), table_name="case")
    op.drop_column("case", "due_order")

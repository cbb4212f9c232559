"""Let links, files and wishes for more time belong to the actions of plans."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = (
    ("item_link", "action_id", "action", True),
    ("time_request", "action_id", "action", True),
    ("attachment", "action_id", "action", True),
    ("attachment", "action_event_id", "action_event", False),
)


def upgrade() -> None:
    for table, column, other, indexed in COLUMNS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_{column}"), other, [column], ["id"])
            if indexed:
                batch_op.create_index(op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table, column, _, indexed in reversed(COLUMNS):
        with op.batch_alter_table(table) as batch_op:
            if indexed:
                batch_op.drop_index(op.f(f"ix_{table}_{column}"))
            batch_op.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
            batch_op.drop_column(column)

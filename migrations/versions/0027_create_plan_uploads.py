"""Creates the files that are being imported as action plans, and what the headings of such files are."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_plan_upload_owner_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_upload_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_upload_key")),
    )
    for column in ("owner_id", "plan_id", "saved_at"):
        op.create_index(op.f(f"ix_plan_upload_{column}"), "plan_upload", [column])
    op.create_table(
        "plan_heading",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_plan_heading_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", "heading", name=op.f("pk_plan_heading")),
    )


def downgrade() -> None:
    op.drop_table("plan_heading")
    op.drop_table("plan_upload")

"""Creates how the pages of each partnership look."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "branding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column(
            "standing", sa.Enum("proposed", "current", name="standing", native_enum=False, length=50), nullable=True
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("has_logo", sa.Boolean(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_branding_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branding")),
        sa.UniqueConstraint("partnership_id", "standing", name=op.f("uq_branding_partnership_id_standing")),
        sa.UniqueConstraint("version", name=op.f("uq_branding_version")),
    )


def downgrade() -> None:
    op.drop_table("branding")

"""Adds the contacts of agencies, and what became of an agency that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_contact_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_contact")),
        sa.UniqueConstraint("agency_id", "email", name=op.f("uq_agency_contact_agency_id_email")),
    )
    with op.batch_alter_table("agency") as agency:
        agency.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        agency.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        agency.create_foreign_key(op.f("fk_agency_successor_id"), "agency", ["successor_id"], ["id"])
        agency.create_index(op.f("ix_agency_successor_id"), ["successor_id"])


def downgrade() -> None:
    with op.batch_alter_table("agency") as agency:
        agency.drop_index(op.f("ix_agency_successor_id"))
        agency.drop_constraint(op.f("fk_agency_successor_id"), type_="foreignkey")
        agency.drop_column("successor_id")
        agency.drop_column("ended_on")
    op.drop_table("agency_contact")

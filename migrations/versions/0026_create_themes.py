"""Give each partnership a list of themes for its findings, filled with the usual ones."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

USUAL = (
    "Children in the household",
    "Coercive and controlling behaviour",
    "Economic abuse",
    "Equality and barriers to services",
    "Exploitation and serious violence",
    "Health services and hospital discharge",
    "Housing and homelessness",
    "Information sharing",
    "Mental health and suicide",
    "Multi-agency meetings",
    "Older people and carers",
    "Professional curiosity",
    "Record keeping",
    "Repeat anti-social behaviour",
    "Risk assessment",
    "Routine enquiry",
    "Substance use",
    "Training and supervision",
    "Voice of the victim",
    "Work with perpetrators",
)


def upgrade() -> None:
    theme = op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_theme_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_theme_partnership_id_name")),
    )
    partnerships = op.get_bind().scalars(sa.text("SELECT id FROM partnership ORDER BY id")).all()
    op.bulk_insert(theme, [{"partnership_id": number, "name": name} for number in partnerships for name in USUAL])


def downgrade() -> None:
    op.drop_table("theme")

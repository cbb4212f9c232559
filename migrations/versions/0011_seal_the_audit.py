"""Gives each entry of the audit a seal, and lets nobody change or remove what is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# An insert under a number that is there would replace it (SQLite's INSERT OR REPLACE), so that is refused as well.
SQLITE = (
    """CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry WHEN OLD.seal <> '' OR OLD.number <> NEW.number
       BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END""",
    """CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END""",
    """CREATE TRIGGER audit_entry_once BEFORE INSERT ON audit_entry
       WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
       BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry FOR EACH ROW
       WHEN (OLD.seal <> '' OR OLD.number <> NEW.number) EXECUTE FUNCTION refuse_audit_change()""",
    "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    """CREATE TRIGGER audit_entry_once BEFORE TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_unchanged",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_kept",
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_once",
)
NAMES = ("audit_entry_unchanged", "audit_entry_kept", "audit_entry_once")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("seal", sa.String(), nullable=False, server_default=""))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in NAMES:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON audit_entry")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_column("audit_entry", "seal")

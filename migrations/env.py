"""How migrations run: all in one transaction, the same on SQLite and PostgreSQL, on a backup where there is data."""

import sys
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Engine

from tracker.extensions import Moment, db, reads
from tracker.models.search_index import is_of_search_index
from tracker.services.backups import back_up, has_rows


def render_moment(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Writes our type for moments as what it is in the database: a migration imports nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


def back_up_first(engine: Engine) -> None:
    """Keeps a copy of a database that has rows, and migrations yet to come. Raises BackupFailed."""
    with reads(), engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_heads()
        if set(now) == set(context.script.get_heads()) or not has_rows(connection):
            return
    path = back_up(engine, Path(current_app.instance_path) / "backups", "-".join(now) or "unversioned")
    kept = f"Kept a backup: {path}" if path else "No backup was made: pg_dump is not on PATH, so that is yours to do"
    sys.stderr.write(f"{kept}\n")


back_up_first(db.engine)
with db.engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    driver: Any = connection.connection.driver_connection
    if sqlite:
        # Rebuilding a table drops the old one, which would take every row that refers to it along.
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_moment,
            include_name=lambda name, *_: not is_of_search_index(name),
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"the migration left rows that refer to nothing: {broken[:5]}")
    finally:
        if sqlite:
            driver.rollback()
            driver.execute("PRAGMA foreign_keys=ON")

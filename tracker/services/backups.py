"""A copy of everything before something irreversible is done to it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, literal, select, table

from tracker import clock

# What a database has before anybody has used it.
NOT_ANYBODYS = {"alembic_version", "audit_head"}


class BackupFailed(RuntimeError):
    """The backup could not be made, so nothing was changed"""


def has_rows(connection: Connection) -> bool:
    """Whether there is anything to lose."""
    tables = set(inspect(connection).get_table_names()) - NOT_ANYBODYS
    return any(connection.scalar(select(literal(1)).select_from(table(name)).limit(1)) for name in sorted(tables))


def back_up(engine: Engine, folder: Path, label: str) -> Path | None:
    """Copies the database into *folder*, readable by its owner alone. Returns where; None where an operator must do it.

    PostgreSQL's is pg_dump's to copy, where there is one.

    Raises:
        BackupFailed: it could not be made.
    """
    sqlite = engine.dialect.name == "sqlite"
    pg_dump = shutil.which("pg_dump")
    if not sqlite and not pg_dump:
        return None
    name = Path(engine.url.database or "").stem
    path = folder / f"{name}-{label}-{clock.now():%Y%m%dT%H%M%SZ}.{'sqlite' if sqlite else 'dump'}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if sqlite:
            copy_sqlite(str(engine.url.database), path)
        else:
            dump_postgresql(engine.url, str(pg_dump), path)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as fault:
        with suppress(OSError):
            path.unlink()
        why = fault.stderr.strip() if isinstance(fault, subprocess.CalledProcessError) else str(fault)
        raise BackupFailed(f"Nothing was changed: the backup that comes first could not be made. {why}") from None
    return path


def copy_sqlite(database: str, path: Path) -> None:
    """By SQLite's backup interface: a copy of the file of a database in use would lose rows."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be opened where nothing can be written


def dump_postgresql(url: URL, pg_dump: str, path: Path) -> None:
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [pg_dump, "--format=custom", f"--file={path}", f"--dbname={address}"]
    subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=True)  # noqa: S603

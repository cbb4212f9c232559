"""Copies of everything: made on demand and before what cannot be undone, and put back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, literal, select, table, update

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.search_index import is_of_search_index
from tracker.models.users import User, UserSession
from tracker.services.use_case import use_case

# What a database has before anybody has used it.
NOT_ANYBODYS = {"alembic_version", "audit_head"}


class BackupFailed(RuntimeError):
    """The backup could not be made, so nothing was changed"""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"Nothing was changed: the backup that comes first could not be made. {why}")


def has_rows(connection: Connection) -> bool:
    """Whether there is anything to lose."""
    tables = sorted(set(inspect(connection).get_table_names()) - NOT_ANYBODYS)
    asked = (select(literal(1)).select_from(table(name)).limit(1) for name in tables if not is_of_search_index(name))
    return any(connection.scalar(question) for question in asked)


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
    path = folder / f"{name}-{label}-{clock.now():%Y%m%dT%H%M%S%fZ}.{'sqlite' if sqlite else 'dump'}"
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
        raise BackupFailed(words_of(fault)) from None
    return path


def copy_sqlite(database: str, path: Path) -> None:
    """By SQLite's backup interface: a copy of the file of a database in use would lose rows."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be opened where nothing can be written


def dump_postgresql(url: URL, pg_dump: str, path: Path) -> None:
    run_on(url, pg_dump, "--format=custom", f"--file={path}")


def run_on(url: URL, program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on the database at *url*; its password is not among the arguments."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [program, *arguments, f"--dbname={address}"]
    subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=True)  # noqa: S603


def words_of(fault: Exception) -> str:
    return str(fault.stderr).strip() if isinstance(fault, subprocess.CalledProcessError) else str(fault)


# -- Putting one back -------------------------------------------------------------------------------------------------


def restore(engine: Engine, path: Path) -> None:
    """Puts the copy at *path* in the place of all that the database holds.

    Raises:
        Refused: the file is no backup of this kind of database (nothing was changed), or it could not be put back.
    """
    pg_restore = shutil.which("pg_restore") or ""
    try:
        if engine.dialect.name == "sqlite":
            ensure_sqlite_backup(path)
            engine.dispose()
            copy_into_sqlite(path, str(engine.url.database))
        else:
            ensure_postgresql_backup(path, pg_restore)
            drop_everything(engine)
            engine.dispose()
            run_on(engine.url, pg_restore, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(path))
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as fault:
        raise Refused(f"{path} could not be put back: {words_of(fault)}") from None


def ensure_sqlite_backup(path: Path) -> None:
    """Raises Refused for anything but a whole SQLite database of the tracker's."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        try:
            (sound,) = copy.execute("PRAGMA integrity_check").fetchone()
            copy.execute("SELECT version_num FROM alembic_version")
        except sqlite3.DatabaseError:
            sound = "no"
    if sound != "ok":
        raise Refused(f"{path} is not a sound copy of a tracker’s SQLite database: nothing was changed")


def ensure_postgresql_backup(path: Path, pg_restore: str) -> None:
    """Raises Refused where pg_restore is missing, or finds no tracker in the file."""
    if not pg_restore:
        raise Refused("pg_restore is not on PATH, so putting a copy back is yours to do: nothing was changed")
    listed = subprocess.run([pg_restore, "--list", str(path)], capture_output=True, text=True, check=False)  # noqa: S603
    if listed.returncode or "alembic_version" not in listed.stdout:
        raise Refused(f"{path} is not a copy of a tracker’s PostgreSQL database: nothing was changed")


def copy_into_sqlite(path: Path, database: str) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(database, timeout=60)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")


def drop_everything(engine: Engine) -> None:
    """Empties the database, also of tables that an older copy does not know."""
    with engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote
        if names := inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quoted, names))} CASCADE")


@use_case
def note_restore(file: str, *, by: User | None) -> None:
    """Put on the audit that a copy was put back, and end every session: some had been ended since it was made."""
    running = update(UserSession).where(UserSession.ended_at.is_(None))
    db.session.execute(running.values(ended_at=clock.now()).execution_options(synchronize_session=False))

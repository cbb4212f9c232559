"""The databases that tests run on: real ones, migrated once and then copied, on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from config import Config, database_url
from tests.machine import postgresql_programs
from tracker import create_app
from tracker.extensions import db

SECRET = "for tests only, and long enough to be taken in production too 8c1f"
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "shared_buffers=32MB")


def make_app(url: str, folder: Path, **environ: str) -> Flask:
    """The application on the database at *url*, with a folder of its own for what it keeps."""
    return create_app(Config({"DATABASE_URL": url, "INSTANCE_PATH": str(folder), "SECRET_KEY": SECRET, **environ}))


class Databases:
    """One migrated database, and as many copies of it as are asked for: on SQLite, or on a PostgreSQL server."""

    def __init__(self, folder: Path, server: str = "") -> None:
        """Keeps SQLite's files in *folder*, unless *server* names a PostgreSQL that may create databases."""
        self.folder = folder
        self.server = server
        self.made: list[str] = []

    @cached_property
    def pattern(self) -> str:
        """The address of the database that the others are copied from, with every migration run."""
        url = self.empty()
        app = make_app(url, self.folder / "migrating")
        with app.app_context():
            upgrade()
            db.engine.dispose()
        return url

    def copy(self) -> str:
        """The address of a new, migrated database without rows."""
        return self._new(make_url(self.pattern).database)

    def empty(self) -> str:
        """The address of a new database without tables."""
        return self._new(None)

    def drop(self) -> None:
        """Removes from the server what was created there."""
        for name in self.made:
            self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _new(self, pattern: str | None) -> str:
        name = f"tracker_{os.getpid()}_{len(self.made) + 1}"
        self.made.append(name)
        if self.server:
            self._on_server(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{pattern}"' if pattern else ""))
            return make_url(self.server).set(database=name).render_as_string(hide_password=False)
        path = self.folder / f"{name}.sqlite"
        if pattern:
            shutil.copyfile(pattern, path)
        return f"sqlite:///{path}"

    def _on_server(self, statement: str) -> None:
        engine = create_engine(database_url(self.server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def private_postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, reached by a socket in a folder that goes away with it."""
    programs = postgresql_programs()
    # Not under pytest's own folder: the unprivileged user that must run the server cannot enter that.
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgresql-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    files = str(folder / "files")
    settings = [f"-c {setting}" for setting in (*FAST, "listen_addresses=", f"unix_socket_directories={folder}")]

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", files, *arguments]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    try:
        run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", " ".join(settings), "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

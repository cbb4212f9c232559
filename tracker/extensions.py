"""The database and the other Flask extensions, each made once and bound to the application in `create_app`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask import g, has_request_context, request
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, DateTime, Engine, Enum, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL; SQLite, which has no zones, stores the UTC time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as stored. Raises ValueError for one that names no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as read, always aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's parent. Constraint names are predictable, so migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=50,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


# Joining by savepoint lets a test hold the outer transaction and undo everything afterwards.
db = SQLAlchemy(metadata=Base.metadata, session_options={"join_transaction_mode": "create_savepoint"})
migrate = Migrate()
csrf = CSRFProtect()
login_manager = LoginManager()


# Whether a transaction will write is said before its first query: taking SQLite's write lock only after reading
# loses most concurrent writes, and taking it for every read blocks the readers.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_said: ContextVar[bool | None] = ContextVar("transaction writes", default=None)


def will_write() -> bool:
    """Whether a transaction begun now is one that writes: a form, a command, a job, or inside `writes()`."""
    said = _said.get()
    if said is not None:
        return said
    return not (has_request_context() and request.method in SAFE_METHODS)


@contextmanager
def writes() -> Iterator[None]:
    """Transactions begun in here take the write lock at once; for a page that only shows, yet must record something.

    A transaction that has only read is ended first, so what was loaded is read again. Raises RuntimeError where
    unsaved changes would be lost by that.
    """
    session = db.session()
    if not will_write() and session.in_transaction():
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("changes were made in a transaction that was begun for reading only")
        session.rollback()
    said = _said.set(True)
    try:
        yield
    finally:
        _said.reset(said)


@contextmanager
def reads() -> Iterator[None]:
    """Transactions begun in here only read, so they wait for nobody; for commands that only show."""
    said = _said.set(False)
    try:
        yield
    finally:
        _said.reset(said)


@event.listens_for(Engine, "connect")
def prepare_connection(connection: object, _record: object) -> None:
    """Sets each new SQLite connection to keep what it commits and to check its foreign keys."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver's own BEGIN comes too late for savepoints and for locks
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}").close()


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    """Begins each transaction as what it is: on SQLite with the write lock, or on PostgreSQL as only reading."""
    writing = will_write()
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    else:
        driver.read_only = not writing


@event.listens_for(Engine, "rollback")
def end_reading(connection: Connection) -> None:
    """Ends a transaction that only read by COMMIT: at a ROLLBACK psycopg forgets every statement it has prepared."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql" and driver.read_only:
        driver.commit()


def note_saved() -> None:
    """Remembers that this request kept what was sent; a failure after that says so. Called when a use-case commits."""
    if has_request_context():
        g.answers_saved = True


def answers_saved() -> bool:
    """Whether this request has kept what was sent."""
    return bool(g.get("answers_saved", False))

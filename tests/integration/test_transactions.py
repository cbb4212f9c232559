"""How transactions begin, wait and are undone, on both databases."""

import threading
from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, select, text, update
from sqlalchemy.exc import InternalError, StatementError
from sqlalchemy.orm import Session

from tests.databases import Databases, make_app
from tracker import clock
from tracker.extensions import Moment, db, reads, will_write, writes
from tracker.models.audit import AuditHead

NOTE = Table("note", MetaData(), Column("id", Integer, primary_key=True), Column("at", Moment()))


@pytest.fixture
def notes(own_app: Flask) -> Flask:
    """The application with a table of notes beside its own."""
    with own_app.app_context():
        NOTE.metadata.create_all(db.engine)
    return own_app


def add_note(app: Flask) -> None:
    """Reads, then adds a note: the order in which most deferred transactions would lose."""
    with app.app_context():
        count = len(db.session.execute(select(NOTE)).all())
        db.session.execute(NOTE.insert().values(at=clock.now()))
        assert count >= 0
        db.session.commit()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_unsafe_request_is_known_to_write(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        assert will_write()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_safe_request_only_reads_unless_it_says_so(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        assert not will_write()
        with writes():
            assert will_write()
        assert not will_write()


def test_a_command_writes_unless_it_says_otherwise(app: Flask) -> None:
    assert will_write()
    with reads():
        assert not will_write()


def test_writers_that_read_first_all_succeed(notes: Flask) -> None:
    def add_ten() -> None:
        for _ in range(10):
            add_note(notes)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with notes.app_context():
        assert len(db.session.execute(select(NOTE)).all()) == 40


def test_a_reader_does_not_wait_for_a_writer(notes: Flask) -> None:
    def notes_on_a_page() -> int:
        with notes.test_request_context("/", method="GET"):
            return len(db.session.execute(select(NOTE)).all())

    with notes.app_context():
        db.session.execute(NOTE.insert().values(at=clock.now()))
        assert Context().run(notes_on_a_page) == 0
        db.session.commit()
    assert notes_on_a_page() == 1


def test_a_page_that_records_something_ends_its_reading_first(notes: Flask) -> None:
    with notes.test_request_context("/", method="GET"):
        assert db.session.execute(select(NOTE)).all() == []
        other = threading.Thread(target=add_note, args=(notes,))
        other.start()
        other.join()
        with writes():
            db.session.execute(NOTE.insert().values(at=clock.now()))
            db.session.commit()
        assert len(db.session.execute(select(NOTE)).all()) == 2


@pytest.fixture
def on_postgresql(postgresql_databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(postgresql_databases.copy(), tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_page_that_only_reads_cannot_write_on_postgresql(on_postgresql: Flask) -> None:
    with on_postgresql.test_request_context("/"), pytest.raises(InternalError, match="read-only"):
        db.session.execute(update(AuditHead).values(number=7))
    with on_postgresql.app_context():
        assert db.session.execute(update(AuditHead).values(number=7)).rowcount == 1  # type: ignore[attr-defined]


def test_postgresql_keeps_what_it_prepared_when_a_page_ends(on_postgresql: Flask) -> None:
    for _ in range(10):
        with on_postgresql.test_request_context("/"):
            db.session.scalar(select(AuditHead.number))
    with on_postgresql.test_request_context("/"):
        prepared = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("audit_head" in statement for statement in prepared)


def test_a_moment_comes_back_aware_and_in_utc(notes: Flask) -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=clock.LONDON)
    with notes.app_context():
        db.session.execute(NOTE.insert().values(at=summer))
        found = db.session.scalars(select(NOTE.c.at)).one()
        assert found == summer
        assert found.tzinfo is UTC
        assert db.session.scalars(select(NOTE.c.at).where(NOTE.c.at > datetime(2026, 7, 1, 8, 29, tzinfo=UTC))).all()


def test_a_moment_without_a_zone_is_refused(notes: Flask) -> None:
    with notes.app_context(), pytest.raises(StatementError, match="time zone"):
        db.session.execute(NOTE.insert().values(at=datetime(2026, 7, 1, 9, 30)))  # noqa: DTZ001


def test_connections_keep_what_they_commit(own_app: Flask) -> None:
    with own_app.app_context():
        if db.engine.dialect.name == "sqlite":
            asked = {
                name: db.session.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
            assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
            assert db.session.scalar(text("PRAGMA busy_timeout")) == 10_000
        else:
            asked = {
                name: db.session.scalar(text(f"SHOW {name}"))
                for name in ("TimeZone", "lock_timeout", "statement_timeout")
            }
            assert asked == {"TimeZone": "UTC", "lock_timeout": "10s", "statement_timeout": "30s"}


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_leaves_nothing_for_the_next(session: Session, turn: int) -> None:
    from tracker.models import Partnership  # noqa: PLC0415

    assert session.scalars(select(Partnership)).all() == []
    session.add(Partnership(key="shropshire", name="Shropshire"))
    session.commit()

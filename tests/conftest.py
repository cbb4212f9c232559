"""Fixtures for every test: the application on SQLite and on PostgreSQL, each test undone at its end."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests import machine
from tests.databases import Databases, make_app, private_postgresql
from tests.pages import StrictClient
from tracker import clock
from tracker.extensions import db

# The machine is shared: a slow example says nothing about the example. The same tree gives the same answer; whoever
# wants other examples says `make test PYTEST_ARGUMENTS="--hypothesis-profile wander"`.
settings.register_profile("wander", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("tracker", settings.get_profile("wander"), derandomize=True)
settings.load_profile("tracker")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names what could not be had on this machine, so that a green run does not promise more than it tried."""
    for lack in machine.missing():
        terminalreporter.write_line(f"NOT ON THIS MACHINE: {lack}", yellow=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that may create databases."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    elif not (machine.postgresql_programs() / "initdb").exists():
        machine.lacking("PostgreSQL")
    else:
        with private_postgresql() as address:
            yield address


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where SQLite databases come from."""
    return Databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Databases]:
    """Where PostgreSQL databases come from."""
    source = Databases(tmp_path_factory.mktemp("postgresql"), postgresql)
    yield source
    if os.environ.get("TEST_DATABASE_URL"):
        source.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds of database, one after the other."""
    source: Databases = request.getfixturevalue(f"{request.param}_databases")
    return source


@pytest.fixture
def own_database(databases: Databases) -> str:
    """The address of a migrated database for this test alone: for commands, several connections, real commits."""
    return databases.copy()


@pytest.fixture
def empty_database(databases: Databases) -> str:
    """The address of a database without tables, for this test alone."""
    return databases.empty()


@pytest.fixture
def own_app(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application as it is served, forgery protection included, on a database of its own that really commits."""
    app = make_app(own_database, tmp_path / "instance")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def applications() -> Iterator[dict[Databases, Flask]]:
    """The applications made so far, by where their database came from."""
    made: dict[Databases, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


def make_test_app(databases: Databases) -> Flask:
    """The application as tests want it: failures surface, forms need no token, markup is read strictly."""
    app = make_app(databases.copy(), databases.folder / "instance")
    app.test_client_class = StrictClient
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    wsgi = app.wsgi_app
    # Each request gets a context of its own, as it would from a real server.
    app.wsgi_app = lambda *arguments: Context().run(wsgi, *arguments)  # type: ignore[method-assign]
    return app


@pytest.fixture
def app(databases: Databases, applications: dict[Databases, Flask]) -> Iterator[Flask]:
    """The application inside a transaction that is undone at the end of the test."""
    if databases not in applications:
        applications[databases] = make_test_app(databases)
    app = applications[databases]
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection, connection.begin() as transaction:
            # Flask-SQLAlchemy always asks here which database a session uses.
            db._app_engines[app][None] = connection  # type: ignore[assignment]
            try:
                yield app
            finally:
                db.session.remove()
                db._app_engines[app][None] = engine
                transaction.rollback()


@pytest.fixture
def session(app: Flask) -> Session:
    """The test's own session."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser, before signing in, that refuses broken markup."""
    return app.test_client()


@pytest.fixture
def today_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the day on which the test happens, at noon in London."""

    def set_day(day: date) -> None:
        noon = datetime.combine(day, time(12), tzinfo=clock.LONDON)
        monkeypatch.setattr(clock, "now", lambda: noon.astimezone(UTC))

    return set_day


@pytest.fixture
def pass_minutes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock on."""

    def move(minutes: float) -> None:
        then = clock.now() + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: then)

    return move


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as made:` collects the SQL that is sent meanwhile, less savepoints and settings."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        made: list[str] = []

        def collect(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not re.match(r"(BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|PRAGMA|SET)\b", statement):
                made.append(statement)

        event.listen(Engine, "before_cursor_execute", collect)
        try:
            yield made
        finally:
            event.remove(Engine, "before_cursor_execute", collect)

    return collecting

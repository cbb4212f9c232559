"""Once only: several processes at the same reminders, and processes that die at any moment."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.databases import make_app
from tests.storm import Post, fill, post_office, storm
from tracker.extensions import db
from tracker.models import Message, Reminder, ReminderChoice, Sending, User

DUE = date(2026, 6, 1)
DEADLINES, PEOPLE = 60, 4


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    with post_office() as open_office:
        yield open_office


@pytest.fixture
def stormy(own_database: str, tmp_path: Path, post: tuple[Post, str]) -> Iterator[Flask]:
    """The application with deadlines of people who want each reminder by itself."""
    app = make_app(own_database, tmp_path / "instance", MAIL_URL=post[1])
    with app.app_context():
        fill(DUE, DEADLINES, PEOPLE)
        db.session.add_all(
            ReminderChoice(user_id=number, sending=Sending.SINGLE) for number in db.session.scalars(select(User.id))
        )
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_processes_at_once_tell_each_thing_once(stormy: Flask, post: tuple[Post, str]) -> None:
    storm(stormy, DUE, processes=4, kills=0)
    assert db.session.scalar(select(func.count(Reminder.id))) == DEADLINES
    assert set(post[0].received.values()) == {1}
    assert len(post[0].received) == DEADLINES


def test_a_killed_process_loses_nothing(stormy: Flask, post: tuple[Post, str]) -> None:
    """A second copy only where a process died between the server's yes and our mark."""
    killed = storm(stormy, DUE, processes=3, kills=12)
    assert db.session.scalar(select(func.count(Reminder.id))) == DEADLINES
    assert len(post[0].received) == db.session.scalar(select(func.count(Message.id))) == DEADLINES
    assert sum(post[0].received.values()) <= DEADLINES + killed

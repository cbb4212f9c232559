"""How long a sweep takes beside the least that one could do, and what killed processes leave behind. Run by hand."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.bench.test_speed import tell
from tests.databases import Databases, make_app
from tests.storm import fill, post_office, storm
from tracker.extensions import db, writes
from tracker.models import Deadline, Message, Reminder, ReminderChoice, Sending, User
from tracker.queries.reminders import anything_due
from tracker.services.reminders import queue_reminders

DUE = date(2026, 6, 1)
OPEN_DEADLINES, FALL_DUE, OFFICERS = 100_000, 18_000, 300
MOST_SECONDS = {"sqlite": 4.0, "postgresql": 2.0}
MOST_MEMORY = 200 * 1024 * 1024  # bytes
MOST_IDLE = 0.1  # seconds
PROCESSES = 8


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@pytest.fixture
def laden(kind: Databases, tmp_path: Path) -> Iterator[Flask]:
    """A caseload of which a part falls due on one day, the rest long after it and looked at before."""
    app = make_app(kind.copy(), tmp_path)
    with app.app_context(), writes():
        fill(DUE, OPEN_DEADLINES, OFFICERS)
        later = DUE + timedelta(days=200)
        far = update(Deadline).where(Deadline.case_id > FALL_DUE)
        db.session.execute(far.values(due_on=later, remind_on=later - timedelta(days=60)))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_sweep_beside_an_update_of_the_same_rows(laden: Flask) -> None:
    def floor() -> None:
        db.session.execute(update(Deadline).where(Deadline.due_on == DUE).values(position=2))
        db.session.commit()

    least = timed(floor)
    worked = time.process_time()
    taken = timed(lambda: queue_reminders("reminders", by=None, on=DUE))
    worked = time.process_time() - worked
    assert db.session.scalar(select(func.count(Reminder.id))) == FALL_DUE
    tell(f"{db.engine.dialect.name}: a sweep, {FALL_DUE} of {OPEN_DEADLINES} due", taken, least)
    print(f"of which this process worked {worked:.2f} s")  # noqa: T201
    idle = timed(lambda: queue_reminders("reminders", by=None, on=DUE))
    look = timed(lambda: anything_due(DUE))
    tell("the same again, nothing due; a look", idle, look)
    assert taken <= MOST_SECONDS[db.engine.dialect.name]
    assert idle <= MOST_IDLE


def test_what_a_sweep_needs_in_memory(laden: Flask) -> None:
    tracemalloc.start()
    queue_reminders("reminders", by=None, on=DUE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\n{most / 1024**2:.0f} MB at most")  # noqa: T201
    assert most <= MOST_MEMORY


@pytest.mark.parametrize(("deadlines", "kills"), [(500, 60), (10_000, 0), (10_000, 500)])
def test_many_processes_at_once(kind: Databases, tmp_path: Path, deadlines: int, kills: int) -> None:
    with post_office() as (post, mail_url):
        app = make_app(kind.copy(), tmp_path, MAIL_URL=mail_url)
        with app.app_context():
            fill(DUE, deadlines, OFFICERS)
            people = db.session.scalars(select(User.id)).all()
            db.session.add_all(ReminderChoice(user_id=number, sending=Sending.SINGLE) for number in people)
            db.session.commit()
        begun = time.perf_counter()
        killed = storm(app, DUE, processes=PROCESSES, kills=kills)
        taken = time.perf_counter() - begun
        with app.app_context():
            rows = db.session.scalar(select(func.count(Reminder.id)))
            messages = db.session.scalar(select(func.count(Message.id)))
            db.session.remove()
            db.engine.dispose()
    copies = sum(post.received.values()) - len(post.received)
    print(f"\n{deadlines} deadlines, {killed} killed: {rows} reminders, {copies} second copies, {taken:.0f} s")  # noqa: T201
    assert rows == messages == len(post.received) == deadlines
    assert copies <= killed

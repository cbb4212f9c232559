"""When things run by themselves: once a day, on the days when the clocks change too."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.builders import make_case, make_user
from tests.commands import run
from tracker import clock, jobs
from tracker.extensions import db
from tracker.models import Message, Role

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
STEP = timedelta(minutes=10)

pytestmark = pytest.mark.parametrize("changes_on", [SPRING, AUTUMN], ids=["clocks go forward", "clocks go back"])


@pytest.fixture
def due(own_app: Flask, changes_on: date, at: Callable[[datetime], None]) -> Flask:
    """The application with a case whose decision is due on the day on which the clocks change."""
    at(datetime.combine(changes_on - timedelta(days=31), time(12), tzinfo=UTC))
    with own_app.app_context():
        make_case(make_user(Role.OFFICER), "dhr", changes_on - timedelta(days=31))
    return own_app


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def test_the_timetable_sweeps_once_at_seven_in_london(
    due: Flask, changes_on: date, at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "EVERY", STEP.total_seconds())
    moment = datetime.combine(changes_on, time(), tzinfo=clock.LONDON)
    at(moment.astimezone(UTC))
    trigger = jobs.metronome(due).get_jobs()[0].trigger
    swept, beats = [], 0
    while moment.date() == changes_on:
        at(moment.astimezone(UTC))
        with due.app_context():
            done = jobs.turn()
        if "reminders" in done:
            swept.append(moment)
        assert bool(done) == (moment.hour != 1), "the hour that comes twice or not at all is left out"
        following = trigger.get_next_fire_time(moment, moment)
        assert following.astimezone(UTC) - moment.astimezone(UTC) == STEP
        moment, beats = following, beats + 1
    assert [beat.time() for beat in swept] == [time(7)]
    assert beats == {SPRING: 23, AUTUMN: 25}[changes_on] * 6
    with due.app_context():
        assert [message.on for message in db.session.scalars(select(Message))].count(changes_on) == 1


def test_cron_sweeps_once_too(due: Flask, changes_on: date, at: Callable[[datetime], None]) -> None:
    begun = datetime.combine(changes_on, time(), tzinfo=clock.LONDON).astimezone(UTC)
    swept = []
    for hour in range(24):
        at(begun + timedelta(hours=hour))
        if "reminders" in run(due, "tick").json:
            swept.append(clock.london(clock.now()).time())
    assert swept == [time(7)]

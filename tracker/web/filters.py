"""How dates, times, counts and the state of a deadline are put in words. Registered as Jinja filters."""

from datetime import date, datetime, time
from typing import Protocol

from flask import Flask

from tracker import clock
from tracker.procedures.calendars import spelled

SOON = 7  # days: due this week needs somebody to act
IN_DAYS = 28  # up to here a date is days away, then weeks
IN_WEEKS = 115  # up to here weeks, then months
DAYS_IN_MONTH = 365.25 / 12
NOON = time(12)
PAST = {"cancelled": "No longer applies", "lapsed": "Lapsed"}


class Standing(Protocol):
    """What is asked of a deadline to say how it stands."""

    @property
    def started_on(self) -> date | None: ...
    @property
    def due(self) -> date | None: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def not_recorded(self) -> bool: ...


def day(on: date) -> str:
    """14 January 2026"""
    return spelled(on)


def short_day(on: date) -> str:
    """15 Sep 2025"""
    return f"{on.day} {on:%b %Y}"


def weekday_day(on: date) -> str:
    """Friday 3 October 2025"""
    return f"{on:%A} {day(on)}"


def time_of_day(at: datetime) -> str:
    """10:24am, as the clocks in London show it"""
    local = clock.london(at)
    return f"{local:%I:%M}".removeprefix("0") + ("am" if local.time() < NOON else "pm")


def moment(at: datetime) -> str:
    """18 September 2025, 10:24am"""
    return f"{day(clock.london(at).date())}, {time_of_day(at)}"


def short_moment(at: datetime) -> str:
    """18 Sep 2025, 10:24am"""
    return f"{short_day(clock.london(at).date())}, {time_of_day(at)}"


def quantity(number: int, one: str, many: str = "") -> str:
    """1 day, 2 days, 1,200 cases"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def with_full_stop(sentence: str) -> str:
    """A message as a sentence of a paragraph: form messages have no full stop."""
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def status_of(deadline: Standing, today: date) -> tuple[str, str]:
    """The status class and its words: ("late", "3 days overdue"), ("waits", "Waiting 201 days")."""
    if deadline.not_recorded:
        return "none", "Not recorded"
    if deadline.status in PAST:
        return "none", PAST[deadline.status]
    if deadline.status in {"met", "met_late"}:
        return met(deadline.started_on, deadline.due, deadline.met_on)
    if deadline.due:
        return due_in((deadline.due - today).days)
    return waiting(deadline.started_on, today)


def waiting(started_on: date | None, today: date) -> tuple[str, str]:
    """How long something without a due date has been open."""
    if started_on is None or started_on > today:
        return "none", "Not started"
    return "waits", f"Waiting {quantity((today - started_on).days, 'day')}"


def met(started_on: date | None, due: date | None, met_on: date | None) -> tuple[str, str]:
    """How a deadline was met; without a due date, how long it took."""
    if met_on is None:
        return "met", "Met"
    if due is None:
        took = (met_on - started_on).days if started_on else 0
        return "met", f"Met after {quantity(took, 'day')}" if took else "Met the same day"
    early = (due - met_on).days
    if early < 0:
        return "metlate", f"Met {quantity(-early, 'day')} late"
    return "met", f"Met, {quantity(early, 'day')} early" if early else "Met on the day"


def due_in(days: int) -> tuple[str, str]:
    """How near a due date is, or how long past."""
    if days < 0:
        return "late", f"{quantity(-days, 'day')} overdue"
    if days <= SOON:
        return "soon", {0: "Due today", 1: "Due tomorrow"}.get(days, f"In {days} days")
    if days <= IN_DAYS:
        return "ontime", f"In {days} days"
    if days <= IN_WEEKS:
        return "ontime", f"In {quantity(round(days / 7), 'week')}"
    return "ontime", f"In {quantity(round(days / DAYS_IN_MONTH), 'month')}"


FILTERS = (day, short_day, weekday_day, time_of_day, moment, short_moment, quantity, with_full_stop, status_of)


def register(app: Flask) -> None:
    """Makes the filters known to every template, by their own names."""
    app.jinja_env.filters.update({filter_.__name__: filter_ for filter_ in FILTERS})

"""Dates, times, counts and the state of a deadline, in words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.web import filters

TODAY = date(2025, 9, 18)


@dataclass(frozen=True)
class Deadline:
    """A deadline as the pages see it."""

    status: str = "open"
    due: date | None = None
    met_on: date | None = None
    started_on: date | None = None
    not_recorded: bool = False


def test_days_are_written_out() -> None:
    assert filters.day(date(2026, 1, 4)) == "4 January 2026"
    assert filters.short_day(date(2025, 9, 15)) == "15 Sep 2025"
    assert filters.weekday_day(date(2025, 10, 3)) == "Friday 3 October 2025"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2025, 9, 18, 9, 24, tzinfo=UTC), "18 September 2025, 10:24am"),
        (datetime(2025, 1, 18, 9, 4, tzinfo=UTC), "18 January 2025, 9:04am"),
        (datetime(2025, 6, 30, 11, 0, tzinfo=UTC), "30 June 2025, 12:00pm"),
        (datetime(2025, 6, 30, 23, 30, tzinfo=UTC), "1 July 2025, 12:30am"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "31 December 2025, 11:59pm"),
    ],
)
def test_moments_are_told_by_the_clocks_in_london(at: datetime, words: str) -> None:
    assert filters.moment(at) == words


def test_one_is_not_many() -> None:
    assert filters.quantity(1, "day") == "1 day"
    assert filters.quantity(0, "day") == "0 days"
    assert filters.quantity(1200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("due", "standing"),
    [
        (date(2025, 9, 15), ("late", "3 days overdue")),
        (date(2025, 9, 17), ("late", "1 day overdue")),
        (date(2025, 9, 18), ("soon", "Due today")),
        (date(2025, 9, 19), ("soon", "Due tomorrow")),
        (date(2025, 9, 23), ("soon", "In 5 days")),
        (date(2025, 9, 25), ("soon", "In 7 days")),
        (date(2025, 9, 26), ("ontime", "In 8 days")),
        (date(2025, 10, 16), ("ontime", "In 28 days")),
        (date(2025, 10, 17), ("ontime", "In 4 weeks")),
        (date(2025, 11, 20), ("ontime", "In 9 weeks")),
        (date(2026, 1, 14), ("ontime", "In 4 months")),
        (date(2026, 2, 3), ("ontime", "In 5 months")),
    ],
)
def test_an_open_deadline_says_how_near_it_is(due: date, standing: tuple[str, str]) -> None:
    assert filters.status_of(Deadline("open", due=due), TODAY) == standing


def test_what_the_reckoning_calls_overdue_is_late() -> None:
    assert filters.status_of(Deadline("overdue", due=date(2025, 9, 15)), TODAY) == ("late", "3 days overdue")


@pytest.mark.parametrize(
    ("deadline", "standing"),
    [
        (Deadline("met", due=date(2025, 2, 28), met_on=date(2025, 2, 25)), ("met", "Met, 3 days early")),
        (Deadline("met", due=date(2025, 2, 28), met_on=date(2025, 2, 27)), ("met", "Met, 1 day early")),
        (Deadline("met", due=date(2025, 2, 28), met_on=date(2025, 2, 28)), ("met", "Met on the day")),
        (Deadline("met_late", due=date(2025, 6, 11), met_on=date(2025, 6, 12)), ("metlate", "Met 1 day late")),
        (Deadline("met", started_on=date(2025, 1, 1), met_on=date(2025, 1, 31)), ("met", "Met after 30 days")),
        (Deadline("met", started_on=date(2025, 1, 1), met_on=date(2025, 1, 1)), ("met", "Met the same day")),
        (Deadline("open", started_on=date(2025, 3, 1)), ("waits", "Waiting 201 days")),
        (Deadline("open"), ("none", "Not started")),
        (Deadline("lapsed", due=date(2025, 3, 1)), ("none", "Lapsed")),
        (Deadline("cancelled", due=date(2025, 3, 1)), ("none", "No longer applies")),
        (Deadline("cancelled", due=date(2025, 3, 1), not_recorded=True), ("none", "Not recorded")),
    ],
)
def test_a_deadline_that_is_past_or_has_no_date_says_so(deadline: Deadline, standing: tuple[str, str]) -> None:
    assert filters.status_of(deadline, TODAY) == standing


@given(days=st.integers(-40_000, 40_000))
def test_a_nearer_date_never_sounds_further_away(days: int) -> None:
    order = ["late", "soon", "ontime"]
    nearer, _ = filters.status_of(Deadline(due=TODAY + timedelta(days)), TODAY)
    further, _ = filters.status_of(Deadline(due=TODAY + timedelta(days + 1)), TODAY)
    assert order.index(nearer) <= order.index(further)

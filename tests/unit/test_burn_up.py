"""How a plan was worked off: steps where actions come in late, are done or stopped; as many points as are readable."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.procedures.burn_up import MOST_POINTS, Course, Point, burn_up, course_of
from tracker.procedures.plan_status import Standing, Status

JAN, FEB, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 2)


def test_nothing_has_no_course():
    assert burn_up([], MARCH) == []
    assert burn_up([Course(MARCH + timedelta(days=1))], MARCH) == []


def test_one_that_came_today_is_one_point():
    assert burn_up([Course(MARCH)], MARCH) == [Point(MARCH, 1, 0, 0)]


def test_late_ones_raise_the_total_and_stopped_ones_lower_it():
    courses = [
        Course(JAN),
        Course(JAN, complete_on=date(2026, 1, 31), verified_on=date(2026, 3, 1)),
        Course(FEB),
        Course(JAN, ended_on=FEB),
    ]
    assert burn_up(courses, MARCH) == [
        Point(JAN, 3, 0, 0),
        Point(date(2026, 1, 31), 3, 1, 0),
        Point(date(2026, 2, 28), 3, 1, 0),
        Point(MARCH, 3, 1, 1),
    ]


@pytest.mark.parametrize(
    ("now", "ended_on", "course"),
    [
        (Standing(Status.NOT_STARTED), None, Course(FEB)),
        (Standing(Status.CLAIMED, claimed_on=JAN), None, Course(JAN, JAN)),
        (Standing(Status.CLAIMED), None, Course(FEB, FEB)),
        (Standing(Status.VERIFIED, claimed_on=JAN, verified_on=MARCH), None, Course(JAN, JAN, MARCH)),
        (Standing(Status.VERIFIED), None, Course(FEB, FEB, FEB)),
        (Standing(Status.STOPPED, claimed_on=JAN), MARCH, Course(FEB, ended_on=MARCH)),
        (Standing(Status.SUPERSEDED), None, Course(FEB, ended_on=FEB)),
        (Standing(Status.IN_PROGRESS), MARCH, Course(FEB)),  # stopped once, and taken up again
    ],
)
def test_the_course_of_an_action(now, ended_on, course):
    assert course_of(now, FEB, ended_on) == course


@given(st.integers(0, 60_000))
def test_any_length_has_a_readable_number_of_points(days):
    first = date(1900, 1, 31)
    found = burn_up([Course(first)], first + timedelta(days=days))
    assert found[0].on == first
    assert found[-1].on == first + timedelta(days=days)
    assert len(found) <= MOST_POINTS + 2
    assert [point.on for point in found] == sorted({point.on for point in found})

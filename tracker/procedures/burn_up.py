"""How a plan was worked off: how many actions it had, and how many of them were done, as time went by. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from tracker.procedures.periods import months_after
from tracker.procedures.plan_status import Standing, Status

MOST_POINTS = 24  # between the first day and today
STEPS = (1, 3, 6, 12, 60, 600)  # months from a point to the next


class Course(NamedTuple):
    """The days of one action: in the plan since, claimed complete, verified, and stopped or superseded on."""

    since: date
    complete_on: date | None = None
    verified_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """How things stood at the end of a day. Verified ones are complete too; what was stopped is not in the plan."""

    on: date
    total: int
    complete: int
    verified: int


def course_of(now: Standing, added_on: date, ended_on: date | None) -> Course:
    """The course of an action by what is known of it now: a claim that was sent back is no claim on any day.

    One that was done before it came into the plan was in it from then. Where nobody wrote down when it was done, it was
    done when it came into the plan.
    """
    done = now.status in (Status.CLAIMED, Status.VERIFIED)
    complete_on = (now.claimed_on or added_on) if done else None
    verified_on = (now.verified_on or complete_on) if now.status is Status.VERIFIED else None
    ended = ended_on or added_on if now.status in (Status.STOPPED, Status.SUPERSEDED) else None
    return Course(min(added_on, complete_on or added_on), complete_on, verified_on, ended)


def burn_up(courses: Sequence[Course], today: date) -> list[Point]:
    """The first day, the last days of as many months, quarters or years as are readable, and today; none without any.

    What lies ahead of *today* has not happened.
    """
    begun = [course for course in courses if course.since <= today]
    if not begun:
        return []
    first = min(course.since for course in begun)
    days = sorted({first, *ends_between(first, today), today})
    reached = attrgetter("since"), attrgetter("complete_on"), attrgetter("verified_on")
    series = [counts_on(days, begun, by) for by in reached]
    return [Point(*counts) for counts in zip(days, *series, strict=True)]


def ends_between(first: date, last: date) -> Iterator[date]:
    """The last days of months, or of every third, sixth, twelfth of the year: as close as MOST_POINTS lets them be."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(step for step in STEPS if months / step <= MOST_POINTS or step == STEPS[-1])
    for place in range(1, months + 1):
        following = months_after(first.replace(day=1), place)
        if (following.year * 12 + following.month - 1) % step == 0:
            yield following - timedelta(days=1)


def counts_on(days: Sequence[date], courses: Iterable[Course], since: Callable[[Course], date | None]) -> list[int]:
    """How many of *courses* have reached by the end of each day what *since* says, and have not ended by then."""
    spans = [(begun, course.ended_on) for course in courses if (begun := since(course))]
    reached = sorted(begun for begun, _ in spans)
    ended = sorted(max(begun, end) for begun, end in spans if end)
    return [bisect_right(reached, day) - bisect_right(ended, day) for day in days]

"""A month as a table: a row a week, a column a day."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import NotFound
from tracker.models.cases import Deadline
from tracker.web.day_fields import EARLIEST_YEAR, LATEST_YEAR
from tracker.web.deadlines.rows import Row, row


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the table. `more`: how many are due that the table leaves out; `outside` the month it is only a gap."""

    on: date
    outside: bool
    today: bool
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    """`weeks` begin on Mondays."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def is_empty(self) -> bool:
        return not any(each.rows for week in self.weeks for each in week)

    @property
    def previous(self) -> date | None:
        """The first of the month before; None where the calendar begins."""
        before = self.first - timedelta(days=1)
        return before.replace(day=1) if before.year >= EARLIEST_YEAR else None

    @property
    def following(self) -> date | None:
        after = last_of(self.first) + timedelta(days=1)
        return after if after.year <= LATEST_YEAR else None


def month_called(text: str) -> date:
    """The first day of the month "2026-11". Raises NotFound where it is no month that is shown."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise NotFound
    year, month = map(int, text.split("-"))
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise NotFound
    return date(year, month, 1)


def last_of(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_of(first: date, due: Iterable[tuple[Deadline, int]], today: date) -> Month:
    """The table of a month, of its deadlines with how many there are on their day."""
    rows: dict[date, list[Row]] = defaultdict(list)
    counts: dict[date, int] = {}
    for deadline, count in due:
        if deadline.due_on:
            rows[deadline.due_on].append(row(deadline, today))
            counts[deadline.due_on] = count

    def shown(on: date) -> Day:
        some = tuple(rows[on])
        return Day(on, on.month != first.month, on == today, some, counts.get(on, 0) - len(some))

    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, tuple(tuple(shown(on) for on in week) for week in weeks))

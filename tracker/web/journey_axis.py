"""The days across a journey picture: where each stands, and how it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.procedures.periods import months_after
from tracker.web.filters import short_day

LEFT, RIGHT = 20.0, 99.5  # per cent: the names of stages stand left of it
MOST_TICKS = 12
FEWEST_MONTHS = 3
WITH_ROOM = 0.9  # the share of the days across that the case fills


@dataclass(frozen=True, slots=True)
class Axis:
    """The days across. `end` is the first day past it."""

    first: date
    end: date

    @classmethod
    def over(cls, days: Sequence[date], *, room: bool) -> "Axis":
        """Whole months that hold all of the days, with *room* for words right of the last."""
        first, last = min(days).replace(day=1), max(days)
        end = max(months_after(last.replace(day=1), 1), months_after(first, FEWEST_MONTHS))
        while room and (last - first) / (end - first) > WITH_ROOM:
            end = months_after(end, 1)
        return cls(first, end)

    @property
    def months(self) -> int:
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    @property
    def in_one_year(self) -> bool:
        return (self.end - timedelta(days=1)).year == self.first.year

    def x(self, day: date) -> float:
        """Where a day begins, in per cent of the picture."""
        share = (day - self.first).days / (self.end - self.first).days
        return round(LEFT + (RIGHT - LEFT) * share, 2)

    def ticks(self) -> Iterator[tuple[date, str]]:
        """Each month, quarter or year, as many as have room: January is called by its year."""
        step = next(step for step in (1, 3, 6, 12, 24, 60, 1200) if self.months / step <= MOST_TICKS)
        for month in range(self.months):
            day = months_after(self.first, month)
            if (day.year * 12 + day.month - 1) % step == 0:
                yield day, str(day.year) if day.month == 1 and not self.in_one_year else f"{day:%b}"

    def day(self, day: date) -> str:
        """A day as the picture writes it: with its year where there are several."""
        return f"{day.day} {day:%B}" if self.in_one_year else short_day(day)

    def span(self, since: date, until: date) -> str:
        if since == until:
            return self.day(since)
        if (since.year, since.month) == (until.year, until.month):
            return f"{since.day} to {self.day(until)}"
        if since.year == until.year and not self.in_one_year:
            return f"{since.day} {since:%b} to {self.day(until)}"
        return f"{self.day(since)} to {self.day(until)}"

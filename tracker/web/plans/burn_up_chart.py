"""Draws how a plan was worked off: its actions, those claimed complete and those verified, from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.procedures.burn_up import Course, Point, burn_up
from tracker.web.filters import quantity, short_day
from tracker.web.picture_shapes import Line, Words

COLUMNS = ("On", "In the plan", "Complete", "Verified")
LEFT, RIGHT = 4.0, 76.0  # per cent: the counts stand left of the lines, their names right of them
TOP, FOOT, HEIGHT = 12, 212, 264  # pixels
APART = 20  # pixels from a name to the next
BELOW = 24  # pixels from the lowest line to the days
# Thickest where it matters most; each is named at its end, so that none is told by its look alone.
SERIES = (("total", "p-line", "in the plan"), ("complete", "p-claimed", "complete"), ("verified", "p-done", "verified"))


@dataclass(frozen=True)
class BurnUpChart:
    """The points, earliest first. With fewer than two there is nothing to draw yet."""

    points: Sequence[Point]

    height = HEIGHT

    @classmethod
    def of(cls, courses: Sequence[Course], today: date) -> "BurnUpChart":
        return cls(burn_up(courses, today))

    @property
    def is_drawn(self) -> bool:
        return len(self.points) > 1

    @property
    def headline(self) -> str:
        """5 of 12 actions complete, 3 verified"""
        last = self.points[-1]
        return f"{last.complete} of {quantity(last.total, 'action')} complete, {last.verified} verified"

    @property
    def about(self) -> str:
        """What somebody is told who cannot see the picture."""
        said = [
            f"on {short_day(point.on)} {point.total} in the plan, {point.complete} complete, {point.verified} verified"
            for point in (self.points[0], self.points[-1])
        ]
        return f"Line chart: {'; '.join(said)}. The numbers are in the table below."

    @property
    def rows(self) -> list[tuple[date, int, int, int]]:
        return [(point.on, point.total, point.complete, point.verified) for point in self.points]

    # -- The picture --------------------------------------------------------------------------------------------------

    @property
    def most(self) -> int:
        return max(1, *(max(point.total, point.complete) for point in self.points))

    def x(self, on: date) -> float:
        first, last = self.points[0].on, self.points[-1].on
        return round(LEFT + (RIGHT - LEFT) * (on - first).days / ((last - first).days or 1), 2)

    def y(self, count: int) -> float:
        return round(FOOT - (FOOT - TOP) * count / self.most, 1)

    @property
    def grid(self) -> list[Line]:
        return [Line("p-grid", LEFT, RIGHT, self.y(count), self.y(count)) for count in self.counts]

    @property
    def counts(self) -> list[int]:
        return sorted({0, self.most // 2, self.most})

    @property
    def lines(self) -> list[Line]:
        """In steps, as a count stays until it changes; the line of all actions first."""
        found = []
        for name, kind, _ in SERIES:
            since = self.points[0]
            for one, two in pairwise(self.points):
                before, after = self.y(getattr(one, name)), self.y(getattr(two, name))
                if before != after:
                    there = self.x(two.on)
                    found += [
                        Line(kind, self.x(since.on), there, before, before),
                        Line(kind, there, there, before, after),
                    ]
                    since = two
            level = self.y(getattr(self.points[-1], name))
            found.append(Line(kind, self.x(since.on), RIGHT, level, level))
        return found

    @property
    def texts(self) -> list[Words]:
        """The counts, the first and the last day, and the name of each line at its end, none over another."""
        first, last = self.points[0], self.points[-1]
        found = [Words(0, self.y(count) + 5, str(count), "t-quiet") for count in self.counts]
        found += [Words(LEFT, FOOT + BELOW, short_day(first.on), "t-quiet")]
        found += [Words(RIGHT, FOOT + BELOW, short_day(last.on), "t-quiet", 0, "end")]
        below = float(FOOT + APART)
        for name, _, words in reversed(SERIES):
            below = min(self.y(getattr(last, name)) + 5, below - APART)
            found.append(Words(RIGHT, below, f"{getattr(last, name)} {words}", "t-bold", 10))
        return found

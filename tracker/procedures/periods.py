"""How the law counts: months, months beginning with a day, working days, days, and no limit at all.

Every length is counted from the event itself, never from an earlier due date, and a due date that falls on a weekend
or a holiday stays there. All days are civil dates, Europe/London.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from tracker.procedures.calendars import BeyondCalendar, Calendar

LONGEST = 600
NOT_COUNTED = "the day itself is not counted"


@dataclass(frozen=True, slots=True)
class Months:
    """Calendar months to the corresponding date; where a month has no such date, to its last day.

    One month after 31 January is 28 February (29 in a leap year).

    Source: Interpretation Act 1978, Sch. 1 ("month"); Dodds v Walker [1981] 1 WLR 1027.
    """

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        return months_after(start, self.count)

    def words(self) -> str:
        return _counted(self.count, "month")

    @property
    def explained(self) -> str:
        return NOT_COUNTED


@dataclass(frozen=True, slots=True)
class MonthsBeginningWith:
    """Calendar months of which the day itself is day 1: they end the day before the corresponding date.

    Where a month has no such date, they end on its last day: one month beginning with 29 January 2025 ends on
    28 February, and so does one beginning with 31 January.
    """

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        return last_day_beginning_with(start, self.count)

    def words(self) -> str:
        return f"{_counted(self.count, 'month')} beginning with that day"

    @property
    def explained(self) -> str:
        return "that day counts as day 1"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday less bank holidays. After an event on a non-working day, the next working day is day 1."""

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        """
        Raises:
            BeyondCalendar: the count leaves the days whose bank holidays are known.
        """
        return calendar.working_day_after(start, self.count)

    def words(self) -> str:
        return _counted(self.count, "working day")

    @property
    def explained(self) -> str:
        return NOT_COUNTED


@dataclass(frozen=True, slots=True)
class WorkingDaysBefore:
    """Working days counted back from a day that lies ahead, such as that of a panel."""

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        """
        Raises:
            BeyondCalendar: the count leaves the days whose bank holidays are known.
        """
        return calendar.working_day_before(start, self.count)

    def words(self) -> str:
        return f"{_counted(self.count, 'working day')} before"

    @property
    def explained(self) -> str:
        return f"counted back; {NOT_COUNTED}"


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days."""

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        return start + timedelta(days=self.count)

    def words(self) -> str:
        return _counted(self.count, "day")

    @property
    def explained(self) -> str:
        return NOT_COUNTED


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """Calendar days counted back from a day that lies ahead."""

    count: int

    def __post_init__(self) -> None:
        _refuse_length(self.count)

    def due(self, start: date, calendar: Calendar) -> date:
        return start - timedelta(days=self.count)

    def words(self) -> str:
        return f"{_counted(self.count, 'day')} before"

    @property
    def explained(self) -> str:
        return f"counted back; {NOT_COUNTED}"


@dataclass(frozen=True, slots=True)
class AsSoonAsPracticable:
    """An open obligation without a due date. Its age is shown, and after some working days it is brought to mind."""

    nudge_working_days: int = 10

    def due(self, start: date, calendar: Calendar) -> None:
        return None

    def words(self) -> str:
        return "as soon as practicable"

    @property
    def explained(self) -> str:
        return f"a reminder follows after {_counted(self.nudge_working_days, 'working day')}"


@dataclass(frozen=True, slots=True)
class NoLimit:
    """A wait on somebody else for which no time is set. Its age is shown, and it is brought to mind."""

    nudge_working_days: int = 60

    def due(self, start: date, calendar: Calendar) -> None:
        return None

    def words(self) -> str:
        return "no time limit set"

    @property
    def explained(self) -> str:
        return f"a reminder follows after {_counted(self.nudge_working_days, 'working day')}"


Period: TypeAlias = (
    Months | MonthsBeginningWith | WorkingDays | WorkingDaysBefore | Days | DaysBefore | AsSoonAsPracticable | NoLimit
)

UNITS: dict[str, type[Months | MonthsBeginningWith | WorkingDays | Days]] = {
    "months": Months,
    "months_beginning": MonthsBeginningWith,
    "working_days": WorkingDays,
    "days": Days,
}
UNITS_BEFORE: dict[str, type[WorkingDaysBefore | DaysBefore]] = {
    "working_days": WorkingDaysBefore,
    "days": DaysBefore,
}


def period_from(length: int, unit: str, *, before: bool = False) -> Period:
    """The period that a local setting names; *before*: one that is counted back.

    Raises:
        ValueError: an unknown unit, or a length that is not 1 to 600, named in the message.
    """
    units: Mapping[str, Callable[[int], Period]] = UNITS_BEFORE if before else UNITS
    if unit not in units:
        raise ValueError(f"The unit must be one of {', '.join(units)}, not “{unit}”")
    return units[unit](length)


def months_after(day: date, count: int) -> date:
    """The corresponding date *count* months later, or the last day of a month too short to have one.

    Raises:
        BeyondCalendar: a year outside 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        raise BeyondCalendar(f"There is no year {year} to count months into")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, count: int) -> date:
    """The corresponding date *count* months earlier, or the last day of a month too short to have one."""
    return months_after(day, -count)


def last_day_beginning_with(day: date, count: int) -> date:
    """The last of *count* months of which *day* is the first day."""
    corresponding = months_after(day, count)
    clamped = corresponding.day != day.day
    return corresponding if clamped else corresponding - timedelta(days=1)


def _refuse_length(count: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= LONGEST:
        raise ValueError(f"The length must be a whole number from 1 to {LONGEST}, not {count!r}")


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

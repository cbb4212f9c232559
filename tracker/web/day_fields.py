"""Days as people write them: three boxes, the month as a number or a name, what was typed kept.

`DayField` gives a date, `ApproximateDayField` the text of a day, a month or a year ("2025-01-31", "2025-01", "2025").
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from tracker.web.fields import Asked, Drawn, has_unfit, without_unfit

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
FEBRUARY = 2
SHORTEST_NAME = 3  # letters: ju could be June or July
LONGEST_PART = 20  # characters, more than the longest month
MONTHS = ("", *(name for name in calendar.month_name if name))  # this process never sets a locale: English


class Unreadable(ValueError):
    """What is wrong with a day as typed, and in which boxes."""

    def __init__(self, message: str, *parts: str) -> None:
        self.parts = parts
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Written:
    """A day as written: its three parts, each text, any of them empty."""

    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def from_sent(cls, values: Iterable[object]) -> "Written":
        """From whatever a request held under one name: three parts, fewer, none, or one date as 2025-01-31."""
        texts = [without_unfit(value).strip()[:LONGEST_PART] for value in values if isinstance(value, str)]
        if len(texts) == 1 and re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", texts[0]):
            return cls.from_iso(texts[0])
        return cls(*[*texts, "", "", ""][:3])

    @classmethod
    def from_iso(cls, text: str) -> "Written":
        """From "2025-01-31", "2025-01" or "2025", without leading zeros."""
        year, month, day = [*text.split("-"), "", ""][:3]
        return cls(day.lstrip("0"), month.lstrip("0"), year)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.day or self.month or self.year)

    def missing(self, asked: Iterable[str]) -> list[str]:
        """Which of the parts *asked* for are empty."""
        return [part for part in asked if not getattr(self, part)]


def read_month(text: str) -> int:
    """1 to 12, from a number or a name of three letters or more."""
    word = text.lower().rstrip(".")
    if re.fullmatch(r"[0-9]{1,2}", word) and int(word) in range(1, 13):
        return int(word)
    named = [number for number, name in enumerate(MONTHS) if name.lower().startswith(word)]
    if word == "sept":
        return 9
    if len(word) >= SHORTEST_NAME and len(named) == 1:
        return named[0]
    raise Unreadable("Month must be a number from 1 to 12, or a name like September", "month")


def read_year(text: str) -> int:
    """A year in four figures."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise Unreadable("Year must include 4 numbers", "year")
    if not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
        raise Unreadable(f"Year must be between {EARLIEST_YEAR} and {LATEST_YEAR}", "year")
    return int(text)


def read_day(text: str, month: int, year: int) -> int:
    """A day that this month of this year has."""
    if not re.fullmatch(r"[0-9]{1,2}", text) or int(text) not in range(1, 32):
        raise Unreadable("Day must be a number from 1 to 31", "day")
    last = calendar.monthrange(year, month)[1]
    if int(text) > last:
        which = f" {year}" if month == FEBRUARY else ""
        raise Unreadable(
            f"{int(text)} {MONTHS[month]}{which} does not exist: {MONTHS[month]}{which} has {last} days", "day"
        )
    return int(text)


def read_parts(written: Written, asked: tuple[str, ...]) -> tuple[int, int | None, int | None]:
    """Year, month and day of *written*, of which the parts *asked* for must be there.

    Raises:
        Unreadable: for the first thing to mend: what is missing, else the year, the month, the day.
    """
    if missing := written.missing(asked):
        raise Unreadable(f"Date must include a {' and '.join(missing)}", *missing)
    if written.day and not written.month:
        raise Unreadable("Date must include a month if it has a day", "month")
    year = read_year(written.year)
    month = read_month(written.month) if written.month else None
    day = read_day(written.day, month, year) if written.day and month else None
    return year, month, day


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three boxes as drawn. `width` in characters."""

    id: str
    label: str
    typed: str
    width: int
    is_number: bool
    wrong: bool


class DayField(Asked):
    """A day. Its answer is a date, `None` where there is none."""

    widget = Drawn("day")
    asked: ClassVar[tuple[str, ...]] = ("day", "month", "year")

    def __init__(self, label: str, *, hint: str = "For example, 18 9 2025 or 18 Sep 2025", **rest: Any) -> None:
        super().__init__(label, hint=hint, **rest)
        self.written = Written()
        self.unreadable: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        """The parts in error: those that cannot be read, else all, because the day itself is refused."""
        return self.unreadable or (("day", "month", "year") if self.errors else ())

    @property
    def target(self) -> str:
        """The first box in error."""
        return self.box_id(self.wrong[0] if self.wrong else "day")

    def box_id(self, part: str) -> str:
        """The day box has the field's own id."""
        return self.id if part == "day" else f"{self.id}-{part}"

    @property
    def parts(self) -> list[Part]:
        """The three boxes."""
        widths = {"day": 2, "month": 5, "year": 4}
        return [
            Part(
                id=self.box_id(part),
                label=part.capitalize(),
                typed=getattr(self.written, part),
                width=width,
                is_number=part != "month",
                wrong=part in self.wrong,
            )
            for part, width in widths.items()
        ]

    def is_answered(self) -> bool:
        """Whether any of the three boxes was filled in."""
        return not self.written.is_empty

    def process_data(self, value: Any) -> None:
        """Shows a date that is there already."""
        self.data = value
        self.written = Written.from_iso(str(value)) if value else Written()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Reads the boxes, however many of them were sent."""
        self.written = Written.from_sent(valuelist)
        self.data = None
        try:
            if any(has_unfit(value) for value in valuelist if isinstance(value, str)):
                raise Unreadable("Date must be numbers, or the name of a month", "day", "month", "year")
            if not self.written.is_empty:
                self.data = self.read(self.written)
        except Unreadable as fault:
            self.unreadable = fault.parts
            raise

    def read(self, written: Written) -> object:
        """The answer."""
        year, month, day = read_parts(written, self.asked)
        return date(year, month or 1, day or 1)


class ApproximateDayField(DayField):
    """A day, a month or a year, as exactly as it is known. Its answer is text, empty where there is none."""

    asked = ("year",)

    def __init__(
        self, label: str, *, hint: str = "Leave what is not known empty: 2025, or Jan 2025", **rest: Any
    ) -> None:
        super().__init__(label, hint=hint, **rest)

    def process_data(self, value: Any) -> None:
        """Shows what is there already."""
        super().process_data(value or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Reads the boxes, however many of them were sent."""
        super().process_formdata(valuelist)
        self.data = self.data or ""

    def read(self, written: Written) -> str:
        """The answer, to the exactness given."""
        year, month, day = read_parts(written, self.asked)
        return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")

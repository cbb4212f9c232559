"""What each kind of date in a plan spans: days, and nothing guessed.

A year of two figures is of this century. What leaves the year open, or whether a quarter is financial or calendar, says
so instead of a span.
"""

import re
from calendar import month_name, monthrange
from datetime import date

EARLIEST, LATEST = 1950, 2100  # years; whatever lies outside is a slip of the pen
CENTURY, WRITTEN_SHORT = 2000, 100
UNCLEAR_SHORT = 50  # a year of two figures from which on the century is anybody's guess
LAST_SHORT_YEAR = 29  # the last figures that are a year rather than a day, where a month stands before them
JANUARY, FEBRUARY, DECEMBER = 1, 2, 12
WELSH = ("ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf", "awst", "medi", "hydref", "tachwedd",
         "rhagfyr")  # fmt: skip
MONTHS = {
    name[:3].casefold(): number for names in (month_name, ("", *WELSH)) for number, name in enumerate(names) if name
}
QUARTER_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}

WHICH_YEAR = "which year?"
WHICH_QUARTERS = "financial or calendar quarters?"
WHICH_WINTER = "the winter that begins in that year, or the one that ends in it?"
WHICH_FINANCIAL_YEAR = "the financial year that begins in that year, or the one that ends in it?"
WHICH_DAY = "which date is meant?"
YEAR_OR_MONTH = "the financial year, or a month of it?"


class NoSuchDay(ValueError):
    """A date that no calendar has, and how to mend it."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.why, self.mend = why, mend


Span = tuple[str, date, date]


def day_of(year: int, month: int, day: int) -> date:
    """The day. Raises NoSuchDay where there is none."""
    if not JANUARY <= month <= DECEMBER:
        raise NoSuchDay(f"There is no month {month}", "Write the day, the month and the year in this order")
    if not EARLIEST <= year <= LATEST:
        raise NoSuchDay(f"{year} is not a year of a plan", f"Write a year from {EARLIEST} to {LATEST}")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        named = f"{month_name[month]} {year}" if month == FEBRUARY else month_name[month]
        raise NoSuchDay(
            f"{named} has {last} days", f"Write a day from 1 to {last}, or {month_name[month]} {year} alone"
        )
    return date(year, month, day)


def last_of(year: int, month: int) -> date:
    return day_of(year, month, monthrange(year, month)[1] if JANUARY <= month <= DECEMBER else 1)


def full_year(text: str) -> int:
    """The year. Raises NoSuchDay where its two figures leave the century open."""
    year = int(text.strip("'"))
    if UNCLEAR_SHORT <= year < WRITTEN_SHORT:
        raise NoSuchDay(f"“{year}” is not a year of a plan", "Write the year in four figures")
    return year + (CENTURY if year < WRITTEN_SHORT else 0)


def month_number(name: str) -> int:
    return MONTHS[name[:3]]


# -- One kind of phrase each, the most telling first ------------------------------------------------------------------


def iso(found: re.Match[str]) -> Span:
    day = day_of(int(found["y"]), int(found["m"]), int(found["d"]))
    return "day", day, day


def figures(found: re.Match[str]) -> Span:
    day = day_of(full_year(found["y"]), int(found["m"]), int(found["d"]))
    return "day", day, day


def days_of_months(found: re.Match[str]) -> Span:
    year, month = full_year(found["year"]), month_number(found["b"])
    first = month_number(found["a"]) if found["a"] else month
    since = day_of(year - (first > month), first, int(found["d1"]))
    return "range", since, day_of(year, month, int(found["d2"]))


def named_day(found: re.Match[str]) -> Span:
    day = day_of(full_year(found["year"]), month_number(found["m"]), int(found["d"]))
    return "day", day, day


def months(found: re.Match[str]) -> Span:
    year, first, last = full_year(found["year"]), month_number(found["a"]), month_number(found["b"])
    return "range", day_of(year - (first > last), first, 1), last_of(year, last)


def month(found: re.Match[str]) -> Span | str:
    """“Dec 23” is a month and its year; “Dec 05” and “Dec 31” may as well be days: few plans are of such years."""
    if re.search(r"\s\d\d$", found[0]) and not DECEMBER < int(found["year"]) <= LAST_SHORT_YEAR:
        return WHICH_YEAR
    year, number = full_year(found["year"]), month_number(found["m"])
    return "month", day_of(year, number, 1), last_of(year, number)


def month_in_figures(found: re.Match[str]) -> Span:
    year, number = full_year(found["y"]), int(found["m"])
    return "month", day_of(year, number, 1), last_of(year, number)


def quarter(found: re.Match[str]) -> Span | str:
    """A quarter of a span of years is financial. Of one year it is whatever the plan counts in."""
    first, last = quarters_of(found)
    if found["y1"]:
        begins = span_of_years(found["y1"], found["y2"])
        if begins is None:
            return WHICH_YEAR
        return "quarter", *financial_quarters(begins, first, last)
    return quarter_of_year(full_year(found["year"]), first, last, found["kind"] or found["kind2"] or "")


def quarters_of(found: re.Match[str]) -> tuple[int, int]:
    if found["h"]:
        return (1, 2) if found["h"] == "1" else (3, 4)
    first = int(found["q"]) if found["q"] else QUARTER_WORDS.get(found["qw"]) or int(found["qw"])
    return first, int(found["q2"]) if found["q2"] else first


def quarter_of_year(year: int, first: int, last: int, kind: str) -> Span | str:
    """Of a year that is said to be a financial one it is not said whether it begins or ends in that year."""
    if kind.startswith(("fin", "fy")):
        return WHICH_FINANCIAL_YEAR
    return calendar_quarters(year, first, last) if kind.startswith("cal") else WHICH_QUARTERS


def counted_quarter(found: re.Match[str], quarters: str) -> Span:
    """A quarter of one year, by what the quarters of the plan are known to be."""
    first, last = quarters_of(found)
    year = full_year(found["year"])
    if quarters == "financial":
        return "quarter", *financial_quarters(year, first, last)
    return calendar_quarters(year, first, last)


def calendar_quarters(year: int, first: int, last: int) -> Span:
    return "quarter", day_of(year, 3 * first - 2, 1), last_of(year, 3 * last)


def financial_quarters(begins: int, first: int, last: int) -> tuple[date, date]:
    """The days of quarters of the financial year that begins in April of that year."""
    start, end = 3 * first + 1, 3 * last + 3
    since = day_of(begins + (start > DECEMBER), (start - 1) % DECEMBER + 1, 1)
    return since, last_of(begins + (end > DECEMBER), (end - 1) % DECEMBER + 1)


def span_of_years(first: str, second: str) -> int | None:
    """The year in which a financial year written as two begins; None where they do not follow each other."""
    begins = full_year(first)
    return begins if full_year(second) == begins + 1 else None


def season(found: re.Match[str]) -> Span | str:
    first = SEASONS[found["s"].replace("fall", "autumn")]
    last = SEASONS[(found["s2"] or found["s"]).replace("fall", "autumn")]
    if found["y1"]:
        begins = span_of_years(found["y1"], found["y2"])
        if begins is None or min(first, last) < SEASONS["autumn"]:
            return WHICH_YEAR
        year = begins
    else:
        year = full_year(found["year"])
        if SEASONS["winter"] in (first, last):
            return WHICH_WINTER
    ends = last + 2
    since = day_of(year - (first > last), first, 1)
    return "season", since, last_of(year + (ends > DECEMBER), (ends - 1) % DECEMBER + 1)


def years(found: re.Match[str]) -> Span | str:
    first, second = full_year(found["y1"]), full_year(found["y2"])
    if second == first + 1:
        return "year", day_of(first, 4, 1), day_of(second, 3, 31)
    return ("range", day_of(first, 1, 1), day_of(second, 12, 31)) if second > first else WHICH_YEAR


def year_and_two(found: re.Match[str]) -> Span | str:
    """2024/25 is a financial year, 2024/06 a month; 2011-12 may be either."""
    year, number = int(found["y1"]), int(found["y2"])
    if not JANUARY <= number <= DECEMBER:
        return years(found)
    if number == year % 100 + 1:
        return years(found) if found["sign"] == "/" else YEAR_OR_MONTH
    return "month", day_of(year, number, 1), last_of(year, number)


def two_and_two(found: re.Match[str]) -> Span | str:
    """06/24 is a month, 23/24 a financial year; 06/07 and 3/6 may be days of no year."""
    first, second = int(found["a"]), int(found["b"])
    if len(found["b"]) == 1:
        return WHICH_YEAR
    if second > DECEMBER >= first >= JANUARY:
        return "month", day_of(2000 + second, first, 1), last_of(2000 + second, first)
    if first > DECEMBER and second == first + 1:
        return "year", day_of(2000 + first, 4, 1), day_of(2000 + second, 3, 31)
    return WHICH_YEAR


def one_year(found: re.Match[str]) -> Span | str:
    year = full_year(found["year"])
    if (found["kind"] or "").startswith(("fin", "fy")):
        return WHICH_FINANCIAL_YEAR
    return "year", day_of(year, 1, 1), day_of(year, 12, 31)


def no_year(found: re.Match[str]) -> str:
    return WHICH_YEAR


def part_of_year(found: re.Match[str]) -> str:
    return WHICH_DAY


def christmas(found: re.Match[str]) -> Span:
    day = day_of(full_year(found["year"]), DECEMBER, 25)
    return "day", day, day


def no_quarter(found: re.Match[str]) -> str:
    """Raises NoSuchDay."""
    raise NoSuchDay(f"There is no quarter {found['q']}", "Write a quarter from Q1 to Q4")

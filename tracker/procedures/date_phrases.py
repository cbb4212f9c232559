"""Dates as people write them in plans, found in a line of text: each with the days it spans, and nothing guessed.

What is written day, month, year is read in that order. A year of two figures is of this century. A phrase that leaves
the year open, or whether a quarter is financial or calendar, says so instead of a span.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = 1950, 2100  # years; whatever lies outside is a slip of the pen
CENTURY, WRITTEN_SHORT = 2000, 100
JANUARY, FEBRUARY, DECEMBER = 1, 2, 12
MONTHS = {name[:3].casefold(): number for number, name in enumerate(month_name) if number}
MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)(?![\d/]|-\d)"
GAP = r"[\s,./'-]*"
UNTIL = r"\s*(?:-|/|&|to|and|until)\s*"
QUARTER_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
QUARTER = (
    rf"(?:q(?:uarter|tr)?\.?\s*(?P<q>[1-4])(?!\d)(?:{UNTIL}q?(?:uarter|tr)?\.?\s*(?P<q2>[1-4])(?![\d]))?"
    r"|(?P<qw>[1-4]|first|second|third|fourth|last)\s*(?:st|nd|rd|th)?\s+(?:quarter|qtr)\b|h(?P<h>[12])\b)"
)
SPAN_OF_YEARS = r"(?P<y1>20\d\d|\d\d)\s*[-/]\s*(?P<y2>20\d\d|\d\d)(?!\d)"
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
TAKEN = "\x00"
FINANCIAL, CALENDAR = "financial", "calendar"

WHICH_YEAR = "which year?"
WHICH_QUARTERS = "financial or calendar quarters?"
WHICH_WINTER = "the winter that begins in that year, or the one that ends in it?"
WHICH_FINANCIAL_YEAR = "the financial year that begins in that year, or the one that ends in it?"
YEAR_OR_MONTH = "the financial year, or a month of it?"


class NoSuchDay(ValueError):
    """A date that no calendar has, and how to mend it."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.why, self.mend = why, mend


@dataclass(frozen=True, slots=True)
class Phrase:
    """A date found between two places of a text: the days it spans, or what must be asked of it first."""

    start: int
    end: int
    precision: str
    since: date | None = None
    until: date | None = None
    ask: str = ""


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
    year = int(text.strip("'"))
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
    """“Dec 23” is a month and its year, “Dec 05” may as well be a day: plans that old write their years out."""
    if re.search(r"\s\d\d$", found[0]) and int(found["year"]) <= DECEMBER:
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
    if kind.startswith(("fin", "fy")):
        return "quarter", *financial_quarters(year, first, last)
    if kind.startswith("cal"):
        return "quarter", day_of(year, 3 * first - 2, 1), last_of(year, 3 * last)
    return WHICH_QUARTERS


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
    """06/24 is a month, 23/24 a financial year; 06/07 may be a day of no year."""
    first, second = int(found["a"]), int(found["b"])
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


D, ORD = r"(?P<{0}>\d{{1,2}})", r"\s*(?:st|nd|rd|th)?"
KIND = r"(?:(?P<{0}>(?:financial|fin|calendar|cal)\b|fy)[^\w\x00]*(?:years?\b[^\w\x00]*)?)?"
OF = r"(?:\s*of)?"
KINDS: tuple[tuple[str, Callable[[re.Match[str]], Span | str]], ...] = (
    (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)(?:[t\s]+\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?", iso),
    (r"(?P<d>\d{1,2})\s*[./-]\s*(?P<m>\d{1,2})\s*[./-]\s*(?P<y>\d{4}|\d\d)(?![\d])", figures),
    (
        D.format("d1") + ORD + r"\s*(?:" + MONTH.format("a") + r")?" + UNTIL + D.format("d2") + ORD + OF + GAP
        + MONTH.format("b") + GAP + YEAR,
        days_of_months,
    ),
    (D.format("d") + ORD + OF + GAP + MONTH.format("m") + GAP + YEAR, named_day),
    (
        MONTH.format("m") + r"\s*" + D.format("d")
        + r"(?:\s*(?:st|nd|rd|th)\b[\s,]*|\s*,\s*|\s+)(?P<year>(?:19|20)\d\d)\b",
        named_day,
    ),
    (D.format("d") + ORD + OF + GAP + MONTH.format("m"), no_year),
    (MONTH.format("a") + UNTIL + MONTH.format("b") + GAP + YEAR, months),
    (MONTH.format("m") + GAP + YEAR, month),
    (
        QUARTER + r"[\s,:()-]*(?:of\s+)?(?:the\s+)?" + KIND.format("kind") + r"(?:" + SPAN_OF_YEARS
        + r"|(?P<year>20\d\d|'?\d\d)(?!\d))(?:[^\w\x00]*" + KIND.format("kind2") + r")",
        quarter,
    ),
    (
        KIND.format("kind") + r"(?:" + SPAN_OF_YEARS + r"|(?P<year>20\d\d))[\s,:()-]*" + QUARTER
        + r"(?:[^\w\x00]*" + KIND.format("kind2") + r")",
        quarter,
    ),
    (
        r"(?P<s>spring|summer|autumn|fall|winter)(?:" + UNTIL + r"(?P<s2>spring|summer|autumn|fall|winter))?"
        r"(?:\s+term)?(?:\s+of)?[\s,'-]*(?:" + SPAN_OF_YEARS + r"|(?P<year>(?:19|20)\d\d|'?\d\d\b))",
        season,
    ),
    (r"(?P<m>0?[1-9]|1[0-2])\s*[/.-]\s*(?P<y>(?:19|20)\d\d)(?![\d])", month_in_figures),
    (r"(?P<y1>20\d\d)\s*(?:[-/]|to)\s*(?P<y2>20\d\d)(?!\d)", years),
    (r"(?P<y1>(?:19|20)\d\d)\s*(?P<sign>[-/])\s*(?P<y2>\d\d)(?!\d)", year_and_two),
    (r"(?P<a>\d{1,2})\s*[/]\s*(?P<b>\d\d)(?![\d/])", two_and_two),
    (QUARTER, no_year),
    (r"(?:spring|summer|autumn|winter|christmas|easter|new year)(?:\s+term)?", no_year),
    (KIND.format("kind") + r"(?P<year>(?:19|20)\d\d)(?!\d)", one_year),
    (r"fy\s*'?\d\d(?!\d)", lambda found: WHICH_FINANCIAL_YEAR),
    (MONTH.format("m"), no_year),
)  # fmt: skip
PATTERNS = tuple((re.compile(r"(?<![\w/])(?<!\d[.-])(?:" + pattern + r")", re.A), read) for pattern, read in KINDS)


def phrases(text: str, quarters: str = "") -> list[Phrase]:
    """The dates in *text*, which is in small letters, from left to right. `quarters`: what those of one year are.

    Raises:
        NoSuchDay: one that no calendar has.
    """
    taken: list[Phrase] = []
    free = text
    for pattern, read in PATTERNS:
        for found in pattern.finditer(free):
            answer = read(found)
            if answer == WHICH_QUARTERS and quarters:
                first, last = quarters_of(found)
                answer = quarter_of_year(full_year(found["year"]), first, last, quarters)
            taken.append(phrase(found, answer))
        for each in taken:
            free = free[: each.start] + TAKEN * (each.end - each.start) + free[each.end :]
    return sorted(taken, key=lambda each: each.start)


def phrase(found: re.Match[str], answer: Span | str) -> Phrase:
    if isinstance(answer, str):
        return Phrase(found.start(), found.end(), "", ask=answer)
    precision, since, until = answer
    if until < since:
        raise NoSuchDay("The range ends before it begins", "Write the earlier date first")
    return Phrase(found.start(), found.end(), precision, since, until)


def week_of(day: date) -> tuple[date, date]:
    """Seven days from that day."""
    return day, day + timedelta(days=6)

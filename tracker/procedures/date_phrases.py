"""Dates as people write them in plans, found in a line of text: each with the days it spans, or what to ask of it.

What is written day, month, year is read in that order.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.procedures.date_spans import (
    WELSH,
    WHICH_DAY,
    WHICH_FINANCIAL_YEAR,
    WHICH_QUARTERS,
    NoSuchDay,
    Span,
    christmas,
    counted_quarter,
    days_of_months,
    figures,
    iso,
    month,
    month_in_figures,
    months,
    named_day,
    no_quarter,
    no_year,
    one_year,
    part_of_year,
    quarter,
    season,
    two_and_two,
    year_and_two,
    years,
)

MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|" + "|".join(WELSH) + r")(?![a-z])"
)
MONTH = r"(?P<{0}>" + MONTH_NAME + r")\.?"
YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)(?![\d/]|-\d)"
GAP = r"[\s,./'-]*"
UNTIL = r"\s*(?:-|/|&|to|and|until)\s*"
QUARTER = (
    rf"(?:q(?:uarter|tr)?\.?\s*(?P<q>[1-4])(?!\d)(?:{UNTIL}q?(?:uarter|tr)?\.?\s*(?P<q2>[1-4])(?![\d]))?"
    r"|(?P<qw>[1-4]|first|second|third|fourth|last)\s*(?:st|nd|rd|th)?\s+(?:quarter|qtr)\b|h(?P<h>[12])\b)"
)
SPAN_OF_YEARS = r"(?P<y1>20\d\d|\d\d)\s*[-/]\s*(?P<y2>20\d\d|\d\d)(?!\d)"
TAKEN = "\x00"
WHOLE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|(?:\d{1,2}(?:\s*(?:st|nd|rd|th))?[\s/.-]*)?" + MONTH_NAME
    + r"[\s,./'-]*(?:(?:19|20)\d\d|\d\d))(?!\d)"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """A date found between two places of a text: the days it spans, or what must be asked of it first."""

    start: int
    end: int
    precision: str
    since: date | None = None
    until: date | None = None
    ask: str = ""


def two_dates(found: re.Match[str]) -> Span | str:
    """From one whole date to another."""
    first, last = phrases(found["first"])[0], phrases(found["second"])[-1]
    if first.since is None or last.until is None:
        return first.ask or last.ask
    return "range", first.since, last.until


D, ORD = r"(?P<{0}>\d{{1,2}})", r"\s*(?:st|nd|rd|th)?"
KIND = r"(?:(?P<{0}>(?:financial|fin|calendar|cal)\b|fy)[^\w\x00]*(?:years?\b[^\w\x00]*)?)?"
OF = r"(?:\s*of)?"
KINDS: tuple[tuple[str, Callable[[re.Match[str]], Span | str]], ...] = (
    (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)(?:[t\s]+\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?", iso),
    (r"(?P<first>" + WHOLE + r")\s*(?:-|/|to|until|till|through)\s*(?P<second>" + WHOLE + r")", two_dates),
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
    (r"(?P<a>\d{1,2})\s*/\s*(?P<b>\d{1,2})(?![\d/]|\s*-?\s*(?:day|week|month|year))", two_and_two),
    (r"(?P<a>\d\d)\s*-\s*(?P<b>\d\d)$", two_and_two),
    (QUARTER, no_year),
    (r"q(?:uarter|tr)?\.?\s*(?P<q>[05-9])(?!\d)", no_quarter),
    (r"christmas(?:\s+day)?[\s,'-]*" + YEAR, christmas),
    (r"easter(?:\s+(?:sunday|monday|term))?[\s,'-]*" + YEAR, lambda found: WHICH_DAY),
    (r"(?:early|mid|beginning|start)(?:\s+(?:in|of))?[\s-]+(?:the\s+)?(?:20)\d\d(?!\d|\s*[-/]\s*\d)", part_of_year),
    (r"(?:spring|summer|autumn|winter|christmas|easter|new year)(?:\s+term)?\b", no_year),
    (r"(?:year[ -]end|end of (?:the )?(?:\w+ )?year|(?:this|next) (?:\w+ )?(?:year|quarter|month))$", no_year),
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
                answer = counted_quarter(found, quarters)
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

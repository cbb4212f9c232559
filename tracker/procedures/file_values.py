"""The single values of a case file: each read from JSON, or refused in words that follow the name of its field.

Each raises ValueError for what it does not take.
"""

import re
from datetime import UTC, date, datetime
from math import isfinite

from tracker.procedures.visible_text import LONGEST_LINE, stripped
from tracker.procedures.vocabulary import Question

LONGEST_TEXT = 20_000  # characters
MOST_FIGURES = 5
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
# Everything below space but tab and newline, and what no database or page can hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PART_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def normal_answer(question: Question | None, value: object) -> str:
    """An answer as text: true is yes, 2 is "2".

    Raises:
        ValueError: not text, a number or true/false; or not an answer to that question.
    """
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int | float):
        if isinstance(value, float) and not isfinite(value):
            raise ValueError("is not a number that can be kept")
        value = str(int(value)) if value == int(value) else str(value)
    answer = as_text(value)
    if question is None or not answer:
        return answer
    if question.kind == "yes_no":
        answer = {"true": "yes", "false": "no"}.get(answer.lower(), answer.lower())
    if question.kind == "date":
        as_day(answer)
    if question.kind == "number" and not (answer.isascii() and answer.isdigit() and len(answer) <= MOST_FIGURES):
        raise ValueError("must be a whole number")
    if question.admits and answer not in question.admits:
        raise ValueError(f"must be one of {', '.join(question.admits)}")
    return answer


def as_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if UNPRINTABLE.search(value):
        raise ValueError("holds control characters")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT:,} characters")
    return stripped(value)


def as_word(value: object) -> str:
    text = as_text(value)
    if not text:
        raise ValueError("is empty")
    return text


def as_name(value: object) -> str:
    """A name as text. Raises ValueError: not text, or longer than a line."""
    name = as_text(value)
    if len(name) > LONGEST_LINE:
        raise ValueError(f"is longer than {LONGEST_LINE} characters")
    return name


def as_day(value: object) -> date:
    text = as_text(value)
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a date (YYYY-MM-DD)") from None
    refuse_year(day.year, text)
    return day


def refuse_year(year: int, text: str) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"“{text[:40]}” is outside the years {EARLIEST_YEAR} to {LATEST_YEAR}")


def as_part_day(value: object) -> str:
    text = as_text(value)
    try:
        if not PART_DAY.fullmatch(text):
            raise ValueError
        year = date.fromisoformat(text + "2000-01-01"[len(text) :]).year
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a day, a month or a year (2025-01-31, 2025-01, 2025)") from None
    refuse_year(year, text)
    return text


def as_moment(value: object) -> datetime:
    text = as_text(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a time (2025-02-03T09:12:00Z)") from None
    if moment.tzinfo is None:
        raise ValueError("must say its time zone, for example 2025-02-03T09:12:00Z")
    refuse_year(moment.year, text)
    return moment.astimezone(UTC)


def as_truth(value: object) -> bool:
    if value in ("yes", "true") or value is True:
        return True
    if value in ("no", "false") or value is False:
        return False
    raise ValueError("must be true or false")

"""How pages speak of cases: holders, spans and lengths of time, put into sentences."""

from datetime import date

from tracker.procedures.reckoning import Deadline
from tracker.procedures.vocabulary import Procedure, Source
from tracker.queries.history_words import holder_in_words
from tracker.web.filters import DAYS_IN_MONTH, day, quantity

IN_DAYS = 14  # up to here a span is told in days, then in weeks
IN_WEEKS = 365  # then in months
IN_MONTHS = 731  # then in years and months
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def holder_words(holder: str) -> str:
    """Who holds a case or owns a deadline, as pages write it."""
    return capitalised(holder_in_words(holder))


def subject_word(procedure: Procedure, key: str) -> str:
    """What a deadline that runs for each of several bodies calls one of them: agency, relevant body, review partner."""
    rule = procedure.deadline(key)
    steps = [procedure.step(trigger.step) for trigger in rule.starts] if rule else []
    return next((step.subject for step in steps if step and step.subject), "agency")


def plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def count_of(number: int, noun: str) -> str:
    """One agency, two relevant bodies, 12 recipients."""
    return f"{number_word(number)} {noun if number == 1 else plural(noun)}"


def number_word(number: int, *beside: int) -> str:
    """Four, 12; in figures too where a number *beside* it in the sentence is."""
    return NUMBERS[number] if max(number, *beside, 0) < len(NUMBERS) else str(number)


def title_of(deadline: Deadline) -> str:
    """A deadline's label, and whose it is where it runs for each of several bodies."""
    return f"{deadline.title}: {deadline.subject}" if deadline.subject else deadline.title


def listed(words: list[str]) -> str:
    """one, two and three"""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def lasting(days: int) -> str:
    """A length of time as people say it: less than a day, 12 days, 30 weeks, 14 months, 2 years 3 months."""
    if not days:
        return "less than a day"
    if days < IN_DAYS:
        return quantity(days, "day")
    if days < IN_WEEKS:
        return quantity(days // 7, "week")
    months = round(days / DAYS_IN_MONTH)
    if days < IN_MONTHS:
        return quantity(months, "month")
    years, months = divmod(months, 12)
    return quantity(years, "year") + (f" {quantity(months, 'month')}" if months else "")


def span(since: date, until: date) -> str:
    """31 January to 13 February 2025; what both days share is said once."""
    if since == until:
        return day(since)
    if since.year != until.year:
        return f"{day(since)} to {day(until)}"
    start = str(since.day) if since.month == until.month else f"{since.day} {since:%B}"
    return f"{start} to {day(until)}"


def capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def reason_words(reason: str) -> str:
    """The reason of a hold as a reader sees it."""
    return reason.replace("_", " ")


def act_and_section(source: Source) -> str:
    """An Act by its year alone: "2004 Act, section 9". The title in full stands beside it."""
    year = source.title[-4:]
    return f"{year} Act, {source.section}" if year.isdecimal() and source.section else source.title

"""The date rules a second time, the slow way: by walking from day to day, from the text of the domain reference.

Nothing of the application is used here. Bank holidays come from the `holidays` package.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)


@cache
def bank_holidays() -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2032)))


def is_working_day(day: date, closed: frozenset[date] | None = None) -> bool:
    """Monday to Friday less the bank holidays of England and Wales."""
    return day.strftime("%a") not in {"Sat", "Sun"} and day not in (bank_holidays() if closed is None else closed)


def working_days_after(day: date, count: int, closed: frozenset[date] | None = None) -> date:
    """Event day excluded; an event on a non-working day counts from the next working day as day 1."""
    while count:
        day += ONE_DAY
        if is_working_day(day, closed):
            count -= 1
    return day


def working_days_before(day: date, count: int) -> date:
    while count:
        day -= ONE_DAY
        if is_working_day(day):
            count -= 1
    return day


def days_of_month_later(day: date, count: int) -> list[date]:
    """Every day of the month that comes *count* month ends later, found by walking there."""
    seen = day
    turned = 0
    month: list[date] = [seen] if turned == count else []
    while turned <= count:
        seen += ONE_DAY
        if seen.day == 1:
            turned += 1
        if turned == count:
            month.append(seen)
    return month


def months_after(day: date, count: int) -> date:
    """Corresponding date n calendar months later; if that month is too short, its last day."""
    month = days_of_month_later(day, count)
    return next((each for each in month if each.day == day.day), month[-1])


def months_beginning_with(day: date, count: int) -> date:
    """Corresponding date less one day; where the corresponding date was clamped to the month end, that month end."""
    month = days_of_month_later(day, count)
    corresponding = [each for each in month if each.day == day.day]
    return corresponding[0] - ONE_DAY if corresponding else month[-1]


def months_earlier(day: date, count: int) -> date:
    """Corresponding date n calendar months earlier; if that month is too short, its last day."""
    seen = day
    turned = 0
    while turned < count:
        if seen.day == 1:
            turned += 1
        seen -= ONE_DAY
    # Arrived on the last day of the month looked for.
    while seen.day > day.day:
        seen -= ONE_DAY
    return seen


def qualifies(behaviour_on: date | None, reported_on: date | None, applied_on: date) -> bool:
    """Complained in the month beginning with the behaviour, applied in the six months beginning with the complaint."""
    if behaviour_on is None or reported_on is None:
        return False
    complained_in_time = behaviour_on <= reported_on <= months_beginning_with(behaviour_on, 1)
    return complained_in_time and reported_on <= applied_on <= months_beginning_with(reported_on, 6)


Told = Mapping[str, object]


def qualifying_incidents(complaints: Iterable[Told], applied_on: date) -> int:
    """The same incident reported to several bodies is one; a complaint without `incident` is one of its own."""
    named: set[object] = set()
    unnamed = 0
    for told in complaints:
        behaviour_on, reported_on = told.get("behaviour_on"), told.get("reported_on")
        assert behaviour_on is None or isinstance(behaviour_on, date)
        assert reported_on is None or isinstance(reported_on, date)
        if qualifies(behaviour_on, reported_on, applied_on):
            if told.get("incident"):
                named.add(told["incident"])
            else:
                unnamed += 1
    return len(named) + unnamed


def shropshire_is_met(complaints: Iterable[Told], applied_on: date) -> bool:
    """Same person, 3 reports in 6 months; or 1 hate-motivated incident in 3 months."""
    by_person: dict[object, list[object]] = {}
    for place, told in enumerate(complaints):
        reported_on = told.get("reported_on")
        if not isinstance(reported_on, date) or reported_on > applied_on:
            continue
        if told.get("hate") and reported_on >= months_earlier(applied_on, 3):
            return True
        if reported_on >= months_earlier(applied_on, 6):
            incident = told.get("incident") or f"number {place}"
            incidents = by_person.setdefault(told.get("by") or "applicant", [])
            if incident not in incidents:
                incidents.append(incident)
    return any(len(incidents) >= 3 for incidents in by_person.values())

"""Working days: Monday to Friday less the bank holidays of England and Wales, as they were known on a day."""

from datetime import date, timedelta

import pytest

from tests.unit import oracle
from tracker.procedures.calendars import BANK_HOLIDAYS, ENGLAND_AND_WALES, BeyondCalendar, Calendar, Holiday

BEFORE_ALL_ANNOUNCEMENTS = date(2019, 6, 6)


def test_every_day_agrees_with_the_holidays_package() -> None:
    day, wrong = date(2011, 1, 1), []
    while day <= date(2030, 12, 31):
        if ENGLAND_AND_WALES.is_working_day(day) != oracle.is_working_day(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_eight_holidays_a_year_and_three_more() -> None:
    kept = [holiday.on.year for holiday in BANK_HOLIDAYS if holiday.withdrawn_on is None]
    extra = {2011: 1, 2012: 1, 2022: 2, 2023: 1}
    assert {year: kept.count(year) for year in range(2011, 2031)} == {
        year: 8 + extra.get(year, 0) for year in range(2011, 2031)
    }


def test_the_table_is_in_order_on_weekdays_and_without_repeats() -> None:
    days = [holiday.on for holiday in BANK_HOLIDAYS]
    assert days == sorted(set(days))
    assert [day for day in days if day.weekday() > 4] == []


@pytest.mark.parametrize(
    ("day", "name", "announced"),
    [
        (date(2012, 6, 4), "Spring bank holiday", date(2010, 1, 5)),
        (date(2012, 6, 5), "Diamond Jubilee bank holiday", date(2010, 1, 5)),
        (date(2011, 4, 29), "Royal wedding bank holiday", date(2010, 11, 23)),
        (date(2020, 5, 8), "Early May bank holiday (VE day)", date(2019, 6, 7)),
        (date(2022, 6, 2), "Spring bank holiday", date(2020, 11, 12)),
        (date(2022, 6, 3), "Platinum Jubilee bank holiday", date(2020, 11, 12)),
        (date(2022, 9, 19), "Bank holiday for the State Funeral of Queen Elizabeth II", date(2022, 9, 10)),
        (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III", date(2022, 11, 6)),
    ],
)
def test_an_added_holiday_counts_from_its_announcement(day: date, name: str, announced: date) -> None:
    assert [holiday.name for holiday in BANK_HOLIDAYS if holiday.on == day] == [name]
    assert ENGLAND_AND_WALES.as_known_on(announced - timedelta(days=1)).is_working_day(day)
    assert not ENGLAND_AND_WALES.as_known_on(announced).is_working_day(day)
    assert not ENGLAND_AND_WALES.is_working_day(day)


@pytest.mark.parametrize(
    ("day", "announced"),
    [
        (date(2012, 5, 28), date(2010, 1, 5)),
        (date(2020, 5, 4), date(2019, 6, 7)),
        (date(2022, 5, 30), date(2020, 11, 12)),
    ],
)
def test_a_holiday_moved_away_counts_until_that_was_announced(day: date, announced: date) -> None:
    assert not ENGLAND_AND_WALES.as_known_on(announced - timedelta(days=1)).is_working_day(day)
    assert ENGLAND_AND_WALES.as_known_on(announced).is_working_day(day)
    assert ENGLAND_AND_WALES.is_working_day(day)


def test_regular_holidays_are_known_from_the_start() -> None:
    assert not ENGLAND_AND_WALES.as_known_on(date(2011, 1, 1)).is_working_day(date(2030, 4, 19))


def test_a_calendar_as_known_forgets_that_a_holiday_would_be_withdrawn() -> None:
    known = ENGLAND_AND_WALES.as_known_on(BEFORE_ALL_ANNOUNCEMENTS)
    assert Holiday(date(2020, 5, 4), "Early May bank holiday") in known.holidays
    assert {holiday.withdrawn_on for holiday in known.holidays} == {None}


def test_days_between_two_announcements_share_one_calendar() -> None:
    calendar = ENGLAND_AND_WALES
    assert calendar.as_known_on(date(2024, 1, 1)) is calendar.as_known_on(date(2026, 1, 1))
    assert calendar.as_known_on(date(2024, 1, 1)).holidays_between(date(2014, 1, 1), date(2031, 1, 1)) == (
        calendar.holidays_between(date(2014, 1, 1), date(2031, 1, 1))
    )


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 1, 31), date(2026, 1, 30)),  # a Saturday, and it stays there: the hint is the Friday
        (date(2025, 4, 21), date(2025, 4, 17)),  # Easter Monday
        (date(2021, 12, 28), date(2021, 12, 24)),  # Boxing Day in lieu
        (date(2025, 4, 17), date(2025, 4, 17)),
        (date(2030, 12, 31), date(2030, 12, 31)),
    ],
)
def test_the_last_working_day_on_or_before(day: date, last: date) -> None:
    assert ENGLAND_AND_WALES.last_working_day_on_or_before(day) == last


def test_the_holidays_between_two_days_exclude_the_first_and_include_the_last() -> None:
    def names(after: date, until: date) -> list[str]:
        return [holiday.name for holiday in ENGLAND_AND_WALES.holidays_between(after, until)]

    assert names(date(2025, 7, 18), date(2025, 9, 15)) == ["Summer bank holiday"]
    assert names(date(2025, 4, 18), date(2025, 4, 21)) == ["Easter Monday"]
    assert names(date(2020, 5, 1), date(2020, 5, 8)) == ["Early May bank holiday (VE day)"]


@pytest.mark.parametrize("day", [date(2010, 12, 31), date(2031, 1, 1)])
def test_asking_outside_the_calendar_is_refused(day: date) -> None:
    for ask in (
        ENGLAND_AND_WALES.is_working_day,
        ENGLAND_AND_WALES.last_working_day_on_or_before,
        lambda day: ENGLAND_AND_WALES.working_day_after(day, 1),
        lambda day: ENGLAND_AND_WALES.working_day_before(day, 1),
    ):
        with pytest.raises(BeyondCalendar, match=r"bank holidays are known from 1 January 2011 to 31 December 2030"):
            ask(day)


def test_the_refusal_says_which_end() -> None:
    with pytest.raises(BeyondCalendar, match="1 January 2031 is too late to count working days"):
        ENGLAND_AND_WALES.is_working_day(date(2031, 1, 1))
    with pytest.raises(BeyondCalendar, match="31 December 2010 is too early to count working days"):
        ENGLAND_AND_WALES.is_working_day(date(2010, 12, 31))


def test_counting_past_either_end_is_refused() -> None:
    with pytest.raises(BeyondCalendar, match="counted past 31 December 2030"):
        ENGLAND_AND_WALES.working_day_after(date(2030, 12, 31), 1)
    with pytest.raises(BeyondCalendar, match="counted back before 1 January 2011"):
        ENGLAND_AND_WALES.working_day_before(date(2011, 1, 4), 1)
    with pytest.raises(BeyondCalendar, match="counted back before 1 January 2011"):
        ENGLAND_AND_WALES.last_working_day_on_or_before(date(2011, 1, 3))


def test_a_local_closure_can_be_added_with_the_day_it_became_known() -> None:
    closure = Holiday(date(2025, 6, 4), "Flood", known_on=date(2025, 6, 3))
    calendar = Calendar((*BANK_HOLIDAYS, closure), ENGLAND_AND_WALES.first, ENGLAND_AND_WALES.horizon)
    assert calendar.working_day_after(date(2025, 6, 3), 1) == date(2025, 6, 5)
    assert calendar.as_known_on(date(2025, 6, 2)).working_day_after(date(2025, 6, 3), 1) == date(2025, 6, 4)

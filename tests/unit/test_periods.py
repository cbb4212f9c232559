"""How the law counts: the table "Date arithmetic" of the domain reference, row by row, and against an oracle."""

from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit import oracle
from tracker.procedures.calendars import ENGLAND_AND_WALES, BeyondCalendar
from tracker.procedures.periods import (
    AsSoonAsPracticable,
    Days,
    DaysBefore,
    Months,
    MonthsBeginningWith,
    NoLimit,
    Period,
    WorkingDays,
    WorkingDaysBefore,
    months_after,
    months_before,
    period_from,
)

YEARS = st.dates(date(2015, 1, 1), date(2028, 12, 31))
# Days around which counting goes wrong: Easter, Christmas in lieu, the one-off holidays of 2020, 2022 and 2023.
AWKWARD = st.builds(
    lambda day, shift: day + timedelta(days=shift),
    st.sampled_from(
        [
            *(date(2015, 4, 3), date(2018, 3, 30), date(2024, 3, 29), date(2025, 4, 18), date(2027, 3, 26)),
            *(date(2016, 12, 25), date(2020, 12, 26), date(2021, 12, 25), date(2022, 12, 25), date(2027, 12, 25)),
            *(date(2017, 1, 1), date(2022, 1, 1), date(2023, 1, 1), date(2028, 1, 1)),
            *(date(2020, 5, 8), date(2022, 6, 2), date(2022, 9, 19), date(2023, 5, 8)),
        ]
    ),
    st.integers(-20, 20),
)
MONTH_ENDS = YEARS.map(lambda day: day.replace(day=1) - timedelta(days=1)).filter(lambda day: day.year >= 2015)
STARTS = st.one_of(YEARS, AWKWARD, MONTH_ENDS).filter(lambda day: date(2015, 1, 1) <= day <= date(2028, 12, 31))


def due(period: Period, start: date) -> date | None:
    return period.due(start, ENGLAND_AND_WALES)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 2, 28), 1, date(2025, 3, 28)),
        (date(2025, 8, 29), 6, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 2, 20), 6, date(2025, 8, 20)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_last_day_of_a_month_too_short(
    start: date, count: int, end: date
) -> None:
    assert due(Months(count), start) == end


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 1, 28), 1, date(2025, 2, 27)),
        (date(2025, 1, 29), 1, date(2025, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 3, 1), 1, date(2025, 3, 31)),
        (date(2023, 4, 1), 9, date(2023, 12, 31)),
        (date(2024, 1, 29), 1, date(2024, 2, 28)),  # a leap year has the corresponding date
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
        (date(2026, 9, 7), 1, date(2026, 10, 6)),  # "police aware Mon 7 Sep 2026 -> Tue 6 Oct"
        (date(2026, 9, 9), 1, date(2026, 10, 8)),  # "council aware Wed 9 Sep -> Thu 8 Oct"
        (date(2026, 9, 14), 1, date(2026, 10, 13)),  # "ICB aware Mon 14 Sep -> Tue 13 Oct"
    ],
)
def test_months_beginning_with_a_day_end_the_day_before_or_at_a_clamped_month_end(
    start: date, count: int, end: date
) -> None:
    assert due(MonthsBeginningWith(count), start) == end


def test_months_are_never_chained() -> None:
    """31 Jan + 7 months = 31 Aug, not (28 Feb + 6)."""
    assert due(Months(7), date(2025, 1, 31)) == date(2025, 8, 31)
    assert due(Months(6), months_after(date(2025, 1, 31), 1)) == date(2025, 8, 28)


def test_days_are_calendar_days_event_day_excluded() -> None:
    assert due(Days(28), date(2025, 4, 17)) == date(2025, 5, 15)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 4, 17), 1, date(2025, 4, 22)),  # "Thu 17 Apr 2025 + 1 WD = Tue 22 Apr 2025"
        (date(2025, 4, 19), 1, date(2025, 4, 22)),  # an event on a Saturday: the next working day is day 1
        (date(2025, 4, 21), 2, date(2025, 4, 23)),  # and on a bank holiday
        (date(2025, 7, 18), 40, date(2025, 9, 15)),  # one bank holiday in between, Monday 25 August
        (date(2021, 12, 24), 1, date(2021, 12, 29)),  # Christmas and Boxing Day in lieu
        (date(2022, 12, 23), 1, date(2022, 12, 28)),
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the State Funeral
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # the Jubilee
        (date(2020, 5, 1), 1, date(2020, 5, 4)),  # no longer a bank holiday
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # the coronation
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start: date, count: int, end: date) -> None:
    assert due(WorkingDays(count), start) == end


@pytest.mark.parametrize(
    ("panel_on", "end"),
    [
        (date(2025, 7, 16), date(2025, 7, 9)),
        (date(2025, 4, 24), date(2025, 4, 15)),  # across Easter
        (date(2025, 7, 19), date(2025, 7, 14)),  # a Saturday: Friday is the first working day before
    ],
)
def test_working_days_before_a_day_are_counted_back(panel_on: date, end: date) -> None:
    assert due(WorkingDaysBefore(5), panel_on) == end


def test_a_due_date_on_a_weekend_or_holiday_stays_there() -> None:
    """31 Jan 2026 (a Saturday) stays."""
    assert due(Months(1), date(2025, 12, 31)) == date(2026, 1, 31)
    assert due(Months(3), date(2025, 9, 25)) == date(2025, 12, 25)
    assert due(Days(28), date(2025, 11, 28)) == date(2025, 12, 26)


@pytest.mark.parametrize("period", [AsSoonAsPracticable(), NoLimit()])
def test_what_has_no_limit_has_no_due_date(period: Period) -> None:
    assert due(period, date(2025, 1, 31)) is None


def test_what_has_no_limit_is_brought_to_mind() -> None:
    """As soon as practicable: default 10 WD. Waits on the Home Office: local nudge 60 WD."""
    assert AsSoonAsPracticable().nudge_working_days == 10
    assert NoLimit().nudge_working_days == 60


def test_an_announcement_does_not_touch_what_was_met_before_it() -> None:
    """Every calendar entry carries the day it became known, and a deadline met before that day ignores it."""
    start = date(2022, 9, 9)
    assert WorkingDays(10).due(start, ENGLAND_AND_WALES.as_known_on(date(2022, 9, 9))) == date(2022, 9, 23)
    assert WorkingDays(10).due(start, ENGLAND_AND_WALES.as_known_on(date(2022, 9, 10))) == date(2022, 9, 26)


def test_counting_past_the_horizon_is_refused_but_months_need_no_calendar() -> None:
    with pytest.raises(BeyondCalendar, match="cannot be counted past 31 December 2030"):
        due(WorkingDays(5), date(2030, 12, 30))
    assert due(Months(6), date(2030, 12, 30)) == date(2031, 6, 30)


@pytest.mark.parametrize(
    ("period", "words", "explained"),
    [
        (Months(1), "1 month", "the day itself is not counted"),
        (Months(6), "6 months", "the day itself is not counted"),
        (MonthsBeginningWith(1), "1 month beginning with that day", "that day counts as day 1"),
        (MonthsBeginningWith(6), "6 months beginning with that day", "that day counts as day 1"),
        (WorkingDays(1), "1 working day", "the day itself is not counted"),
        (WorkingDays(5), "5 working days", "the day itself is not counted"),
        (WorkingDaysBefore(5), "5 working days before", "counted back; the day itself is not counted"),
        (Days(28), "28 days", "the day itself is not counted"),
        (DaysBefore(7), "7 days before", "counted back; the day itself is not counted"),
        (AsSoonAsPracticable(), "as soon as practicable", "a reminder follows after 10 working days"),
        (NoLimit(), "no time limit set", "a reminder follows after 60 working days"),
    ],
)
def test_a_period_says_what_it_is_and_how_it_is_counted(period: Period, words: str, explained: str) -> None:
    assert period.words() == words
    assert period.explained == explained


@pytest.mark.parametrize(
    ("unit", "period"),
    [
        ("months", Months(10)),
        ("months_beginning", MonthsBeginningWith(10)),
        ("working_days", WorkingDays(10)),
        ("days", Days(10)),
    ],
)
def test_a_setting_names_a_period(unit: str, period: Period) -> None:
    assert period_from(10, unit) == period


def test_a_setting_may_name_a_period_counted_back() -> None:
    assert period_from(5, "working_days", before=True) == WorkingDaysBefore(5)
    assert period_from(7, "days", before=True) == DaysBefore(7)
    with pytest.raises(ValueError, match="one of working_days, days, not “months”"):
        period_from(1, "months", before=True)


def test_days_before_a_day_are_counted_back() -> None:
    assert due(DaysBefore(7), date(2025, 3, 5)) == date(2025, 2, 26)


@pytest.mark.parametrize("unit", ["weeks", "", "Months", "month", "working days"])
def test_an_unknown_unit_is_refused_by_name(unit: str) -> None:
    with pytest.raises(ValueError, match=f"months, months_beginning, working_days, days, not “{unit}”"):
        period_from(10, unit)


@pytest.mark.parametrize("length", [0, -1, 601, True, 1.5, "10", None])
@pytest.mark.parametrize("unit", ["months", "months_beginning", "working_days", "days"])
def test_a_length_that_is_not_1_to_600_is_refused(length: object, unit: str) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 600, not {length!r}"):
        period_from(cast(int, length), unit)


@pytest.mark.parametrize("unit", ["months", "months_beginning", "working_days", "days"])
def test_the_edges_of_the_length_are_allowed(unit: str) -> None:
    assert period_from(1, unit) != period_from(600, unit)


def test_a_year_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BeyondCalendar, match="no year 10000"):
        months_after(date(9999, 12, 1), 1)
    with pytest.raises(BeyondCalendar, match="no year 0"):
        months_before(date(1, 1, 1), 1)


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2025, 9, 8), 6, date(2025, 3, 8)),
        (date(2025, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2025, 1, 31), 12, date(2024, 1, 31)),
    ],
)
def test_months_before_a_day(day: date, count: int, before: date) -> None:
    assert months_before(day, count) == before


@given(start=STARTS, count=st.integers(1, 40))
@example(start=date(2024, 2, 29), count=12)
def test_months_agree_with_the_oracle(start: date, count: int) -> None:
    assert due(Months(count), start) == oracle.months_after(start, count)


@given(start=STARTS, count=st.integers(1, 40))
@example(start=date(2024, 1, 30), count=1)
def test_months_beginning_with_agree_with_the_oracle(start: date, count: int) -> None:
    assert due(MonthsBeginningWith(count), start) == oracle.months_beginning_with(start, count)


@given(day=STARTS, count=st.integers(1, 24))
def test_months_before_agree_with_the_oracle(day: date, count: int) -> None:
    assert months_before(day, count) == oracle.months_earlier(day, count)


@given(start=STARTS, count=st.integers(1, 65))
@example(start=date(2020, 4, 30), count=6)
@example(start=date(2022, 5, 27), count=10)
def test_working_days_agree_with_the_oracle(start: date, count: int) -> None:
    assert due(WorkingDays(count), start) == oracle.working_days_after(start, count)


@given(day=STARTS.filter(lambda day: day >= date(2016, 1, 1)), count=st.integers(1, 30))
def test_working_days_before_agree_with_the_oracle(day: date, count: int) -> None:
    assert due(WorkingDaysBefore(count), day) == oracle.working_days_before(day, count)


@given(start=AWKWARD, known=AWKWARD, count=st.integers(1, 30))
def test_working_days_as_known_on_a_day_agree_with_the_oracle(start: date, known: date, count: int) -> None:
    """The one-off holidays, taken out of the package's list or put back by hand."""
    moves = [
        (date(2019, 6, 7), {date(2020, 5, 8)}, {date(2020, 5, 4)}),
        (date(2020, 11, 12), {date(2022, 6, 2), date(2022, 6, 3)}, {date(2022, 5, 30)}),
        (date(2022, 9, 10), {date(2022, 9, 19)}, set()),
        (date(2022, 11, 6), {date(2023, 5, 8)}, set()),
    ]
    closed = oracle.bank_holidays()
    for announced, added, moved_away in moves:
        if known < announced:
            closed = closed - added | moved_away
    calendar = ENGLAND_AND_WALES.as_known_on(known)
    assert WorkingDays(count).due(start, calendar) == oracle.working_days_after(start, count, closed)


@given(start=STARTS, count=st.integers(1, 60))
def test_working_days_end_on_a_working_day_later_than_the_event(start: date, count: int) -> None:
    end = WorkingDays(count).due(start, ENGLAND_AND_WALES)
    assert ENGLAND_AND_WALES.is_working_day(end)
    assert end - start >= timedelta(days=count)


@given(start=STARTS, count=st.integers(1, 60))
def test_the_same_working_days_lead_back(start: date, count: int) -> None:
    there = WorkingDays(count).due(start, ENGLAND_AND_WALES)
    back = WorkingDaysBefore(count).due(there, ENGLAND_AND_WALES) if start.year > 2015 else None
    assert back is None or back == ENGLAND_AND_WALES.last_working_day_on_or_before(start)


@given(start=STARTS, count=st.integers(1, 600))
def test_days_are_days(start: date, count: int) -> None:
    assert Days(count).due(start, ENGLAND_AND_WALES).toordinal() == start.toordinal() + count

"""Bank holidays of England and Wales, each with the day it became known, and the working days they leave.

A regular holiday falls where it always does: Good Friday and Christmas Day at common law; Easter Monday, the spring and
summer holidays and Boxing Day under the Banking and Financial Dealings Act 1971, Sch. 1; New Year's Day, early May and
substitute days by the proclamation made each year under s. 1 of that Act. These count as known from the start. One
added or moved counts from the day that was announced.

Source: the bank holidays of England and Wales as published on GOV.UK; from 2028 on, by the same rules.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
KNOWN_FROM_THE_START = date.min
DIAMOND_JUBILEE_ANNOUNCED = date(2010, 1, 5)
ROYAL_WEDDING_ANNOUNCED = date(2010, 11, 23)
VE_DAY_MOVE_ANNOUNCED = date(2019, 6, 7)
JUBILEE_ANNOUNCED = date(2020, 11, 12)
STATE_FUNERAL_PROCLAIMED = date(2022, 9, 10)
CORONATION_ANNOUNCED = date(2022, 11, 6)


class BeyondCalendar(ValueError):
    """The bank holidays of that time are not known, so its working days cannot be counted."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A bank holiday. `withdrawn_on`: the day it was announced that the holiday would not fall here after all."""

    on: date
    name: str
    known_on: date = KNOWN_FROM_THE_START
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank holidays from *first* to *horizon*, both included; working days are Monday to Friday less these."""

    holidays: tuple[Holiday, ...]
    first: date
    horizon: date
    _observed: frozenset[date] = field(init=False, repr=False, compare=False)
    _working_days: list[date] = field(init=False, repr=False, compare=False)
    _changed_on: list[date] = field(init=False, repr=False, compare=False)
    _versions: dict[int, "Calendar"] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        observed = frozenset(holiday.on for holiday in self.holidays if holiday.withdrawn_on is None)
        days = (self.first + timedelta(days=count) for count in range((self.horizon - self.first).days + 1))
        changes = {holiday.known_on for holiday in self.holidays}
        changes |= {holiday.withdrawn_on for holiday in self.holidays if holiday.withdrawn_on}
        # The class is frozen: what is worked out once from its fields is set this way.
        object.__setattr__(self, "_observed", observed)
        object.__setattr__(
            self, "_working_days", [day for day in days if day.weekday() < SATURDAY and day not in observed]
        )
        object.__setattr__(self, "_changed_on", sorted(changes))
        object.__setattr__(self, "_versions", {})

    def as_known_on(self, day: date) -> "Calendar":
        """The calendar as it stood at the end of that day: nothing announced later is in it, or gone from it."""
        version = bisect_right(self._changed_on, day)
        if version not in self._versions:
            since = self._changed_on[version - 1] if version else date.min
            self._versions[version] = replace(
                self,
                holidays=tuple(
                    replace(holiday, withdrawn_on=None)
                    for holiday in self.holidays
                    if holiday.known_on <= since and (holiday.withdrawn_on is None or holiday.withdrawn_on > since)
                ),
            )
        return self._versions[version]

    def is_working_day(self, day: date) -> bool:
        """
        Raises:
            BeyondCalendar: *day* is not covered.
        """
        self._refuse_beyond(day)
        return day.weekday() < SATURDAY and day not in self._observed

    def last_working_day_on_or_before(self, day: date) -> date:
        """
        Raises:
            BeyondCalendar: *day*, or the working day before it, is not covered.
        """
        self._refuse_beyond(day)
        return self._working_day(bisect_right(self._working_days, day) - 1)

    def working_day_after(self, day: date, count: int) -> date:
        """The working day *count* (1 or more) after *day*, which is itself not counted.

        Raises:
            BeyondCalendar: *day* or the answer is not covered.
        """
        self._refuse_beyond(day)
        return self._working_day(bisect_right(self._working_days, day) + count - 1)

    def working_day_before(self, day: date, count: int) -> date:
        """The working day *count* (1 or more) before *day*, which is itself not counted.

        Raises:
            BeyondCalendar: *day* or the answer is not covered.
        """
        self._refuse_beyond(day)
        return self._working_day(bisect_left(self._working_days, day) - count)

    def holidays_between(self, after: date, until: date) -> tuple[Holiday, ...]:
        """The holidays on weekdays later than *after* and not later than *until*, in order of date."""
        kept = (holiday for holiday in self.holidays if holiday.withdrawn_on is None)
        fallen = [holiday for holiday in kept if after < holiday.on <= until and holiday.on.weekday() < SATURDAY]
        return tuple(sorted(fallen, key=lambda holiday: holiday.on))

    def _working_day(self, place: int) -> date:
        if not 0 <= place < len(self._working_days):
            edge = f"past {spelled(self.horizon)}" if place > 0 else f"back before {spelled(self.first)}"
            raise self._beyond(f"Working days cannot be counted {edge}")
        return self._working_days[place]

    def _refuse_beyond(self, day: date) -> None:
        if not self.first <= day <= self.horizon:
            raise self._beyond(
                f"{spelled(day)} is too {'late' if day > self.horizon else 'early'} to count working days"
            )

    def _beyond(self, what: str) -> BeyondCalendar:
        return BeyondCalendar(f"{what}: bank holidays are known from {spelled(self.first)} to {spelled(self.horizon)}")


@lru_cache(maxsize=4_096)
def spelled(day: date) -> str:
    """As in 8 September 2025."""
    return f"{day.day} {day:%B} {day.year}"


BANK_HOLIDAYS = (
    Holiday(date(2011, 1, 3), "New Year's Day (substitute day)"),
    Holiday(date(2011, 4, 22), "Good Friday"),
    Holiday(date(2011, 4, 25), "Easter Monday"),
    Holiday(date(2011, 4, 29), "Royal wedding bank holiday", known_on=ROYAL_WEDDING_ANNOUNCED),
    Holiday(date(2011, 5, 2), "Early May bank holiday"),
    Holiday(date(2011, 5, 30), "Spring bank holiday"),
    Holiday(date(2011, 8, 29), "Summer bank holiday"),
    Holiday(date(2011, 12, 26), "Boxing Day"),
    Holiday(date(2011, 12, 27), "Christmas Day (substitute day)"),
    Holiday(date(2012, 1, 2), "New Year's Day (substitute day)"),
    Holiday(date(2012, 4, 6), "Good Friday"),
    Holiday(date(2012, 4, 9), "Easter Monday"),
    Holiday(date(2012, 5, 7), "Early May bank holiday"),
    Holiday(date(2012, 5, 28), "Spring bank holiday", withdrawn_on=DIAMOND_JUBILEE_ANNOUNCED),
    Holiday(date(2012, 6, 4), "Spring bank holiday", known_on=DIAMOND_JUBILEE_ANNOUNCED),
    Holiday(date(2012, 6, 5), "Diamond Jubilee bank holiday", known_on=DIAMOND_JUBILEE_ANNOUNCED),
    Holiday(date(2012, 8, 27), "Summer bank holiday"),
    Holiday(date(2012, 12, 25), "Christmas Day"),
    Holiday(date(2012, 12, 26), "Boxing Day"),
    Holiday(date(2013, 1, 1), "New Year's Day"),
    Holiday(date(2013, 3, 29), "Good Friday"),
    Holiday(date(2013, 4, 1), "Easter Monday"),
    Holiday(date(2013, 5, 6), "Early May bank holiday"),
    Holiday(date(2013, 5, 27), "Spring bank holiday"),
    Holiday(date(2013, 8, 26), "Summer bank holiday"),
    Holiday(date(2013, 12, 25), "Christmas Day"),
    Holiday(date(2013, 12, 26), "Boxing Day"),
    Holiday(date(2014, 1, 1), "New Year's Day"),
    Holiday(date(2014, 4, 18), "Good Friday"),
    Holiday(date(2014, 4, 21), "Easter Monday"),
    Holiday(date(2014, 5, 5), "Early May bank holiday"),
    Holiday(date(2014, 5, 26), "Spring bank holiday"),
    Holiday(date(2014, 8, 25), "Summer bank holiday"),
    Holiday(date(2014, 12, 25), "Christmas Day"),
    Holiday(date(2014, 12, 26), "Boxing Day"),
    Holiday(date(2015, 1, 1), "New Year's Day"),
    Holiday(date(2015, 4, 3), "Good Friday"),
    Holiday(date(2015, 4, 6), "Easter Monday"),
    Holiday(date(2015, 5, 4), "Early May bank holiday"),
    Holiday(date(2015, 5, 25), "Spring bank holiday"),
    Holiday(date(2015, 8, 31), "Summer bank holiday"),
    Holiday(date(2015, 12, 25), "Christmas Day"),
    Holiday(date(2015, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2016, 1, 1), "New Year's Day"),
    Holiday(date(2016, 3, 25), "Good Friday"),
    Holiday(date(2016, 3, 28), "Easter Monday"),
    Holiday(date(2016, 5, 2), "Early May bank holiday"),
    Holiday(date(2016, 5, 30), "Spring bank holiday"),
    Holiday(date(2016, 8, 29), "Summer bank holiday"),
    Holiday(date(2016, 12, 26), "Boxing Day"),
    Holiday(date(2016, 12, 27), "Christmas Day (substitute day)"),
    Holiday(date(2017, 1, 2), "New Year's Day (substitute day)"),
    Holiday(date(2017, 4, 14), "Good Friday"),
    Holiday(date(2017, 4, 17), "Easter Monday"),
    Holiday(date(2017, 5, 1), "Early May bank holiday"),
    Holiday(date(2017, 5, 29), "Spring bank holiday"),
    Holiday(date(2017, 8, 28), "Summer bank holiday"),
    Holiday(date(2017, 12, 25), "Christmas Day"),
    Holiday(date(2017, 12, 26), "Boxing Day"),
    Holiday(date(2018, 1, 1), "New Year's Day"),
    Holiday(date(2018, 3, 30), "Good Friday"),
    Holiday(date(2018, 4, 2), "Easter Monday"),
    Holiday(date(2018, 5, 7), "Early May bank holiday"),
    Holiday(date(2018, 5, 28), "Spring bank holiday"),
    Holiday(date(2018, 8, 27), "Summer bank holiday"),
    Holiday(date(2018, 12, 25), "Christmas Day"),
    Holiday(date(2018, 12, 26), "Boxing Day"),
    Holiday(date(2019, 1, 1), "New Year's Day"),
    Holiday(date(2019, 4, 19), "Good Friday"),
    Holiday(date(2019, 4, 22), "Easter Monday"),
    Holiday(date(2019, 5, 6), "Early May bank holiday"),
    Holiday(date(2019, 5, 27), "Spring bank holiday"),
    Holiday(date(2019, 8, 26), "Summer bank holiday"),
    Holiday(date(2019, 12, 25), "Christmas Day"),
    Holiday(date(2019, 12, 26), "Boxing Day"),
    Holiday(date(2020, 1, 1), "New Year's Day"),
    Holiday(date(2020, 4, 10), "Good Friday"),
    Holiday(date(2020, 4, 13), "Easter Monday"),
    Holiday(date(2020, 5, 4), "Early May bank holiday", withdrawn_on=VE_DAY_MOVE_ANNOUNCED),
    Holiday(date(2020, 5, 8), "Early May bank holiday (VE day)", known_on=VE_DAY_MOVE_ANNOUNCED),
    Holiday(date(2020, 5, 25), "Spring bank holiday"),
    Holiday(date(2020, 8, 31), "Summer bank holiday"),
    Holiday(date(2020, 12, 25), "Christmas Day"),
    Holiday(date(2020, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2021, 1, 1), "New Year's Day"),
    Holiday(date(2021, 4, 2), "Good Friday"),
    Holiday(date(2021, 4, 5), "Easter Monday"),
    Holiday(date(2021, 5, 3), "Early May bank holiday"),
    Holiday(date(2021, 5, 31), "Spring bank holiday"),
    Holiday(date(2021, 8, 30), "Summer bank holiday"),
    Holiday(date(2021, 12, 27), "Christmas Day (substitute day)"),
    Holiday(date(2021, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2022, 1, 3), "New Year's Day (substitute day)"),
    Holiday(date(2022, 4, 15), "Good Friday"),
    Holiday(date(2022, 4, 18), "Easter Monday"),
    Holiday(date(2022, 5, 2), "Early May bank holiday"),
    Holiday(date(2022, 5, 30), "Spring bank holiday", withdrawn_on=JUBILEE_ANNOUNCED),
    Holiday(date(2022, 6, 2), "Spring bank holiday", known_on=JUBILEE_ANNOUNCED),
    Holiday(date(2022, 6, 3), "Platinum Jubilee bank holiday", known_on=JUBILEE_ANNOUNCED),
    Holiday(date(2022, 8, 29), "Summer bank holiday"),
    Holiday(
        date(2022, 9, 19), "Bank holiday for the State Funeral of Queen Elizabeth II", known_on=STATE_FUNERAL_PROCLAIMED
    ),
    Holiday(date(2022, 12, 26), "Boxing Day"),
    Holiday(date(2022, 12, 27), "Christmas Day (substitute day)"),
    Holiday(date(2023, 1, 2), "New Year's Day (substitute day)"),
    Holiday(date(2023, 4, 7), "Good Friday"),
    Holiday(date(2023, 4, 10), "Easter Monday"),
    Holiday(date(2023, 5, 1), "Early May bank holiday"),
    Holiday(date(2023, 5, 8), "Bank holiday for the coronation of King Charles III", known_on=CORONATION_ANNOUNCED),
    Holiday(date(2023, 5, 29), "Spring bank holiday"),
    Holiday(date(2023, 8, 28), "Summer bank holiday"),
    Holiday(date(2023, 12, 25), "Christmas Day"),
    Holiday(date(2023, 12, 26), "Boxing Day"),
    Holiday(date(2024, 1, 1), "New Year's Day"),
    Holiday(date(2024, 3, 29), "Good Friday"),
    Holiday(date(2024, 4, 1), "Easter Monday"),
    Holiday(date(2024, 5, 6), "Early May bank holiday"),
    Holiday(date(2024, 5, 27), "Spring bank holiday"),
    Holiday(date(2024, 8, 26), "Summer bank holiday"),
    Holiday(date(2024, 12, 25), "Christmas Day"),
    Holiday(date(2024, 12, 26), "Boxing Day"),
    Holiday(date(2025, 1, 1), "New Year's Day"),
    Holiday(date(2025, 4, 18), "Good Friday"),
    Holiday(date(2025, 4, 21), "Easter Monday"),
    Holiday(date(2025, 5, 5), "Early May bank holiday"),
    Holiday(date(2025, 5, 26), "Spring bank holiday"),
    Holiday(date(2025, 8, 25), "Summer bank holiday"),
    Holiday(date(2025, 12, 25), "Christmas Day"),
    Holiday(date(2025, 12, 26), "Boxing Day"),
    Holiday(date(2026, 1, 1), "New Year's Day"),
    Holiday(date(2026, 4, 3), "Good Friday"),
    Holiday(date(2026, 4, 6), "Easter Monday"),
    Holiday(date(2026, 5, 4), "Early May bank holiday"),
    Holiday(date(2026, 5, 25), "Spring bank holiday"),
    Holiday(date(2026, 8, 31), "Summer bank holiday"),
    Holiday(date(2026, 12, 25), "Christmas Day"),
    Holiday(date(2026, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2027, 1, 1), "New Year's Day"),
    Holiday(date(2027, 3, 26), "Good Friday"),
    Holiday(date(2027, 3, 29), "Easter Monday"),
    Holiday(date(2027, 5, 3), "Early May bank holiday"),
    Holiday(date(2027, 5, 31), "Spring bank holiday"),
    Holiday(date(2027, 8, 30), "Summer bank holiday"),
    Holiday(date(2027, 12, 27), "Christmas Day (substitute day)"),
    Holiday(date(2027, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2028, 1, 3), "New Year's Day (substitute day)"),
    Holiday(date(2028, 4, 14), "Good Friday"),
    Holiday(date(2028, 4, 17), "Easter Monday"),
    Holiday(date(2028, 5, 1), "Early May bank holiday"),
    Holiday(date(2028, 5, 29), "Spring bank holiday"),
    Holiday(date(2028, 8, 28), "Summer bank holiday"),
    Holiday(date(2028, 12, 25), "Christmas Day"),
    Holiday(date(2028, 12, 26), "Boxing Day"),
    Holiday(date(2029, 1, 1), "New Year's Day"),
    Holiday(date(2029, 3, 30), "Good Friday"),
    Holiday(date(2029, 4, 2), "Easter Monday"),
    Holiday(date(2029, 5, 7), "Early May bank holiday"),
    Holiday(date(2029, 5, 28), "Spring bank holiday"),
    Holiday(date(2029, 8, 27), "Summer bank holiday"),
    Holiday(date(2029, 12, 25), "Christmas Day"),
    Holiday(date(2029, 12, 26), "Boxing Day"),
    Holiday(date(2030, 1, 1), "New Year's Day"),
    Holiday(date(2030, 4, 19), "Good Friday"),
    Holiday(date(2030, 4, 22), "Easter Monday"),
    Holiday(date(2030, 5, 6), "Early May bank holiday"),
    Holiday(date(2030, 5, 27), "Spring bank holiday"),
    Holiday(date(2030, 8, 26), "Summer bank holiday"),
    Holiday(date(2030, 12, 25), "Christmas Day"),
    Holiday(date(2030, 12, 26), "Boxing Day"),
)

ENGLAND_AND_WALES = Calendar(BANK_HOLIDAYS, first=date(2011, 1, 1), horizon=date(2030, 12, 31))

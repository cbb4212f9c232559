"""Which period, as known on which day, of whose cases."""

from datetime import date
from typing import Any

from tracker import clock
from tracker.web.filters import day
from tracker.web.forms import DayField, Form, Select, Submit


class PeriodForm(Form):
    """A form of filters: its answers are in the page's address, so a report can be kept and sent on."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    since = DayField("First day of the period", required="Enter the first day of the period")
    until = DayField("Last day of the period", required="Enter the last day of the period")
    as_at = DayField(
        "Data as at", hint="What happened after this day is left out. Leave it empty for today", optional=True
    )
    partnership = Select("Whose cases", required="Select whose cases")
    save = Submit("Show the figures")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each day by itself, then the days together."""
        sound = bool(super().validate(extra_validators))
        first, last, known = (field.data for field in (self.since, self.until, self.as_at))
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.until.errors = [f"The last day must be {day(first)} or later"]
        if isinstance(known, date) and known > clock.today():
            self.as_at.errors = ["The day must be today or in the past"]
        return sound and not (self.until.errors or self.as_at.errors)

"""What people are asked about their own reminders."""

from collections.abc import Sequence

from tracker.models.reminder_choices import Sending
from tracker.models.users import User
from tracker.queries.reminder_choices import Chosen
from tracker.web.forms import Choice, DayField, Form, Radios, Select, Submit


class RemindersForm(Form):
    """How they come, and who stands in."""

    sending = Radios(
        "How do you want your reminders?",
        choices=[
            Choice(Sending.DIGEST, "One message a day", "At 7am. What is newly overdue comes at once all the same."),
            Choice(Sending.SINGLE, "A message for each", "Each deadline by itself."),
        ],
        required="Select how you want your reminders",
    )
    deputy = Select("Who gets them while you are away?", blank="Nobody else: they still come to me", optional=True)
    save = Submit("Save")

    @classmethod
    def for_choice(cls, chosen: Chosen, deputies: Sequence[User]) -> "RemindersForm":
        form = cls(sending=chosen.sending.value, deputy=str(chosen.deputy.id) if chosen.deputy else "")
        form.deputy.choices = [Choice(str(colleague.id), colleague.name) for colleague in deputies]
        return form


class TimeAwayForm(Form):
    """The first day and the last."""

    first_on = DayField("First day away", required="Enter the first day away")
    last_on = DayField("Last day away", required="Enter the last day away")
    save = Submit("Add these days")

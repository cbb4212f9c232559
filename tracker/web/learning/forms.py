"""What is asked about a briefing or training."""

from typing import Any, Self

from tracker.models.briefings import Briefing
from tracker.services.briefings import MOST_ATTENDED
from tracker.web.forms import (
    Choice,
    DayField,
    Form,
    LongTextField,
    Radios,
    RecordingForm,
    Submit,
    TextField,
    WholeNumber,
)

ASKED = ("kind", "title", "held_on", "audience", "attended", "link", "note")


class BriefingForm(RecordingForm):
    """What was taught, on which day, to whom."""

    kind = Radios(
        "What was it?",
        (Choice("briefing", "A briefing"), Choice("training", "Training")),
        required="Choose whether it was a briefing or training",
    )
    title = TextField("What was taught?", required="Enter what was taught", hint="No names of people.", limit=200)
    held_on = DayField("When was it?", required="Enter the date", hint="Where it was a series, the first day.")
    audience = TextField(
        "Who was it for?", required="Enter who it was for", hint="Agencies or teams, not people.", limit=200
    )
    attended = WholeNumber("How many people came?", optional=True, most=MOST_ATTENDED)
    link = TextField("Link to the material", optional=True, hint="Begins with https://", limit=500)
    note = LongTextField("Anything to add?", optional=True, rows=3)
    save = Submit("Save")

    @classmethod
    def as_it_is(cls, briefing: Briefing) -> Self:
        return cls(version=briefing.version, **{name: getattr(briefing, name) for name in ASKED})

    def answers(self) -> dict[str, Any]:
        """What was answered, as the use-cases take it."""
        return {name: self[name].data for name in ASKED} | {"submission_key": self.submission.data}


class RemoveForm(Form):
    """Nothing but a button."""

    save = Submit("Remove it", look="warning")

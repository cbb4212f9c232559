"""What is asked about an action: what it is, its target, and what is recorded of it."""

from collections.abc import Sequence
from typing import Any, Self

from tracker.models.plans import PlannedAction
from tracker.procedures.target_dates import Asked, Impossible, Target, key_of, read_target
from tracker.web.forms import Choice, DayField, LongTextField, Radios, RecordingForm, Select, Submit, TextField
from tracker.web.plans.forms import shorten

ACTION_WORDS = ("text", "lead_agency", "owner", "milestones")
DATE_HINT = "As the plan says it: 30 June 2027, June 2027, Q1 2027-28, within 6 months of publication, ongoing."


def meaning_field() -> TextField:
    """What a target means that has no date of its own."""
    hint = "Only where the text has no date, such as “ongoing”. For example 31 March 2027."
    return TextField("Which day counts?", hint=hint, optional=True, limit=60)


class TargetForm(RecordingForm):
    """A form that asks for a `target`, and for the day that counts where that leaves it open."""

    target: TextField
    meaning: TextField

    def read_target(self) -> Target | None:
        """The target; None where it is not clear, which then stands beside the field."""
        text = self.target.data or ""
        answers = {key_of(text): self.meaning.data} if self.meaning.data else {}
        match read_target(text, answers=answers):
            case Target() as target:
                return target
            case Impossible(_, why, mend):
                self.target.errors = [f"{why}. {mend}"]
            case Asked(_, ask):
                self.meaning.errors = [f"Enter the day that counts: {ask}"]
        return None


class ActionWordsForm(RecordingForm):
    """What an action is, and in whose hands."""

    text = LongTextField("What is to be done?", required="Enter what is to be done", rows=4)
    lead_agency = TextField("Lead agency", optional=True, limit=200)
    owner = TextField("Owner", hint="Left out of the public version.", optional=True, limit=200)
    milestones = LongTextField("Key milestones", optional=True, rows=3)

    def words(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ACTION_WORDS}


class ActionForm(ActionWordsForm, TargetForm):
    """An action, with its target."""

    target = TextField("Target date", hint=DATE_HINT, optional=True, limit=200)
    meaning = meaning_field()
    save = Submit("Save the action")


class ChangedActionForm(ActionWordsForm):
    """An action as it is. Its target moves by a form of its own."""

    save = Submit("Save the action")

    @classmethod
    def as_it_is(cls, action: PlannedAction) -> Self:
        return cls(version=action.plan.version, **{name: getattr(action, name) for name in ACTION_WORDS})


class ReportForm(RecordingForm):
    """A record of an action: the day, and what is said."""

    on = DayField("When?", required="Enter the date")
    text = LongTextField("What is there to say?", required="Enter what there is to say", rows=5)
    save = Submit("Record")


class UpdateForm(ReportForm):
    """How far it has come."""

    text = LongTextField("What has been done?", required="Enter what has been done", rows=5)
    state = Radios(
        "How far has it come?",
        (Choice("in_progress", "In progress"), Choice("blocked", "Blocked"), Choice("not_started", "Not started")),
        required="Choose how far it has come",
    )
    save = Submit("Add the update")


class ClaimForm(ReportForm):
    """That it is done, and what shows it."""

    on = DayField("When was it complete?", required="Enter the date")
    text = LongTextField("What was done, and what did it change?", required="Enter what was done", rows=5)
    link = TextField("Link to the evidence", optional=True, hint="Begins with https://", limit=500)
    save = Submit("Claim complete")


class VerifyForm(ReportForm):
    """Whether a claim holds."""

    on = DayField("When did you check it?", required="Enter the date")
    upheld = Radios(
        "Is it complete?", (Choice("yes", "Yes, I have seen that it is"), Choice("no", "No, send it back")),
        required="Choose whether it is complete",
    )  # fmt: skip
    text = LongTextField("What did you look at, or what is lacking?", required="Enter what you looked at", rows=5)
    save = Submit("Record the check")


class ImpactForm(ReportForm):
    """What a verified action has changed."""

    on = DayField("When was it checked?", required="Enter the date")
    months = Radios(
        "Which check is it?", (Choice("6", "At 6 months"), Choice("12", "At 12 months")), required="Choose which"
    )
    text = LongTextField("What has changed, and how do you know?", required="Enter what has changed", rows=5)
    save = Submit("Record the check")


class MoveForm(TargetForm):
    """Another target."""

    target = TextField("New target date", hint=DATE_HINT, required="Enter the new target date", limit=200)
    meaning = meaning_field()
    reason = LongTextField("Why does it move?", required="Enter why the target moves", rows=3)
    save = Submit("Move the target")


class SupersedeForm(RecordingForm):
    """Which action takes the place of another."""

    superseded_by = Select(
        "Which action takes its place?",
        required="Choose the action that takes its place",
        hint="Those of this plan that are open. Add it to the plan first if it is not there.",
    )
    reason = LongTextField("Why?", required="Enter the reason", rows=3)
    save = Submit("Record")

    @classmethod
    def of(cls, action: PlannedAction, others: Sequence[PlannedAction]) -> Self:
        form = cls(version=action.plan.version)
        form.superseded_by.choices = [
            (str(other.id), shorten(f"{other.recommendation.number}: {other.text}")) for other in others
        ]
        return form


class EndForm(RecordingForm):
    """Why it ends, or is taken up again."""

    reason = LongTextField("Why?", required="Enter the reason", rows=3)
    save = Submit("Record")
